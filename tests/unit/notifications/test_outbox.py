"""The dispatcher loses nothing, repeats under the same key and tells people of lasting failures."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from notifications.channels.channel import Receipt, refused
from notifications.outbox import DELAYS, Dispatcher, RetryPolicy
from workflows.errors import OutsideServiceFailed, RuleMissing
from workflows.storage.outbox_store import Effect

NOW = datetime(2026, 10, 13, 1, 42, tzinfo=UTC)
DOWN = OutsideServiceFailed("error.province_unreachable", cause="HTTP 503")


def effect(name: str = "a", *, kind: str = "province_report", attempts: int = 0) -> Effect:
    return Effect(
        id=name,
        office_id="office",
        case_id="case",
        kind=kind,
        key=f"report:{name}",
        payload={},
        attempts=attempts,
        created_at=NOW,
    )


@dataclass
class FakeStore:
    """An outbox in memory: due times, claims by taking out, and what was noted."""

    waiting: list[tuple[datetime, Effect]] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    failed: list[tuple[str, datetime | None, bool]] = field(default_factory=list)

    def claim(self, *, now, limit, effect_id=None):
        due = [each for each in self.waiting if each[0] <= now][:limit]
        self.waiting = [each for each in self.waiting if each not in due]
        return [replace(each, attempts=each.attempts + 1) for _, each in due]

    def note_sent(self, *, effect, receipt, now):
        self.sent.append(effect.id)

    def note_failed(self, *, effect, error, retry_at, is_incident, now):
        self.failed.append((effect.id, retry_at, is_incident))
        if retry_at is not None:
            self.waiting.append((retry_at, effect))


class FakeChannel:
    """Fails as often as it is told to, then receives."""

    def __init__(self, *errors: BaseException) -> None:
        self.errors = list(errors)
        self.keys: list[str] = []

    def send(self, effect):
        self.keys.append(effect.key)
        if self.errors:
            raise self.errors.pop(0)
        return Receipt(reference="SJPT-1")


class TestDispatcher:
    def test_sends_in_order_and_notes_each(self):
        store = FakeStore([(NOW, effect("a")), (NOW, effect("b"))])

        outcomes = Dispatcher(store, {"province_report": FakeChannel()}).send_due(now=NOW)

        assert store.sent == ["a", "b"]
        assert [outcome.receipt for outcome in outcomes] == [Receipt("SJPT-1")] * 2

    def test_goes_on_behind_a_failure_of_any_kind(self):
        store = FakeStore([(NOW, effect("a")), (NOW, effect("b"))])
        channel = FakeChannel(ZeroDivisionError("never foreseen"))

        outcomes = Dispatcher(store, {"province_report": channel}).send_due(now=NOW)

        assert store.sent == ["b"]
        assert isinstance(outcomes[0].error, ZeroDivisionError)
        assert outcomes[0].retry_at == NOW + DELAYS[0]

    def test_repeats_under_the_same_key_until_it_arrives(self):
        store = FakeStore([(NOW, effect("a"))])
        channel = FakeChannel(DOWN, DOWN, DOWN)
        dispatcher = Dispatcher(store, {"province_report": channel})

        for minutes in (0, 1, 2, 10):
            dispatcher.send_due(now=NOW + timedelta(minutes=minutes))

        assert channel.keys == ["report:a"] * 4
        assert store.sent == ["a"]

    def test_tells_people_after_three_failures(self):
        store = FakeStore([(NOW, effect("a"))])
        dispatcher = Dispatcher(store, {"province_report": FakeChannel(DOWN, DOWN, DOWN)})

        for minutes in (0, 1, 10):
            dispatcher.send_due(now=NOW + timedelta(minutes=minutes))

        assert [incident for _, _, incident in store.failed] == [False, False, True]

    def test_stops_at_a_refusal_and_tells_people_at_once(self):
        store = FakeStore([(NOW, effect("a"))])
        channel = FakeChannel(refused("error.province_refused", status=422, cause="x"))

        Dispatcher(store, {"province_report": channel}).send_due(now=NOW)

        assert store.failed == [("a", None, True)]
        assert store.waiting == []

    def test_does_not_repeat_what_is_wrong_here(self):
        store = FakeStore([(NOW, effect("a"))])
        channel = FakeChannel(RuleMissing("error.message_fact_missing"))

        Dispatcher(store, {"province_report": channel}).send_due(now=NOW)

        assert store.failed == [("a", None, True)]

    def test_refuses_an_effect_without_a_channel(self):
        store = FakeStore([(NOW, effect("a", kind="pigeon"))])

        outcomes = Dispatcher(store, {}).send_due(now=NOW)

        error = outcomes[0].error
        assert isinstance(error, OutsideServiceFailed)
        assert error.key == "error.channel_unknown"

    def test_sends_no_more_than_the_limit(self):
        store = FakeStore([(NOW, effect(str(at))) for at in range(5)])

        Dispatcher(store, {"province_report": FakeChannel()}).send_due(now=NOW, limit=3)

        assert store.sent == ["0", "1", "2"]


class TestRetryPolicy:
    @pytest.mark.parametrize(
        ("attempts", "delay"),
        [
            (1, timedelta(seconds=10)),
            (2, timedelta(minutes=1)),
            (5, timedelta(hours=1)),
            (6, timedelta(hours=1)),
            (500, timedelta(hours=1)),
        ],
    )
    def test_waits_longer_each_time_up_to_an_hour_and_never_gives_up(self, attempts, delay):
        again = RetryPolicy().next_attempt(attempts=attempts, now=NOW, error=DOWN)

        assert again == NOW + delay
