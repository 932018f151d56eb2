"""Report the change to the provincial platform, once per revision (R4, R12, R88, O-3)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from handlers.case_facts import answer_of, case_facts, find_term, office_facts, text_of
from handlers.marks import operation
from handlers.record_words import items_words
from handlers.sending import find_letter, keep_draft
from handlers.words import case_word
from notifications.letters.compose.report_form import ReportedChange, compose_report_form
from notifications.letters.kinds import get_kind
from notifications.letters.words import chinese_date
from workflows.clock.terms import legal_date
from workflows.models import CreditRecord
from workflows.services.change_record import (
    content_version,
    contested_version,
    current_version,
)
from workflows.services.consult_file import (
    find_body_of_kind,
    list_answers,
    list_reports,
)
from workflows.services.desk import OperationContext
from workflows.services.dispatch_document import dispatch_document
from workflows.services.number_document import number_document
from workflows.services.run_clock import find_clock_row

KIND = "province_report"


@operation("send_report")
def send_report(context: OperationContext) -> Mapping[str, Any]:
    """Put the report into the outbox under a key of case and revision, and file its form."""
    record = context.case.record
    if record is None:
        return {}
    attempt = 1 + count_rejections(context)
    key = report_key(context.case_id, attempt)
    change = _change(context, record)
    context.work.send(
        kind=KIND,
        key=key,
        payload=_payload(context, record, change, key=key, attempt=attempt),
        case_id=context.case_id,
    )
    _file_form(context, change, attempt)
    context.work.record("report_sent", case_id=context.case_id, is_public=True, attempt=attempt)
    return {}


def report_key(case_id: str, attempt: int) -> str:
    """Return the idempotency key of one revision of a case's report."""
    return f"report:{case_id}:r{attempt:02d}"


def count_rejections(context: OperationContext) -> int:
    """Return how often the province has sent the report back; each makes a new revision."""
    answers = list_answers(context.work, case_id=context.case_id, form="report_answer")
    return sum(not answer.content.get("accepted_on") for answer in answers)


def _change(context: OperationContext, record: CreditRecord) -> ReportedChange:
    case = context.case
    contested = contested_version(context.work, case=case, record=record)
    before = contested or current_version(context.work, record)
    proposal = answer_of(context, "propose_finding")
    repaired = text_of(answer_of(context, "repair_report"), "repaired_fields")
    after = text_of(proposal, "correct_values")
    if case.finding == "revoke":
        after = case_word("report.revoked")
    base = _base_version(context, record)
    return ReportedChange(
        finding=case.finding,
        approved_on=legal_date(case.finding_approved_at or context.now),
        base_version=base,
        version=base + 1,
        before=items_words(before.content) or record.title,
        after="；".join(part for part in (after, repaired) if part) or record.title,
    )


def _base_version(context: OperationContext, record: CreditRecord) -> int:
    """Return the version the province holds: the contents so far, or what it said it holds.

    Our own register also counts marks as versions; the province knows only contents. A rejection
    for the version names the expected one and the one it was given.
    """
    base = content_version(context.work, case=context.case, record=record)
    reason = text_of(answer_of(context, "report_answer"), "reason")
    numbers = [int(number) for number in re.findall(r"\d+", reason)]
    if len(numbers) == 2 and numbers[1] == _last_base(context):
        return numbers[0]
    return base


def _last_base(context: OperationContext) -> int | None:
    reports = list_reports(context.work, case=context.case)
    return int(reports[-1].payload["base_version"]) if reports else None


def _payload(
    context: OperationContext,
    record: CreditRecord,
    change: ReportedChange,
    *,
    key: str,
    attempt: int,
) -> dict[str, Any]:
    """Return what the province gets; of natural persons only the masked name leaves here (N23)."""
    subject = context.case.subject
    return {
        "report_key": key,
        "attempt": attempt,
        "case_number": context.case.number,
        "division_code": context.case.division_code,
        "reporter": context.case.receiving_organisation.name,
        "subject_name": subject.name,
        "subject_code": "" if subject.is_natural_person else subject.credit_code or "",
        "subject_kind": subject.kind,
        "record_number": record.number,
        "record_title": record.title,
        "catalogue_item": record.catalogue_item,
        "base_version": change.base_version,
        "version": change.version,
        "finding": change.finding,
        "approved_on": change.approved_on.isoformat(),
        "before": change.before,
        "after": change.after,
        "base_document": record.base_document,
        "sent_at": context.now.isoformat(),
    }


def _file_form(context: OperationContext, change: ReportedChange, attempt: int) -> None:
    item = f"r{attempt:02d}"
    if find_letter(context, "report_form", item=item) is not None:
        return
    office_id = context.case.office_id
    platform = find_body_of_kind(context.work, office_id=office_id, kind="upstream")
    term = find_term(context, "obj.report.limit")
    letter = compose_report_form(
        office=office_facts(context),
        case=case_facts(context),
        platform=platform.name if platform else case_word("report.platform"),
        change=change,
        attempt=attempt,
        due_on=_due_on(context),
        term=term,
        sent_at=chinese_date(context.today),
    )
    document = keep_draft(context, letter, item=item)
    kind = get_kind(letter.kind)
    number_document(
        context.work,
        document=document,
        organisation=context.case.receiving_organisation,
        series=kind.series if kind.numbered else "",
    )
    dispatch_document(context.work, context.desk, case=context.case, document=document, method="")


def _due_on(context: OperationContext) -> date | None:
    clock = find_clock_row(context.work, case_id=context.case_id, name="report")
    return clock.due_on if clock else None
