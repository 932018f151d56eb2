"""A draft that a person signs in the name of the joint conference's office (R57, R128)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from notifications.letters.compose.facts import CaseFacts, Office
from notifications.letters.kinds import get_kind
from notifications.letters.letter import LetterData
from notifications.letters.words import chinese_date
from workflows.errors import RuleMissing


def compose_supervision_letter(
    *,
    office: Office,
    case: CaseFacts,
    department: str,
    matter: str,
    due_on: date,
    asked_on: date,
    late_by: int,
    reminded_on: Sequence[date] = (),
    answer_by: date | None = None,
    superiors: Sequence[str] = (),
) -> LetterData:
    """Return the drafted letter; ``answer_by`` is a date that the signing person sets, never ours.

    Raises RuleMissing when the office has no joint conference office to write in whose name.
    """
    if not office.joint_conference_office:
        raise RuleMissing("error.joint_conference_office_missing", office=office.name)
    kind = get_kind("supervision_letter")
    lines = [
        kind.say(
            "matter",
            matter=matter,
            case_number=case.number,
            due_on=chinese_date(due_on),
            asked_on=chinese_date(asked_on),
            late_by=late_by,
        )
    ]
    if reminded_on:
        days = "、".join(chinese_date(day) for day in reminded_on)
        lines.append(kind.say("reminded", reminded_on=days))
    if answer_by is None:
        lines.append(kind.say("ask_no_date"))
    else:
        lines.append(kind.say("ask", answer_by=chinese_date(answer_by)))
    return LetterData(
        kind=kind.kind,
        title=kind.say("title", issuer=office.joint_conference_office, subject=case.subject),
        issuer=office.joint_conference_office,
        addressee=department,
        paragraphs=(*lines, kind.say("dispatch")),
        closing=(kind.say("closing"),),
        cc=tuple(superiors),
        draft=1,
        meta={"contact": office.contact, "case_number": case.number, "subject": case.subject},
    )
