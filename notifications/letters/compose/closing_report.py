"""The closing report that opens the case's volume: result, clocks, letters, course (R93, N43)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from notifications.letters.compose.facts import CaseFacts, Office, rows
from notifications.letters.kinds import LetterKind, get_kind
from notifications.letters.letter import LetterData, Table
from notifications.letters.words import chinese_date


@dataclass(frozen=True, kw_only=True)
class ClockResult:
    """How one clock of the case ended; ``spare`` is negative when it was late."""

    matter: str
    rule: str
    due_on: date
    stopped_on: date
    spare: int


@dataclass(frozen=True)
class FiledDocument:
    """One letter of the case as the contents list it."""

    title: str
    number: str
    dated_on: date


@dataclass(frozen=True)
class Happening:
    """One line of the case's course."""

    on: date
    what: str
    who: str


def compose_closing_report(
    *,
    office: Office,
    case: CaseFacts,
    channel: str,
    result: str,
    reason: str,
    closed_on: date,
    clocks: Sequence[ClockResult],
    documents: Sequence[FiledDocument],
    course: Sequence[Happening],
) -> LetterData:
    """Return the closing report; lateness stays visible after closing."""
    kind = get_kind("closing_report")
    return LetterData(
        kind=kind.kind,
        title=kind.say("title"),
        issuer=office.name,
        rows=rows(
            kind,
            ("case_number", case.number),
            ("subject", case.subject),
            ("record", f"{case.record_number}　{case.record}".strip()),
            ("received_on", chinese_date(case.received_on)),
            ("channel", channel),
            ("finding", result),
            ("reason", reason),
            ("closed_on", chinese_date(closed_on)),
        ),
        tables=(
            _clock_table(kind, clocks),
            _document_table(kind, documents),
            _course_table(kind, course),
        ),
        dated_on=closed_on,
        meta={"case_number": case.number},
    )


def _clock_table(kind: LetterKind, clocks: Sequence[ClockResult]) -> Table:
    names = ("clock", "rule", "due_on", "stopped_on", "result")
    return Table(
        caption=kind.say("caption.clocks"),
        heads=tuple(kind.say(f"head.{name}") for name in names),
        lines=tuple(
            (
                each.matter,
                each.rule,
                chinese_date(each.due_on),
                chinese_date(each.stopped_on),
                _spare(kind, each.spare),
            )
            for each in clocks
        ),
    )


def _spare(kind: LetterKind, spare: int) -> str:
    if spare > 0:
        return kind.say("early", days=spare)
    if spare < 0:
        return kind.say("late", days=-spare)
    return kind.say("in_time")


def _document_table(kind: LetterKind, documents: Sequence[FiledDocument]) -> Table:
    return Table(
        caption=kind.say("caption.documents"),
        heads=tuple(kind.say(f"head.{name}") for name in ("title", "number", "dated_on")),
        lines=tuple((each.title, each.number, chinese_date(each.dated_on)) for each in documents),
    )


def _course_table(kind: LetterKind, course: Sequence[Happening]) -> Table:
    return Table(
        caption=kind.say("caption.timeline"),
        heads=tuple(kind.say(f"head.{name}") for name in ("day", "what", "who")),
        lines=tuple((chinese_date(each.on), each.what, each.who) for each in course),
    )
