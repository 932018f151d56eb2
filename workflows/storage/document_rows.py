"""The documents of a case as commands work on them: plain values, read and written prepared.

A command drafts, numbers, dispatches and serves a letter in one go; as an object of the session it
was written each time that something else was read in between.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, String, bindparam, or_, select, update

from workflows.models import Document
from workflows.storage.statements import Change, Insertion, Query
from workflows.storage.unit_of_work import UnitOfWork

# A letter that nobody will send any more, and one that never was a letter of ours.
DEAD = ("void", "moot")


@dataclass(slots=True)
class DocumentRow:
    """A document with the names of the model's columns; what is changed on it has to be written."""

    id: str
    office_id: str
    case_id: str
    kind: str
    title: str
    drafted_at: datetime
    direction: str = "out"
    item: str | None = None
    status: str = "draft"
    revision: int = 1
    number: str = ""
    letter: Mapping[str, Any] = field(default_factory=dict)
    letter_hash: str = ""
    template_hash: str = ""
    addressee: str = ""
    addressee_id: str | None = None
    made_at: datetime | None = None
    sealed_at: datetime | None = None
    sealed_by_id: str | None = None
    dispatched_at: datetime | None = None
    service_method: str = ""
    served_at: datetime | None = None
    served_on: date | None = None
    service_evidence: str = ""
    read_at: datetime | None = None
    document_on: date | None = None
    arrived_on: date | None = None
    verification_code: str = ""
    is_for_subject: bool = False
    pdf_id: str | None = None
    sealed_copy_id: str | None = None


COLUMNS = tuple(each.name for each in fields(DocumentRow))
# What a letter's way changes, and what is changed on its words until it is sealed.
WAY = ("status", "dispatched_at", "service_method", "served_at", "served_on", "service_evidence")
WORDS = (
    "title",
    "revision",
    "number",
    "letter",
    "letter_hash",
    "template_hash",
    "addressee",
    "addressee_id",
    "made_at",
    "sealed_at",
    "sealed_by_id",
    "pdf_id",
    "sealed_copy_id",
)

DOCUMENT = Query(
    select(*(getattr(Document, name) for name in COLUMNS)).where(
        Document.id == bindparam("document_id")
    ),
    lambda values: DocumentRow(*values),
)
ADD_DOCUMENT = Insertion(Document)
_THIS = update(Document).where(Document.id == bindparam("document_id"))
MOVE_DOCUMENT = Change(_THIS.values({name: bindparam(name) for name in WAY}))
CHANGE_DOCUMENT = Change(_THIS.values({name: bindparam(name) for name in (*WAY, *WORDS)}))


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


class FiledPaper(NamedTuple):
    """A document of a case as the closing papers name it."""

    kind: str
    title: str
    number: str
    document_on: date | None
    made_at: datetime | None
    drafted_at: datetime


PAPERS = Query(
    select(*(getattr(Document, name) for name in FiledPaper._fields))
    .where(
        Document.case_id == bindparam("case_id"),
        *(Document.status != other for other in (*DEAD, "draft")),
    )
    .order_by(Document.drafted_at, Document.id),
    FiledPaper._make,
)
_ITEM: BindParameter[str] = bindparam("item", type_=String())
DRAFTS_OF_ITEM = Query(
    select(Document.id, Document.title).where(
        Document.case_id == bindparam("case_id"),
        Document.kind == bindparam("kind"),
        Document.status == "draft",
        Document.item == _ITEM,
    ),
    tuple,
)
SET_ASIDE = Change(_THIS.values(status="moot"))
SET_DRAFTS_ASIDE = Change(
    update(Document)
    .where(Document.case_id == bindparam("of_case"), Document.status == "draft")
    .values(status="moot")
)
RECEIVED = Query(
    select(Document.id).where(
        Document.case_id == bindparam("case_id"),
        Document.direction == "in",
        Document.kind == bindparam("kind"),
        Document.addressee == bindparam("sender"),
        Document.number == bindparam("number"),
        or_(Document.item == _ITEM, _ITEM.is_(None) & Document.item.is_(None)),
    ),
    lambda values: str(values[0]),
)
EVER_THERE = Query(
    select(Document.id)
    .where(
        Document.case_id == bindparam("case_id"),
        Document.kind == bindparam("kind"),
        Document.item == _ITEM,
    )
    .limit(1),
    lambda values: str(values[0]),
)
OF_NUMBER = Query(
    select(Document.id).where(
        Document.office_id == bindparam("office_id"),
        Document.direction == "out",
        Document.number == bindparam("number"),
        Document.id != bindparam("other_than"),
    ),
    lambda values: str(values[0]),
)


def add_document(work: UnitOfWork, document: DocumentRow) -> None:
    """Insert the document as it stands."""
    work.add(ADD_DOCUMENT, **{name: getattr(document, name) for name in COLUMNS})


def write_document(work: UnitOfWork, document: DocumentRow) -> None:
    """Write what is changed on the document's words and its way."""
    _write(work, CHANGE_DOCUMENT, document, (*WAY, *WORDS))


def move_document(work: UnitOfWork, document: DocumentRow) -> None:
    """Write how far the document has come; its words stay as they are."""
    _write(work, MOVE_DOCUMENT, document, WAY)


def _write(work: UnitOfWork, change: Change, document: DocumentRow, names: tuple[str, ...]) -> None:
    # While a session is open nothing waits. On PostgreSQL what waits goes as one statement, and
    # that may not change a row which it has just put in.
    work.session.connection()
    values = {name: getattr(document, name) for name in names}
    work.change(change, document_id=document.id, **values)
