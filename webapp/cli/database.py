"""Commands that read a database open it here, and say what to do when it is not there yet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from webapp.cli.clock_words import Speaker
from webapp.settings import read_settings
from workflows.errors import OutsideServiceFailed
from workflows.storage.databases import Sessions, open_database, sessions_for
from workflows.storage.migrate import is_current


@contextmanager
def open_sessions(speaker: Speaker) -> Iterator[Sessions]:
    """Lend the sessions of the database that the environment names.

    Ends the command with what to do while the database has not this version's tables.
    """
    engine = open_database(read_settings().database_url)
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
