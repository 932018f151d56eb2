"""Keep the catalogue: national items and measures, local supplements, and who confirmed what.

Only what is confirmed, or rests on a law of its own as a local supplement, can be used (N26, N27).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.clock.calendar import legal_date
from workflows.errors import Conflict, InvalidAnswer, NotAllowed, NotFound
from workflows.models import CatalogueSupplement, RuleConfirmation
from workflows.rules.catalogue import (
    NATIONAL,
    Basis,
    Item,
    Measure,
    read_items,
    read_measures,
    read_words,
)
from workflows.services.check_identifier import problem_of_division
from workflows.storage.kept import keep
from workflows.storage.unit_of_work import UnitOfWork

PACK = "catalogue"
# A local supplement needs a law, a regulation or a local regulation (N26); no plan suffices.
LAWFUL_RANKS = ("law", "regulation", "local_regulation")
CLASSES = ("public", "restricted", "internal")


@dataclass(frozen=True)
class NewSupplement:
    """A local item or measure as somebody puts it forward."""

    kind: str
    key: str
    name: str
    name_en: str
    group: str
    division_code: str
    lawful_basis: str
    basis_rank: str
    publicity: str = "internal"
    measure_class: str = ""
    valid_from: date | None = None


def list_items(session: Session, *, office_id: str, on: date) -> list[Item]:
    """Return every item of the catalogue, confirmed or not, local supplements at the end."""
    name = ("catalogue items", f"{office_id}:{on}")
    return keep(session, name, lambda: _read_items(session, office_id, on))


def _read_items(session: Session, office_id: str, on: date) -> list[Item]:
    confirmed = _confirmed(session, office_id)
    national = [
        replace(item, is_confirmed=item.is_confirmed or hash_of(item) in confirmed)
        for item in read_items().values()
    ]
    return [*national, *(_local_item(row) for row in _local(session, office_id, "item", on))]


def list_measures(session: Session, *, office_id: str, on: date) -> list[Measure]:
    """Return every measure of the list, lawful or not, local supplements at the end."""
    confirmed = _confirmed(session, office_id)
    national = [
        replace(each, standing=NATIONAL)
        if each.standing == "unconfirmed" and hash_of(each) in confirmed
        else each
        for each in read_measures().values()
    ]
    return [*national, *(_local_measure(row) for row in _local(session, office_id, "measure", on))]


def find_item(session: Session, *, office_id: str, key: str, on: date) -> Item | None:
    """Return an item by its key, or None."""
    found = list_items(session, office_id=office_id, on=on)
    return next((item for item in found if item.key == key), None)


def find_measure(session: Session, *, office_id: str, key: str, on: date) -> Measure | None:
    """Return a measure by its key, or None."""
    found = list_measures(session, office_id=office_id, on=on)
    return next((measure for measure in found if measure.key == key), None)


def hash_of(entry: Item | Measure) -> str:
    """Return what a confirmation is tied to: a changed entry must be confirmed again."""
    bases = [[each.document, each.clause, each.rank] for each in entry.basis]
    content = [entry.key, entry.name, entry.edition, bases]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def confirm_entry(work: UnitOfWork, *, key: str, against_text: str) -> dict[str, Any]:
    """Confirm a national item or measure against the edition that was read (E).

    Raises NotAllowed for anybody but the legal reviewer, and for a measure without lawful basis.
    """
    if work.command.actor.role != "legal_reviewer":
        raise NotAllowed("error.only_legal_reviewer")
    if len(against_text.strip()) < 8:
        raise InvalidAnswer(fields={"against_text": ["check.name_the_text"]})
    entry: Item | Measure | None = read_items().get(key) or read_measures().get(key)
    if entry is None:
        raise NotFound("error.catalogue_entry_not_found")
    if isinstance(entry, Measure) and entry.standing == "not_lawful":
        raise NotAllowed("error.measure_not_lawful", rule="N26, N27")
    if hash_of(entry) in _confirmed(work.session, work.command.office_id):
        return {"key": key}
    work.session.add(
        RuleConfirmation(
            office_id=work.command.office_id,
            pack_id=PACK,
            parameter=key,
            parameter_hash=hash_of(entry),
            against_text=against_text.strip()[:400],
            confirmed_at=work.command.now,
            confirmed_by_id=work.command.actor.person_id or "",
        )
    )
    work.record("catalogue_confirmed", case_id=None, entry=key, text=against_text.strip())
    return {"key": key}


def propose_supplement(work: UnitOfWork, *, entry: NewSupplement) -> dict[str, Any]:
    """Put a local item or measure forward; it counts once a second person has approved it.

    Raises InvalidAnswer when it rests on anything below a local regulation (N26).
    """
    if work.command.actor.role not in ("handler", "legal_reviewer"):
        raise NotAllowed("error.not_for_your_post")
    wrong = _problems(entry)
    if wrong:
        raise InvalidAnswer(fields=wrong)
    since = entry.valid_from or legal_date(work.command.now)
    known = _find_supplement(work, entry, since)
    if known is not None:
        if known.status != "proposed":
            raise Conflict("error.supplement_exists")
        return {"supplement_id": known.id}
    row = CatalogueSupplement(
        office_id=work.command.office_id,
        kind=entry.kind,
        key=entry.key.strip(),
        name=entry.name.strip(),
        name_en=entry.name_en.strip(),
        group_name=entry.group.strip(),
        division_code=entry.division_code,
        lawful_basis=entry.lawful_basis.strip(),
        basis_rank=entry.basis_rank,
        publicity=entry.publicity,
        measure_class=entry.measure_class,
        status="proposed",
        valid_from=since,
        proposed_at=work.command.now,
        proposed_by_id=work.command.actor.person_id,
    )
    work.session.add(row)
    work.session.flush()
    work.record("supplement_proposed", case_id=None, entry=row.key, basis=row.lawful_basis)
    return {"supplement_id": row.id}


def decide_supplement(work: UnitOfWork, *, supplement_id: str, agrees: bool) -> dict[str, Any]:
    """Approve or refuse a supplement. Raises NotAllowed for whoever put it forward."""
    row = work.session.get(CatalogueSupplement, supplement_id)
    if row is None or row.office_id != work.command.office_id:
        raise NotFound("error.catalogue_entry_not_found")
    actor = work.command.actor
    if actor.role != "approver" or row.proposed_by_id == actor.person_id:
        raise NotAllowed("error.four_eyes")
    if row.status != "proposed":
        raise Conflict("error.already_decided")
    row.status = "active" if agrees else "refused"
    row.decided_at = work.command.now
    row.decided_by_id = actor.person_id
    work.record("supplement_decided", case_id=None, entry=row.key, agrees=agrees)
    return {"supplement_id": row.id, "status": row.status}


def list_supplements(session: Session, *, office_id: str) -> list[CatalogueSupplement]:
    """Return the local supplements, newest first."""
    query = select(CatalogueSupplement).where(CatalogueSupplement.office_id == office_id)
    return list(session.scalars(query.order_by(CatalogueSupplement.proposed_at.desc()).limit(200)))


def _problems(entry: NewSupplement) -> dict[str, list[str]]:
    given = {"key": entry.key, "name": entry.name, "group": entry.group}
    given["lawful_basis"] = entry.lawful_basis
    wrong = {name: ["check.required"] for name, text in given.items() if not text.strip()}
    if entry.kind not in ("item", "measure"):
        wrong["kind"] = ["check.not_choice"]
    if entry.basis_rank not in LAWFUL_RANKS:
        wrong["basis_rank"] = ["check.supplement_needs_law"]
    if entry.key in read_items() or entry.key in read_measures():
        wrong["key"] = ["check.catalogue_key_taken"]
    if entry.publicity not in CLASSES:
        wrong["publicity"] = ["check.not_choice"]
    if entry.kind == "measure" and entry.measure_class not in read_words("classes"):
        wrong["measure_class"] = ["check.not_choice"]
    if problem_of_division(entry.division_code) is not None:
        wrong["division_code"] = ["check.division_code"]
    return wrong


def _find_supplement(
    work: UnitOfWork, entry: NewSupplement, since: date
) -> CatalogueSupplement | None:
    query = select(CatalogueSupplement).where(
        CatalogueSupplement.office_id == work.command.office_id,
        CatalogueSupplement.kind == entry.kind,
        CatalogueSupplement.key == entry.key.strip(),
        CatalogueSupplement.valid_from == since,
    )
    return work.session.scalars(query).first()


def _confirmed(session: Session, office_id: str) -> set[str]:
    query = select(RuleConfirmation.parameter_hash).where(
        RuleConfirmation.office_id == office_id,
        RuleConfirmation.pack_id == PACK,
        RuleConfirmation.withdrawn_at.is_(None),
    )
    return set(session.scalars(query))


def _local(session: Session, office_id: str, kind: str, on: date) -> Iterator[CatalogueSupplement]:
    query = select(CatalogueSupplement).where(
        CatalogueSupplement.office_id == office_id,
        CatalogueSupplement.kind == kind,
        CatalogueSupplement.status == "active",
        CatalogueSupplement.valid_from <= on,
    )
    for row in session.scalars(query.order_by(CatalogueSupplement.key)):
        if row.valid_to is None or on <= row.valid_to:
            yield row


def _basis_of(row: CatalogueSupplement) -> tuple[Basis, ...]:
    return (Basis("N26", row.lawful_basis, "", row.basis_rank),)


def _reach(division_code: str) -> str:
    """Return the digits under which a supplement holds: 220000 holds in all of 22."""
    return (
        division_code.removesuffix("0000")
        if division_code.endswith("0000")
        else (division_code.removesuffix("00"))
    )


def _local_item(row: CatalogueSupplement) -> Item:
    return Item(
        key=row.key,
        group=row.group_name,
        group_en=row.group_name,
        name=row.name,
        name_en=row.name_en or row.name,
        publicity=row.publicity,
        nature="negative",
        subject_kinds=(),
        basis=_basis_of(row),
        is_confirmed=True,
        edition=row.edition,
        division=_reach(row.division_code),
    )


def _local_measure(row: CatalogueSupplement) -> Measure:
    return Measure(
        key=row.key,
        name=row.name,
        name_en=row.name_en or row.name,
        measure_class=row.measure_class,
        subject_kinds=(),
        basis=_basis_of(row),
        standing=NATIONAL,
        edition=row.edition,
        division=_reach(row.division_code),
    )
