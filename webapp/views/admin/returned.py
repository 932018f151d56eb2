"""A form that cannot be accepted comes back as it was typed, with what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from flask import request

from webapp.errors import status_of, words_of
from webapp.phrases import Phrase, phrase
from workflows.errors import CaseworkError, InvalidAnswer, RuleMissing

PLACE_FIELD = "place"


@dataclass(frozen=True)
class Returned:
    """Which form of the page came back, what is wrong with it, and what was typed in it.

    ``place`` tells the forms of a page apart; the element of a field is ``<place>-<field>``.
    """

    place: str = ""
    problem: Phrase | None = None
    details: tuple[Phrase, ...] = ()
    fields: Mapping[str, Phrase] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    status: int = 200

    def is_at(self, place: str) -> bool:
        """Say whether the form at this place is the one that came back."""
        return self.problem is not None and self.place == place

    def value(self, place: str, name: str, otherwise: str = "") -> str:
        """Return what was typed there, or what an untouched form shows."""
        return self.values.get(name, "") if self.is_at(place) else otherwise

    def error(self, place: str, name: str) -> Phrase | None:
        """Return what is wrong with a field, or None."""
        return self.fields.get(name) if self.is_at(place) else None

    def jumps(self) -> Iterator[tuple[str, Phrase]]:
        """Yield where each wrong field stands and what is wrong with it."""
        for name, words in self.fields.items():
            yield f"{self.place}-{name}", words


UNTOUCHED = Returned()


def take_back(error: CaseworkError) -> Returned:
    """Return the posted form with the error, to be shown again."""
    fields = error.fields if isinstance(error, InvalidAnswer) else {}
    details = error.facts.get("problems", ()) if isinstance(error, RuleMissing) else ()
    return Returned(
        place=request.form.get(PLACE_FIELD, ""),
        problem=words_of(error),
        details=tuple(words_of(each) for each in details),
        fields={name: phrase(keys[0], **error.facts) for name, keys in fields.items() if keys},
        values=dict(request.form.items()),
        status=422 if isinstance(error, RuleMissing) else status_of(error),
    )
