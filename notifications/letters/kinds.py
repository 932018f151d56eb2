"""What kinds of letter exist, as the office agreed them in ``bpmn/letters/kinds``.

Each kind is one file that a domain expert can read: its name, the form it is drawn in, whether
it is numbered, sealed and carries remedies, the rules it answers to, and its wording (N41).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from workflows.errors import NotFound, RuleMissing

SHIPPED = Path(__file__).resolve().parents[2] / "bpmn" / "letters"
FORMS = ("letter", "notice", "sheet", "certificate", "minutes")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class LetterKind:
    """One kind of letter and what the office agreed about it.

    ``body`` names the phrases of ``wording`` in the order of the paper. A phrase with a fact that
    the case does not have is left out; one ending in ``*`` is written once for each line of its
    only fact, with ordinals. ``facts`` says where facts come from (``handlers.letter_facts``).
    ``remedy`` is the decision under which the remedies table is asked, by default the finding.
    """

    kind: str
    name: str
    english_name: str
    form: str
    addressee: str
    issuer: str
    numbered: bool
    series: str
    sealed: bool
    served: bool
    signed: bool
    remedies: str
    rules: tuple[str, ...]
    wording: Mapping[str, str]
    body: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    remedy: str = ""
    legal_review: bool = False

    @property
    def composes_itself(self) -> bool:
        """Say whether the file alone says what the letter reads; others have a composer."""
        return bool(self.body)

    def say(self, phrase: str, **facts: object) -> str:
        """Return the phrase of this kind with its placeholders filled.

        Only ``{name}`` is a placeholder and a filled-in value is never read again, so that a
        company called ``{0.__class__}`` stays what it is. Raises RuleMissing for a lost phrase or
        fact.
        """
        if phrase not in self.wording:
            raise RuleMissing("error.letter_phrase_missing", kind=self.kind, phrase=phrase)
        return _PLACEHOLDER.sub(
            lambda match: self._fact(match.group(1), phrase, facts), self.wording[phrase]
        )

    def _fact(self, name: str, phrase: str, facts: Mapping[str, object]) -> str:
        if name not in facts:
            raise RuleMissing("error.letter_fact_missing", kind=self.kind, phrase=phrase, fact=name)
        return str(facts[name])


def read_kinds(folder: Path = SHIPPED / "kinds") -> Mapping[str, LetterKind]:
    """Return every letter kind in the folder by its key."""
    return {path.stem: _read_kind(path) for path in sorted(folder.glob("*.json"))}


@lru_cache(maxsize=1)
def shipped_kinds() -> Mapping[str, LetterKind]:
    """Return the letter kinds that the product ships."""
    return read_kinds()


def get_kind(kind: str) -> LetterKind:
    """Return one shipped letter kind. Raises NotFound."""
    kinds = shipped_kinds()
    if kind not in kinds:
        raise NotFound("error.letter_kind_unknown", kind=kind)
    return kinds[kind]


def _read_kind(path: Path) -> LetterKind:
    data = json.loads(path.read_text(encoding="utf-8"))
    if data.get("kind") != path.stem or data.get("form") not in FORMS:
        raise RuleMissing("error.letter_kind_wrong", file=path.name)
    return LetterKind(
        kind=data["kind"],
        name=data["name"],
        english_name=data["english_name"],
        form=data["form"],
        addressee=data["addressee"],
        issuer=data["issuer"],
        numbered=data["numbered"],
        series=data["series"],
        sealed=data["sealed"],
        served=data["served"],
        signed=data["signed"],
        remedies=data["remedies"],
        rules=tuple(data["rules"]),
        wording=data["wording"],
        body=tuple(data.get("body", ())),
        facts=data.get("facts", {}),
        remedy=data.get("remedy", ""),
        legal_review=data.get("legal_review", False),
    )
