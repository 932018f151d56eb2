"""Many threads at once: one commit for a group, each command for itself, each id once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from tests.integration.casebook import Casebook, at
from tests.integration.notifications.running import wait_for
from workflows.errors import Conflict, NotAllowed, OutsideServiceFailed
from workflows.events import SYSTEM, Command
from workflows.models import AuditEntry, CaseSeries, CommandRecord
from workflows.storage.audit import broken_entries, broken_seals, next_entry, seal_heads
from workflows.storage.statements import carry_out
from workflows.storage.unit_of_work import CommandBus, UnitOfWork

CLIENTS = 16
WHO: ContextVar[str] = ContextVar("who", default="nobody")


def order(book: Casebook, name: str) -> Command:
    return Command(id=name, name="test", actor=SYSTEM, now=book.now, office_id=book.office_id)


@dataclass
class Queue:
    """A first command that holds the writer until all the others stand behind it."""

    book: Casebook
    bus: CommandBus
    pool: ThreadPoolExecutor
    commits: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._go_on = threading.Event()
        self._holds = threading.Event()
        self.first = self.pool.submit(self.bus.run, order(self.book, "first"), self._hold)
        assert self._holds.wait(20)

    def _hold(self, _unit: UnitOfWork) -> None:
        self._holds.set()
        assert self._go_on.wait(20)

    def run(
        self, works: Mapping[str, Callable[[UnitOfWork], Any]], *, others: int = 0
    ) -> dict[str, Future[Any]]:
        """Let the writer go once all works, and so many of others, wait; count the commits."""
        futures = {
            name: self.pool.submit(self.bus.run, order(self.book, name), work)
            for name, work in works.items()
        }
        turns = self.bus._turns
        assert turns is not None
        wait_for(lambda: len(turns._waiting) == len(works) + others, timeout=20)
        self._count_commits()
        self._go_on.set()
        self.first.result(timeout=20)
        return futures

    def _count_commits(self) -> None:
        writer: Any = self.bus._writer
        commit = writer._commit

        def count(connection: Connection) -> None:
            commit(connection)
            self.commits.append(1)

        writer._commit = count


@pytest.fixture
def queue(book: Casebook) -> Iterator[Queue]:
    with ThreadPoolExecutor(CLIENTS + 1) as pool:
        yield Queue(book, CommandBus(book.sessions), pool)


def count(unit: UnitOfWork) -> dict[str, int]:
    row = unit.session.query(CaseSeries).filter_by(series="S").one_or_none()
    if row is None:
        row = CaseSeries(office_id=unit.command.office_id, series="S", last_number=0)
        unit.session.add(row)
    row.last_number += 1
    return {"number": row.last_number}


def refuse(unit: UnitOfWork) -> None:
    count(unit)
    unit.session.flush()
    raise NotAllowed


def fail_halfway(unit: UnitOfWork) -> dict[str, int]:
    with suppress(NotAllowed), unit.savepoint():
        refuse(unit)
    return count(unit)


def write_what_is_there(unit: UnitOfWork) -> None:
    count(unit)
    unit.session.add(
        CommandRecord(
            id="first",
            office_id=unit.command.office_id,
            name="",
            result={},
            done_at=unit.command.now,
        )
    )
    unit.session.flush()


class TestGroup:
    def test_shares_one_commit_and_one_chain(self, queue, book):
        futures = queue.run({f"c{each}": count for each in range(CLIENTS)})

        numbers = sorted(each.result(timeout=20)["number"] for each in futures.values())
        assert numbers == list(range(1, CLIENTS + 1))
        # The one that held the writer, and the group behind it.
        assert len(queue.commits) == 2
        with book.read() as session:
            assert broken_entries(session, office_id=book.office_id) == []

    def test_undoes_only_the_command_that_is_refused(self, queue, book):
        works = {f"c{each}": refuse if each % 3 == 0 else count for each in range(CLIENTS)}

        futures = queue.run(works)

        for name, work in works.items():
            if work is refuse:
                with pytest.raises(NotAllowed):
                    futures[name].result(timeout=20)
        done = [name for name, work in works.items() if work is count]
        assert sorted(futures[name].result()["number"] for name in done) == list(
            range(1, len(done) + 1)
        )
        with book.read() as session:
            assert session.query(CaseSeries).filter_by(series="S").one().last_number == len(done)
            assert broken_entries(session, office_id=book.office_id) == []

    def test_undoes_only_the_step_that_fails(self, queue, book):
        works = {f"c{each}": fail_halfway if each % 3 == 0 else count for each in range(CLIENTS)}

        futures = queue.run(works)

        numbers = sorted(each.result(timeout=20)["number"] for each in futures.values())
        assert numbers == list(range(1, CLIENTS + 1))
        with book.read() as session:
            assert broken_entries(session, office_id=book.office_id) == []

    def test_outlives_an_object_that_cannot_be_written(self, queue, book):
        futures = queue.run({"a": count, "b": write_what_is_there, "c": count})

        with pytest.raises(Conflict):
            futures["b"].result(timeout=20)
        assert {futures[each].result(timeout=20)["number"] for each in "ac"} == {1, 2}
        with book.read() as session:
            assert session.query(CaseSeries).filter_by(series="S").one().last_number == 2

    def test_answers_nobody_when_sqlite_has_undone_it(self, queue, book):
        def fill_the_disk(unit: UnitOfWork) -> None:
            """Fail as SQLite does there: the statement is refused and the transaction is gone."""
            unit.session.connection().exec_driver_sql("ROLLBACK")
            raise OperationalError("INSERT", {}, OSError("database or disk is full"))

        futures = queue.run({"a": count, "b": fill_the_disk, "c": count})

        for future in futures.values():
            with pytest.raises((RuntimeError, OutsideServiceFailed)):
                future.result(timeout=20)
        with book.read() as session:
            assert session.query(CaseSeries).filter_by(series="S").all() == []
            found = {row.id for row in session.query(CommandRecord)}
        assert not found & {"a", "b", "c"}

    def test_lets_each_command_keep_what_its_request_holds(self, queue):
        def ask(_unit: UnitOfWork) -> dict[str, str]:
            return {"who": WHO.get()}

        def send(name: str) -> object:
            WHO.set(name)
            return queue.bus.run(order(queue.book, name), ask)

        senders = [queue.pool.submit(send, f"person {each}") for each in range(CLIENTS - 4)]
        queue.run({}, others=len(senders))
        answers = [each.result(timeout=20) for each in senders]

        assert answers == [{"who": f"person {each}"} for each in range(CLIENTS - 4)]


class TestOneCommandManyTimes:
    def test_at_once_has_one_effect_and_one_answer(self, any_book):
        bus = CommandBus(any_book.sessions)
        case_id = any_book.file()
        together = threading.Barrier(CLIENTS)

        def only_once(unit: UnitOfWork) -> dict[str, str]:
            case = unit.get_case(case_id)
            if case.title == "改过":
                raise NotAllowed
            case.title = "改过"
            return {"title": case.title}

        def send(_: int) -> object:
            together.wait(20)
            return bus.run(order(any_book, "same"), only_once)

        with ThreadPoolExecutor(CLIENTS) as pool:
            answers = list(pool.map(send, range(CLIENTS)))

        assert answers == [{"title": "改过"}] * CLIENTS
        with any_book.read() as session:
            assert session.query(AuditEntry).filter_by(command_id="same").count() == 1


class TestOfficeStream:
    def test_takes_commands_of_many_at_once(self, any_book):
        bus = CommandBus(any_book.sessions)

        def send(each: int) -> object:
            return bus.run(order(any_book, f"o{each}"), lambda unit: {"each": each})

        with ThreadPoolExecutor(CLIENTS) as pool:
            answers = list(pool.map(send, range(4 * CLIENTS)))

        assert answers == [{"each": each} for each in range(4 * CLIENTS)]
        with any_book.read() as session:
            assert broken_entries(session, office_id=any_book.office_id) == []


class TestFilingAtOnce:
    def test_gives_each_case_a_number_and_refuses_none(self, any_book):
        with ThreadPoolExecutor(8) as pool:
            records = [f"XY-220500-2026-000{number}" for number in (11, 12, 15)]
            list(pool.map(lambda record: any_book.file(record=record), records))

        with any_book.read() as session:
            assert session.query(CaseSeries).one().last_number == len(records)


class TestSeal:
    def test_waits_for_entries_under_way(self, postgresql_url, tmp_path):
        """An entry gets its number before it is committed; a seal must not overtake it."""
        book = Casebook(postgresql_url, tmp_path, now=at("2026-09-24"))
        slow = book.sessions()
        entry = next_entry(None, command=order(book, "slow"), stream="case:slow", content={})
        carry_out(slow.connection(), [entry])
        slow.flush()
        book.run(lambda unit: {"case_id": "fast"})

        def seal() -> None:
            with book.sessions.begin() as session:
                assert seal_heads(session, office_id=book.office_id, now=book.now)

        with ThreadPoolExecutor(1) as pool:
            sealing = pool.submit(seal)
            wait_for(lambda: is_waiting(book), timeout=20)
            slow.commit()
            sealing.result(timeout=20)

        with book.read() as session:
            assert broken_seals(session, office_id=book.office_id) == []
        slow.close()
        book.close()


def is_waiting(book: Casebook) -> bool:
    with book.engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(found.scalar())
