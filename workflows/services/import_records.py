"""Import credit records: the checks of entering one, and nothing overwritten (R93, R95).

A record whose number is registered with other values is wrong here: its source unit changes it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from workflows.clock.calendar import legal_date
from workflows.models import CreditRecord, Organisation, Subject
from workflows.rules.catalogue import read_words
from workflows.services.check_identifier import clean_code
from workflows.services.desk import Desk
from workflows.services.enter_record import (
    NewRecord,
    is_same_record,
    list_wrong_fields,
    make_record,
    texts_of,
)
from workflows.services.find_case import normal_text
from workflows.services.import_subjects import find_by_codes
from workflows.services.import_values import Checked, Line, Problem, from_fields, read_day
from workflows.services.keep_catalogue import list_items
from workflows.services.register_words import TIER_NAMES
from workflows.services.screen_content import find_forbidden
from workflows.storage.unit_of_work import UnitOfWork

COLUMN_OF = {"recogniser_id": "recogniser_code", "source_unit_id": "source_code"}
BETWEEN_ITEMS = re.compile(r"[;；\n]")
NEVER = date.min


@dataclass(frozen=True)
class _Known:
    """What a batch needs, read at once."""

    subjects: Mapping[str, Subject]
    bodies: Mapping[str, str]
    items: Mapping[str, str]
    records: Mapping[str, CreditRecord]


@dataclass(frozen=True)
class _Fit:
    """An entry with its subject, as apply needs them."""

    entry: NewRecord
    subject: Subject


class RecordImporter:
    """Brings records into the register; its natural key is the record number."""

    kind = "records"
    one_by_one = False
    at_a_time = 500

    def check(self, work: UnitOfWork, desk: Desk, lines: Sequence[Line]) -> list[Checked]:
        """Check each line as if it were entered by hand."""
        known = _read_known(work, desk, lines)
        return [_check(work, line, known) for line in lines]

    def apply(self, work: UnitOfWork, desk: Desk, checked: Sequence[Checked]) -> None:
        """Add the new records, unpublished, with their first versions."""
        made = [
            make_record(work, desk, entry=each.entry.entry, subject=each.entry.subject)
            for each in checked
        ]
        # Versions name their records, so these go first, all of a batch at once.
        work.session.add_all(record for record, _ in made)
        work.session.flush()
        work.session.add_all(version for _, version in made)


def _read_known(work: UnitOfWork, desk: Desk, lines: Sequence[Line]) -> _Known:
    office_id = work.command.office_id
    bodies = select(Organisation.code, Organisation.id).where(
        Organisation.office_id == office_id, Organisation.valid_to.is_(None)
    )
    numbers = {normal_text(line.text("number")) for line in lines}
    records = select(CreditRecord).where(
        CreditRecord.office_id == office_id, CreditRecord.number.in_(numbers)
    )
    items = list_items(work.session, office_id=office_id, on=legal_date(work.command.now))
    return _Known(
        subjects=find_by_codes(work, desk, [line.text("subject_code") for line in lines]),
        bodies={row[0]: row[1] for row in work.session.execute(bodies)},
        items={name: item.key for item in items for name in (item.key, item.name)},
        records={row.number: row for row in work.session.scalars(records)},
    )


def _check(work: UnitOfWork, line: Line, known: _Known) -> Checked:
    number = normal_text(line.text("number"))
    subject = known.subjects.get(clean_code(line.text("subject_code")))
    problems = _lookups(line, known, subject)
    entry = _entry(line, known, subject)
    found = known.records.get(number)
    if found is not None:
        if subject is not None and not is_same_record(found, entry):
            problems.append(Problem("number", "import.record_differs"))
    elif subject is not None:
        wrong = list_wrong_fields(work, entry=entry, subject=subject, knows_bodies=True)
        seen = {problem.column for problem in problems}
        problems += [each for each in from_fields(wrong, COLUMN_OF) if each.column not in seen]
        problems += _forbidden(entry, subject)
    fit = None if subject is None else _Fit(entry, subject)
    return Checked(
        line=line, key=number, problems=tuple(problems), is_known=found is not None, entry=fit
    )


def _lookups(line: Line, known: _Known, subject: Subject | None) -> list[Problem]:
    problems: list[Problem] = []
    if subject is None:
        problems.append(Problem("subject_code", "check.subject_unknown"))
    for column in ("recogniser_code", "source_code"):
        code = line.text(column)
        if (code or column == "recogniser_code") and code not in known.bodies:
            problems.append(Problem(column, "check.organisation_unknown"))
    for column in ("base_document_on", "misconduct_ended_on"):
        text = line.text(column)
        if (text or column == "base_document_on") and read_day(text) is None:
            problems.append(Problem(column, "check.not_a_day"))
    return problems


def _entry(line: Line, known: _Known, subject: Subject | None) -> NewRecord:
    recogniser_id = known.bodies.get(line.text("recogniser_code"), "")
    item = line.text("catalogue_item")
    return NewRecord(
        number=line.text("number"),
        subject_id=subject.id if subject else "",
        recogniser_id=recogniser_id,
        source_unit_id=known.bodies.get(line.text("source_code")) or recogniser_id,
        catalogue_item=known.items.get(item, item),
        area=_key_of("areas", line.text("area")),
        title=line.text("title"),
        source_kind=_key_of("source_kinds", line.text("source_kind")),
        base_document=line.text("base_document"),
        base_document_on=read_day(line.text("base_document_on")) or NEVER,
        lawful_basis=line.text("lawful_basis"),
        items=_items(line.text("items")),
        misconduct_ended_on=read_day(line.text("misconduct_ended_on")),
        tier=TIER_NAMES.get(line.text("tier"), line.text("tier")),
    )


def _key_of(family: str, text: str) -> str:
    """Return a code by itself or by its name."""
    names = {word.name: word.key for word in read_words(family).values()}
    return names.get(text, text)


def _items(text: str) -> tuple[dict[str, str], ...]:
    found = []
    for part in BETWEEN_ITEMS.split(text):
        name, _, value = part.replace(":", "：", 1).partition("：")
        if part.strip():
            found.append({"name": name.strip(), "value": value.strip()})
    return tuple(found)


def _forbidden(entry: NewRecord, subject: Subject) -> list[Problem]:
    found = find_forbidden(
        texts=texts_of(entry), items=entry.items, is_person=subject.is_natural_person
    )
    return [] if found is None else [Problem("items", found.key, found.facts)]
