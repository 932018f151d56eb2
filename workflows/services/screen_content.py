"""Refuse what may not be collected as data of a record, and show the rule (R18, N18 article 42).

The list is data (``bpmn/catalogue/prohibited.json``). A name of an item is looked at more strictly
than running text, where a word may stand in the name of an authority.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from workflows.errors import InvalidAnswer
from workflows.rules.catalogue import Basis, read_forbidden
from workflows.services.check_identifier import problem_of_id_number
from workflows.services.find_case import normal_text

# Numbers of natural persons belong into sealed columns, never into a text (N23).
ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{16}[0-9Xx](?![0-9A-Za-z])")
PROTECTION_OF_PERSONS = Basis("N23", "", "")
IDENTITY_NUMBER = "identity_number"


@dataclass(frozen=True)
class Found:
    """A forbidden kind of information and the word that gave it away."""

    kind: str
    word: str
    source: Basis

    @property
    def key(self) -> str:
        """Return the sentence that says so."""
        is_number = self.kind == IDENTITY_NUMBER
        return "check.identity_number_in_text" if is_number else "check.prohibited"

    @property
    def facts(self) -> Mapping[str, Any]:
        """Return what fills the sentence; a person's number is never repeated."""
        return {"word": self.word, "rule": self.source.rule, "source": self.source.words}


def find_forbidden(
    *, texts: Iterable[str], items: Iterable[Mapping[str, Any]] = (), is_person: bool
) -> Found | None:
    """Return the first forbidden information in the texts and in the items of a record."""
    pairs = [(text, False) for text in texts]
    for item in items:
        pairs += [(str(item.get("name", "")), True), (str(item.get("value", "")), False)]
    for text, is_field in pairs:
        found = _look(normal_text(text), is_field=is_field, is_person=is_person)
        if found is not None:
            return found
    return None


def refuse_forbidden(
    *, texts: Iterable[str], items: Iterable[Mapping[str, Any]], is_person: bool
) -> None:
    """Raise InvalidAnswer that names the word and the rule, if anything is forbidden."""
    found = find_forbidden(texts=texts, items=items, is_person=is_person)
    if found is not None:
        raise InvalidAnswer(found.key, fields={"items": [found.key]}, **found.facts)


def _look(text: str, *, is_field: bool, is_person: bool) -> Found | None:
    for forbidden in read_forbidden():
        if forbidden.only_people and not is_person:
            continue
        word = forbidden.find(text, is_field=is_field)
        if word:
            return Found(forbidden.key, word, forbidden.source)
    for number in ID_NUMBER.findall(text):
        if problem_of_id_number(number.upper()) is None:
            return Found(IDENTITY_NUMBER, "", PROTECTION_OF_PERSONS)
    return None
