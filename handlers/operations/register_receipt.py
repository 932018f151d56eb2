"""Start the law's clock at receipt and give the filer a receipt (R2, O-2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from handlers.case_facts import (
    answer_of,
    case_facts,
    files_of,
    find_term,
    office_facts,
    text_of,
)
from handlers.marks import operation
from handlers.sending import find_letter, send_to_subject
from handlers.telling import tell_subject
from handlers.words import case_word
from notifications.letters.compose.counting import counting_words
from notifications.letters.compose.receipt import ReceiptClock, compose_receipt
from workflows.clock.explain import explain
from workflows.clock.terms import legal_date
from workflows.models import CaseClock
from workflows.services.consult_file import list_file_names
from workflows.services.desk import OperationContext
from workflows.services.run_clock import ledger_of, start_clock, term_of

# The query code is a secret of the filer: it enters the paper when it is drawn, never the data.
QUERY_CODE_MARK = "@query-code@"

BODIES = {
    "lead": "office",
    "platform": "platform",
    "recognition": "department",
    "upstream": "upstream",
}
# Every variable that a gateway reads exists from the first step on.
DEFAULTS: Mapping[str, Any] = {
    "outcome": "",
    "withdrawn": False,
    "finding_is_shared": False,
    "supplement_used": False,
    "supplement_silence": "",
    "supplement_result": "",
    "formal_outcome": "",
    "rejection_outcome": "",
    "source": "",
    "self_check": "",
    "departments": [],
    "suggested_finding": "",
    "disagree": False,
    "error_found": False,
    "finding": "",
    "review_outcome": "",
    "legal_outcome": "",
    "approval_outcome": "",
    "check_outcome": "",
    "letter_legal_outcome": "",
    "sign_outcome": "",
    "letter_kind": "",
    "letter_needs_legal": False,
    "service_method": "",
    "withdrawal_outcome": "",
    "base_change_outcome": "",
    "correctors": [],
    "sanctions": [],
}


@operation("register_receipt")
def register_receipt(context: OperationContext) -> Mapping[str, Any]:
    """Start the reply clock on the day of receipt, the formal check's on the day of entry."""
    work, desk, case = context.work, context.desk, context.case
    reply = start_clock(
        work,
        desk,
        case=case,
        name="reply",
        parameter="obj.reply.limit",
        start_on=case.received_on,
        reason="received",
        evidence=_receipt_evidence(context),
    )
    start_clock(
        work,
        desk,
        case=case,
        name="formal_check",
        parameter="obj.formal_check.limit",
        start_on=legal_date(case.registered_at),
        reason="registered",
    )
    if find_letter(context, "receipt") is None:
        _give_receipt(context, work.session.get_one(CaseClock, reply.id))
    return {
        **DEFAULTS,
        "channel_body": _first_body(context),
        "record_origin": case.record.origin if case.record else "department",
        "subject_kind": case.subject.kind,
    }


def _first_body(context: OperationContext) -> str:
    """Return what kind of body received the objection first: it decides who verifies (R1, N16)."""
    if context.case.channel == "pushed":
        return "upstream"
    return BODIES.get(context.case.receiving_organisation.kind, "office")


def _give_receipt(context: OperationContext, reply: CaseClock) -> None:
    case = context.case
    filing = _filing(context)
    letter = compose_receipt(
        office=office_facts(context),
        case=case_facts(context),
        query_code=QUERY_CODE_MARK,
        channel=case_word(f"channel.{case.channel}"),
        materials=list_file_names(context.work, file_ids=_attached(filing)),
        issued_on=context.today,
        clock=_printable_clock(context, reply),
        registered_on=legal_date(case.registered_at),
        backdating_evidence=_receipt_evidence(context),
    )
    send_to_subject(context, letter)
    confirmed = find_term(context, "obj.reply.limit") is not None
    tell_subject(
        context,
        "filing_received",
        received_on=case.received_on.isoformat(),
        due_on=reply.due_on.isoformat() if confirmed and reply.due_on else None,
    )


def _printable_clock(context: OperationContext, reply: CaseClock) -> ReceiptClock | None:
    term = find_term(context, "obj.reply.limit")
    due_on: date | None = reply.due_on
    if term is None or due_on is None:
        return None
    calendar = context.desk.calendar(context.session, context.case.office_id)
    days = explain(entries=ledger_of(reply), term=term_of(reply), calendar=calendar).lines
    return ReceiptClock(
        term=term,
        due_on=due_on,
        counting=counting_words(days),
        missing_years=tuple(int(year) for year in reply.missing_years),
        other_term=find_term(context, "obj.other.limit"),
    )


def _receipt_evidence(context: OperationContext) -> str:
    """Return why the day of receipt lies before the day of entry, and what proves it (E)."""
    filing = _filing(context)
    reason = text_of(filing, "received_reason", "backdate_reason")
    proofs = list_file_names(context.work, file_ids=files_of(filing, "received_evidence"))
    return "；".join([reason, *proofs]) if reason else "；".join(proofs)


def _filing(context: OperationContext) -> dict[str, Any]:
    return answer_of(context, "filing_")


def _attached(filing: dict[str, Any]) -> list[str]:
    names = ("application_scan", "evidence", "authorisation", "reopening_decision")
    return [file for name in names for file in files_of(filing, name)]
