"""Prepared statements say on both databases what the ORM says, and fail as it fails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Connection, bindparam, column, select, table, update
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from tests.integration.casebook import Casebook
from workflows.models import CommandRecord, Event, Outbox, new_id
from workflows.storage.statements import Change, Insertion, Query, carry_out

NOW = datetime(2026, 9, 24, 2, 0, tzinfo=UTC)
ADD_EFFECT = Insertion(Outbox)
ADD_EVENT = Insertion(Event)
ADD_RECORD = Insertion(CommandRecord)
EVENTS = Query(
    select(Event.kind, Event.facts, Event.at, Event.is_public)
    .where(Event.case_id == bindparam("case_id"))
    .order_by(Event.id),
    tuple,
)
SEND = Change(
    update(Outbox)
    .where(Outbox.key == bindparam("of"), Outbox.attempts == bindparam("known"))
    .values(status="sent", attempts=Outbox.attempts + 1),
    guards=True,
)


@pytest.fixture
def connection(any_book: Casebook) -> Iterator[Connection]:
    with any_book.engine.connect() as connection:
        connection.begin()
        yield connection


def put(connection: Connection, *changes) -> None:
    carry_out(connection, [(change, change.fill(values)) for change, values in changes])


def effect(key: str, **values) -> tuple[Insertion, dict]:
    plain = {"office_id": "o", "kind": "mail", "payload": {}, "due_at": NOW, "created_at": NOW}
    return ADD_EFFECT, {**plain, "key": key, **values}


def event(kind: str, **values) -> tuple[Insertion, dict]:
    plain = {"office_id": "o", "case_id": "c", "facts": {"名": 1}, "at": NOW}
    return ADD_EVENT, {**plain, "kind": kind, **values}


def record(command_id: str) -> tuple[Insertion, dict]:
    row = {"id": command_id, "office_id": "o", "name": "n", "result": {}, "done_at": NOW}
    return ADD_RECORD, row


class TestInsertion:
    def test_gives_what_the_model_gives(self, connection):
        put(connection, effect("plain", payload={"a": [1, None, "字"]}))
        by_model = Outbox(
            office_id="o", kind="mail", key="model", payload={}, due_at=NOW, created_at=NOW
        )
        with Session(connection) as session:
            session.add(by_model)
            session.flush()
            found = {row.key: row for row in session.scalars(select(Outbox))}

        assert found["plain"].payload == {"a": [1, None, "字"]}
        assert len(found["plain"].id) == len(found["model"].id)
        for name in ("status", "attempts", "case_id", "claimed_until", "last_error", "due_at"):
            assert getattr(found["plain"], name) == getattr(found["model"], name), name

    def test_keeps_an_instant_whatever_zone_it_comes_in(self, connection):
        there = NOW.astimezone(timezone(timedelta(hours=8)))
        put(connection, event("first", at=there))

        [(_, facts, at, is_public)] = EVENTS.all(connection, case_id="c")

        assert (facts, at, at.tzinfo, is_public) == ({"名": 1}, NOW, UTC, False)

    def test_refuses_a_row_without_a_value_it_needs(self, connection):
        with pytest.raises(KeyError, match="kind"):
            put(connection, (ADD_EVENT, {"office_id": "o", "case_id": "c", "facts": {}, "at": NOW}))


class TestChangesTogether:
    def test_keep_the_order_of_rows_of_one_table(self, connection):
        kinds = [f"k{number}" for number in range(9)]
        put(connection, effect("k"), *[event(kind) for kind in kinds], record("r"))

        assert [row[0] for row in EVENTS.all(connection, case_id="c")] == kinds

    def test_take_any_number_of_rows_each_time(self, connection):
        for count in (1, 3, 2, 3):
            put(connection, *[event(f"of {count}") for _ in range(count)], record(new_id()))

        assert len(EVENTS.all(connection, case_id="c")) == 9

    def test_refuse_a_key_that_is_there(self, connection):
        put(connection, record("same"))

        with pytest.raises(IntegrityError):
            put(connection, event("e"), record("same"))


class TestConstant:
    def test_stands_in_the_text(self, connection):
        of_status = Query(
            select(Outbox.key).where(Outbox.status == "waiting", Outbox.kind == bindparam("kind")),
            tuple,
        )
        put(connection, effect("k"), effect("other", kind="platform"))

        assert "'waiting'" in of_status.prepare(connection).text
        assert of_status.all(connection, kind="mail") == [("k",)]


class TestGuard:
    @pytest.mark.parametrize("beside", [[], [event("e")]])
    def test_lets_pass_what_meets_its_row(self, connection, beside):
        put(connection, effect("k"))
        put(connection, *beside, (SEND, {"of": "k", "known": 0}))

        sent = Query(select(Outbox.status, Outbox.attempts), tuple).one(connection)

        assert sent == ("sent", 1)

    @pytest.mark.parametrize("beside", [[], [event("e")]])
    def test_says_that_somebody_was_faster(self, connection, beside):
        put(connection, effect("k"))

        with pytest.raises(StaleDataError):
            put(connection, *beside, (SEND, {"of": "k", "known": 7}))


class TestFailure:
    def test_is_told_without_the_values(self, connection):
        put(connection, record("same"))

        with pytest.raises(IntegrityError) as caught:
            put(connection, record("same"))

        assert caught.value.params is None
        assert "same" not in str(caught.value.statement)

    def test_of_the_statement_has_its_own_kind(self, connection):
        missing = Query(select(column("x")).select_from(table("missing")), tuple)

        with pytest.raises((ProgrammingError, OperationalError)):
            missing.all(connection)
