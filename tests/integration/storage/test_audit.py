"""The audit chain on real databases: it survives any zone and notices any change."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, select, update

from workflows.events import SYSTEM, Command
from workflows.models import AuditEntry, AuditSeal
from workflows.storage.audit import Head, broken_entries, broken_seals, next_entry, seal_heads
from workflows.storage.databases import open_database, sessions_for
from workflows.storage.unit_of_work import CommandBus

OFFICE = "o" * 32
AT = datetime(2026, 10, 13, 9, 42, tzinfo=ZoneInfo("Asia/Shanghai"))


class Trail:
    """A few commands in an otherwise empty database."""

    def __init__(self, url):
        self.engine = open_database(url)
        self.sessions = sessions_for(self.engine)
        self.count = 0

    def act(self, *, at=AT, case_id=None, **facts):
        self.count += 1
        command = Command(
            id=f"c{self.count}",
            name="act",
            actor=SYSTEM,
            now=at,
            office_id=OFFICE,
            case_id=case_id,
        )
        CommandBus(self.sessions).run(
            command, lambda work: work.record("acted", case_id=case_id, **facts)
        )

    def seal(self):
        with self.sessions.begin() as session:
            return seal_heads(session, office_id=OFFICE, now=AT)

    def change(self, statement):
        with self.sessions.begin() as session:
            session.execute(statement)

    def broken(self):
        with self.sessions() as session:
            return broken_entries(session, office_id=OFFICE)

    def broken_seals(self):
        with self.sessions() as session:
            return broken_seals(session, office_id=OFFICE)


@pytest.fixture
def trail(database_url):
    found = Trail(database_url)
    yield found
    found.engine.dispose()


class TestChain:
    @pytest.mark.parametrize("zone", ["Asia/Shanghai", "UTC", "America/St_Johns"])
    def test_fits_whatever_zone_the_command_was_given_in(self, trail, zone):
        trail.act(at=AT.astimezone(ZoneInfo(zone)))

        assert trail.broken() == []

    @pytest.mark.parametrize("micros", [0, 120_000, 7])
    def test_hashes_what_was_ever_hashed(self, micros):
        last = Head(seq=4, entry_hash="a" * 64)
        at = AT.replace(microsecond=micros)
        command = Command(id="c", name="act", actor=SYSTEM, now=at, office_id=OFFICE, reason="因")

        _, entry = next_entry(
            last, command=command, stream="case:c", content={"facts": [["x", {}]]}
        )

        when = at.astimezone(UTC).isoformat()
        words = ["case:c", 5, when, "act", "c", None, None, "", "system", "因"]
        text = json.dumps(
            [*words, {"facts": [["x", {}]]}, "a" * 64], ensure_ascii=False, separators=(",", ":")
        )
        assert entry["entry_hash"] == sha256(text.encode()).hexdigest()

    def test_fits_with_every_kind_of_fact(self, trail):
        trail.act(
            text="蛟河市“望江”街道\n\\",
            number=12,
            share=0.1,
            none=None,
            yes=True,
            day=AT.date().isoformat(),
            nested={"b": [1, {"a": "é"}], "a": ()},
        )

        assert trail.broken() == []

    def test_is_one_for_each_case_and_one_for_the_office(self, trail):
        for case_id in (None, "a" * 32, "b" * 32, "a" * 32):
            trail.act(case_id=case_id)

        with trail.sessions() as session:
            rows = session.execute(select(AuditEntry.stream, AuditEntry.seq)).all()
        assert sorted(tuple(row) for row in rows) == [
            (f"case:{'a' * 32}", 1),
            (f"case:{'a' * 32}", 2),
            (f"case:{'b' * 32}", 1),
            (f"office:{OFFICE}", 1),
        ]

    @pytest.mark.parametrize(
        "change",
        [
            {"reason": "x"},
            {"at": datetime(2026, 1, 1, tzinfo=UTC)},
            {"command": "other"},
            {"content": {"facts": []}},
            {"origin": "x"},
            {"previous_hash": "1" * 64},
            {"entry_hash": "1" * 64},
        ],
    )
    def test_notices_a_change_of_any_part(self, trail, change):
        for _ in range(3):
            trail.act(number=1)

        trail.change(update(AuditEntry).where(AuditEntry.seq == 2).values(**change))

        assert (f"office:{OFFICE}", 2) in trail.broken()


class TestSeal:
    def test_is_set_only_over_something_new(self, trail):
        trail.act()

        assert trail.seal() is not None
        assert trail.seal() is None
        trail.act()
        assert trail.seal() is not None

    def test_fits_after_reading_it_back(self, trail):
        for _ in range(3):
            trail.act()
            trail.seal()

        assert trail.broken_seals() == []

    def test_notices_that_a_whole_stream_is_gone(self, trail):
        trail.act(case_id="a" * 32)
        trail.act(case_id="b" * 32)
        trail.seal()

        trail.change(delete(AuditEntry).where(AuditEntry.stream == f"case:{'b' * 32}"))

        assert trail.broken() == []
        assert len(trail.broken_seals()) == 1

    def test_notices_a_seal_taken_out(self, trail):
        for _ in range(3):
            trail.act()
            trail.seal()
        with trail.sessions() as session:
            second = session.scalars(select(AuditSeal.id).order_by(AuditSeal.id)).all()[1]

        trail.change(delete(AuditSeal).where(AuditSeal.id == second))

        assert len(trail.broken_seals()) == 1
