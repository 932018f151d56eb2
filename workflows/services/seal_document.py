"""Register a seal: who sealed which letter, when, under which entry, and the sealed copy itself.

The sealed copy is the original; its hash and the hash of the frozen letter are both kept.
"""

from __future__ import annotations

from workflows.clock.terms import legal_date
from workflows.models import Organisation, StoredFile
from workflows.services.attach_pdf import order_pdf
from workflows.services.draft_document import check_status, freeze
from workflows.services.number_document import SEAL_REGISTER, take_number
from workflows.storage.document_rows import DocumentRow, write_document
from workflows.storage.unit_of_work import UnitOfWork


def seal_document(
    work: UnitOfWork,
    *,
    document: DocumentRow,
    organisation: Organisation,
    register_number: str = "",
    sealed_copy_id: str | None = None,
) -> DocumentRow:
    """Enter the letter in the seal register after proofreading; sealing twice changes nothing.

    Without a ``register_number`` of the body's own register, the next of ours is taken. A letter
    that the system sent may be sealed on paper afterwards; it stays dispatched or served.
    """
    if document.sealed_at is not None:
        return document
    check_status(document, ("numbered", "dispatched", "served"))
    entry = register_number.strip() or _next_entry(work, document, organisation)
    seal = {
        "organisation": organisation.name,
        "register_number": entry,
        "sealed_on": legal_date(work.command.now).isoformat(),
    }
    if document.status == "numbered":
        document.status = "sealed"
    document.sealed_at = work.command.now
    document.sealed_by_id = work.command.actor.person_id
    document.sealed_copy_id = _copy_of(work, document, sealed_copy_id)
    freeze(document, {**document.letter, "seal": seal})
    write_document(work, document)
    order_pdf(work, document=document)
    work.record(
        "document_sealed",
        case_id=document.case_id,
        kind=document.kind,
        title=document.title,
        register_number=entry,
    )
    return document


def _next_entry(work: UnitOfWork, document: DocumentRow, organisation: Organisation) -> str:
    return take_number(work, document=document, organisation=organisation, series=SEAL_REGISTER)


def _copy_of(work: UnitOfWork, document: DocumentRow, file_id: str | None) -> str | None:
    file = work.session.get(StoredFile, file_id) if file_id else None
    if file is None or file.office_id != document.office_id:
        return None
    file.is_staged = False
    file.case_id = document.case_id
    return file.id
