"""Draft a letter of a case and revise it until it is numbered; its content is frozen data."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from workflows.errors import Conflict, NotFound
from workflows.models import Case, Document, new_id
from workflows.storage.databases import to_json
from workflows.storage.statements import Query
from workflows.storage.unit_of_work import UnitOfWork

# Without look-alikes: a verification code is typed off a paper.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 12
# A letter that nobody will send any more, and one that never was a letter of ours.
DEAD = ("void", "moot")


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
) -> Document:
    """Draft the letter, or revise the draft that the case already has of this kind and item.

    Drafting the same content again changes nothing.
    """
    draft = find_document(work, case_id=case.id, kind=kind, item=item, statuses=("draft",))
    if draft is None:
        draft = Document(
            # What is asked for before it is written, at the latest with its number.
            id=new_id(),
            direction="out",
            status="draft",
            number="",
            office_id=case.office_id,
            case_id=case.id,
            kind=kind,
            item=item,
            title=title,
            revision=0,
            letter={},
            is_for_subject=is_for_subject,
            drafted_at=work.command.now,
            verification_code=_new_code(),
        )
        work.session.add(draft)
    if hash_letter(_without_revision(letter)) == hash_letter(_without_revision(draft.letter)):
        return draft
    draft.title = title
    draft.addressee = addressee
    draft.addressee_id = addressee_id
    draft.template_hash = template_hash
    draft.revision += 1
    freeze(draft, {**letter, "draft": draft.revision})
    work.record(
        "document_drafted", case_id=case.id, kind=kind, title=title, revision=draft.revision
    )
    return draft


def freeze(document: Document, letter: Mapping[str, Any]) -> None:
    """Set what the letter says and the hash that later shows any change."""
    meta = {**letter.get("meta", {}), "verification_code": document.verification_code}
    document.letter = {**letter, "meta": meta}
    document.letter_hash = hash_letter(document.letter)


def hash_letter(letter: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the letter's canonical JSON."""
    return hashlib.sha256(to_json(dict(letter)).encode()).hexdigest()


class LetterOut(NamedTuple):
    """A letter to somebody, as far as it tells which one it is."""

    id: str
    item: str | None
    status: str


LETTERS_OUT = Query(
    select(Document.id, Document.item, Document.status)
    .where(
        Document.case_id == bindparam("case_id"),
        Document.kind == bindparam("kind"),
        Document.direction == "out",
        *(Document.status != dead for dead in DEAD),
    )
    .order_by(Document.drafted_at.desc(), Document.id),
    LetterOut._make,
)


def find_document(
    work: UnitOfWork,
    *,
    case_id: str,
    kind: str,
    item: str | None = None,
    statuses: Sequence[str] = (),
) -> Document | None:
    """Return the newest outgoing letter of that kind that is not void or moot, or None."""
    for found in work.all(LETTERS_OUT, case_id=case_id, kind=kind):
        if found.item == (item or None) and (not statuses or found.status in statuses):
            return work.session.get_one(Document, found.id)
    return None


def get_document(work: UnitOfWork, document_id: str) -> Document:
    """Return a document of this office, or raise NotFound."""
    document = work.session.get(Document, document_id)
    if document is None or document.office_id != work.command.office_id:
        raise NotFound("error.document_not_found")
    return document


def check_status(document: Document, allowed: Sequence[str]) -> None:
    """Raise Conflict when the letter has moved past, or not yet reached, where it should be."""
    if document.status not in allowed:
        raise Conflict("error.document_elsewhere", title=document.title, status=document.status)


def _without_revision(letter: Mapping[str, Any]) -> dict[str, Any]:
    meta = {name: value for name, value in letter.get("meta", {}).items()}
    meta.pop("verification_code", None)
    return {**letter, "draft": None, "meta": meta} if letter else {}


def _new_code() -> str:
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
