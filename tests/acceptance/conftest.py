"""Offices to act in: one that was set up once per run and is copied for every test."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import argon2
import pytest

from tests.acceptance.business_day import SettableClock, at
from tests.acceptance.office import RunningOffice, copy_office
from tests.acceptance.province import Province
from tests.acceptance.reached import RECORDER, RELOADED, STRAIGHT
from tests.acceptance.regions import region_data
from tests.acceptance.soundness import assert_sound
from tests.databases import only_one
from webapp.app import connect_desk
from webapp.demo import install_office as demo
from webapp.settings import Settings, read_settings
from workflows.storage.databases import open_database, sessions_for
from workflows.storage.migrate import migrate

SET_UP_AT = at("2026-01-05")
# Logging in is not what these tests measure; the cost of a password hash is a setting of the hash.
CHEAP = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

Begin = Callable[..., RunningOffice]


@pytest.fixture(scope="session", autouse=True)
def what_is_reached(run_folder: Path) -> Iterator[None]:
    """Write down what of the diagrams the journeys of this worker reach."""
    with RECORDER.installed():
        yield
    RECORDER.write(str(run_folder))


@pytest.fixture(scope="session")
def office_template(run_folder: Path) -> Path:
    """The demo office without cases: database, keys and files, set up once per run."""
    return make_template(run_folder, "office")


def make_template(
    run_folder: Path, name: str, *, data: Callable[[], Mapping[str, Any]] | None = None
) -> Path:
    """Set up an office once per run, for all workers, and return its folder."""
    folder = run_folder / name
    with only_one(run_folder / f"{name}.lock"):
        if not folder.exists():
            fresh = run_folder / f"{name}.{os.getpid()}"
            fresh.mkdir()
            url = f"sqlite:///{fresh / 'jiannuo.db'}"
            set_up_office(folder=fresh, url=url, data=data() if data else None)
            fresh.rename(folder)
    return folder


def set_up_office(*, folder: Path, url: str, data: Mapping[str, Any] | None = None) -> None:
    """Install the demo office, or the one described, into a database migrated here if empty."""
    migrate(url)
    engine = open_database(url)
    sessions = sessions_for(engine)
    desk = connect_desk(
        Settings(database_url=url, data_dir=folder, engine=read_settings().engine), sessions
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo, "PasswordHasher", lambda: CHEAP)
        demo.install_office(sessions, desk, now=SET_UP_AT, data=data)
    engine.dispose()


@pytest.fixture
def province(tmp_path: Path) -> Iterator[Province]:
    """The provincial platform, up and accepting."""
    platform = Province(tmp_path / "province")
    yield platform
    platform.close()


@pytest.fixture
def open_office(
    office_template: Path, run_folder: Path, tmp_path: Path, province: Province
) -> Iterator[Begin]:
    """Open an office at an instant; what it leaves behind must be sound."""
    opened: list[RunningOffice] = []

    def begin(now: str | datetime, *, reloads: bool = False, region: str = "") -> RunningOffice:
        instant = at(now) if isinstance(now, str) else now
        template = office_template
        if region:
            data = partial(region_data, region)
            template = make_template(run_folder, f"office-{region}", data=data)
        url = copy_office(template=template, folder=tmp_path / f"office{region}")
        office = RunningOffice(
            database_url=url,
            data_dir=tmp_path / f"office{region}",
            clock=SettableClock(instant),
            reloads=reloads,
            province_url=province.url,
        )
        RECORDER.mode = RELOADED if reloads else STRAIGHT
        opened.append(office)
        return office

    yield begin
    for office in opened:
        try:
            assert_sound(office)
        finally:
            office.close()


@pytest.fixture(params=[False, True], ids=["straight", "reloaded"])
def begin(request: pytest.FixtureRequest, open_office: Begin) -> Begin:
    """The same, twice: straight, and with the program started anew before everything."""

    def start(now: str, *, region: str = "") -> RunningOffice:
        return open_office(now, reloads=request.param, region=region)

    return start
