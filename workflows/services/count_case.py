"""Count what stands behind a case's tabs, in one question to the database."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import String, bindparam, func, or_, select
from sqlalchemy.orm import Session

from workflows.models import CaseLink, Document, Event
from workflows.services.read_timeline import NOT_TOLD

_ID = bindparam("case_id", type_=String)
_COUNTED = select(
    select(func.count())
    .select_from(Event)
    .where(Event.case_id == _ID, Event.kind.not_in(NOT_TOLD))
    .scalar_subquery(),
    select(func.count())
    .select_from(Document)
    .where(Document.case_id == _ID, Document.status != "moot")
    .scalar_subquery(),
    select(func.count())
    .select_from(CaseLink)
    .where(or_(CaseLink.case_id == _ID, CaseLink.other_case_id == _ID))
    .scalar_subquery(),
)


@dataclass(frozen=True)
class CaseCounts:
    """How much a case holds; ``links`` counts also those to cases that a post may not see."""

    happenings: int
    documents: int
    links: int


def count_case(session: Session, *, case_id: str) -> CaseCounts:
    """Return how many happenings are told, letters kept and links made in a case."""
    return CaseCounts(*session.execute(_COUNTED, {"case_id": case_id}).one())
