"""Take in what the province answers: each message once, and none lost, known case or not (R4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from workflows.clock.terms import legal_date
from workflows.errors import Conflict, InvalidAnswer
from workflows.models import Case, InboundMessage, Outbox
from workflows.services.deliver import awaits_message, deliver_message
from workflows.services.desk import Desk
from workflows.services.inform_people import holders_of, inform_people
from workflows.services.work_on_task import keep_answer
from workflows.storage.statements import Insertion, Query
from workflows.storage.unit_of_work import UnitOfWork

ACKNOWLEDGED = "report_acknowledged"
REJECTED = "report_rejected"


class KnownMessage(NamedTuple):
    """A message that came before, and its case."""

    id: str
    case_id: str | None


class KnownCase(NamedTuple):
    """A case that a message may be for."""

    id: str
    number: str


MESSAGE = Query(
    select(InboundMessage.id, InboundMessage.case_id).where(
        InboundMessage.source == bindparam("source"),
        InboundMessage.message_id == bindparam("message_id"),
    ),
    KnownMessage._make,
)
ADD_MESSAGE = Insertion(InboundMessage)
CASE_OF_REPORT = Query(
    select(Case.id, Case.number)
    .join(Outbox, Outbox.case_id == Case.id)
    .where(Outbox.key == bindparam("key"), Outbox.office_id == bindparam("office_id")),
    KnownCase._make,
)
CASE_OF_NUMBER = Query(
    select(Case.id, Case.number).where(
        Case.number == bindparam("number"), Case.office_id == bindparam("office_id")
    ),
    KnownCase._make,
)
REPORT_KEYS = Query(
    select(Outbox.key)
    .where(Outbox.case_id == bindparam("case_id"), Outbox.kind == "province_report")
    .order_by(Outbox.key.desc()),
    lambda values: str(values[0]),
)


def receive_exchange(
    work: UnitOfWork,
    desk: Desk,
    *,
    source: str,
    message_id: str,
    kind: str,
    payload: Mapping[str, Any],
) -> dict[str, Any]:
    """Keep an inbound message and bring it to the case that waits for it.

    ``payload`` names its case by ``report_key`` (our idempotency key) or ``case_number``; it
    carries ``receipt_number`` and ``decided_at``, a rejection its ``reason``. A repeated message,
    an unknown case and one that no case waits for are kept with that result.
    """
    known = work.one(MESSAGE, source=source, message_id=message_id)
    if known is not None:
        return {"case_id": known.case_id, "result": "repeated", "message": known.id}
    case_id = _find_case(work, payload)
    result = _handle(work, desk, case_id, kind, payload)
    message = work.add(
        ADD_MESSAGE,
        office_id=work.command.office_id,
        source=source,
        message_id=message_id,
        case_id=case_id,
        kind=kind,
        payload=dict(payload),
        received_at=work.command.now,
        result=result,
        handled_at=work.command.now if result == "delivered" else None,
    )
    work.record("exchange_received", case_id=case_id, source=source, kind=kind, result=result)
    return {"case_id": case_id, "result": result, "message": message["id"]}


def record_receipt_by_hand(
    work: UnitOfWork,
    desk: Desk,
    *,
    case_id: str,
    sent_on: date,
    accepted_on: date | None = None,
    rejected_on: date | None = None,
    receipt: str = "",
    reason: str = "",
    scan: str = "",
) -> dict[str, Any]:
    """Enter what a province said whose platform is a web form, with the three dates (E).

    Raises InvalidAnswer for contradictory or future dates, Conflict when no report is awaited.
    """
    case = work.get_case(case_id)
    _check_dates(work, sent_on=sent_on, accepted_on=accepted_on, rejected_on=rejected_on)
    if accepted_on and not receipt.strip():
        raise InvalidAnswer(fields={"receipt": ["check.required"]})
    name = ACKNOWLEDGED if accepted_on else REJECTED
    if not awaits_message(work, desk, case=case, name=name):
        raise Conflict("error.report_not_awaited", number=case.number)
    content = {
        "sent_on": sent_on.isoformat(),
        "accepted_on": accepted_on.isoformat() if accepted_on else "",
        "rejected_on": rejected_on.isoformat() if rejected_on else "",
        "receipt": receipt,
        "reason": reason,
        "scan": scan,
        "by_hand": True,
    }
    keep_answer(work, case=case, form="report_answer", content=content)
    work.record("report_entered_by_hand", case_id=case.id, result=name)
    deliver_message(work, desk, case=case, name=name, variables=_variables(name, content))
    return {"case_id": case.id, "result": name}


def _handle(
    work: UnitOfWork, desk: Desk, case_id: str | None, kind: str, payload: Mapping[str, Any]
) -> str:
    if case_id is None:
        return "unknown_case"
    if kind not in (ACKNOWLEDGED, REJECTED):
        return "unknown_kind"
    guarded = work.get_case(case_id)
    doubt = find_doubt(work, guarded, payload)
    return doubt or deliver_answer(work, desk, case=guarded, kind=kind, payload=payload)


def deliver_answer(
    work: UnitOfWork, desk: Desk, *, case: Case, kind: str, payload: Mapping[str, Any]
) -> str:
    """Bring an answer to the case; return ``delivered``, or ``not_awaited`` and change nothing."""
    if not awaits_message(work, desk, case=case, name=kind):
        return "not_awaited"
    content = _answer_of(work, kind, payload)
    keep_answer(work, case=case, form="report_answer", content=content)
    deliver_message(work, desk, case=case, name=kind, variables=_variables(kind, content))
    _tell_operators(work, case, kind, content)
    return "delivered"


def _answer_of(work: UnitOfWork, kind: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return the province's answer in the fields that an answer entered by hand has too."""
    decided = payload.get("decided_at")
    at = datetime.fromisoformat(str(decided)) if decided else work.command.now
    # The province's clock may run ahead of ours; an answer counts at the latest when it arrives.
    day = legal_date(min(at, work.command.now)).isoformat()
    is_accepted = kind == ACKNOWLEDGED
    return {
        **payload,
        "receipt": str(payload.get("receipt") or payload.get("receipt_number") or ""),
        "accepted_on": day if is_accepted else "",
        "rejected_on": "" if is_accepted else day,
    }


def _variables(name: str, content: Mapping[str, Any]) -> dict[str, Any]:
    if name == ACKNOWLEDGED:
        return {"report_result": "acknowledged"}
    return {"report_result": "rejected", "report_rejection": str(content.get("reason", ""))[:200]}


def _tell_operators(work: UnitOfWork, case: Case, kind: str, content: Mapping[str, Any]) -> None:
    """Tell the platform operators of the body what the province said."""
    people = holders_of(
        work,
        office_id=case.office_id,
        role="platform_operator",
        organisation_id=case.receiving_organisation_id,
    )
    said = {"receipt": content["receipt"], "reason": str(content.get("reason") or "")}
    key = f"{case.id}:{content.get('report_key', '')}"
    inform_people(work, case=case, kind=kind, key=key, people=people, facts=said)


def _find_case(work: UnitOfWork, payload: Mapping[str, Any]) -> str | None:
    found = find_reported_case(work, payload) or find_numbered_case(
        work, number=str(payload.get("case_number") or "")
    )
    return found.id if found else None


def find_reported_case(work: UnitOfWork, payload: Mapping[str, Any]) -> KnownCase | None:
    """Return the case whose report the message answers by its key, or None."""
    key = str(payload.get("report_key") or "")
    return work.one(CASE_OF_REPORT, key=key, office_id=work.command.office_id) if key else None


def find_numbered_case(work: UnitOfWork, *, number: str) -> KnownCase | None:
    """Return the case of this office with that number, or None."""
    office_id = work.command.office_id
    return work.one(CASE_OF_NUMBER, number=number, office_id=office_id) if number else None


def find_doubt(work: UnitOfWork, case: Case, payload: Mapping[str, Any]) -> str:
    """Return why the message does not answer the case's last report, or nothing.

    ``stale`` is an answer to an earlier revision, ``unknown_report`` one to no report of the case.
    """
    report_key = str(payload.get("report_key") or "")
    sent = work.all(REPORT_KEYS, case_id=case.id)
    if not report_key or not sent or report_key == sent[0]:
        return ""
    return "stale" if report_key in sent else "unknown_report"


def _check_dates(
    work: UnitOfWork, *, sent_on: date, accepted_on: date | None, rejected_on: date | None
) -> None:
    today = legal_date(work.command.now)
    fields: dict[str, list[str]] = {}
    if (accepted_on is None) == (rejected_on is None):
        fields["accepted_on"] = ["check.accepted_or_rejected"]
    dates = {"sent_on": sent_on, "accepted_on": accepted_on, "rejected_on": rejected_on}
    for name, day in dates.items():
        if day is not None and day > today:
            fields[name] = ["check.date_in_future"]
        elif day is not None and day < sent_on:
            fields[name] = ["check.answered_before_sent"]
    if fields:
        raise InvalidAnswer(fields=fields)
