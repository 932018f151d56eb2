"""What happens to a case from outside its steps: supplements, withdrawal, bases, parties."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from workflows.clock.calendar import legal_date
from workflows.errors import Conflict, InvalidAnswer, NotAllowed, NotFound
from workflows.models import Answer, Case, CaseParty, Subject, Task, new_id
from workflows.services import register_words
from workflows.services.deliver import awaits_message, deliver_message
from workflows.services.desk import Desk
from workflows.services.open_case import proof_index
from workflows.services.run_clock import correct_clock, find_clock, stop_clock
from workflows.services.supplement_clock import go_on_with_reply_clock
from workflows.services.work_on_task import get_open_task, keep_answer
from workflows.storage.unit_of_work import UnitOfWork

APPROVE_RECEIPT_DATE = "task_approve_receipt_date"


def file_supplement(
    work: UnitOfWork, desk: Desk, *, case_id: str, content: Mapping[str, Any]
) -> dict[str, Any]:
    """Take in what the subject adds. Asked for or not, it is kept and shown to the officers.

    Raises Conflict once the case is closed.
    """
    case = _open_case(work, case_id)
    keep_answer(work, case=case, form="supplement_portal", content=content)
    was_asked = awaits_message(work, desk, case=case, name="supplement_received")
    work.record("supplement_filed", case_id=case.id, is_public=True, was_asked=was_asked)
    if was_asked:
        _stop_waiting(work, desk, case)
        go_on_with_reply_clock(work, desk, case=case, reason="supplement_received")
        deliver_message(work, desk, case=case, name="supplement_received")
    return {"case_id": case.id, "was_asked": was_asked}


def request_withdrawal(
    work: UnitOfWork, desk: Desk, *, case_id: str, content: Mapping[str, Any]
) -> dict[str, Any]:
    """Record that the subject wants to withdraw; a person confirms who asks before it counts.

    Raises Conflict after service of the reply, when there is nothing left to withdraw.
    """
    case = _open_case(work, case_id)
    if not awaits_message(work, desk, case=case, name="withdrawal_requested"):
        raise Conflict("error.too_late_to_withdraw")
    keep_answer(work, case=case, form="withdrawal_portal", content=content)
    work.record("withdrawal_requested", case_id=case.id, is_public=True)
    deliver_message(work, desk, case=case, name="withdrawal_requested")
    return {"case_id": case.id}


def register_base_change(
    work: UnitOfWork, desk: Desk, *, case_id: str, content: Mapping[str, Any]
) -> dict[str, Any]:
    """Register that a court, a review or its author revoked or changed the base document (N24)."""
    case = _open_case(work, case_id)
    if not awaits_message(work, desk, case=case, name="base_revoked"):
        raise Conflict("error.base_change_needs_new_case", number=case.number)
    keep_answer(work, case=case, form="base_revoked", content=content)
    work.record("base_revoked", case_id=case.id, is_public=True)
    deliver_message(work, desk, case=case, name="base_revoked")
    return {"case_id": case.id}


def note_litigation(
    work: UnitOfWork, desk: Desk, *, case_id: str, content: Mapping[str, Any]
) -> dict[str, Any]:
    """Note a reconsideration or lawsuit that runs beside the case; the case goes on."""
    case = work.get_case(case_id)
    keep_answer(work, case=case, form="litigation_note", content=content)
    work.record("litigation_noted", case_id=case.id)
    return {"case_id": case.id}


def change_party(
    work: UnitOfWork, desk: Desk, *, case_id: str, content: Mapping[str, Any]
) -> dict[str, Any]:
    """Let a successor, another agent or another address take over; the former one stays on file."""
    case = _open_case(work, case_id)
    current = current_party(work, case_id=case.id)
    if current is None:
        raise NotFound("error.party_not_found")
    current.valid_to = work.command.now
    successor = _successor(work, case, content)
    party = CaseParty(
        id=new_id(),
        office_id=case.office_id,
        case_id=case.id,
        role="successor" if successor else current.role,
        subject_id=successor.id if successor else current.subject_id,
        consents_to_electronic_service=_consent(content, current),
        proof_index=current.proof_index,
        valid_from=work.command.now,
    )
    for name, key in _PARTY_FIELDS.items():
        text = str(content.get(key) or "") or desk.vault.open(
            work.session, owner_id=current.id, value=getattr(current, name)
        )
        setattr(party, name, _seal(work, desk, party.id, text))
        if name == "phone" and content.get(key):
            party.proof_index = proof_index(desk, phone=text)
    work.session.add(party)
    if successor is not None:
        case.subject_id = successor.id
        case.subject = successor
    keep_answer(work, case=case, form="party_change", content=_without_personal_data(content))
    work.record("party_changed", case_id=case.id, is_public=True, succeeded=successor is not None)
    return {"case_id": case.id}


def current_party(work: UnitOfWork, *, case_id: str) -> CaseParty | None:
    """Return who acts for the subject now, or None."""
    query = select(CaseParty).where(CaseParty.case_id == case_id, CaseParty.valid_to.is_(None))
    return work.session.scalars(query).first()


def propose_receipt_date(
    work: UnitOfWork, desk: Desk, *, case_id: str, received_on: date, reason: str
) -> dict[str, Any]:
    """Put a corrected date of receipt before the approver; nothing moves before approval (E)."""
    case = _open_case(work, case_id)
    if received_on > work.command.now.date():
        raise InvalidAnswer(fields={"received_on": ["check.date_in_future"]})
    content = {"received_on": received_on.isoformat(), "reason": reason}
    keep_answer(work, case=case, form="receipt_date", content=content)
    clock = find_clock(work, case_id=case.id, name="reply")
    task = Task(
        office_id=case.office_id,
        case_id=case.id,
        element=APPROVE_RECEIPT_DATE,
        name=register_words.APPROVE_RECEIPT_DATE,
        form="approve_receipt_date",
        role="approver",
        organisation_id=case.receiving_organisation_id,
        clock_id=clock.id if clock else None,
        due_on=clock.due_on if clock else None,
        opened_at=work.command.now,
    )
    work.session.add(task)
    work.record(
        "receipt_date_proposed",
        case_id=case.id,
        received_on=received_on.isoformat(),
        reason=reason,
    )
    return {"case_id": case.id}


def decide_receipt_date(
    work: UnitOfWork, desk: Desk, *, task_id: str, agrees: bool, reason: str
) -> dict[str, Any]:
    """Approve or return a corrected date of receipt; approval recomputes the ledger.

    Raises NotAllowed for whoever proposed it.
    """
    task, case = get_open_task(work, task_id)
    actor = work.command.actor
    proposal = _latest(work, case.id, "receipt_date")
    if actor.role != task.role or proposal.person_id == actor.person_id:
        raise NotAllowed("error.four_eyes")
    task.status = "done"
    task.owner_id = task.done_by_id = actor.person_id
    task.done_at = work.command.now
    received_on = date.fromisoformat(proposal.content["received_on"])
    clock = find_clock(work, case_id=case.id, name="reply")
    if agrees and clock is not None:
        case.received_on = received_on
        correct_clock(
            work,
            desk,
            case=case,
            clock=clock,
            start_on=received_on,
            reason=str(proposal.content["reason"]),
        )
    work.record("receipt_date_decided", case_id=case.id, agrees=agrees, reason=reason)
    return {"case_id": case.id, "task_id": task.id}


_PARTY_FIELDS = {
    "name": "contact_name",
    "phone": "contact_phone",
    "identity_number": "contact_identity",
    "email": "contact_email",
    "postal_address": "postal_address",
}


def _stop_waiting(work: UnitOfWork, desk: Desk, case: Case) -> None:
    """End the term for the supplement on the day it came in."""
    clock = find_clock(work, case_id=case.id, name="supplement")
    if clock is not None:
        stop_clock(
            work,
            desk,
            case=case,
            clock=clock,
            on=legal_date(work.command.now),
            reason="supplement_received",
            evidence="supplement_received",
        )


def _open_case(work: UnitOfWork, case_id: str) -> Case:
    case = work.get_case(case_id)
    if case.status == "closed":
        raise Conflict("error.case_is_closed", number=case.number)
    return case


def _successor(work: UnitOfWork, case: Case, content: Mapping[str, Any]) -> Subject | None:
    code = str(content.get("successor_code") or "").strip().upper()
    if not code:
        return None
    query = select(Subject).where(Subject.office_id == case.office_id, Subject.credit_code == code)
    found = work.session.scalars(query).first()
    if found is None:
        found = Subject(
            id=new_id(),
            office_id=case.office_id,
            kind=case.subject.kind,
            name=str(content.get("successor_name") or code),
            credit_code=code,
            division_code=case.subject.division_code,
            valid_from=work.command.now.date(),
        )
        work.session.add(found)
        work.session.flush()
    case.subject.succeeded_by_id = found.id
    return found


def _consent(content: Mapping[str, Any], current: CaseParty) -> bool:
    given = content.get("consents_to_electronic_service")
    return current.consents_to_electronic_service if given is None else bool(given)


def _without_personal_data(content: Mapping[str, Any]) -> dict[str, Any]:
    hidden = set(_PARTY_FIELDS.values())
    return {key: value for key, value in content.items() if key not in hidden}


def _seal(work: UnitOfWork, desk: Desk, owner_id: str, text: str) -> Any:
    if not text:
        return None
    return desk.vault.seal(work, office_id=work.command.office_id, owner_id=owner_id, text=text)


def _latest(work: UnitOfWork, case_id: str, form: str) -> Answer:
    query = select(Answer).where(Answer.case_id == case_id, Answer.form == form)
    row = work.session.scalars(query.order_by(Answer.answered_at.desc())).first()
    if row is None:
        raise NotFound("error.answer_not_found")
    return row
