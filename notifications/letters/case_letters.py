"""Reads the frozen letters of cases and keeps their PDFs, for the channel that has them drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workflows.events import SYSTEM, Command
from workflows.models import Document
from workflows.services.attach_pdf import attach_pdf
from workflows.storage.databases import Sessions
from workflows.storage.files import FileStore
from workflows.storage.outbox_store import Effect
from workflows.storage.unit_of_work import CommandBus, read_session


@dataclass(frozen=True, kw_only=True)
class CaseLetters:
    """The letters of the core. ``clock`` is the business clock: the file is dated by it."""

    sessions: Sessions
    bus: CommandBus
    files: FileStore
    clock: Callable[[], datetime]

    def read(self, effect: Effect) -> Mapping[str, Any] | None:
        """Return the frozen letter, or None when it has changed since it was ordered."""
        with read_session(self.sessions) as session:
            document = session.get(Document, effect.payload["document_id"])
            if document is None or document.letter_hash != effect.payload["letter_hash"]:
                return None
            return dict(document.letter)

    def attach(self, effect: Effect, pdf: bytes) -> str:
        """Keep the PDF and attach it to its letter; a repeat attaches nothing new."""
        digest = self.files.put(pdf)
        command = Command(
            id=f"attach_pdf:{effect.id}",
            name="attach_pdf",
            actor=SYSTEM,
            now=self.clock(),
            office_id=effect.office_id,
            case_id=effect.case_id,
        )
        self.bus.run(
            command,
            lambda work: attach_pdf(
                work,
                document_id=effect.payload["document_id"],
                letter_hash=effect.payload["letter_hash"],
                sha256=digest,
                size=len(pdf),
            ),
        )
        return digest
