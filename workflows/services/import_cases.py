"""Import open cases: each is received on its day of receipt, and the rules reckon its clocks.

A case is opened by the same command as any filing, once per former number; nothing is refused for
a doubtful code (E, "Intake").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from workflows.clock.calendar import legal_date
from workflows.engine.process_facts import ProcessFacts, process_facts
from workflows.models import CommandRecord, Organisation
from workflows.rules.packs import SUBJECT_KINDS
from workflows.services.desk import Desk
from workflows.services.find_case import normal_text
from workflows.services.import_subjects import subject_kind
from workflows.services.import_values import Checked, Line, Problem, read_day
from workflows.services.open_case import OBJECTION, Filing, open_case
from workflows.services.register_words import MIGRATED
from workflows.storage.unit_of_work import UnitOfWork

NEEDED = ("former_number", "subject_name", "subject_code", "statement")
Kinds = Mapping[str, ProcessFacts]


class CaseImporter:
    """Brings open cases in; the natural key of one is the number it had elsewhere."""

    kind = "cases"
    one_by_one = True
    at_a_time = 20

    def check(self, work: UnitOfWork, desk: Desk, lines: Sequence[Line]) -> list[Checked]:
        """Check dates, bodies and what must be there; see which cases have come in before."""
        standing = select(Organisation.code, Organisation.id).where(
            Organisation.office_id == work.command.office_id, Organisation.valid_to.is_(None)
        )
        bodies = {row[0]: row[1] for row in work.session.execute(standing)}
        kinds = _kinds(work, desk)
        found = [_check(work, line, bodies, kinds) for line in lines]
        office_id = work.command.office_id
        ids = [_command_id(desk, office_id=office_id, number=each.key) for each in found]
        query = select(CommandRecord.id).where(CommandRecord.id.in_(ids))
        done = set(work.session.scalars(query))
        return [
            replace(each, command_id=command_id, is_known=command_id in done)
            for each, command_id in zip(found, ids, strict=True)
        ]

    def apply(self, work: UnitOfWork, desk: Desk, checked: Sequence[Checked]) -> None:
        """Open the one case of this command."""
        for each in checked:
            open_case(work, desk, filing=each.entry)


def _command_id(desk: Desk, *, office_id: str, number: str) -> str:
    """Return the id under which a former number opens its case, whichever file it came in."""
    return f"import-case:{desk.vault.blind_index(f'{office_id}|{number}')[:48]}"


def _kinds(work: UnitOfWork, desk: Desk) -> dict[str, ProcessFacts]:
    """Return the processes in force that take cases over, by key and by title."""
    found: dict[str, ProcessFacts] = {}
    for key, bundle in desk.active_bundles(work, work.command.office_id).items():
        facts = process_facts(bundle)
        if facts.imports:
            found |= dict.fromkeys((key, *facts.title.values()), facts)
    return found


def _check(work: UnitOfWork, line: Line, bodies: dict[str, str], kinds: Kinds) -> Checked:
    problems = [Problem(name, "check.required") for name in NEEDED if not line.text(name)]
    process = kinds.get(line.text("kind") or OBJECTION)
    if process is None:
        problems.append(Problem("kind", "check.not_choice"))
    imports: Mapping[str, Any] = process.imports if process is not None else {}
    if imports.get("needs_record") and not line.text("record_number"):
        problems.append(Problem("record_number", "check.required"))
    kind = subject_kind(line.text("subject_kind"))
    if kind not in SUBJECT_KINDS:
        problems.append(Problem("subject_kind", "check.not_choice"))
    body_id = bodies.get(line.text("body_code"), "")
    if not body_id:
        problems.append(Problem("body_code", "check.organisation_unknown"))
    received_on = read_day(line.text("received_on"))
    if received_on is None:
        problems.append(Problem("received_on", "check.not_a_day"))
    elif received_on > legal_date(work.command.now):
        problems.append(Problem("received_on", "check.date_in_future"))
    former = normal_text(line.text("former_number"))
    filing = Filing(
        kind=process.key if process is not None else OBJECTION,
        channel=str(imports.get("channel", "")),
        subject_name=line.text("subject_name"),
        subject_code=line.text("subject_code"),
        subject_kind=kind,
        record_number=line.text("record_number"),
        receiving_organisation_id=body_id,
        received_on=received_on,
        backdate_reason=MIGRATED,
        backdate_evidence=former,
        contact_name=line.text("contact_name"),
        contact_phone=line.text("contact_phone"),
        content={
            str(imports.get("statement", "statement")): line.text("statement"),
            "former_number": former,
            "received_reason": MIGRATED,
        },
    )
    return Checked(line=line, key=former, problems=tuple(problems), entry=filing)
