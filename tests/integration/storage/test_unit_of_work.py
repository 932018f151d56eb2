"""One command, one transaction: once per id, guarded, and nothing left behind by a failure."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from tests.integration.casebook import Casebook, at
from workflows.errors import Conflict, NotAllowed, NotFound
from workflows.events import SYSTEM, Command
from workflows.models import AuditEntry, Case, CommandRecord, Event, Outbox
from workflows.storage.unit_of_work import CommandBus

NOW = datetime(2026, 9, 24, 2, 0, tzinfo=UTC)


def order(book: Casebook, name: str = "x") -> Command:
    return Command(id=name, name="test", actor=SYSTEM, now=NOW, office_id=book.office_id)


@pytest.fixture
def bus(any_book):
    return CommandBus(any_book.sessions)


class TestCommand:
    def test_of_one_id_runs_once_and_answers_alike(self, any_book, bus):
        runs = []

        def work(unit):
            runs.append(1)
            unit.record("acted", case_id=None)
            return {"number": len(runs)}

        answers = [bus.run(order(any_book), work) for _ in range(3)]

        assert answers == [{"number": 1}] * 3
        with any_book.sessions() as session:
            assert session.query(Event).filter_by(kind="acted").count() == 1

    def test_that_fails_leaves_nothing_behind(self, any_book, bus):
        def work(unit):
            unit.record("acted", case_id=None)
            unit.send(kind="mail", key="k", payload={}, case_id=None)
            raise NotAllowed

        with pytest.raises(NotAllowed):
            bus.run(order(any_book), work)

        with any_book.sessions() as session:
            assert session.get(CommandRecord, "x") is None
            assert session.query(Outbox).filter_by(key="k").count() == 0
            assert session.query(AuditEntry).filter_by(command_id="x").count() == 0

    def test_that_failed_may_be_given_again(self, any_book, bus):
        tries = []

        def work(unit):
            tries.append(1)
            if len(tries) == 1:
                raise NotAllowed
            return {"done": True}

        with pytest.raises(NotAllowed):
            bus.run(order(any_book), work)

        assert bus.run(order(any_book), work) == {"done": True}


class TestLostRace:
    """On PostgreSQL two may write at once; on SQLite a second writer waits from the beginning."""

    @pytest.fixture
    def book(self, postgresql_url, tmp_path):
        found = Casebook(postgresql_url, tmp_path, now=at("2026-09-24"))
        yield found
        found.close()

    def work(self, book, case_id, *, overtaken):
        """Return work on the case during which a colleague is faster, so many times."""
        tries = []

        def work(unit):
            case = unit.get_case(case_id)
            tries.append(case.version)
            if len(tries) <= overtaken:
                self.overtake(book, case_id)
            case.title = "改名"
            return {"tries": len(tries)}

        return work

    def overtake(self, book, case_id):
        with book.engine.begin() as connection:
            connection.execute(
                update(Case).where(Case.id == case_id).values(version=Case.version + 1)
            )

    def test_once_is_tried_once_more(self, book):
        case_id = book.file()
        bus = CommandBus(book.sessions)

        assert bus.run(order(book), self.work(book, case_id, overtaken=1)) == {"tries": 2}

    def test_twice_is_a_clear_conflict_that_changes_nothing(self, book):
        case_id = book.file()
        bus = CommandBus(book.sessions)

        with pytest.raises(Conflict, match="somebody_was_faster"):
            bus.run(order(book), self.work(book, case_id, overtaken=2))

        with book.sessions() as session:
            assert session.get_one(Case, case_id).title != "改名"
            assert session.get(CommandRecord, "x") is None


class TestGuard:
    def test_bites_for_two_commands_of_one_instant(self, any_book, bus):
        case_id = any_book.file()
        before = any_book.case.version

        for each in range(2):
            bus.run(order(any_book, f"look {each}"), lambda unit: {"n": unit.get_case(case_id).id})

        assert any_book.case.version == before + 2


class TestOutboxOfACommand:
    def test_takes_an_effect_of_one_key_once(self, any_book, bus):
        def work(unit):
            first = unit.send(kind="mail", key="k", payload={"n": 1}, case_id=None)
            again = unit.send(kind="mail", key="k", payload={"n": 2}, case_id=None)
            return {"same": first.id == again.id}

        assert bus.run(order(any_book), work) == {"same": True}


class TestCaseOfAnotherOffice:
    def test_is_not_found(self, any_book, bus):
        case_id = any_book.file()
        stranger = Command(id="y", name="test", actor=SYSTEM, now=NOW, office_id="z" * 32)

        with pytest.raises(NotFound, match="case_not_found"):
            bus.run(stranger, lambda unit: {"case": unit.get_case(case_id).id})
