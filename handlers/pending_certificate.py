"""Certify that an objection is pending, for tenders and banks, whenever the subject asks (E)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from handlers.case_facts import case_facts, office_facts
from handlers.sending import find_letter, send_to_subject
from notifications.letters.compose.pending_certificate import compose_pending_certificate
from workflows.errors import Conflict
from workflows.services.desk import Desk, OperationContext
from workflows.services.read_portal import is_pending
from workflows.storage.unit_of_work import UnitOfWork

KIND = "pending_certificate"


def issue_certificate(
    work: UnitOfWork, desk: Desk, *, case_id: str, verify_at: str = ""
) -> dict[str, Any]:
    """Issue the certificate, once for each version of the contested record.

    ``verify_at`` is where anybody can check it, unless the office has set an address of its own.
    Raises Conflict while this case has no mark on the record: there is nothing to certify.
    """
    case = work.get_case(case_id)
    record = case.record
    if record is None or not is_pending(case):
        raise Conflict("error.no_pending_objection", number=case.number)
    context = OperationContext(
        work=work, desk=desk, case_id=case.id, element="", item=None, variables={}
    )
    item = f"version:{record.current_version}"
    issued = find_letter(context, KIND, item=item)
    if issued is None:
        office = office_facts(context)
        office = replace(office, verify_at=office.verify_at or verify_at)
        letter = compose_pending_certificate(office=office, case=case_facts(context))
        issued = send_to_subject(context, letter, item=item)
    return {"case_id": case.id, "document_id": issued.id}
