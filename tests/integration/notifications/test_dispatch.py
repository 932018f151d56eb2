"""The outbox table, the dispatcher and a real platform together lose nothing and repeat nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from notifications.channels.mail import FolderChannel
from notifications.channels.province import ProvinceChannel
from notifications.outbox import CaseOutbox, Dispatcher
from tests.integration.notifications.running import (
    SECRET,
    RunningPlatform,
    free_port,
    listening,
    wait_for,
)
from workflows.models import Office, Outbox
from workflows.storage.databases import Sessions, open_database, sessions_for
from workflows.storage.outbox_store import CLAIM
from workflows.storage.unit_of_work import CommandBus

NOW = datetime(2026, 10, 9, 6, 0, tzinfo=UTC)


class PowerCut(BaseException):
    """The process ends here and now."""


@dataclass(frozen=True)
class Dying(CaseOutbox):
    """Dies after the receiver has the effect and before that is noted."""

    def note_sent(self, **facts) -> None:
        raise PowerCut


@pytest.fixture
def sessions(database_url) -> Iterator[Sessions]:
    engine = open_database(database_url)
    yield sessions_for(engine)
    engine.dispose()


@pytest.fixture
def outbox(sessions) -> CaseOutbox:
    with sessions.begin() as session:
        session.add(Office(id="office", code="jilin", name="甲", division_code="220000"))
    return CaseOutbox(sessions, CommandBus(sessions))


@pytest.fixture(scope="module")
def platform(tmp_path_factory) -> Iterator[RunningPlatform]:
    platform = RunningPlatform(tmp_path_factory.mktemp("platform"), free_port())
    platform.start()
    yield platform
    platform.kill()


def put(outbox: CaseOutbox, *, kind: str, key: str, payload: dict, due_at: datetime = NOW) -> None:
    with outbox.sessions.begin() as session:
        session.add(
            Outbox(
                office_id="office",
                kind=kind,
                key=key,
                payload=payload,
                due_at=due_at,
                created_at=NOW,
            )
        )


def put_report(outbox: CaseOutbox, key: str) -> None:
    report = {
        "case_number": "YY-220500-2026-00417",
        "finding": "correct",
        "record_number": f"JL-{key}",
        "base_version": 3,
        "version": 4,
    }
    put(outbox, kind="province_report", key=key, payload=report)


def rows(outbox: CaseOutbox) -> dict[str, Outbox]:
    with outbox.sessions() as session:
        found = {row.key: row for row in session.query(Outbox)}
        session.expunge_all()
        return found


class TestDispatcher:
    def channel(self, platform, listener, **changes) -> ProvinceChannel:
        channel = ProvinceChannel(
            url=platform.url,
            secret=SECRET,
            callback_url=listener.url,
            clock=lambda: datetime.now(UTC),
        )
        return replace(channel, **changes)

    def test_repeats_nothing_at_the_receiver_after_a_power_cut(
        self, outbox, platform, database_url
    ):
        key = f"cut-{database_url.split(':')[0]}"
        put_report(outbox, key)
        with listening() as listener:
            channels = {"province_report": self.channel(platform, listener)}
            with pytest.raises(PowerCut):
                Dispatcher(Dying(outbox.sessions, outbox.bus), channels).send_due(now=NOW)

            early = Dispatcher(outbox, channels).send_due(now=NOW + CLAIM - timedelta(seconds=1))
            late = Dispatcher(outbox, channels).send_due(now=NOW + CLAIM)
            wait_for(lambda: listener.heard)

        (report,) = [each for each in platform.look()["reports"] if each["key"] == key]
        assert early == []
        assert len(late) == 1
        assert report["times_received"] == 2
        assert len(listener.heard) == 1
        assert rows(outbox)[key].status == "sent"

    def test_keeps_the_cause_and_the_next_attempt(self, outbox, platform):
        put_report(outbox, "nobody")
        with listening() as listener:
            nowhere = self.channel(platform, listener, url=f"http://127.0.0.1:{free_port()}")
            Dispatcher(outbox, {"province_report": nowhere}).send_due(now=NOW)

        row = rows(outbox)["nobody"]
        assert row.status == "waiting"
        assert row.due_at == NOW + timedelta(seconds=10)
        assert row.last_error["key"] == "error.province_unreachable"
        assert row.last_error["facts"]["cause"] == "ConnectionError"

    def test_gives_up_what_is_refused_and_sends_what_is_behind_it(self, outbox, tmp_path):
        mail = {"kind": "case_closed", "facts": {"case_number": "YY-1"}}
        put(outbox, kind="mail", key="wrong", payload={**mail, "to": "nobody"})
        put(outbox, kind="mail", key="right", payload={**mail, "to": "a@example.com"})
        channel = FolderChannel(folder=tmp_path, sender="noreply@example.com")

        Dispatcher(outbox, {"mail": channel}).send_due(now=NOW)

        found = rows(outbox)
        assert found["wrong"].status == "given_up"
        assert found["right"].status == "sent"
        assert len(list(tmp_path.glob("*.eml"))) == 1

    def test_leaves_what_is_not_due(self, outbox):
        put(outbox, kind="mail", key="later", payload={}, due_at=NOW + timedelta(seconds=1))

        assert Dispatcher(outbox, {}).send_due(now=NOW) == []
