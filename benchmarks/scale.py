"""Fills an office with open cases and asks how long its first page then takes the database."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from statistics import median
from typing import Any

from sqlalchemy import Connection, Engine, event, insert, text

from benchmarks.office import CLOCK, NOW, PARAMETER, BenchOffice, case_values
from benchmarks.rivals import Rival
from workflows.clock.ledger import EntryKind
from workflows.clock.terms import Deadline, Term, Unit, deadline
from workflows.models import Case, CaseClock, LedgerEntry, Organisation, Person, Sealed, Task
from workflows.services.run_clock import describe_rule
from workflows.storage.databases import is_sqlite
from workflows.storage.reading import read_session

CHUNK = 20_000
# A person holds so many, and a pool as many again: what an officer's inbox looks like on a bad day.
EACH = 100
REPEATS = 21
# The tasks of the officer whose inbox is asked for: the others have no clocks, which nobody sees.
OFFICERS = range(2 * EACH)
# The reply's term, and how many days ago the first of them began: some are overdue, most are not.
TERM = Term(amount=15, unit=Unit.WORKING_DAYS)
BEGAN, DAYS = timedelta(days=26), 60

SIZES = (10_000, 100_000)
"""What ``make bench`` looks at; ``make bench-scale`` goes on to millions."""


def fill(office: BenchOffice, *, already: int, tasks: int) -> None:
    """Insert open cases with one open task each until there are so many."""
    engine = office.sessions.kw["bind"]
    terms = _terms(office)
    with engine.begin() as connection:
        groups = range(-(-already // (2 * EACH)), -(-tasks // (2 * EACH)))
        _insert(connection, Person.__table__, [_person(office, group) for group in groups])
        _insert(connection, Organisation.__table__, [_body(office, group) for group in groups])
    for first in range(already, tasks, CHUNK):
        numbers = range(first, min(first + CHUNK, tasks))
        clocks = _clocks(office, numbers, terms)
        entries = [_entry(clock) for clock in clocks]
        tasks_of = [_task(office, number, _term(terms, number).due_on) for number in numbers]
        with engine.begin() as connection:
            _insert(connection, Case.__table__, [_case(office, number) for number in numbers])
            _insert(connection, CaseClock.__table__, clocks)
            _insert(connection, LedgerEntry.__table__, entries)
            _insert(connection, Task.__table__, tasks_of)
    if not is_sqlite(engine):
        # It would look after new rows by itself, in the middle of what is measured.
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _insert(connection: Connection, table: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _person(office: BenchOffice, group: int) -> dict[str, Any]:
    name = f"经办人{group}"
    return {"id": f"p{group:031d}", "office_id": office.office_id, "name": name, "name_en": name}


def _body(office: BenchOffice, group: int) -> dict[str, Any]:
    return {
        "id": f"o{group:031d}",
        "office_id": office.office_id,
        "name": f"单位{group}",
        "name_en": f"Body {group}",
        "code": f"B{group}",
        "credit_code": f"{group:018d}",
        "division_code": "220500",
        "kind": "department",
        "email": "",
        "valid_from": NOW.date(),
    }


def _case(office: BenchOffice, number: int) -> dict[str, Any]:
    values = case_values(office, number=number, now=NOW)
    return {
        **values,
        "id": f"c{number:031d}",
        "number": f"SC-{number:08d}",
        "query_code": Sealed(b""),
        "query_code_index": "",
    }


def _task(office: BenchOffice, number: int, due_on: date) -> dict[str, Any]:
    group, place = divmod(number, 2 * EACH)
    is_held = place < EACH
    # The first group is the officer whose inbox is asked for.
    person = office.actor.person_id if group == 0 else f"p{group:031d}"
    body = office.actor.organisation_id if group == 0 else f"o{group:031d}"
    return {
        "id": f"t{number:031d}",
        "office_id": office.office_id,
        "case_id": f"c{number:031d}",
        "step_id": f"s{number}",
        "element": "receive",
        "name": "受理",
        "form": "step",
        "role": office.actor.role,
        "organisation_id": body,
        "owner_id": person if is_held else None,
        "clock_id": _clock_id(number) if number in OFFICERS else None,
        "due_on": due_on,
        "opened_at": NOW,
    }


def _clocks(office: BenchOffice, numbers: range, terms: list[Deadline]) -> list[dict[str, Any]]:
    shown = [number for number in numbers if number in OFFICERS]
    if not shown:
        return []
    with read_session(office.sessions) as session:
        book = office.desk.rules(session, office.office_id)
    case = case_values(office, number=0, now=NOW)
    division, received_on = case["division_code"], case["received_on"]
    rule = book.get(PARAMETER, division=division, on=received_on, subject_kind="government_body")
    values = {
        "office_id": office.office_id,
        "name": CLOCK,
        "rule": describe_rule(rule),
        "amount": int(rule.value),
        "unit": str(rule.unit),
        "started_at": NOW,
    }
    return [{**values, **_clock(number, _term(terms, number))} for number in shown]


def _clock(number: int, term: Deadline) -> dict[str, Any]:
    return {
        "id": _clock_id(number),
        "case_id": f"c{number:031d}",
        "start_on": term.start_on,
        "raw_due_on": term.due_on,
        "due_on": term.due_on,
    }


def _entry(clock: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": clock["id"],
        "office_id": clock["office_id"],
        "clock_id": clock["id"],
        "seq": 1,
        "kind": EntryKind.STARTED.value,
        "at": NOW,
        "on": clock["start_on"],
    }


def _clock_id(number: int) -> str:
    return f"k{number:031d}"


def _terms(office: BenchOffice) -> list[Deadline]:
    """Return terms that end one after the other, from some days ago on, as the law counts them."""
    with read_session(office.sessions) as session:
        calendar = office.desk.calendar(session, office.office_id)
    first = NOW.date() - BEGAN
    days = [first + timedelta(days=day) for day in range(DAYS)]
    return [deadline(start_on=day, term=TERM, calendar=calendar) for day in days]


def _term(terms: list[Deadline], number: int) -> Deadline:
    return terms[number % len(terms)]


def first_page_seconds(rival: Rival) -> float:
    """Return the median of the seconds that the database works for the inbox's first page."""
    engine = rival.office.sessions.kw["bind"]
    statements = list(_statements(engine, rival.read_inbox))
    with engine.connect() as connection:
        is_sqlite = engine.dialect.name == "sqlite"
        run = _run_on_sqlite if is_sqlite else _explain_on_postgresql
        totals = [sum(run(connection, *each) for each in statements) for _ in range(REPEATS)]
    return median(totals)


def _statements(engine: Engine, read: Callable[[], Any]) -> Iterator[tuple[str, Any]]:
    heard: list[tuple[str, Any]] = []

    def listen(_c: Any, _u: Any, statement: str, parameters: Any, _x: Any, _m: bool) -> None:
        heard.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", listen)
    try:
        read()
    finally:
        event.remove(engine, "before_cursor_execute", listen)
    return (each for each in heard if each[0].lstrip().upper().startswith(("SELECT", "WITH", "(")))


def _run_on_sqlite(connection: Connection, statement: str, parameters: Any) -> float:
    began = time.process_time()
    connection.exec_driver_sql(statement, parameters).fetchall()
    return time.process_time() - began


def _explain_on_postgresql(connection: Connection, statement: str, parameters: Any) -> float:
    explain = f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {statement}"
    plan = connection.exec_driver_sql(explain, parameters).scalar_one()[0]
    return float(plan["Execution Time"]) / 1000
