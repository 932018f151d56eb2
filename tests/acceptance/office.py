"""A running office for tests: the product on a database of its own, its clock in our hands.

With ``reloads`` the program is started anew before everything anybody does: a new app on the same
database, nothing kept in memory, as after a restart between any two steps.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from unittest.mock import patch
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.serving import BaseWSGIServer, make_server
from werkzeug.test import Client, TestResponse

from tests.acceptance.business_day import OPENING, SettableClock
from tests.acceptance.one_engine import drop_connections, install_on_one_engine
from webapp.app import create_app
from webapp.chores import chores
from webapp.current import Parts
from webapp.database import db
from webapp.limits import limiter
from webapp.settings import Settings, read_settings
from workflows.clock.calendar import SHANGHAI, WorkingCalendar, legal_date
from workflows.engine.spiff import definition
from workflows.models import CreditRecord, Office, Organisation
from workflows.services import desk as desk_module
from workflows.storage.reading import read_session

POLL = 0.01  # seconds until a server notices that it is to stop
SECRET = "只在验收测试里用的密钥"


@dataclass
class RunningOffice:
    """The product as one process serves it."""

    database_url: str
    data_dir: Path
    clock: SettableClock
    reloads: bool = False
    restarts_before_requests: bool = False
    province_url: str = ""
    app: Flask = field(init=False)
    _server: BaseWSGIServer | None = None

    def __post_init__(self) -> None:
        """Start the program."""
        self.app = self._start()

    @property
    def parts(self) -> Parts:
        """Return the connected parts."""
        found: Parts = self.app.extensions["jiannuo"]
        return found

    @property
    def office_id(self) -> str:
        """Return the id of the one office."""
        with self.reading() as session:
            return session.scalars(select(Office.id)).one()

    @property
    def calendar(self) -> WorkingCalendar:
        """Return the office's calendar."""
        with self.reading() as session:
            return self.parts.desk.calendar(session, self.office_id)

    def organisation(self, code: str) -> str:
        """Return the id of a body."""
        with self.reading() as session:
            return session.scalars(select(Organisation.id).where(Organisation.code == code)).one()

    def record(self, number: str) -> str:
        """Return the id of a credit record."""
        with self.reading() as session:
            return session.scalars(
                select(CreditRecord.id).where(CreditRecord.number == number)
            ).one()

    @property
    def today(self) -> date:
        """Return the legal date."""
        return legal_date(self.clock.now())

    def reading(self) -> Session:
        """Return a session that only looks."""
        return read_session(self.parts.sessions)

    @property
    def checks_pages(self) -> bool:
        """Say whether every page anybody fetches is checked against the rules of pages."""
        return True

    def new_client(self) -> Client:
        """Return a browser's connection to the program, whichever start of it runs."""
        return Client(self.answer_request, TestResponse)

    def before_act(self) -> None:
        """Come before everything anybody does."""
        if self.reloads:
            self.restart()

    def restart(self) -> None:
        """Begin anew with what the database and the data folder hold, and nothing else."""
        self.stop()
        forget_everything()
        self.app = self._start()

    def stop(self) -> None:
        """Let go of the database."""
        drop_connections()
        if "sqlalchemy" in self.app.extensions:
            with self.app.app_context():
                db.engine.dispose()

    def tick(self) -> None:
        """Do what the scheduler does: due timers, the outbox, the seals. A failing chore fails."""
        self.before_act()
        self.parts.tick()

    def go_to(self, instant: datetime) -> None:
        """Let time pass: every working day begins at the opening hour with what is due then."""
        day = legal_date(self.clock.now())
        calendar = self.calendar
        while day < legal_date(instant):
            day += timedelta(days=1)
            opening = datetime.combine(day, OPENING, SHANGHAI)
            if calendar.is_working(day) and self.clock.now() < opening < instant:
                self.clock.advance_to(opening)
                self.tick()
        self.clock.advance_to(instant)
        self.tick()

    def serve(self) -> str:
        """Listen on a port of this machine, as the province needs it, and return the address."""
        if self._server is None:
            self._server = make_server("127.0.0.1", 0, self.answer_request, threaded=True)
            threading.Thread(target=self._server.serve_forever, args=(POLL,), daemon=True).start()
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        """End the program and its server."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
        self.stop()

    def answer_request(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer as the program that runs just now."""
        if self.restarts_before_requests:
            self.restart()
        return self.app(environ, start)

    def _start(self) -> Flask:
        settings = Settings(
            engine=read_settings().engine,
            database_url=self.database_url,
            data_dir=self.data_dir,
            public_url=self.serve() if self.province_url else "http://127.0.0.1:8000",
            province_url=self.province_url,
            province_secret=SECRET,
            runs_scheduler=False,
        )
        with patch("webapp.app.install_database", install_on_one_engine):
            app = create_app(settings, strict_texts=True)
        app.testing = True
        app.jinja_env.bytecode_cache = COMPILED
        # A test logs in more often than a person; guessing has a test of its own.
        limiter.enabled = False
        found: Parts = app.extensions["jiannuo"]
        wired = chores(
            settings=settings, sessions=found.sessions, desk=found.desk, clock=self.clock
        )
        app.extensions["jiannuo"] = replace(found, clock=self.clock, tick=StrictTick(wired))
        return app


class CompiledTemplates(BytecodeCache):
    """Templates compiled once per run: they are code, and starting anew does not change them."""

    def __init__(self) -> None:
        """Begin empty."""
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill in what was compiled before."""
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


COMPILED = CompiledTemplates()


@dataclass
class StrictTick:
    """The tick without its patience: in a test a failing chore is a failing test."""

    chores: dict[str, Callable[[], object]]

    def __call__(self) -> None:
        """Run every chore once, and again while one brings work about for another."""
        for _ in range(5):
            if not any([chore() for name, chore in self.chores.items() if name != "audit"]):
                break
        self.chores["audit"]()


def forget_everything() -> None:
    """Drop what a process keeps in memory of definitions, packs and calendars."""
    definition.forget_all()
    for kept in (desk_module._BUNDLES, desk_module._CALENDARS, desk_module._BOOKS):
        kept.clear()


def copy_office(*, template: Path, folder: Path) -> str:
    """Copy an office that was set up once, keys and all, and return its database's address."""
    shutil.copytree(template, folder, dirs_exist_ok=True)
    return f"sqlite:///{folder / 'jiannuo.db'}"
