"""The product as a process of its own that can be killed, and people who try again as people do."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import requests
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from tests.acceptance.business_day import SettableClock
from tests.acceptance.case_file import CaseFile
from tests.acceptance.office import RunningOffice
from tests.integration.notifications.running import SECRET, wait_for
from webapp.business_clock import machine_now
from workflows.clock.calendar import legal_date
from workflows.models import Outbox, Task
from workflows.storage.databases import Sessions, open_database
from workflows.storage.reading import read_session

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 300  # seconds until somebody gives up on a program that does not come back
PAUSE = 0.1
LEAST_KILLS = 2
CONFLICT = 409
BROKEN = 500  # a page that says so, as while the database starts again


class Product(Protocol):
    """Something that serves our pages and may die."""

    folder: Path

    @property
    def url(self) -> str: ...

    @property
    def database_url(self) -> str: ...


@dataclass
class ServedProduct:
    """`jiannuo serve` on a folder; killing it is a power cut."""

    folder: Path
    port: int
    province_url: str
    database: str = ""
    starts: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Return the address the product listens on."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def database_url(self) -> str:
        """Return the address of its database, a file in its folder unless another is named."""
        return self.database or f"sqlite:///{self.folder / 'jiannuo.db'}"

    def start(self) -> None:
        """Start the process; it answers a little later."""
        environment = {
            **os.environ,
            "JIANNUO_DATA_DIR": str(self.folder),
            "JIANNUO_DATABASE_URL": self.database_url,
            "JIANNUO_PORT": str(self.port),
            "JIANNUO_PUBLIC_URL": self.url,
            "JIANNUO_PROVINCE_URL": self.province_url,
            "JIANNUO_PROVINCE_SECRET": SECRET,
        }
        log = (self.folder / "serve.log").open("ab")
        with log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "webapp.cli", "serve"],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
            )
        self.starts += 1

    def wait_until_ready(self) -> None:
        """Wait until it answers."""
        wait_for(self._answers, timeout=PATIENCE)

    def kill(self) -> None:
        """End it at once, whatever it is doing."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/health", timeout=2).ok
        except requests.RequestException:
            return False


class Reaper(threading.Thread):
    """Kills the product at moments nobody chose, and starts it again each time."""

    def __init__(self, product: ServedProduct, *, kills: int, seed: int) -> None:
        """Begin with the product running."""
        super().__init__(name="reaper", daemon=True)
        self._product = product
        self._kills = kills
        self._dice = random.Random(seed)
        self._never = threading.Event()
        self._is_enough = threading.Event()

    def stop(self) -> None:
        """Kill no more than it must; the product is up again at the end."""
        self._is_enough.set()
        self.join()

    def run(self) -> None:
        """Let it live for a moment, kill it, start it; now and then kill it while it starts."""
        for done in range(self._kills):
            if self._is_enough.is_set() and done >= LEAST_KILLS:
                break
            if self._dice.random() < 0.8:
                self._product.wait_until_ready()
            # The moment of death is the thing tested, so the dice choose it.
            self._never.wait(self._dice.uniform(0.05, 2.0))
            self._product.kill()
            self._product.start()
        self._product.wait_until_ready()


@dataclass
class Answer:
    """What came back over the wire, as the readers of pages expect it."""

    status_code: int
    headers: Mapping[str, str]
    data: bytes

    def get_data(self, as_text: bool = False) -> Any:
        """Return the body."""
        return self.data.decode("utf-8") if as_text else self.data

    def get_json(self) -> Any:
        """Return the body, read."""
        return json.loads(self.data)


class StubbornClient:
    """A browser whose user presses the button again until the program has answered.

    With ``insists`` also when somebody, or a timer, was faster with the same case.
    """

    def __init__(self, product: Product, *, insists: bool = False) -> None:
        """Open it without cookies."""
        self._product = product
        self._insists = insists
        self._session = requests.Session()
        self.repeats = 0
        self._never = threading.Event()

    def another(self) -> StubbornClient:
        """Return a second window of the same person, logged in alike."""
        window = StubbornClient(self._product)
        window._session.cookies.update(self._session.cookies)
        return window

    def open(self, path: str, *, method: str = "GET", **what: Any) -> Answer:
        """Send a request, the very same again after every silence."""
        body, files = _split(what.get("data"))
        end = time.monotonic() + PATIENCE
        while True:
            try:
                answer = self._session.request(
                    method,
                    f"{self._product.url}{path}",
                    data=body or None,
                    files=files or None,
                    headers=what.get("headers"),
                    timeout=30,
                    allow_redirects=False,
                )
                is_late = self._insists and answer.status_code == CONFLICT
                if answer.status_code < BROKEN and not is_late:
                    return Answer(answer.status_code, dict(answer.headers), answer.content)
            except requests.RequestException:
                pass
            self.repeats += 1
            assert time.monotonic() < end, f"{path} was never answered"
            self._never.wait(PAUSE)


class PatientSession(Session):
    """Looks at a database that may just be dying, again until it answers."""

    def execute(self, *what: Any, **how: Any) -> Any:
        """Run the statement."""
        return patiently(super().execute, *what, between=self.rollback, **how)

    def scalars(self, *what: Any, **how: Any) -> Any:
        """Run the statement for the first column of its rows."""
        return patiently(super().scalars, *what, between=self.rollback, **how)


def patiently(
    look: Callable[..., Any], *what: Any, between: Callable[[], None] | None = None, **how: Any
) -> Any:
    """Look, again after every time the database was not there."""
    end = time.monotonic() + PATIENCE
    never = threading.Event()
    while True:
        try:
            return look(*what, **how)
        except OperationalError:
            if time.monotonic() > end:
                raise
        if between is not None:
            between()
        never.wait(PAUSE)


Upload = tuple[str, bytes]


def _split(data: Any) -> tuple[dict[str, Any], dict[str, Upload]]:
    """Part the files of a form from its words."""
    body, files = {}, {}
    for key, value in (data or {}).items():
        if isinstance(value, tuple):
            content, name = value
            files[key] = (name, content.read())
        else:
            body[key] = value
    return body, files


@dataclass
class RemoteOffice(RunningOffice):
    """The office of a product that runs elsewhere: people reach it over the wire."""

    product: Product | None = None
    browsers: list[StubbornClient] = field(default_factory=list)
    _sessions: Sessions | None = field(default=None)

    def __post_init__(self) -> None:
        """Open the database for looking; the program itself runs elsewhere."""
        self.engine = open_database(self.database_url)
        self._sessions = sessionmaker(self.engine, class_=PatientSession, expire_on_commit=False)

    @property
    def today(self) -> date:
        """Return the legal date by the machine's clock, which the product goes by too."""
        return legal_date(machine_now())

    @property
    def checks_pages(self) -> bool:
        """Leave pages to the acceptance tests: the addresses of this program are not here."""
        return False

    def reading(self) -> Session:
        """Return a session that only looks."""
        assert self._sessions is not None
        return patiently(read_session, self._sessions)

    def before_act(self) -> None:
        """Leave the program alone: somebody else kills it."""

    def new_client(self) -> Any:
        """Return a browser that tries again."""
        assert self.product is not None
        self.browsers.append(StubbornClient(self.product, insists=True))
        return self.browsers[-1]

    def cases_at(self, element: str) -> list[CaseFile]:
        """Return the cases in which this step is open."""
        with self.reading() as session:
            found = session.scalars(
                select(Task.case_id).where(Task.element == element, Task.status == "open")
            )
            return [CaseFile(self, case_id) for case_id in found]

    def let_claims_run_out(self) -> None:
        """Let time pass for effects whose sender was killed while it sent them."""
        assert self._sessions is not None
        with self._sessions.begin() as session:
            session.execute(
                update(Outbox).where(Outbox.status == "waiting").values(claimed_until=None)
            )

    def waiting_effects(self) -> int:
        """Return how many effects have not left the building."""
        with self.reading() as session:
            return session.query(Outbox).filter(Outbox.status == "waiting").count()

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()


def remote_office(product: Product) -> RemoteOffice:
    """Return the office that a served product keeps."""
    return RemoteOffice(
        database_url=product.database_url,
        data_dir=product.folder,
        clock=SettableClock(machine_now()),
        product=product,
    )
