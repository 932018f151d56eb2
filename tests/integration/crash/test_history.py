"""Thirty-two clients on the same tasks while the product is killed: the history must add up."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.business_day import SettableClock
from tests.acceptance.conftest import set_up_office
from tests.acceptance.crew import HOLDERS, Crew
from tests.acceptance.office import RunningOffice
from tests.acceptance.people import Officer
from tests.acceptance.soundness import assert_sound
from tests.integration.casebook import Casebook, at
from tests.integration.crash.history import (
    Forms,
    Hand,
    History,
    Operation,
    count_facts,
    problems_of,
    read_tasks,
)
from tests.integration.crash.remote import (
    PATIENCE,
    Reaper,
    RemoteOffice,
    ServedProduct,
    StubbornClient,
    remote_office,
)
from tests.integration.crash.test_kill import LONG_AGO
from tests.integration.notifications.running import free_port, wait_for
from webapp.business_clock import machine_now
from workflows.models import Timer

CLIENTS = 32
SHARED = ("XY-220500-2026-00011", "XY-220500-2026-00015", "XY-220500-2026-00022")
SILENT = ("XY-220500-2026-00012", "XY-220500-2026-00021", "XY-220281-2026-00002")
STEP = "task_formal_check"
SECONDS = float(os.environ.get("JIANNUO_HISTORY_SECONDS", "12"))
LONG_SECONDS = 1700.0
SECONDS_PER_KILL = 4


@pytest.fixture
def product(database_url: str, tmp_path: Path) -> Iterator[ServedProduct]:
    """The product after a month's absence: timers are overdue, and three cases wait for a clerk."""
    folder = tmp_path / "office"
    folder.mkdir()
    if database_url.startswith("sqlite"):
        database_url = f"sqlite:///{folder / 'jiannuo.db'}"
    set_up_office(folder=folder, url=database_url)
    past = RunningOffice(database_url, folder, SettableClock(machine_now() - LONG_AGO))
    crew = Crew(past)
    for number in SILENT:
        crew.do(crew.accept(number), "task_self_check")
    for number in SHARED:
        crew.register(number)
    past.close()
    served = ServedProduct(folder, free_port(), province_url="", database=database_url)
    served.start()
    yield served
    served.kill()


@pytest.fixture
def office(product: ServedProduct) -> Iterator[RemoteOffice]:
    remote = remote_office(product)
    yield remote
    remote.close()


def fill_in_all(office: RemoteOffice) -> tuple[Forms, StubbornClient]:
    """Let the one whose post it is fill in the form of each shared task, without sending it."""
    crew = Crew(office)
    forms: dict[str, dict[str, object]] = {}
    for case in office.cases_at(STEP):
        task = case.task(STEP)
        officer: Officer = crew.holder(task.role, task.organisation.code)
        _, form = officer.fill_in(case, STEP)
        forms[task.id] = dict(form.values)
    client: StubbornClient = office.browsers[-1]
    assert len(office.browsers) == 1, f"one person holds the post of {HOLDERS}"
    return forms, client


def work_under_fire(office: RemoteOffice, product: ServedProduct, *, seconds: float) -> list[str]:
    """Let everybody work while the product is killed again and again; return what is wrong."""
    product.wait_until_ready()
    forms, first = fill_in_all(office)
    with office.reading() as session:
        before = count_facts(session, read_tasks(session, sorted(forms)))
    history = History()
    hands = [
        Hand(number, first.another(), forms, seconds=seconds, to=history)
        for number in range(CLIENTS)
    ]
    reaper = Reaper(product, kills=max(2, int(seconds / SECONDS_PER_KILL)), seed=20261121)
    for thread in (*hands, reaper):
        thread.start()
    for hand in hands:
        hand.join()
    reaper.stop()
    settle(office, product)
    assert [hand.error for hand in hands if hand.error] == []
    # A history in which nobody got anything, or nobody was refused, would prove nothing.
    assert min(sum(history.taken(kind).values()) for kind in ("claim", "complete")) > 0
    with office.reading() as session:
        return problems_of(history, session, before=before)


def settle(office: RemoteOffice, product: ServedProduct) -> None:
    """Let the last start finish what was begun: overdue timers and the outbox."""
    product.kill()
    office.let_claims_run_out()
    product.start()
    product.wait_until_ready()
    wait_for(lambda: office.waiting_effects() == 0, timeout=PATIENCE)
    wait_for(lambda: not overdue(office), timeout=PATIENCE)


def overdue(office: RemoteOffice) -> int:
    with office.reading() as session:
        late = session.query(Timer).filter(Timer.status == "waiting")
        return late.filter(Timer.due_at <= machine_now()).count()


class TestHistory:
    @pytest.mark.timeout(900)
    def test_adds_up(self, office, product):
        problems = work_under_fire(office, product, seconds=SECONDS)

        assert problems == []
        assert product.starts > 2
        assert_sound(office)

    @pytest.mark.long
    @pytest.mark.timeout(3500)
    def test_adds_up_for_half_an_hour_on_each_database(self, office, product):
        problems = work_under_fire(office, product, seconds=max(SECONDS, LONG_SECONDS))

        assert problems == []
        assert_sound(office)


class TestChecker:
    """A checker that finds nothing where something is wrong would be worse than none."""

    @pytest.mark.parametrize(
        ("kind", "status", "said"),
        [
            ("claim", 302, "claim of"),
            ("release", 302, "release of"),
            ("complete", 302, "is open"),
            ("complete", 500, "answered with 500"),
        ],
    )
    def test_notices_what_was_confirmed_and_not_kept(
        self, sqlite_url, tmp_path, kind, status, said
    ):
        book = Casebook(sqlite_url, tmp_path, now=at("2026-09-24"))
        book.file()
        history = History([Operation(1, kind, book.task(STEP).id, status)])

        with book.read() as session:
            found = problems_of(history, session, before=Counter())

        book.close()
        assert any(said in line for line in found)
