"""Due timers fire once, in order, whoever fires them, and nobody has to wait for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from tests.integration.casebook import Casebook, at
from tests.integration.storage.plans import explain
from workflows.errors import CaseworkError
from workflows.events import SYSTEM, Command
from workflows.models import AuditEntry, Case, Event, Timer, new_id
from workflows.services.deliver import due_timers, fire_due_timers
from workflows.services.desk import Desk
from workflows.storage.databases import open_database, sessions_for
from workflows.storage.unit_of_work import CommandBus

RECORDS = ("XY-220500-2026-00011", "XY-220500-2026-00012", "XY-220500-2026-00015")
SERVERS = 3
WAITING = 30_000


@pytest.fixture
def filed(any_book: Casebook) -> Casebook:
    """Three cases whose departments have been asked and stay silent."""
    for record in RECORDS:
        any_book.file(record=record)
        any_book.accept()
        any_book.do("task_self_check")
    return any_book


@pytest.fixture
def servers(filed: Casebook, database_url: str) -> Iterator[list[Desk]]:
    """Several programs on one database, each with connections and a writer of its own."""
    engines = [open_database(database_url) for _ in range(SERVERS)]
    yield [
        Desk(
            bus=CommandBus(sessions_for(engine)),
            engine=filed.desk.engine,
            vault=filed.desk.vault,
            files=filed.desk.files,
            operations=filed.desk.operations,
            answers=filed.desk.answers,
        )
        for engine in engines
    ]
    for engine in engines:
        engine.dispose()


def fired_by_case(book: Casebook) -> dict[str, list[str]]:
    """Return the instants at which each case's timers were due, in the order they fired."""
    found: dict[str, list[str]] = defaultdict(list)
    with book.read() as session:
        query = select(AuditEntry).where(AuditEntry.command == "fire_timer")
        for row in session.scalars(query.order_by(AuditEntry.stream, AuditEntry.seq)):
            found[row.stream].append(row.command_id.split(":", 2)[2])
    return found


class TestDueTimers:
    def test_of_a_long_absence_fire_in_due_order_and_are_marked_late(self, filed):
        fired = filed.go_on("2026-11-20")

        by_case = fired_by_case(filed)
        assert fired == sum(len(each) for each in by_case.values()) >= 3 * len(RECORDS)
        assert all(each == sorted(each) for each in by_case.values())
        rows = filed.all(Timer, status="fired")
        assert all(row.was_late == (filed.now - row.due_at > timedelta(minutes=15)) for row in rows)
        assert any(row.was_late for row in rows)

    def test_fire_once_with_several_servers(self, filed, servers):
        now = at("2026-11-20")

        def serve(desk: Desk) -> int:
            return fire_due_timers(desk, office_id=filed.office_id, now=now)

        with ThreadPoolExecutor(SERVERS) as pool:
            fired = sum(pool.map(serve, servers))
        # What one server had in hand when another looked is left for that other's next tick.
        fired += serve(servers[0])

        by_case = fired_by_case(filed)
        assert all(each == sorted(each) for each in by_case.values())
        rows = filed.all(Timer, status="fired")
        told = filed.all(Event, kind="timer_fired")
        assert fired == len(rows) == len(told) == sum(len(each) for each in by_case.values())
        waiting = filed.all(Timer, status="waiting")
        assert not [row for row in waiting if row.due_at is not None and row.due_at <= now]

    def test_do_not_hold_up_a_person(self, filed):
        busy, quiet = (row.id for row in filed.all(Case)[:2])
        with filed.sessions.begin() as session:
            session.execute(insert(Timer), list(dead_timers(filed, busy, due="2026-09-25")))
        order = Command(
            id="person", name="ask", actor=SYSTEM, now=filed.now, office_id=filed.office_id
        )

        def ask() -> None:
            filed.desk.bus.run(order, lambda unit: {"case_id": unit.get_case(quiet).id})

        with ThreadPoolExecutor(2) as pool:
            firing = pool.submit(filed.go_on, "2026-09-26")
            asking = pool.submit(ask)
            asking.result(timeout=60)
            firing.result(timeout=120)

        with filed.read() as session:
            mine = session.scalars(select(AuditEntry.id).where(AuditEntry.command_id == "person"))
            fired = select(AuditEntry.id).where(AuditEntry.command == "fire_timer")
            assert mine.one() < max(session.scalars(fired))


class TestTimerThatFails:
    def test_waits_and_holds_up_no_other(self, filed):
        broken = filed.all(Case)[0].id
        with filed.sessions.begin() as session:
            session.execute(update(Case).where(Case.id == broken).values(engine_state="{"))

        with pytest.raises((ValueError, KeyError, CaseworkError)):
            filed.go_on("2026-11-20")

        by_case = fired_by_case(filed)
        assert set(by_case) == {f"case:{row.id}" for row in filed.all(Case)} - {f"case:{broken}"}
        left = [row for row in filed.all(Timer, case_id=broken) if row.retry_at is not None]
        assert left
        assert {row.status for row in left} == {"waiting"}
        assert all(row.retry_at > filed.now for row in left)
        # Until then a tick passes over them.
        assert filed.go_on("2026-11-20") == 0


class TestQueryForDueTimers:
    def test_reads_only_what_is_due(self, filed):
        case_id = filed.all(Case)[0].id
        with filed.sessions.begin() as session:
            session.execute(
                insert(Timer), list(dead_timers(filed, case_id, due="2030-01-01", count=WAITING))
            )
        query = due_timers(office_id=filed.office_id, now=filed.now, limit=10)

        plan = explain(filed.engine, query)

        assert "ix_timer_due" in plan
        assert "Seq Scan on timer" not in plan
        assert "SCAN timer" not in plan


def dead_timers(
    book: Casebook, case_id: str, *, due: str, count: int = 200
) -> Iterator[dict[str, object]]:
    """Yield timers that no engine waits for: firing one costs a command and moves nothing."""
    for each in range(count):
        yield {
            "id": new_id(),
            "office_id": book.office_id,
            "case_id": case_id,
            "engine_timer_id": f"none-{each}",
            "element": "none",
            "clock_name": "reply",
            "point": "due",
            "due_at": at(due) + timedelta(seconds=each),
            "status": "waiting",
            "was_late": False,
        }
