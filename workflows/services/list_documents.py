"""List letters and files: those of one case, and all that went out and came in (收发文)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from workflows.errors import NotFound
from workflows.events import Actor
from workflows.models import Case, Document, StoredFile, Task
from workflows.services.desk import Desk
from workflows.services.find_case import normal_text, visible_cases

# What a filter of the letters page means in the statuses of a letter.
STANDINGS: dict[str, tuple[str, ...]] = {
    "draft": ("draft", "signed"),
    "numbered": ("numbered", "sealed"),
    "dispatched": ("dispatched",),
    "served": ("served",),
    "received": ("received",),
    "void": ("void",),
}
LETTERS = ("reply", "non_acceptance")
# The shared diagram that issues a letter, and the variable that says which one is in hand.
ISSUING, LETTER_KIND = "issue_letter", "letter_kind"


@dataclass(frozen=True)
class LetterFilter:
    """What the list of letters is narrowed to; empty values narrow nothing."""

    standing: str = ""
    kind: str = ""
    text: str = ""


@dataclass(frozen=True)
class LetterRow:
    """A letter with its case."""

    document: Document
    case: Case


def list_case_documents(session: Session, *, case_id: str) -> list[Document]:
    """Return the letters of a case, newest first."""
    query = select(Document).where(Document.case_id == case_id, Document.status != "moot")
    return list(session.scalars(query.order_by(Document.drafted_at.desc(), Document.id)))


def list_case_files(session: Session, *, case_id: str) -> list[StoredFile]:
    """Return what was handed in to a case, oldest first; drawn letters are not among it."""
    drawn = select(Document.pdf_id).where(Document.case_id == case_id, Document.pdf_id.is_not(None))
    query = select(StoredFile).where(
        StoredFile.case_id == case_id,
        StoredFile.is_staged.is_(False),
        StoredFile.id.not_in(drawn),
    )
    return list(session.scalars(query.order_by(StoredFile.stored_at, StoredFile.id)))


def list_files(
    session: Session,
    *,
    tokens: Collection[str],
    office_id: str,
    holder: str,
    case_id: str | None = None,
) -> list[StoredFile]:
    """Return the files a form may name: this holder's own uploads, and those of the case."""
    if not tokens:
        return []
    is_mine: ColumnElement[bool] = StoredFile.holder == holder
    if case_id is not None:
        is_mine = or_(is_mine, StoredFile.case_id == case_id)
    query = select(StoredFile).where(
        StoredFile.id.in_(tokens), StoredFile.office_id == office_id, is_mine
    )
    return list(session.scalars(query))


def get_visible_document(
    session: Session, *, document_id: str, actor: Actor, office_id: str
) -> tuple[Document, Case]:
    """Return a letter with its case if this post may see the case, or raise NotFound."""
    query = (
        select(Document, Case)
        .join(Case, Case.id == Document.case_id)
        .where(Document.id == document_id, visible_cases(actor, office_id=office_id))
    )
    row = session.execute(query).first()
    if row is None:
        raise NotFound("error.document_not_found")
    return row[0], row[1]


def get_visible_file(
    session: Session, *, file_id: str, actor: Actor, office_id: str, holder: str
) -> StoredFile:
    """Return a file of a visible case, or one that this holder has staged; else raise NotFound."""
    file = session.get(StoredFile, file_id)
    # A drawn letter may carry a query code; it is asked for as a letter, never as a file.
    if file is None or file.office_id != office_id or file.holder.startswith("document:"):
        raise NotFound("error.file_not_found")
    if file.case_id is None:
        if file.holder != holder:
            raise NotFound("error.file_not_found")
        return file
    query = select(Case.id).where(
        Case.id == file.case_id, visible_cases(actor, office_id=office_id)
    )
    if session.scalar(query) is None:
        raise NotFound("error.file_not_found")
    return file


def find_letter_of_task(session: Session, desk: Desk, *, task: Task) -> Document | None:
    """Return the letter that a step of drafting, checking, signing or sending works on, or None."""
    case = session.get_one(Case, task.case_id)
    known = desk.engine.read_variables(state=case.engine_state) if case.engine_state else {}
    in_hand = str(known.get(LETTER_KIND) or "")
    query = select(Document).where(
        Document.case_id == task.case_id,
        Document.direction == "out",
        Document.kind.in_((in_hand,) if in_hand else LETTERS),
        Document.status.not_in(("void", "moot")),
    )
    return session.scalars(query.order_by(Document.drafted_at.desc(), Document.id)).first()


def letters_with_steps(session: Session, desk: Desk, *, case: Case) -> frozenset[str]:
    """Return the kinds that the case's diagrams draft, sign and send step by step."""
    elements = desk.blueprint(session, case).elements.values()
    drawn = {each.attributes.get("letter", "") for each in elements if each.calls == ISSUING}
    return frozenset((drawn - {""}) | set(LETTERS))


def find_notice(
    session: Session, *, case_id: str, kind: str, item: str | None = None
) -> Document | None:
    """Return the newest outgoing letter of a kind in a case, or None."""
    query = select(Document).where(
        Document.case_id == case_id,
        Document.direction == "out",
        Document.kind == kind,
        Document.status.not_in(("void", "moot")),
    )
    if item is not None:
        query = query.where(Document.item == item)
    return session.scalars(query.order_by(Document.drafted_at.desc(), Document.id)).first()


def list_letters(
    session: Session,
    *,
    actor: Actor,
    office_id: str,
    wanted: LetterFilter,
    before: tuple[datetime, str] | None = None,
    limit: int = 50,
) -> list[LetterRow]:
    """Return a page of letters, newest first; ``before`` is (drafted at, id) of the row before."""
    query = (
        select(Document, Case)
        .join(Case, Case.id == Document.case_id)
        .where(
            Document.office_id == office_id,
            Document.status != "moot",
            visible_cases(actor, office_id=office_id),
            *_narrowed(wanted),
        )
    )
    if before is not None:
        at, last_id = before
        is_older = (Document.drafted_at < at) | (
            (Document.drafted_at == at) & (Document.id > last_id)
        )
        query = query.where(is_older)
    query = query.order_by(Document.drafted_at.desc(), Document.id).limit(limit)
    return [LetterRow(document, case) for document, case in session.execute(query)]


def _narrowed(wanted: LetterFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.standing in STANDINGS:
        found.append(Document.status.in_(STANDINGS[wanted.standing]))
    if wanted.kind:
        found.append(Document.kind == wanted.kind)
    if wanted.text:
        like = f"%{normal_text(wanted.text)}%"
        found.append(
            or_(
                Document.title.ilike(like),
                Document.number.ilike(like),
                Document.addressee.ilike(like),
                Case.number.ilike(like),
            )
        )
    return found
