"""Import subjects: the same checks as entering one by hand, by natural key, in batches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select

from workflows.models import Subject
from workflows.rules.packs import SUBJECT_KINDS
from workflows.services.check_identifier import clean_code
from workflows.services.desk import Desk
from workflows.services.import_values import Checked, Line, Problem, read_day
from workflows.services.keep_subjects import NewSubject, add_subject, is_same, list_problems
from workflows.services.register_words import SUBJECT_KIND_NAMES
from workflows.storage.unit_of_work import UnitOfWork


class SubjectImporter:
    """Brings subjects into the register; its natural key is the code."""

    kind = "subjects"
    one_by_one = False
    at_a_time = 500

    def check(self, work: UnitOfWork, desk: Desk, lines: Sequence[Line]) -> list[Checked]:
        """Check identifiers and compare with what is registered."""
        known = find_by_codes(work, desk, [line.text("code") for line in lines])
        return [_check(work, desk, line, known) for line in lines]

    def apply(self, work: UnitOfWork, desk: Desk, checked: Sequence[Checked]) -> None:
        """Add the new subjects."""
        for each in checked:
            add_subject(work, desk, entry=each.entry)


def find_by_codes(work: UnitOfWork, desk: Desk, codes: Sequence[str]) -> dict[str, Subject]:
    """Return the subjects in force by their cleaned codes, read at once."""
    plain = {clean_code(code) for code in codes if code}
    by_index = {desk.vault.blind_index(code): code for code in plain}
    query = select(Subject).where(
        Subject.office_id == work.command.office_id,
        Subject.valid_to.is_(None),
        or_(Subject.credit_code.in_(plain), Subject.identity_index.in_(by_index)),
    )
    found: dict[str, Subject] = {}
    for subject in work.session.scalars(query):
        code = subject.credit_code or by_index.get(subject.identity_index or "", "")
        found[code] = subject
    return found


def subject_kind(text: str) -> str:
    """Return the kind by its code or its Chinese name."""
    return text if text in SUBJECT_KINDS else SUBJECT_KIND_NAMES.get(text, text)


def _check(work: UnitOfWork, desk: Desk, line: Line, known: dict[str, Subject]) -> Checked:
    since = line.text("valid_from")
    entry = NewSubject(
        kind=subject_kind(line.text("kind")),
        name=line.text("name"),
        code=line.text("code"),
        division_code=line.text("division_code"),
        employer_code=line.text("employer_code"),
        valid_from=read_day(since),
    )
    problems: list[Problem] = [
        Problem(column, each.key, each.facts) for column, each in list_problems(entry).items()
    ]
    if since and entry.valid_from is None:
        problems.append(Problem("valid_from", "check.not_a_day"))
    code = clean_code(entry.code)
    found = known.get(code)
    if found is not None and not is_same(work.session, desk, subject=found, entry=entry):
        problems.append(Problem("code", "error.subject_code_taken"))
    facts: dict[str, Any] = {"problems": tuple(problems), "is_known": found is not None}
    return Checked(line=line, key=code, entry=entry, **facts)
