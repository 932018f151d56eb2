"""Hand frozen letters to whoever draws them, and file the drawn ones.

A natural person's full name and the query code are put in only here, at the moment of drawing, so
that neither stands in the letter's data (foundations: Personal data).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers.operations.register_receipt import QUERY_CODE_MARK
from workflows.events import SYSTEM, Command
from workflows.models import Case, Document
from workflows.services.attach_pdf import attach_pdf
from workflows.services.desk import Desk
from workflows.storage.databases import Sessions
from workflows.storage.outbox_store import Effect
from workflows.storage.reading import read_session


@dataclass(frozen=True, kw_only=True)
class DrawingDesk:
    """The letters of this office; ``clock`` is the business clock."""

    sessions: Sessions
    desk: Desk
    clock: Callable[[], datetime]

    def read(self, effect: Effect) -> Mapping[str, Any] | None:
        """Return the letter as it is to be drawn, or None when a newer content was ordered."""
        with read_session(self.sessions) as session:
            document = session.get(Document, str(effect.payload["document_id"]))
            if document is None or document.letter_hash != effect.payload["letter_hash"]:
                return None
            case = session.get_one(Case, document.case_id)
            names = self._protected_words(session, document, case)
            return with_protected_words(document.letter, names)

    def words_of(self, document: Document) -> Mapping[str, Any]:
        """Return a letter as it is to be drawn now, with the words that its data leaves out."""
        with read_session(self.sessions) as session:
            case = session.get_one(Case, document.case_id)
            names = self._protected_words(session, document, case)
            return with_protected_words(document.letter, names)

    def attach(self, effect: Effect, pdf: bytes) -> str:
        """Keep the PDF by content and attach it to its letter, once."""
        sha256 = self.desk.files.put(pdf)
        command = Command(
            id=effect.key[:80],
            name="attach_pdf",
            actor=SYSTEM,
            now=self.clock(),
            office_id=effect.office_id,
            case_id=effect.case_id,
        )
        result = self.desk.bus.run(
            command,
            lambda work: attach_pdf(
                work,
                document_id=str(effect.payload["document_id"]),
                letter_hash=str(effect.payload["letter_hash"]),
                sha256=sha256,
                size=len(pdf),
            ),
        )
        return str(result["attached"])

    def _protected_words(self, session: Any, document: Document, case: Case) -> dict[str, str]:
        if not document.is_for_subject:
            return {}
        vault = self.desk.vault
        words = {
            QUERY_CODE_MARK: vault.open(session, owner_id=case.id, value=case.query_code),
        }
        subject = case.subject
        full_name = vault.open(session, owner_id=subject.id, value=subject.full_name)
        if subject.is_natural_person and full_name:
            words[subject.name] = full_name
        return words


def with_protected_words(letter: Mapping[str, Any], words: Mapping[str, str]) -> dict[str, Any]:
    """Return the letter with each mark replaced by what it stands for."""
    text = json.dumps(letter, ensure_ascii=False)
    for mark, word in words.items():
        text = text.replace(mark, json.dumps(word, ensure_ascii=False)[1:-1])
    replaced: dict[str, Any] = json.loads(text)
    return replaced
