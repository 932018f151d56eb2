"""Have a frozen letter drawn outside the transaction, once, and keep what was drawn with it."""

from __future__ import annotations

from workflows.models import StoredFile
from workflows.services.draft_document import get_document
from workflows.storage.document_rows import DocumentRow, write_document
from workflows.storage.statements import Insertion
from workflows.storage.unit_of_work import UnitOfWork

KIND = "letter_pdf"
ADD_FILE = Insertion(StoredFile)


def order_pdf(work: UnitOfWork, *, document: DocumentRow) -> str:
    """Put the drawing of this frozen content into the outbox, once per content; return its id."""
    return work.send(
        kind=KIND,
        key=f"{KIND}:{document.id}:{document.letter_hash[:16]}",
        payload={"document_id": document.id, "letter_hash": document.letter_hash},
        case_id=document.case_id,
    )


def attach_pdf(
    work: UnitOfWork, *, document_id: str, letter_hash: str, sha256: str, size: int
) -> dict[str, str]:
    """Attach a drawn PDF to the letter, unless the letter was sealed or changed meanwhile."""
    document = get_document(work, document_id)
    if document.letter_hash != letter_hash:
        return {"case_id": document.case_id, "attached": ""}
    file = work.add(
        ADD_FILE,
        office_id=document.office_id,
        case_id=document.case_id,
        holder=f"document:{document.id}",
        name=f"{document.kind}-{document.verification_code}.pdf",
        media_type="application/pdf",
        size=size,
        sha256=sha256,
        stored_at=work.command.now,
        is_staged=False,
    )
    document.pdf_id = str(file["id"])
    write_document(work, document)
    return {"case_id": document.case_id, "attached": document.pdf_id}
