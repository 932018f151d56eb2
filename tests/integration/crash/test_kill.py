"""Killed at random moments and started again, the product loses nothing and repeats nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.acceptance.business_day import SettableClock
from tests.acceptance.case_file import CaseFile
from tests.acceptance.conftest import office_template
from tests.acceptance.crew import Crew
from tests.acceptance.office import RunningOffice, copy_office
from tests.acceptance.soundness import assert_sound
from tests.integration.crash.remote import Reaper, RemoteOffice, ServedProduct, remote_office
from tests.integration.notifications.running import RunningPlatform, free_port, wait_for
from webapp.business_clock import machine_now
from workflows.models import Event, Notice, Timer

__all__ = ["office_template"]

SILENT = ("XY-220500-2026-00012", "XY-220500-2026-00021", "XY-220281-2026-00002")
WORKED_ON = ("XY-220500-2026-00011", "XY-220500-2026-00015", "XY-220500-2026-00022")
LONG_AGO = timedelta(days=35)


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[RunningPlatform]:
    running = RunningPlatform(tmp_path / "platform", free_port())
    running.start()
    yield running
    running.kill()


@pytest.fixture
def product(
    office_template: Path, tmp_path: Path, platform: RunningPlatform
) -> Iterator[ServedProduct]:
    """The product with cases whose departments have been silent for weeks while it was off."""
    folder = tmp_path / "office"
    copy_office(template=office_template, folder=folder)
    leave_cases_alone(folder)
    served = ServedProduct(folder, free_port(), platform.url)
    served.start()
    yield served
    served.kill()


@pytest.fixture
def office(product: ServedProduct) -> Iterator[RemoteOffice]:
    remote = remote_office(product)
    yield remote
    remote.close()


def leave_cases_alone(folder: Path) -> None:
    """Begin cases weeks ago and fire nothing since, as if the machine had been off."""
    past = RunningOffice(
        database_url=f"sqlite:///{folder / 'jiannuo.db'}",
        data_dir=folder,
        clock=SettableClock(machine_now() - LONG_AGO),
    )
    crew = Crew(past)
    for number in SILENT:
        case = crew.accept(number)
        crew.do(case, "task_self_check")
    past.close()


def work(office: RemoteOffice, product: ServedProduct, reaper: Reaper) -> list[CaseFile]:
    """Take one case after the other from its receipt to its last step while the reaper goes on."""
    crew = Crew(office)
    done: list[CaseFile] = []
    for number in WORKED_ON:
        case = crew.decide("partly", number)
        crew.issue(case)
        crew.correct(case)
        done.append(case)
        if not reaper.is_alive():
            break
    return done


def settle(office: RemoteOffice, product: ServedProduct, cases: list[CaseFile]) -> None:
    """Let the last start finish what was begun: effects, answers of the platform, ends."""
    product.kill()
    office.let_claims_run_out()
    product.start()
    product.wait_until_ready()
    wait_for(lambda: all(case.row.status == "closed" for case in cases), timeout=300)
    # The end of a case orders letters and mails of its own.
    wait_for(lambda: office.waiting_effects() == 0, timeout=300)


def kill_while_working(
    office: RemoteOffice, product: ServedProduct, *, kills: int, seed: int
) -> list[CaseFile]:
    product.wait_until_ready()
    reaper = Reaper(product, kills=kills, seed=seed)
    reaper.start()
    cases = work(office, product, reaper)
    reaper.join()
    settle(office, product, cases)
    return cases


class TestKilledProduct:
    @pytest.mark.timeout(900)
    def test_loses_nothing_and_repeats_nothing(self, office, product, platform):
        cases = kill_while_working(office, product, kills=5, seed=20260924)

        assert product.starts == 7
        assert sum(browser.repeats for browser in office.browsers) > 0
        check_cases(cases)
        check_timers(office)
        check_reports(cases, platform)
        assert_sound(office)

    @pytest.mark.long
    @pytest.mark.timeout(1800)
    @pytest.mark.parametrize("seed", range(1, 5))
    def test_however_often_it_is_killed(self, office, product, platform, seed):
        cases = kill_while_working(office, product, kills=15, seed=seed)

        check_cases(cases)
        check_timers(office)
        check_reports(cases, platform)
        assert_sound(office)


def check_cases(cases: list[CaseFile]) -> None:
    """Every case that somebody worked on is there and came to its end."""
    assert cases
    assert {case.end for case in cases} == {"end_corrected"}
    for case in cases:
        done = Counter(task.element for task in case.tasks() if task.status == "done")
        assert done["task_formal_check"] == done["task_propose_finding"] == 1
        assert len(case.answers("formal_check")) == 1
        assert len(case.letters("reply")) == len(case.letters("receipt")) == 1
        assert {row.status for row in case.sanctions.values()} == {"lifted"}


def check_timers(office: RemoteOffice) -> None:
    """What came due while the machine was off fired once each, and people heard of it once."""
    with office.reading() as session:
        fired = session.scalars(select(Timer).where(Timer.status == "fired")).all()
        overdue = session.scalars(
            select(Timer).where(Timer.status == "waiting", Timer.due_at <= machine_now())
        ).all()
        told = session.scalars(select(Event).where(Event.kind == "timer_fired")).all()
        notices = session.scalars(select(Notice.key)).all()
    points = Counter(
        (row.case_id, row.clock_name, row.item, row.point, row.element) for row in fired
    )
    assert len(fired) >= 5 * len(SILENT)
    assert not overdue
    assert set(points.values()) == {1}
    assert len(told) == len(fired)
    assert len(notices) == len(set(notices))


def check_reports(cases: list[CaseFile], platform: RunningPlatform) -> None:
    """Each report arrived exactly once under its key, and each answer was taken once."""
    found = platform.look()
    keys = sorted(row["key"] for row in found["reports"])
    assert keys == sorted(row.key for case in cases for row in case.reports())
    assert {row["status"] for row in found["reports"]} == {"acknowledged"}
    assert all(row["delivered_at"] for row in found["messages"])
    for case in cases:
        assert len(case.events("report_acknowledged")) == 1
        assert case.clock("report").status == "stopped"
