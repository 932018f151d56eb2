"""Start, move and stop the statutory periods of a case; the ledger says everything that was done.

The dates on a clock's row, the tasks that carry them and the timers that hang on them are derived
here from the ledger, in one place, whenever an entry is added.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import lazyload

from workflows.clock.allowances import check_entry
from workflows.clock.elapsed import elapsed_instant
from workflows.clock.ledger import Entry, EntryKind, Reckoning, clock_point, reckon
from workflows.clock.terms import Term, Unit
from workflows.engine.timers import ELAPSED
from workflows.models import Case, CaseClock
from workflows.rules.packs import Parameter
from workflows.services.desk import Desk
from workflows.services.read_rules import find_allowance
from workflows.storage.case_rows import (
    ADD_CLOCK,
    ADD_LEDGER_ENTRY,
    CARRY_DUE_DATE,
    DERIVE_CLOCK,
    LEDGER,
    MOVE_TIMER,
    NOTE_MOVED,
    RULE_OF_CLOCK,
    TIMERS_ON_CLOCK,
    AnyCase,
    ClockRow,
    TimerRow,
    look_around,
)
from workflows.storage.kept import forget, keep
from workflows.storage.unit_of_work import UnitOfWork

AnyClock = CaseClock | ClockRow

# Newest first. Few who look for a clock want its ledger; it is read when they do.
_CLOCKS = (
    select(CaseClock)
    .options(lazyload(CaseClock.entries))
    .where(CaseClock.case_id == bindparam("case_id"))
    .order_by(CaseClock.started_at.desc())
)


def parameter_for(
    work: UnitOfWork, desk: Desk, *, case: AnyCase, key: str, on: date | None = None
) -> Parameter:
    """Return the rule that binds this case: by division, kind, and day (of receipt or ``on``)."""
    return desk.rules(work, case.office_id).get(
        key,
        division=case.division_code,
        on=on or case.received_on,
        subject_kind=case.subject_kind,
    )


def find_clock(
    work: UnitOfWork, *, case_id: str, name: str, item: str | None = None
) -> CaseClock | None:
    """Return the newest clock of that name, or None."""
    clocks = keep(
        work.session,
        ("clocks", case_id),
        lambda: list(work.session.scalars(_CLOCKS, {"case_id": case_id})),
    )
    wanted = (name, item or None)
    return next((clock for clock in clocks if (clock.name, clock.item) == wanted), None)


def find_clock_row(
    work: UnitOfWork, *, case_id: str, name: str, item: str | None = None
) -> ClockRow | None:
    """Return the newest clock of that name as a row, or None."""
    wanted = (name, item or None)
    clocks = look_around(work, case_id=case_id).clocks
    return next((clock for clock in clocks if (clock.name, clock.item) == wanted), None)


def start_clock(
    work: UnitOfWork,
    desk: Desk,
    *,
    case: AnyCase,
    name: str,
    parameter: str,
    start_on: date,
    item: str | None = None,
    reason: str = "",
    evidence: str = "",
    ruled_on: date | None = None,
) -> ClockRow:
    """Start a clock by the rule named; starting a running clock again changes nothing (R2, R4)."""
    known = find_clock_row(work, case_id=case.id, name=name, item=item)
    if known is not None and known.status != "stopped":
        return known
    rule = parameter_for(work, desk, case=case, key=parameter, on=ruled_on)
    began = _Began(name=name, item=item, on=start_on, reason=reason, evidence=evidence)
    return _start(work, desk, case=case, rule=rule, term=rule.term, began=began)


# A day that a person set is shown as set; no text gave it, and none unread can shorten it (O-11).
SET_BY_PERSON = {"label": "set", "unread_higher": []}


def start_set_clock(
    work: UnitOfWork,
    desk: Desk,
    *,
    case: AnyCase,
    name: str,
    parameter: str,
    start_on: date,
    due_on: date,
    item: str | None = None,
    reason: str = "",
    evidence: str = "",
) -> ClockRow:
    """Start a clock that ends on the day a person set, where no text gives a number (O-11, R44).

    The rule named says on what it rests; a last day on a holiday moves as any other (N32). A
    running clock of the name is stopped first: the new day takes the place of the former.
    """
    known = find_clock_row(work, case_id=case.id, name=name, item=item)
    if known is not None and known.status != "stopped":
        if known.due_on == due_on:
            return known
        stop_clock(
            work, desk, case=case, clock=known, on=start_on, reason="day_set_anew", evidence=reason
        )
    rule = parameter_for(work, desk, case=case, key=parameter)
    term = Term(amount=(due_on - start_on).days, unit=Unit.CALENDAR_DAYS)
    began = _Began(name, item, start_on, reason, evidence, by_person=True)
    return _start(work, desk, case=case, rule=rule, term=term, began=began)


class _Began(NamedTuple):
    """Which clock begins, on which day, and why."""

    name: str
    item: str | None
    on: date
    reason: str
    evidence: str
    by_person: bool = False


def _start(
    work: UnitOfWork,
    desk: Desk,
    *,
    case: AnyCase,
    rule: Parameter,
    term: Term,
    began: _Began,
) -> ClockRow:
    entry = Entry(
        kind=EntryKind.STARTED,
        at=work.command.now,
        on=began.on,
        reason=began.reason,
        legal_basis=rule_source(rule),
        evidence=began.evidence,
        person=work.command.actor.person_id or "",
    )
    found = reckon(entries=[entry], term=term, calendar=desk.calendar(work, case.office_id))
    clock = work.add(
        ADD_CLOCK,
        office_id=case.office_id,
        case_id=case.id,
        name=began.name,
        item=began.item,
        rule={**describe_rule(rule), **(SET_BY_PERSON if began.by_person else {})},
        amount=term.amount,
        unit=str(term.unit),
        started_at=work.command.now,
        **_derived(found),
    )
    work.add(ADD_LEDGER_ENTRY, **_ledger_line(entry, case=case, clock_id=clock["id"], seq=1))
    forget(work, ("clocks", case.id))
    row = ClockRow(*(clock[each] for each in ClockRow._fields))
    _record_entry(work, case, row, entry=entry, before=None)
    _move_timers(work, desk, case=case, clock=row)
    return row


def stop_clock(
    work: UnitOfWork,
    desk: Desk,
    *,
    case: AnyCase,
    clock: AnyClock,
    on: date,
    reason: str,
    evidence: str,
) -> None:
    """Stop a clock on its evidence; a stopped clock stays as it is."""
    if clock.status != "stopped":
        entry = _entry(work, clock, EntryKind.STOPPED, on=on, reason=reason, evidence=evidence)
        _write(work, desk, clock=clock, case=case, entry=entry)


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
    calendar = desk.calendar(work, case.office_id)
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
    calendar = desk.calendar(work, case.office_id)
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


def term_of(clock: AnyClock) -> Term:
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


def rule_line(rule: Mapping[str, Any]) -> str:
    """Return document and clause of the rule pinned to a clock, in one line."""
    return f"{rule.get('document', '')} {rule.get('clause', '')}".strip()


def pick_clock(rows: Sequence[ClockRow], *, name: str, item: str | None) -> ClockRow | None:
    """Return the newest clock of that name: the item's own, or else the whole case's."""
    by_item = {each.item or None: each for each in reversed(rows) if each.name == name}
    return by_item.get(item or None) or by_item.get(None)


def timer_instant(
    work: UnitOfWork,
    desk: Desk,
    *,
    case: AnyCase,
    clocks: Sequence[ClockRow],
    clock_name: str,
    item: str | None,
    point: str,
) -> datetime | None:
    """Return the instant that a timer's clock gives now, or None while it gives none."""
    if clock_name == ELAPSED:
        return elapsed_instant(since=work.command.now, duration=point)
    clock = pick_clock(clocks, name=clock_name, item=item)
    if clock is None or clock.due_on is None:
        return None
    calendar = desk.calendar(work, case.office_id)
    term = Term(amount=clock.amount, unit=Unit(clock.unit))
    entries = work.all(LEDGER, clock_id=clock.id)
    return clock_point(
        reckoning=reckon(entries=entries, term=term, calendar=calendar),
        term=term,
        point=_point_text(work, desk, case=case, point=point),
        calendar=calendar,
        opening=desk.opening(work, case.office_id),
    )


def _point_text(work: UnitOfWork, desk: Desk, *, case: AnyCase, point: str) -> str:
    """Return the point itself, looked up in the pack where the diagram names a parameter."""
    if "." not in point:
        return point
    return str(parameter_for(work, desk, case=case, key=point).value)


def _entry(work: UnitOfWork, clock: AnyClock, kind: EntryKind, **values: Any) -> Entry:
    values.setdefault("legal_basis", rule_line(_rule_of(work, clock)))
    return Entry(
        kind=kind, at=work.command.now, person=work.command.actor.person_id or "", **values
    )


def _rule_of(work: UnitOfWork, clock: AnyClock) -> Mapping[str, Any]:
    if isinstance(clock, CaseClock):
        return clock.rule
    return work.one(RULE_OF_CLOCK, clock_id=clock.id) or {}


def _write(work: UnitOfWork, desk: Desk, *, clock: AnyClock, case: AnyCase, entry: Entry) -> None:
    """Add the entry and derive everything that follows from it."""
    known, before = work.all(LEDGER, clock_id=clock.id), clock.due_on
    found = reckon(
        entries=[*known, entry], term=term_of(clock), calendar=desk.calendar(work, case.office_id)
    )
    row = ClockRow(
        id=clock.id,
        name=clock.name,
        item=clock.item,
        status=found.status,
        due_on=found.due_on,
        amount=clock.amount,
        unit=clock.unit,
    )
    line = _ledger_line(entry, case=case, clock_id=clock.id, seq=len(known) + 1)
    work.add(ADD_LEDGER_ENTRY, **line)
    if before is not None and found.due_on is not None and before != found.due_on:
        work.change(NOTE_MOVED, clock_id=clock.id, was_due_on=before, why=entry.reason)
    work.change(DERIVE_CLOCK, clock_id=clock.id, **_derived(found))
    _record_entry(work, case, row, entry=entry, before=before)
    _carry_dates(work, desk, case=case, clock=row)


def _ledger_line(entry: Entry, *, case: AnyCase, clock_id: str, seq: int) -> dict[str, Any]:
    return {
        "office_id": case.office_id,
        "clock_id": clock_id,
        "seq": seq,
        "kind": entry.kind.value,
        "at": entry.at,
        "on": entry.on,
        "start_on": entry.start_on,
        "days": entry.days,
        "reason": entry.reason,
        "legal_basis": entry.legal_basis,
        "evidence": entry.evidence,
        "approved_by": entry.approved_by,
        "person_id": entry.person or None,
    }


def _record_entry(
    work: UnitOfWork,
    case: AnyCase,
    clock: ClockRow,
    *,
    entry: Entry,
    before: date | None,
) -> None:
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


def _derived(found: Reckoning) -> dict[str, Any]:
    """Return the columns of a clock that its ledger decides."""
    return {
        "status": found.status,
        "start_on": found.start_on,
        "raw_due_on": found.raw_due_on,
        "due_on": found.due_on,
        "is_provisional": found.provisional,
        "missing_years": list(found.missing_years),
        "extended_days": found.extended_days,
        "stopped_on": found.stopped_on,
        "late_by": found.late_by,
    }


def _carry_dates(work: UnitOfWork, desk: Desk, *, case: AnyCase, clock: ClockRow) -> None:
    """Copy the due date to open tasks and move the timers that hang on the clock."""
    work.change(CARRY_DUE_DATE, of_case=case.id, of_clock=clock.id, to=clock.due_on)
    _move_timers(work, desk, case=case, clock=clock)


def _move_timers(work: UnitOfWork, desk: Desk, *, case: AnyCase, clock: ClockRow) -> None:
    timers = work.all(TIMERS_ON_CLOCK, case_id=case.id, name=clock.name)
    clocks = look_around(work, case_id=case.id).clocks if timers else ()
    for timer in timers:
        is_over = clock.status == "stopped" and timer.item == clock.item
        due_at = None if is_over else _instant_of(work, desk, case, clocks, timer)
        if due_at != timer.due_at:
            work.change(MOVE_TIMER, timer_id=timer.id, to=due_at)


def _instant_of(
    work: UnitOfWork, desk: Desk, case: AnyCase, clocks: Sequence[ClockRow], timer: TimerRow
) -> datetime | None:
    return timer_instant(
        work,
        desk,
        case=case,
        clocks=clocks,
        clock_name=timer.clock_name,
        item=timer.item,
        point=timer.point,
    )
