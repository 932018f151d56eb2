"""Give letters their numbers (发文字号): gapless per body, year and series, voided ones listed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, update

from workflows.clock.terms import legal_date
from workflows.errors import Conflict, InvalidAnswer
from workflows.models import LetterNumber, LetterSeries, Office, Organisation
from workflows.services.attach_pdf import order_pdf
from workflows.services.draft_document import check_status, freeze
from workflows.storage.document_rows import OF_NUMBER, DocumentRow, move_document, write_document
from workflows.storage.kept import keep
from workflows.storage.statements import Change, Insertion, Query
from workflows.storage.unit_of_work import UnitOfWork

USUAL_SERIES = "函"
SUPERVISION_SERIES = "督"
SEAL_REGISTER = "用印"


def number_document(
    work: UnitOfWork,
    *,
    document: DocumentRow,
    organisation: Organisation,
    series: str,
    given_number: str = "",
) -> DocumentRow:
    """Number a draft and date it; from here on its content is frozen.

    ``given_number`` is one from the body's own document system and takes none of ours. An empty
    ``series`` leaves the letter unnumbered (a receipt carries the case number). Numbering again
    changes nothing. Raises Conflict when the given number stands on another letter.
    """
    if document.status not in ("draft", "signed"):
        check_status(document, ("numbered", "sealed", "dispatched", "served"))
        return document
    if given_number:
        document.number = _accept(work, document, given_number)
    elif series:
        document.number = take_number(
            work, document=document, organisation=organisation, series=series
        )
    document.status = "numbered"
    document.made_at = work.command.now
    dated_on = legal_date(work.command.now).isoformat()
    number = document.number or None
    freeze(document, {**document.letter, "number": number, "dated_on": dated_on, "draft": None})
    write_document(work, document)
    order_pdf(work, document=document)
    work.record(
        "document_numbered",
        case_id=document.case_id,
        kind=document.kind,
        title=document.title,
        number=document.number,
    )
    return document


def replace_number(work: UnitOfWork, *, document: DocumentRow, given_number: str) -> DocumentRow:
    """Put the number of the body's own document system in place of ours, which stays listed void.

    Raises Conflict when that number stands on another letter.
    """
    if not given_number.strip() or given_number.strip() == document.number:
        return document
    check_status(document, ("numbered",))
    former = document.number
    document.number = _accept(work, document, given_number)
    _void_rows(work, document, reason=f"own number {document.number}")
    freeze(document, {**document.letter, "number": document.number})
    write_document(work, document)
    order_pdf(work, document=document)
    work.record(
        "document_renumbered",
        case_id=document.case_id,
        kind=document.kind,
        title=document.title,
        before=former,
        number=document.number,
    )
    return document


def void_number(work: UnitOfWork, *, document: DocumentRow, reason: str) -> DocumentRow:
    """Void a numbered letter that never went out; its number stays listed with the reason."""
    if document.status == "void":
        return document
    check_status(document, ("numbered", "sealed"))
    if not reason.strip():
        raise InvalidAnswer(fields={"reason": ["check.required"]})
    _void_rows(work, document, reason=reason)
    document.status = "void"
    move_document(work, document)
    work.record(
        "document_voided",
        case_id=document.case_id,
        kind=document.kind,
        title=document.title,
        number=document.number,
        reason=reason,
    )
    return document


class Series(NamedTuple):
    """A series of numbers, and the last one given."""

    id: str
    last_number: int


# Locked to the end of the transaction, so that no number is lost.
SERIES = Query(
    select(LetterSeries.id, LetterSeries.last_number)
    .where(
        LetterSeries.organisation_id == bindparam("organisation_id"),
        LetterSeries.year == bindparam("year"),
        LetterSeries.series == bindparam("series"),
    )
    .with_for_update(),
    Series._make,
)
SETTINGS: Query[Mapping[str, Any]] = Query(
    select(Office.settings).where(Office.id == bindparam("office_id")), lambda values: values[0]
)
ADD_SERIES = Insertion(LetterSeries)
ADD_NUMBER = Insertion(LetterNumber)
COUNT_ON = Change(
    update(LetterSeries)
    .where(LetterSeries.id == bindparam("series_id"))
    .values(last_number=bindparam("to"), version=LetterSeries.version + 1)
)


def take_number(
    work: UnitOfWork, *, document: DocumentRow, organisation: Organisation, series: str
) -> str:
    """Take the next number of a series for a document, list it, and return its text."""
    # A lock needs the transaction that a session has begun.
    work.session.connection()
    year = legal_date(work.command.now).year
    key = {"organisation_id": organisation.id, "year": year, "series": series}
    found = work.one(SERIES, **key)
    number = found.last_number + 1 if found else 1
    if found is None:
        row = work.add(ADD_SERIES, office_id=organisation.office_id, last_number=number, **key)
        found = Series(row["id"], number)
    else:
        work.change(COUNT_ON, series_id=found.id, to=number)
    text = f"{letter_word(work, organisation, series)}〔{year}〕{number}号"
    work.add(
        ADD_NUMBER,
        office_id=document.office_id,
        series_id=found.id,
        number=number,
        text=text,
        document_id=document.id,
        given_at=work.command.now,
    )
    return text


def letter_word(work: UnitOfWork, organisation: Organisation, series: str) -> str:
    """Return what stands before the year: the body's own word (机关代字) and the series.

    An office may have set a word that ends with the usual series; another series takes its place.
    """
    office_id = organisation.office_id
    settings = keep(work, ("settings", office_id), lambda: work.one(SETTINGS, office_id=office_id))
    words = (settings or {}).get("letter_words", {})
    word = str(words.get(organisation.code, organisation.code))
    return f"{word.removesuffix(USUAL_SERIES)}{series}"


def _void_rows(work: UnitOfWork, document: DocumentRow, *, reason: str) -> None:
    query = select(LetterNumber).where(
        LetterNumber.document_id == document.id, LetterNumber.voided_at.is_(None)
    )
    for row in work.session.scalars(query):
        row.voided_at = work.command.now
        row.void_reason = reason[:200]


def _accept(work: UnitOfWork, document: DocumentRow, given_number: str) -> str:
    number = given_number.strip()
    found = work.one(OF_NUMBER, office_id=document.office_id, number=number, other_than=document.id)
    if found is not None:
        raise Conflict("error.letter_number_used", number=number)
    return number
