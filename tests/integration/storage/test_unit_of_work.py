"""One command, one transaction: once per id, guarded, and nothing left behind by a failure."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from sqlalchemy import bindparam, select, update

from tests.integration.casebook import Casebook, at
from workflows.errors import Conflict, NotAllowed, NotFound
from workflows.events import SYSTEM, Command
from workflows.models import AuditEntry, Case, CommandRecord, Event, Outbox, Task
from workflows.storage.case_rows import (
    ADD_TIMER,
    TASK_AND_CASE,
    TIMERS_ON_CLOCK,
    look_around,
    open_row,
)
from workflows.storage.statements import Change, Query
from workflows.storage.unit_of_work import CommandBus

NOW = datetime(2026, 9, 24, 2, 0, tzinfo=UTC)
EFFECT = {
    "office_id": "o",
    "kind": "mail",
    "key": "k",
    "payload": {},
    "due_at": NOW,
    "created_at": NOW,
}
NEW = "f" * 32
# What a new case gets by itself.
STATE = ("engine_state", "stage", "status", "closed_at", "version")
RENAME = Change(update(Outbox).where(Outbox.key == bindparam("of")).values(key=bindparam("to")))


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


SENT = Query(select(Outbox.key).order_by(Outbox.key), lambda values: values[0])


def send(unit, key):
    unit.send(kind="mail", key=key, payload={}, case_id=None)


class TestPendingChange:
    """What a command writes waits for its end, and nobody can tell."""

    def test_is_seen_by_a_query_of_its_table(self, any_book, bus):
        def work(unit):
            send(unit, "k")
            return {"seen": unit.all(SENT)}

        assert bus.run(order(any_book), work) == {"seen": ["k"]}

    def test_of_a_row_is_seen_by_a_query(self, any_book, bus):
        def work(unit):
            send(unit, "k")
            assert unit.all(SENT) == ["k"]
            unit.change(RENAME, of="k", to="renamed")
            return {"seen": unit.all(SENT)}

        assert bus.run(order(any_book), work) == {"seen": ["renamed"]}

    def test_is_seen_by_the_session(self, any_book, bus):
        def work(unit):
            send(unit, "k")
            return {"seen": [row.key for row in unit.session.query(Outbox)]}

        assert bus.run(order(any_book), work) == {"seen": ["k"]}

    def test_is_seen_in_an_object_read_before(self, any_book, bus):
        def work(unit):
            unit.session.add(effect := Outbox(**EFFECT))
            unit.session.flush()
            unit.change(RENAME, of="k", to="renamed")
            return {"seen": effect.key}

        assert bus.run(order(any_book), work) == {"seen": "renamed"}

    def test_sees_what_the_session_has_not_written_yet(self, any_book, bus):
        def work(unit):
            unit.session.add(Outbox(**EFFECT))
            unit.change(RENAME, of="k", to="renamed")
            return {"seen": unit.all(SENT)}

        assert bus.run(order(any_book), work) == {"seen": ["renamed"]}


class TestSavepoint:
    """An operation that fails leaves no half, however it wrote."""

    @pytest.mark.parametrize("first", ["nothing", "pending", "session"])
    @pytest.mark.parametrize("inside", ["pending", "query", "session", "nested"])
    def test_undoes_what_failed_and_nothing_else(self, any_book, bus, first, inside):
        def work(unit):
            if first != "nothing":
                send(unit, "before")
            if first == "session":
                assert unit.session.query(Outbox).count() == 1
            with suppress(NotAllowed), unit.savepoint():
                self.write(unit, inside)
                raise NotAllowed
            send(unit, "after")
            with unit.savepoint():
                send(unit, "kept")
            return {"seen": unit.all(SENT)}

        before = [] if first == "nothing" else ["before"]
        assert bus.run(order(any_book), work) == {"seen": ["after", *before, "kept"]}
        with any_book.sessions() as session:
            assert session.query(Outbox).count() == 2 + len(before)

    def write(self, unit, how):
        send(unit, "failed")
        if how == "query":
            assert "failed" in unit.all(SENT)
        if how == "session":
            unit.session.add(Outbox(**EFFECT))
            unit.session.flush()
        if how == "nested":
            with unit.savepoint():
                send(unit, "deeper")
                assert "deeper" in unit.all(SENT)

    def test_that_holds_keeps_what_a_session_wrote(self, any_book, bus):
        def work(unit):
            with unit.savepoint():
                unit.session.add(Outbox(**EFFECT))
            with suppress(NotAllowed), unit.savepoint():
                send(unit, "failed")
                raise NotAllowed
            return {"seen": unit.all(SENT)}

        assert bus.run(order(any_book), work) == {"seen": ["k"]}


class TestHeldRow:
    """A case worked on as a row is guarded like one worked on as an object."""

    def take(self, unit, case_id):
        row = unit.one(TASK_AND_CASE, task_id=self.task_id)[1]
        assert row.id == case_id
        return unit.hold(row)

    @pytest.fixture(autouse=True)
    def case_id(self, any_book):
        case_id = any_book.file()
        with any_book.sessions() as session:
            self.task_id = session.query(Task.id).filter_by(case_id=case_id).first()[0]
        return case_id

    def test_is_touched_even_when_nothing_changes(self, any_book, bus, case_id):
        before = any_book.case.version
        bus.run(order(any_book), lambda unit: {"case_id": self.take(unit, case_id).id})

        assert any_book.case.version == before + 1
        assert any_book.case.touched_at == NOW

    def test_becomes_an_object_and_keeps_what_has_changed(self, any_book, bus, case_id):
        before = any_book.case.version

        def work(unit):
            row = self.take(unit, case_id)
            row.stage = "examined"
            case = unit.present(row)
            assert case is row
            as_object = unit.get_case(case_id)
            as_object.title = "改名"
            assert unit.present(row) is as_object
            return {"stage": as_object.stage}

        assert bus.run(order(any_book), work) == {"stage": "examined"}
        assert (any_book.case.title, any_book.case.stage) == ("改名", "examined")
        assert any_book.case.version == before + 2

    def test_of_another_office_is_not_found(self, any_book, bus, case_id):
        stranger = Command(id="y", name="test", actor=SYSTEM, now=NOW, office_id="z" * 32)

        with pytest.raises(NotFound, match="case_not_found"):
            bus.run(stranger, lambda unit: {"case": self.take(unit, case_id).id})


class TestHeldRowOvertaken(TestLostRace):
    """The races of a case's object, run by a case's row."""

    def work(self, book, case_id, *, overtaken):
        tries = []

        def work(unit):
            task_id = unit.session.query(Task.id).filter_by(case_id=case_id).first()[0]
            row = unit.hold(unit.one(TASK_AND_CASE, task_id=task_id)[1])
            tries.append(row.version)
            if len(tries) <= overtaken:
                self.overtake(book, case_id)
            row.stage = "改名"
            return {"tries": len(tries)}

        return work


class TestNewCase:
    """What a command adds to a case that it opened is known without asking the database."""

    def open(self, unit, values):
        return open_row(unit, subject_kind="enterprise", **values)

    @pytest.fixture
    def values(self, any_book):
        any_book.file()
        with any_book.sessions() as session:
            columns = [column for column in Case.__table__.columns if column.key not in STATE]
            row = session.query(*columns).first()._mapping
        return {**row, "id": NEW, "number": "YY-000000-2026-99999", "query_code_index": "q"}

    def test_is_inserted_as_it_stands_at_the_end(self, any_book, bus, values):
        def work(unit):
            case = self.open(unit, values)
            case.stage = "examined"
            return {"case_id": case.id, "is_bare": not any(look_around(unit, case_id=case.id))}

        assert bus.run(order(any_book), work)["is_bare"]
        with any_book.read() as session:
            assert session.get(Case, NEW).stage == "examined"

    def test_has_what_was_added_around_it(self, any_book, bus, values):
        def work(unit):
            case = self.open(unit, values)
            timer = {"office_id": case.office_id, "case_id": case.id, "engine_timer_id": "t1"}
            added = unit.add(ADD_TIMER, **timer, element="e", clock_name="reply", point="end")
            known = look_around(unit, case_id=case.id).timers
            read = unit.all(TIMERS_ON_CLOCK, case_id=case.id, name="reply")
            return {"known": known == {"t1": added["id"]}, "read": [row.id for row in read]}

        done = bus.run(order(any_book), work)

        assert (done["known"], len(done["read"])) == (True, 1)

    def test_becomes_an_object(self, any_book, bus, values):
        def work(unit):
            case = self.open(unit, values)
            case.stage = "examined"
            return {"stage": unit.get_case(case.id).stage}

        assert bus.run(order(any_book), work) == {"stage": "examined"}


class TestOutboxOfACommand:
    def test_takes_an_effect_of_one_key_once(self, any_book, bus):
        def work(unit):
            first = unit.send(kind="mail", key="k", payload={"n": 1}, case_id=None)
            again = unit.send(kind="mail", key="k", payload={"n": 2}, case_id=None)
            return {"same": first == again}

        assert bus.run(order(any_book), work) == {"same": True}


class TestCaseOfAnotherOffice:
    def test_is_not_found(self, any_book, bus):
        case_id = any_book.file()
        stranger = Command(id="y", name="test", actor=SYSTEM, now=NOW, office_id="z" * 32)

        with pytest.raises(NotFound, match="case_not_found"):
            bus.run(stranger, lambda unit: {"case": unit.get_case(case_id).id})
