"""Impose a measure on the ground of a record: with its law and its item in the list, or not at all.

N26 and N27 stand over every plan (R50, R124): what no law and no list carries cannot be entered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from workflows.clock.calendar import legal_date
from workflows.errors import InvalidAnswer, NotAllowed
from workflows.models import CreditRecord, Organisation, Sanction
from workflows.rules.catalogue import Measure, read_words
from workflows.services.change_value import get_record
from workflows.services.keep_catalogue import find_measure
from workflows.services.keep_subjects import check_may_enter, check_own_body
from workflows.services.lift_sanction import get_sanction
from workflows.storage.unit_of_work import UnitOfWork

# A measure takes a right away: a rule or a policy document of an office cannot carry it (N27).
CARRYING_RANKS = ("law", "regulation", "local_regulation", "central_policy")


@dataclass(frozen=True)
class NewSanction:
    """A measure of one department."""

    record_id: str
    department_id: str
    measure_key: str
    legal_basis: str
    basis_rank: str
    document: str
    imposed_on: date
    ends_on: date | None = None


def add_sanction(work: UnitOfWork, *, entry: NewSanction) -> dict[str, Any]:
    """Enter a department's measure and return its id; the same one in force is returned as it is.

    Raises InvalidAnswer without a legal basis or a list item, NotAllowed for a measure that no law
    carries, for a minor (R22) and on a record that no longer stands.
    """
    check_may_enter(work)
    check_own_body(work, entry.department_id)
    record = get_record(work, entry.record_id)
    _check_record(record)
    measure = _get_measure(work, entry, record)
    wrong = _wrong_fields(work, entry)
    if wrong:
        raise InvalidAnswer(fields=wrong)
    known = _find_same(work, entry)
    if known is not None:
        return {"sanction_id": known.id, "is_new": False}
    row = Sanction(
        office_id=record.office_id,
        record_id=record.id,
        department_id=entry.department_id,
        measure=measure.name,
        measure_key=measure.key,
        measure_class=measure.measure_class,
        legal_basis=entry.legal_basis.strip()[:300],
        list_item=f"{measure.edition} {measure.name}".strip()[:120],
        document=entry.document.strip()[:200],
        imposed_on=entry.imposed_on,
        ends_on=entry.ends_on,
    )
    work.session.add(row)
    work.session.flush()
    work.record("sanction_imposed", case_id=None, record=record.number, measure=measure.name)
    return {"sanction_id": row.id, "is_new": True}


def lift_by_hand(
    work: UnitOfWork, *, sanction_id: str, lifted_on: date, document: str
) -> dict[str, Any]:
    """Enter that the department lifted its measure outside any case; doing so again does nothing.

    Raises NotAllowed for another department, InvalidAnswer for a wrong day or no document.
    """
    sanction = get_sanction(work, sanction_id)
    check_may_enter(work)
    check_own_body(work, sanction.department_id)
    if sanction.status == "lifted":
        return {"sanction_id": sanction.id}
    wrong: dict[str, list[str]] = {}
    if lifted_on > legal_date(work.command.now):
        wrong["lifted_on"] = ["check.date_in_future"]
    elif lifted_on < sanction.imposed_on:
        wrong["lifted_on"] = ["check.lifted_before_imposed"]
    if not document.strip():
        wrong["lifted_document"] = ["check.required"]
    if wrong:
        raise InvalidAnswer(fields=wrong)
    sanction.status = "lifted"
    sanction.lifted_on = lifted_on
    sanction.lifted_document = document.strip()[:200]
    work.record(
        "sanction_lifted_by_hand", case_id=None, measure=sanction.measure, document=document.strip()
    )
    return {"sanction_id": sanction.id}


def _check_record(record: CreditRecord) -> None:
    if record.status == "revoked" or record.is_repaired:
        raise NotAllowed("error.record_carries_no_sanction", number=record.number)
    if record.is_protected:
        raise NotAllowed("error.minor_not_sanctioned", rule="R22")


def _get_measure(work: UnitOfWork, entry: NewSanction, record: CreditRecord) -> Measure:
    today = legal_date(work.command.now)
    measure = find_measure(
        work.session, office_id=record.office_id, key=entry.measure_key, on=today
    )
    if measure is None:
        raise InvalidAnswer(fields={"measure_key": ["check.not_in_measures"]})
    if not measure.is_lawful:
        raise InvalidAnswer(
            "error.measure_not_lawful",
            fields={"measure_key": ["error.measure_not_lawful"]},
            rule="N26, N27",
        )
    subject = record.subject
    if not measure.fits(subject_kind=subject.kind, division=subject.division_code):
        raise InvalidAnswer(fields={"measure_key": ["check.measure_other_subject"]})
    return measure


def _wrong_fields(work: UnitOfWork, entry: NewSanction) -> dict[str, list[str]]:
    given = {"legal_basis": entry.legal_basis, "document": entry.document}
    wrong = {name: ["check.required"] for name, text in given.items() if not text.strip()}
    if entry.basis_rank not in CARRYING_RANKS:
        key = (
            "check.measure_needs_law"
            if entry.basis_rank in read_words("ranks")
            else ("check.not_choice")
        )
        wrong["basis_rank"] = [key]
    if entry.imposed_on > legal_date(work.command.now):
        wrong["imposed_on"] = ["check.date_in_future"]
    if entry.ends_on is not None and entry.ends_on < entry.imposed_on:
        wrong["ends_on"] = ["check.ends_before_it_begins"]
    body = work.session.get(Organisation, entry.department_id)
    if body is None or body.office_id != work.command.office_id:
        wrong["department_id"] = ["check.organisation_unknown"]
    return wrong


def _find_same(work: UnitOfWork, entry: NewSanction) -> Sanction | None:
    query = select(Sanction).where(
        Sanction.record_id == entry.record_id,
        Sanction.department_id == entry.department_id,
        Sanction.measure_key == entry.measure_key,
        Sanction.status == "in_force",
    )
    return work.session.scalars(query).first()
