"""What must hold in every office after everything any test did to it."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select

from tests.acceptance.office import RunningOffice
from workflows.models import (
    Case,
    Incident,
    LetterNumber,
    LetterSeries,
    Office,
    Outbox,
    Task,
    Timer,
)
from workflows.storage.audit import broken_entries


def assert_sound(office: RunningOffice) -> None:
    """The audit chain is whole, nothing failed, no timer fired twice, no number is missing."""
    problems = [
        *broken_audit(office),
        *failures(office),
        *timers_fired_twice(office),
        *gaps(office),
        *left_open(office),
    ]
    assert not problems, "\n".join(problems)


def broken_audit(office: RunningOffice) -> list[str]:
    """Return what is wrong with the audit chain."""
    with office.reading() as session:
        ids = list(session.scalars(select(Office.id)))
        found = [entry for each in ids for entry in broken_entries(session, office_id=each)]
    return [f"audit entry {seq} of {stream} is broken" for stream, seq in found]


def failures(office: RunningOffice) -> list[str]:
    """Return the open incidents and what the outbox could not send."""
    with office.reading() as session:
        incidents = session.scalars(select(Incident).where(Incident.status == "open")).all()
        stuck = session.scalars(select(Outbox).where(Outbox.status != "sent")).all()
    said = [
        f"incident {row.element} {row.operation}: {row.cause_key} {row.cause_facts}"
        for row in incidents
    ]
    return said + [
        f"outbox {row.kind} {row.key} is {row.status}: {row.last_error}"
        for row in stuck
        if row.attempts
    ]


def timers_fired_twice(office: RunningOffice) -> list[str]:
    """Return the points of a branch that fired more than once in one case."""
    with office.reading() as session:
        fired = session.scalars(select(Timer).where(Timer.status == "fired")).all()
    counted = Counter((row.case_id, row.engine_timer_id) for row in fired)
    return [f"timer {timer} fired {count} times" for timer, count in counted.items() if count > 1]


def gaps(office: RunningOffice) -> list[str]:
    """Return where a series of letter numbers or case numbers leaves one out."""
    with office.reading() as session:
        series = {row.id: row.last_number for row in session.scalars(select(LetterSeries))}
        given = session.scalars(select(LetterNumber)).all()
        numbers = list(session.scalars(select(Case.number)))
    found = []
    for series_id, last in series.items():
        own = sorted(row.number for row in given if row.series_id == series_id)
        if own != list(range(1, last + 1)):
            found.append(f"letter series {series_id} up to {last} has {own}")
    stems = {number.rpartition("-")[0] for number in numbers}
    for stem in stems:
        series_numbers = [each for each in numbers if each.startswith(f"{stem}-")]
        own = sorted(int(each.rpartition("-")[2]) for each in series_numbers)
        if own != list(range(1, len(own) + 1)):
            found.append(f"case numbers {stem} are {own}")
    return found


def left_open(office: RunningOffice) -> list[str]:
    """Return the work and the timers that a closed case still has."""
    with office.reading() as session:
        tasks = session.execute(
            select(Case.number, Task.element)
            .join(Task, Task.case_id == Case.id)
            .where(Case.status == "closed", Task.status == "open")
        ).all()
        timers = session.execute(
            select(Case.number, Timer.point)
            .join(Timer, Timer.case_id == Case.id)
            .where(Case.status == "closed", Timer.status == "waiting")
        ).all()
    return [f"closed case {number} still has {what}" for number, what in [*tasks, *timers]]
