"""The outbox hands each effect to one sender at a time, in due order, and forgets none."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from workflows.models import Outbox
from workflows.storage.databases import open_database, sessions_for
from workflows.storage.outbox_store import (
    CLAIM,
    claim_due,
    count_waiting,
    mark_failed,
    mark_sent,
)

NOW = datetime(2026, 9, 24, 1, 30, tzinfo=UTC)


@pytest.fixture
def sessions(database_url):
    engine = open_database(database_url)
    yield sessions_for(engine)
    engine.dispose()


def put(sessions, *keys: str, due_in: timedelta = timedelta()) -> None:
    with sessions.begin() as session:
        for place, key in enumerate(keys):
            session.add(
                Outbox(
                    office_id="o",
                    kind="mail",
                    key=key,
                    payload={},
                    due_at=NOW + due_in,
                    created_at=NOW + timedelta(seconds=place),
                )
            )


def keys(effects) -> list[str]:
    return [effect.key for effect in effects]


class TestClaim:
    def test_takes_what_is_due_in_due_order(self, sessions):
        put(sessions, "b", due_in=timedelta(minutes=-1))
        put(sessions, "c", "d")
        put(sessions, "a", due_in=timedelta(minutes=-2))
        put(sessions, "later", due_in=timedelta(seconds=1))

        assert keys(claim_due(sessions, now=NOW, limit=3)) == ["a", "b", "c"]
        assert count_waiting(sessions) == 5

    def test_hides_an_effect_until_the_claim_runs_out(self, sessions):
        put(sessions, "a")
        first = claim_due(sessions, now=NOW)

        assert claim_due(sessions, now=NOW + CLAIM - timedelta(seconds=1)) == []
        again = claim_due(sessions, now=NOW + CLAIM)
        assert keys(again) == keys(first)
        assert (first[0].attempts, again[0].attempts) == (1, 2)

    def test_gives_no_effect_to_two_senders(self, sessions):
        put(sessions, *[f"k{number:02d}" for number in range(20)])
        taken: list[str] = []
        start = threading.Barrier(4)

        def work() -> None:
            start.wait()
            for _ in range(5):
                taken.extend(keys(claim_due(sessions, now=NOW, limit=2)))

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(taken) == len(set(taken)) == 20


class TestResult:
    def test_sent_is_not_handed_out_again(self, sessions):
        put(sessions, "a")
        effect = claim_due(sessions, now=NOW)[0]

        mark_sent(sessions, effect_id=effect.id, now=NOW)

        assert claim_due(sessions, now=NOW + timedelta(days=1)) == []

    def test_failed_comes_back_when_its_next_attempt_is_due(self, sessions):
        put(sessions, "a")
        effect = claim_due(sessions, now=NOW)[0]
        retry_at = NOW + timedelta(minutes=1)

        mark_failed(
            sessions, effect_id=effect.id, now=NOW, error={"key": "error.x"}, retry_at=retry_at
        )

        assert claim_due(sessions, now=retry_at - timedelta(seconds=1)) == []
        assert keys(claim_due(sessions, now=retry_at)) == ["a"]

    def test_given_up_is_kept_with_its_cause(self, sessions):
        put(sessions, "a")
        effect = claim_due(sessions, now=NOW)[0]

        mark_failed(sessions, effect_id=effect.id, now=NOW, error={"key": "error.x"}, retry_at=None)

        assert claim_due(sessions, now=NOW + timedelta(days=1)) == []
        with sessions() as session:
            row = session.get(Outbox, effect.id)
        assert (row.status, row.last_error["key"]) == ("given_up", "error.x")
