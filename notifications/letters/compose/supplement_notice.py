"""The one notice that lists everything still missing (R115, R119, N35)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from notifications.letters.compose.facts import CaseFacts, Office, PrintableTerm, opening_facts
from notifications.letters.kinds import LetterKind, get_kind
from notifications.letters.letter import LetterData, Table
from workflows.errors import InvalidAnswer


@dataclass(frozen=True)
class MissingItem:
    """One thing to supplement, and why it is needed."""

    item: str
    reason: str


def compose_supplement_notice(
    *,
    office: Office,
    case: CaseFacts,
    items: Sequence[MissingItem],
    term: PrintableTerm | None,
    clock_goes_on: bool,
    silence_provision: str = "",
) -> LetterData:
    """Return the supplement notice with every item.

    ``clock_goes_on`` and ``silence_provision`` say what confirmed parameters provide: silence ends
    a case only where a provision is cited. Raises InvalidAnswer for an empty list.
    """
    if not items:
        raise InvalidAnswer("error.supplement_empty", fields={"items": ["error.supplement_empty"]})
    kind = get_kind("supplement_notice")
    return LetterData(
        kind=kind.kind,
        title=kind.say("title"),
        issuer=office.name,
        addressee=case.subject,
        paragraphs=(kind.say("opening", **opening_facts(case)),),
        tables=(_table(kind, items),),
        closing=_closing(kind, term, clock_goes_on, silence_provision),
        draft=1,
        meta={"contact": office.contact, "case_number": case.number},
    )


def _table(kind: LetterKind, items: Sequence[MissingItem]) -> Table:
    return Table(
        heads=(kind.say("head.number"), kind.say("head.item"), kind.say("head.reason")),
        lines=tuple((str(at), each.item, each.reason) for at, each in enumerate(items, start=1)),
    )


def _closing(
    kind: LetterKind, term: PrintableTerm | None, clock_goes_on: bool, provision: str
) -> tuple[str, ...]:
    lines = [kind.say("term", term=term.words) if term else kind.say("no_term")]
    if clock_goes_on:
        lines.append(kind.say("clock_goes_on"))
    if provision:
        lines.append(kind.say("silence_given_up", provision=provision))
    else:
        lines.append(kind.say("silence_continue"))
    return tuple(lines)
