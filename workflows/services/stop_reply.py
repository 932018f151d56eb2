"""Decide which instant of the answer ends the reply period: the pack says, and all are kept."""

from __future__ import annotations

from datetime import date

from workflows.clock.terms import legal_date
from workflows.models import Case
from workflows.services.desk import Desk
from workflows.services.run_clock import find_clock, stop_clock
from workflows.storage.document_rows import DocumentRow
from workflows.storage.unit_of_work import UnitOfWork

# Letters that answer the objection. A notice of how the matter stands is none (C1, step 6b-BT3).
ANSWERS = ("reply", "non_acceptance")
# Where the pack is silent, the strictest reading: the subject has it in hand.
STRICTEST = "served"


def stopping_instant(work: UnitOfWork, desk: Desk, *, case: Case) -> str:
    """Return made, dispatched or served: the instant that ends the reply period here."""
    rule = desk.rules(work.session, case.office_id).find(
        "obj.reply.stop",
        division=case.division_code,
        on=case.received_on,
        subject_kind=case.subject.kind,
    )
    # An unconfirmed instant has no effect outside the office (E).
    return str(rule.value) if rule is not None and rule.confirmed else STRICTEST


def stop_reply(
    work: UnitOfWork, desk: Desk, *, case: Case, document: DocumentRow, instant: str
) -> bool:
    """Stop the reply clock if this letter answers and this is the instant that counts."""
    if document.kind not in ANSWERS or stopping_instant(work, desk, case=case) != instant:
        return False
    clock = find_clock(work, case_id=case.id, name="reply")
    if clock is None or clock.status == "stopped":
        return False
    evidence = document.service_evidence or document.number or document.title
    stop_clock(
        work,
        desk,
        case=case,
        clock=clock,
        on=_day_of(document, instant) or legal_date(work.command.now),
        reason=f"reply_{instant}",
        evidence=evidence,
    )
    return True


def _day_of(document: DocumentRow, instant: str) -> date | None:
    if instant == "served":
        return document.served_on
    at = document.made_at if instant == "made" else document.dispatched_at
    return legal_date(at) if at else None
