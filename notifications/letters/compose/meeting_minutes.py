"""Minutes of the joint review: a determination needs a meeting on paper, not votes by click."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from notifications.letters.compose.facts import CaseFacts, Office, numbered, rows
from notifications.letters.kinds import get_kind
from notifications.letters.letter import LetterData
from notifications.letters.words import chinese_date


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """Who met, when and where; who stepped aside is named (回避)."""

    held_on: date
    place: str
    chair: str
    present: Sequence[str]
    absent: Sequence[str] = ()
    recused: Sequence[str] = ()
    recorder: str = ""


@dataclass(frozen=True)
class Opinion:
    """What one body or person said."""

    who: str
    opinion: str


def compose_meeting_minutes(
    *,
    office: Office,
    case: CaseFacts,
    meeting: Meeting,
    opinions: Sequence[Opinion],
    conclusion: str,
    dissent: str = "",
    cc: Sequence[str] = (),
) -> LetterData:
    """Return the minutes with every opinion, the conclusion and any dissent."""
    kind = get_kind("meeting_minutes")
    lines = [
        kind.say("opening", subject=case.subject, case_number=case.number),
        *numbered([kind.say("opinion", who=each.who, opinion=each.opinion) for each in opinions]),
        kind.say("conclusion", conclusion=conclusion),
    ]
    if dissent:
        lines.append(kind.say("dissent", dissent=dissent))
    return LetterData(
        kind=kind.kind,
        title=kind.say("title", subject=case.subject),
        issuer=office.name,
        rows=rows(
            kind,
            ("time", chinese_date(meeting.held_on)),
            ("place", meeting.place),
            ("chair", meeting.chair),
            ("present", _names(meeting.present)),
            ("absent", _names(meeting.absent)),
            ("recused", _names(meeting.recused)),
            ("recorder", meeting.recorder or None),
        ),
        paragraphs=tuple(lines),
        cc=tuple(cc),
        dated_on=meeting.held_on,
        draft=1,
        meta={"series": kind.say("series"), "case_number": case.number, "subject": case.subject},
    )


def _names(names: Sequence[str]) -> str | None:
    return "、".join(names) or None
