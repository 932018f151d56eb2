"""Note that the addressee opened a letter; reading is not service and moves no clock (N42)."""

from __future__ import annotations

from workflows.models import Document
from workflows.storage.unit_of_work import UnitOfWork


def read_document(work: UnitOfWork, *, document: Document, by_addressee: bool) -> Document:
    """Keep the first time the addressee opened it; a visitor with a query code proves nothing."""
    if by_addressee and document.read_at is None:
        document.read_at = work.command.now
        work.record(
            "document_read", case_id=document.case_id, kind=document.kind, title=document.title
        )
    return document
