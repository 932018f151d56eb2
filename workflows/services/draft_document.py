"""Draft a letter of a case and revise it until it is numbered; its content is frozen data."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from workflows.errors import Conflict, NotFound
from workflows.models import Case, new_id
from workflows.storage.databases import to_json
from workflows.storage.document_rows import (
    DOCUMENT,
    LETTERS_OUT,
    DocumentRow,
    add_document,
    write_document,
)
from workflows.storage.unit_of_work import UnitOfWork

# Without look-alikes: a verification code is typed off a paper.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 12


def draft_document(
    work: UnitOfWork,
    *,
    case: Case,
    kind: str,
    title: str,
    letter: Mapping[str, Any],
    template_hash: str = "",
    addressee: str = "",
    addressee_id: str | None = None,
    item: str | None = None,
    is_for_subject: bool = False,
) -> DocumentRow:
    """Draft the letter, or revise the draft that the case already has of this kind and item.

    Drafting the same content again changes nothing.
    """
    known = find_document(work, case_id=case.id, kind=kind, item=item, statuses=("draft",))
    if known is not None and _says_the_same(known.letter, letter):
        return known
    draft = known or DocumentRow(
        id=new_id(),
        office_id=case.office_id,
        case_id=case.id,
        kind=kind,
        title=title,
        drafted_at=work.command.now,
        item=item,
        revision=0,
        is_for_subject=is_for_subject,
        verification_code=_new_code(),
    )
    draft.title = title
    draft.addressee = addressee
    draft.addressee_id = addressee_id
    draft.template_hash = template_hash
    draft.revision += 1
    freeze(draft, {**letter, "draft": draft.revision})
    if known is None:
        add_document(work, draft)
    else:
        write_document(work, draft)
    work.record(
        "document_drafted", case_id=case.id, kind=kind, title=title, revision=draft.revision
    )
    return draft


def freeze(document: DocumentRow, letter: Mapping[str, Any]) -> None:
    """Set what the letter says and the hash that later shows any change."""
    meta = {**letter.get("meta", {}), "verification_code": document.verification_code}
    document.letter = {**letter, "meta": meta}
    document.letter_hash = hash_letter(document.letter)


def hash_letter(letter: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the letter's canonical JSON."""
    return hashlib.sha256(to_json(dict(letter)).encode()).hexdigest()


def find_document(
    work: UnitOfWork,
    *,
    case_id: str,
    kind: str,
    item: str | None = None,
    statuses: Sequence[str] = (),
) -> DocumentRow | None:
    """Return the newest outgoing letter of that kind that is not void or moot, or None."""
    for found in work.all(LETTERS_OUT, case_id=case_id, kind=kind):
        if found.item == (item or None) and (not statuses or found.status in statuses):
            return get_document(work, found.id)
    return None


def get_document(work: UnitOfWork, document_id: str) -> DocumentRow:
    """Return a document of this office, or raise NotFound."""
    document = work.one(DOCUMENT, document_id=document_id)
    if document is None or document.office_id != work.command.office_id:
        raise NotFound("error.document_not_found")
    return document


def check_status(document: DocumentRow, allowed: Sequence[str]) -> None:
    """Raise Conflict when the letter has moved past, or not yet reached, where it should be."""
    if document.status not in allowed:
        raise Conflict("error.document_elsewhere", title=document.title, status=document.status)


def _says_the_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return hash_letter(_without_revision(one)) == hash_letter(_without_revision(other))


def _without_revision(letter: Mapping[str, Any]) -> dict[str, Any]:
    meta = {name: value for name, value in letter.get("meta", {}).items()}
    meta.pop("verification_code", None)
    return {**letter, "draft": None, "meta": meta} if letter else {}


def _new_code() -> str:
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
