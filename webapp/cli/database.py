"""Commands find their settings and their database here, and say what to do when either is wrong."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import click

from webapp.cli.clock_words import Speaker
from webapp.settings import Settings, read_settings
from webapp.workers import prepare_jobs
from workflows.errors import CaseworkError, OutsideServiceFailed
from workflows.storage.databases import Sessions, check_address, open_database, sessions_for
from workflows.storage.migrate import is_current, migrate

# A database that recovers after a crash is back within seconds; after two minutes somebody has to
# look at it.
TRIES = 120
PAUSE = 1.0  # seconds


def settings_of(speaker: Speaker, *, is_demo: bool = False) -> Settings:
    """Return the settings of the environment; ends the command with what is wrong in them."""
    try:
        settings = read_settings(is_demo=is_demo)
        check_address(settings.database_url)
    except CaseworkError as problem:
        raise speaker.fail(problem.key, **problem.facts) from problem
    return settings


def prepare(settings: Settings, speaker: Speaker) -> None:
    """Make the data folder and bring the database up to date.

    Ends the command with what to do when either cannot be reached or does not fit. One machine
    of several waits for a database that is starting again, as all of them do after its crash.
    """
    if settings.has_workers and settings.database_url.startswith("sqlite"):
        raise speaker.fail("cli.workers.need_postgresql")
    make_folder(settings, speaker)
    tries = TRIES if settings.has_workers else 1
    for tries_left in reversed(range(tries)):
        try:
            _bring_up_to_date(settings)
            return
        except OutsideServiceFailed as problem:
            if not tries_left:
                raise speaker.fail(problem.key) from problem
        if tries_left == tries - 1:
            click.echo(speaker.say("cli.database.waiting"), err=True)
        time.sleep(PAUSE)


def _bring_up_to_date(settings: Settings) -> None:
    migrate(settings.database_url)
    if settings.has_workers:
        prepare_jobs(settings.database_url)


def make_folder(settings: Settings, speaker: Speaker) -> None:
    """Make the data folder, readable by its owner only; ends the command where it cannot be."""
    folder = settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as problem:
        raise speaker.fail(
            "cli.data_dir", folder=str(folder), problem=problem.strerror or str(problem)
        ) from problem


@contextmanager
def open_sessions(speaker: Speaker) -> Iterator[Sessions]:
    """Lend the sessions of the database that the environment names.

    Ends the command with what to do while the database has not this version's tables.
    """
    engine = open_database(settings_of(speaker).database_url)
    try:
        try:
            is_ready = is_current(engine)
        except OutsideServiceFailed as problem:
            raise speaker.fail(problem.key) from problem
        if not is_ready:
            raise speaker.fail("cli.database.not_current")
        yield sessions_for(engine)
    finally:
        engine.dispose()
