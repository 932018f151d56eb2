"""Which processes can be begun in which way, and which of them a page is about."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from webapp.current import desk, office, reads
from webapp.texts import current_language
from workflows.engine.process_facts import ProcessFacts, process_facts
from workflows.errors import NotFound
from workflows.services.open_case import OBJECTION


@dataclass(frozen=True)
class FilingKind:
    """A process that somebody can begin by a form."""

    key: str
    title: str
    form: str

    @property
    def place(self) -> str:
        """Return what its drafts are kept under, beside the way in."""
        return "" if self.key == OBJECTION else f":{self.key}"


def offered_kinds(channel: str) -> tuple[FilingKind, ...]:
    """Return the processes in force that begin by a form in this way, objections first.

    The portal is the one entry for all of them, credit repair too (R32).
    """
    here = office().id
    bundles = desk().active_bundles(reads(), here).values()
    found = [_kind(process_facts(bundle), channel) for bundle in bundles]
    kinds = [each for each in found if each.form]
    return tuple(sorted(kinds, key=lambda each: (each.key != OBJECTION, each.key)))


def asked_kind(channel: str) -> FilingKind:
    """Return the kind that the request names, by default an objection. Raises NotFound."""
    wanted = request.values.get("kind", OBJECTION)
    for kind in offered_kinds(channel):
        if kind.key == wanted:
            return kind
    raise NotFound("error.no_active_definition", process=wanted)


def _kind(facts: ProcessFacts, channel: str) -> FilingKind:
    title = facts.title.get(current_language()) or facts.title.get("zh", facts.key)
    return FilingKind(facts.key, title, facts.filing_form(channel))
