"""Send and serve the letters that no step of the diagram sends: receipts, notices, transfers."""

from __future__ import annotations

from datetime import date
from typing import Any

from workflows.services.desk import Desk
from workflows.services.dispatch_document import dispatch_again, dispatch_document
from workflows.services.draft_document import get_document
from workflows.services.serve_document import serve_document
from workflows.storage.unit_of_work import UnitOfWork


def hand_over_letter(
    work: UnitOfWork, desk: Desk, *, document_id: str, method: str
) -> dict[str, Any]:
    """Note that a numbered letter left the office, and by which way."""
    document = get_document(work, document_id)
    case = work.get_case(document.case_id)
    dispatch_document(work, desk, case=case, document=document, method=method)
    return {"case_id": case.id, "document_id": document.id}


def send_letter_again(
    work: UnitOfWork, desk: Desk, *, document_id: str, method: str, reason: str
) -> dict[str, Any]:
    """Send a letter that came back by another way, and note why it came back."""
    document = get_document(work, document_id)
    case = work.get_case(document.case_id)
    dispatch_again(work, case=case, document=document, method=method, reason=reason)
    return {"case_id": case.id, "document_id": document.id}


def note_service(
    work: UnitOfWork, desk: Desk, *, document_id: str, served_on: date, evidence: str
) -> dict[str, Any]:
    """Note the day on which the addressee had the letter, and what shows it."""
    document = get_document(work, document_id)
    case = work.get_case(document.case_id)
    serve_document(work, desk, case=case, document=document, served_on=served_on, evidence=evidence)
    return {"case_id": case.id, "document_id": document.id}
