"""One port, two ways: the tick that sweeps and workers that are told, held to the same promises."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from notifications.channels.channel import Channel, Receipt
from notifications.outbox import CaseOutbox, Dispatcher
from tests.integration.casebook import Casebook, at
from webapp.workers import AnnouncedQueue, connect_jobs, prepare_jobs, run_worker
from workflows.events import SYSTEM, Command
from workflows.models import Outbox
from workflows.storage.outbox_store import Effect
from workflows.storage.unit_of_work import SWEPT, CommandBus, UnitOfWork

NOTHING: dict[str, Callable[[], object]] = {}


class Receiver(Channel):
    """Takes effects from any thread, and fails as often as it is told to."""

    def __init__(self) -> None:
        self.failures = 0
        self.keys: list[str] = []
        self._one = threading.Lock()

    def send(self, effect: Effect) -> Receipt:
        with self._one:
            if self.failures:
                self.failures -= 1
                raise ConnectionError
            self.keys.append(effect.key)
            return Receipt(reference=effect.key)


@dataclass
class Installation:
    """An office whose effects go out in one of the two ways."""

    book: Casebook
    dispatcher: Dispatcher
    receiver: Receiver
    is_told: bool
    url: str
    bus: CommandBus = field(init=False)

    def __post_init__(self) -> None:
        queue = AnnouncedQueue(connect_jobs(self.url)) if self.is_told else SWEPT
        self.bus = CommandBus(self.book.sessions, queue)

    def sweep(self) -> int:
        return len(self.dispatcher.send_due(now=self.book.now, limit=500))

    def let_it_send(self, senders: int = 1) -> None:
        """Do what the way in use does by itself within seconds."""
        threads = [threading.Thread(target=self._send) for _ in range(senders)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _send(self) -> None:
        if not self.is_told:
            self.sweep()
            return
        run_worker(connect_jobs(self.url), send_effect=self._one, chores=NOTHING, until_idle=True)

    def _one(self, effect_id: str) -> object:
        return self.dispatcher.send_one(effect_id=effect_id, now=self.book.now)

    def order(self, *keys: str, fails: bool = False) -> None:
        """Order effects in one command, which may fail at its end."""

        def work(unit: UnitOfWork) -> None:
            for key in keys:
                unit.send(kind="mail", key=key, payload={}, case_id=None)
            if fails:
                raise RuntimeError

        command = Command(
            id=f"order:{','.join(keys)}",
            name="order",
            actor=SYSTEM,
            now=self.book.now,
            office_id=self.book.office_id,
        )
        self.bus.run(command, work)

    def statuses(self) -> dict[str, str]:
        return {row.key: row.status for row in self.book.all(Outbox, kind="mail")}


@pytest.fixture(params=["sqlite-embedded", "postgresql-embedded", "postgresql-workers"])
def installed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    """An installation in each of the ways there are."""
    database, _, way = request.param.partition("-")
    url = request.getfixturevalue(f"{database}_url")
    is_told = way == "workers"
    if is_told:
        prepare_jobs(url)
    book = Casebook(url, tmp_path, now=at("2026-09-24"))
    receiver = Receiver()
    dispatcher = Dispatcher(
        store=CaseOutbox(sessions=book.sessions, bus=book.desk.bus), channels={"mail": receiver}
    )
    yield Installation(book, dispatcher, receiver, is_told, url)
    book.close()


class TestJobs:
    def test_send_what_was_committed_once(self, installed: Installation):
        installed.order("mail:a", "mail:b")

        installed.let_it_send()
        installed.let_it_send()
        installed.sweep()

        assert sorted(installed.receiver.keys) == ["mail:a", "mail:b"]
        assert set(installed.statuses().values()) == {"sent"}

    def test_know_nothing_of_what_was_rolled_back(self, installed: Installation):
        with pytest.raises(RuntimeError):
            installed.order("mail:a", fails=True)

        installed.let_it_send()

        assert installed.receiver.keys == []
        assert installed.statuses() == {}

    def test_send_once_with_several_senders(self, installed: Installation):
        keys = [f"mail:{number}" for number in range(40)]
        for key in keys:
            installed.order(key)

        installed.let_it_send(senders=3)
        installed.sweep()

        assert sorted(installed.receiver.keys) == sorted(keys)

    def test_try_again_later_what_failed(self, installed: Installation):
        installed.order("mail:a")
        installed.receiver.failures = 1

        installed.let_it_send()
        assert installed.statuses() == {"mail:a": "waiting"}
        installed.book.now += timedelta(minutes=1)
        installed.sweep()

        assert installed.receiver.keys == ["mail:a"]
        assert installed.statuses() == {"mail:a": "sent"}

    def test_take_over_from_a_sender_that_died(self, installed: Installation):
        installed.order("mail:a")
        claimed = installed.dispatcher.store.claim(now=installed.book.now, limit=1)
        assert [effect.key for effect in claimed] == ["mail:a"]

        installed.let_it_send()
        assert installed.receiver.keys == []
        installed.book.now += timedelta(minutes=3)
        installed.sweep()

        assert installed.receiver.keys == ["mail:a"]


class TestTables:
    def test_of_the_jobs_are_made_once(self, postgresql_url: str):
        prepare_jobs(postgresql_url)
        prepare_jobs(postgresql_url)

        jobs = connect_jobs(postgresql_url)
        with jobs.open():
            assert jobs.check_connection()
