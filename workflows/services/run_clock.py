"""Start, move and stop the statutory periods of a case; the ledger says everything that was done.

The dates on a clock's row, the tasks that carry them and the timers that hang on them are derived
here from the ledger, in one place, whenever an entry is added.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from workflows.clock.allowances import check_entry
from workflows.clock.calendar import WorkingCalendar
from workflows.clock.elapsed import elapsed_instant
from workflows.clock.ledger import Entry, EntryKind, clock_point, reckon
from workflows.clock.terms import Term, Unit
from workflows.engine.timers import ELAPSED
from workflows.models import Case, CaseClock, LedgerEntry, Task, Timer
from workflows.rules.packs import Parameter
from workflows.services.desk import Desk
from workflows.services.read_rules import find_allowance
from workflows.storage.kept import keep
from workflows.storage.unit_of_work import UnitOfWork


def parameter_for(work: UnitOfWork, desk: Desk, *, case: Case, key: str) -> Parameter:
    """Return the rule that binds this case: by division, date of receipt and kind of subject."""
    return desk.rules(work.session, case.office_id).get(
        key,
        division=case.division_code,
        on=case.received_on,
        subject_kind=case.subject.kind,
    )


def find_clock(
    work: UnitOfWork, *, case_id: str, name: str, item: str | None = None
) -> CaseClock | None:
    """Return the newest clock of that name, or None."""
    query = select(CaseClock).where(CaseClock.case_id == case_id)
    newest_first = query.order_by(CaseClock.started_at.desc())
    clocks = keep(
        work.session,
        ("clocks", case_id),
        lambda: list(work.session.scalars(newest_first)),
    )
    wanted = (name, item or None)
    return next((clock for clock in clocks if (clock.name, clock.item) == wanted), None)


def start_clock(
    work: UnitOfWork,
    desk: Desk,
    *,
    case: Case,
    name: str,
    parameter: str,
    start_on: date,
    item: str | None = None,
    reason: str = "",
    evidence: str = "",
) -> CaseClock:
    """Start a clock by the rule named; starting a running clock again changes nothing (R2, R4)."""
    found = find_clock(work, case_id=case.id, name=name, item=item)
    if found is not None and found.status != "stopped":
        return found
    rule = parameter_for(work, desk, case=case, key=parameter)
    clock = CaseClock(
        office_id=case.office_id,
        case_id=case.id,
        name=name,
        item=item,
        rule=describe_rule(rule),
        amount=int(rule.value),
        unit=str(rule.unit),
        start_on=start_on,
        raw_due_on=start_on,
        started_at=work.command.now,
    )
    work.session.add(clock)
    entry = Entry(
        kind=EntryKind.STARTED,
        at=work.command.now,
        on=start_on,
        reason=reason,
        legal_basis=rule_source(rule),
        evidence=evidence,
        person=work.command.actor.person_id or "",
    )
    _write(work, desk, clock=clock, case=case, entry=entry)
    return clock


def stop_clock(
    work: UnitOfWork,
    desk: Desk,
    *,
    case: Case,
    clock: CaseClock,
    on: date,
    reason: str,
    evidence: str,
) -> CaseClock:
    """Stop a clock on its evidence; a stopped clock stays as it is."""
    if clock.status != "stopped":
        entry = _entry(work, clock, EntryKind.STOPPED, on=on, reason=reason, evidence=evidence)
        _write(work, desk, clock=clock, case=case, entry=entry)
    return clock


def correct_clock(
    work: UnitOfWork, desk: Desk, *, case: Case, clock: CaseClock, start_on: date, reason: str
) -> CaseClock:
    """Set another start day, as after a mistyped receipt date; the ledger keeps the former."""
    entry = _entry(work, clock, EntryKind.CORRECTED, on=start_on, reason=reason, start_on=start_on)
    _write(work, desk, clock=clock, case=case, entry=entry)
    return clock


def change_clock(
    work: UnitOfWork,
    desk: Desk,
    *,
    case: Case,
    clock: CaseClock,
    kind: EntryKind,
    on: date,
    reason: str,
    legal_basis: str,
    days: int | None = None,
    approved_by: str = "",
) -> CaseClock:
    """Pause, resume or extend where the pack allows it.

    Raises NotAllowed where it does not (Jilin allows neither, O-1).
    """
    entry = _entry(
        work,
        clock,
        kind,
        on=on,
        reason=reason,
        legal_basis=legal_basis,
        days=days,
        approved_by=approved_by,
    )
    calendar = desk.calendar(work.session, case.office_id)
    check_entry(
        entries=ledger_of(clock),
        entry=entry,
        allowance=find_allowance(work.session, desk, case=case, clock=clock),
        term=term_of(clock),
        calendar=calendar,
    )
    _write(work, desk, clock=clock, case=case, entry=entry)
    return clock


def recompute_clock(
    work: UnitOfWork, desk: Desk, *, case: Case, clock: CaseClock, reason: str, on: date
) -> bool:
    """Derive the dates anew, as after a holiday notice; say whether the due date moved."""
    before = clock.due_on
    was_provisional = clock.is_provisional
    calendar = desk.calendar(work.session, case.office_id)
    after = reckon(entries=ledger_of(clock), term=term_of(clock), calendar=calendar)
    if after.due_on == before and after.provisional == was_provisional:
        return False
    entry = _entry(work, clock, EntryKind.RECOMPUTED, on=on, reason=reason)
    _write(work, desk, clock=clock, case=case, entry=entry)
    return clock.due_on != before


def ledger_of(clock: CaseClock) -> list[Entry]:
    """Return the clock's entries as values, oldest first."""
    return [
        Entry(
            kind=EntryKind(row.kind),
            at=row.at,
            on=row.on,
            days=row.days,
            reason=row.reason,
            legal_basis=row.legal_basis,
            person=row.person_id or "",
            evidence=row.evidence,
            start_on=row.start_on,
            approved_by=row.approved_by,
        )
        for row in clock.entries
    ]


def term_of(clock: CaseClock) -> Term:
    """Return the length of the clock's period."""
    return Term(amount=clock.amount, unit=Unit(clock.unit))


def describe_rule(rule: Parameter) -> dict[str, Any]:
    """Return the rule as a clock keeps it, so that a later pack changes no running case."""
    return {
        "key": rule.key,
        "pack_id": rule.pack_id,
        "name": rule.name,
        "name_en": rule.name_en,
        "value": rule.value,
        "unit": str(rule.unit),
        "rule_ids": list(rule.rule_ids),
        "document": rule.document,
        "document_title": rule.document_title,
        "clause": rule.clause,
        "quote": rule.quote,
        "rank": str(rule.rank),
        "label": rule.label,
        "start_event": rule.start_event,
        "stop_event": rule.stop_event,
        "confirmed": rule.confirmed,
        "unread_higher": list(rule.unread_higher),
        "note": rule.note,
        "valid_from": rule.valid_from.isoformat() if rule.valid_from else None,
        "valid_to": rule.valid_to.isoformat() if rule.valid_to else None,
    }


def rule_source(rule: Parameter) -> str:
    """Return document and clause in one line."""
    return f"{rule.document} {rule.clause}".strip()


def write_entry(
    work: UnitOfWork, desk: Desk, *, clock: CaseClock, case: Case, kind: EntryKind, **values: Any
) -> None:
    """Add a line that a rule itself provides for, and derive what follows from it."""
    _write(work, desk, clock=clock, case=case, entry=_entry(work, clock, kind, **values))


def rule_line(clock: CaseClock) -> str:
    """Return document and clause of the rule pinned to the clock, in one line."""
    return f"{clock.rule.get('document', '')} {clock.rule.get('clause', '')}".strip()


def schedule_timer(work: UnitOfWork, desk: Desk, *, case: Case, timer: Timer) -> None:
    """Put the timer at the instant its clock gives now, or leave it waiting without one."""
    if timer.clock_name == ELAPSED:
        timer.due_at = elapsed_instant(since=work.command.now, duration=timer.point)
        return
    clock = find_clock(work, case_id=case.id, name=timer.clock_name, item=timer.item)
    clock = clock or find_clock(work, case_id=case.id, name=timer.clock_name)
    if clock is None or clock.due_on is None:
        timer.due_at = None
        return
    calendar = desk.calendar(work.session, case.office_id)
    timer.due_at = clock_point(
        reckoning=reckon(entries=ledger_of(clock), term=term_of(clock), calendar=calendar),
        term=term_of(clock),
        point=_point_text(work, desk, case=case, point=timer.point),
        calendar=calendar,
        opening=desk.opening(work.session, case.office_id),
    )


def _point_text(work: UnitOfWork, desk: Desk, *, case: Case, point: str) -> str:
    """Return the point itself, looked up in the pack where the diagram names a parameter."""
    if "." not in point:
        return point
    return str(parameter_for(work, desk, case=case, key=point).value)


def _entry(work: UnitOfWork, clock: CaseClock, kind: EntryKind, **values: Any) -> Entry:
    values.setdefault("legal_basis", rule_line(clock))
    return Entry(
        kind=kind, at=work.command.now, person=work.command.actor.person_id or "", **values
    )


def _write(work: UnitOfWork, desk: Desk, *, clock: CaseClock, case: Case, entry: Entry) -> None:
    """Add the entry and derive everything that follows from it."""
    row = LedgerEntry(
        office_id=case.office_id,
        seq=len(clock.entries) + 1,
        kind=entry.kind.value,
        at=entry.at,
        on=entry.on,
        start_on=entry.start_on,
        days=entry.days,
        reason=entry.reason,
        legal_basis=entry.legal_basis,
        evidence=entry.evidence,
        approved_by=entry.approved_by,
        person_id=entry.person or None,
    )
    clock.entries.append(row)
    before = clock.due_on
    _derive(clock, desk.calendar(work.session, case.office_id))
    if before is not None and clock.due_on is not None and before != clock.due_on:
        clock.moved_from = before
        clock.moved_reason = entry.reason
    work.session.flush()
    work.record(
        f"clock_{entry.kind.value}",
        case_id=case.id,
        is_public=clock.name == "reply",
        clock=clock.name,
        item=clock.item,
        due_on=clock.due_on.isoformat() if clock.due_on else None,
        before=before.isoformat() if before else None,
        reason=entry.reason,
    )
    _carry_dates(work, desk, case=case, clock=clock)


def _derive(clock: CaseClock, calendar: WorkingCalendar) -> None:
    found = reckon(entries=ledger_of(clock), term=term_of(clock), calendar=calendar)
    clock.status = found.status
    clock.start_on = found.start_on
    clock.raw_due_on = found.raw_due_on
    clock.due_on = found.due_on
    clock.is_provisional = found.provisional
    clock.missing_years = list(found.missing_years)
    clock.extended_days = found.extended_days
    clock.stopped_on = found.stopped_on
    clock.late_by = found.late_by


def _carry_dates(work: UnitOfWork, desk: Desk, *, case: Case, clock: CaseClock) -> None:
    """Copy the due date to open tasks and move the timers that hang on the clock."""
    tasks = select(Task).where(Task.clock_id == clock.id, Task.status == "open")
    for task in work.session.scalars(tasks):
        task.due_on = clock.due_on
    timers = select(Timer).where(
        Timer.case_id == case.id, Timer.clock_name == clock.name, Timer.status == "waiting"
    )
    for timer in work.session.scalars(timers):
        if clock.status == "stopped" and timer.item == clock.item:
            timer.due_at = None
        else:
            schedule_timer(work, desk, case=case, timer=timer)
