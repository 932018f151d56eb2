"""An office behind pages: the shipped demo data on a database of its own, and people who are in."""

from __future__ import annotations

import io
import re
import time
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from webapp.app import create_app
from webapp.current import Parts
from webapp.database import db
from webapp.demo.install_office import install_office
from webapp.demo.paper import sample_paper
from webapp.limits import limiter
from webapp.settings import Settings, read_settings
from workflows.clock.calendar import SHANGHAI
from workflows.events import Actor, Command
from workflows.models import Case, CreditRecord, Login, Organisation, Post, Task, new_id
from workflows.services.open_case import Filing, open_case
from workflows.storage.reading import read_session

# A Tuesday in the middle of a term that crosses National Day (scene 1 of domain.md E).
TODAY = datetime(2026, 10, 13, 9, 42, tzinfo=SHANGHAI)


@dataclass
class FixedClock:
    """A business clock that stands where a test puts it."""

    at: datetime = TODAY
    is_virtual: bool = False

    def now(self) -> datetime:
        """Return the instant."""
        return self.at

    def go_to(self, at: datetime) -> None:
        """Put it elsewhere."""
        self.at = at


@dataclass
class Office:
    """The product on a database of its own, as the pages see it."""

    app: Flask
    clock: FixedClock
    office_id: str

    @property
    def parts(self) -> Parts:
        """Return the connected parts."""
        found: Parts = self.app.extensions["jiannuo"]
        return found

    def reading(self) -> Session:
        """Return a session that only looks."""
        return read_session(self.parts.sessions)

    def person(self, username: str, *, role: str = "") -> Officer:
        """Return somebody who is logged in, in the post with that role where they hold several."""
        with self.reading() as session:
            login = session.query(Login).filter_by(username=username).one()
            posts = session.query(Post).filter_by(person_id=login.person_id).all()
            post = next(one for one in posts if not role or one.role == role)
            known = {"person_id": login.person_id, "post_id": post.id, "stamp": login.stamp}
        client = self.app.test_client()
        with client.session_transaction() as session:
            session.update(known, seen=int(time.time()))
        return Officer(self, client, username)

    def file(
        self, record: str = "XY-220500-2026-00011", *, received_on: date | None = None, **more: Any
    ) -> str:
        """File an objection to a record on behalf of its subject and return the case's id."""
        with self.reading() as session:
            found = session.query(CreditRecord).filter_by(number=record).one()
            lead = session.query(Organisation).filter_by(kind="lead").one()
            facts: dict[str, Any] = {
                "channel": "window",
                "subject_name": found.subject.name,
                "subject_code": found.subject.credit_code or "",
                "subject_kind": found.subject.kind,
                "record_number": record,
                "receiving_organisation_id": lead.id,
                "contact_name": "周航",
                "contact_phone": "13843500417",
            }
        if received_on is not None:
            facts |= {"received_on": received_on, "backdate_reason": "收发室先签收"}
            facts |= {"backdate_evidence": "签收簿.jpg"}
            facts |= {"content": {"received_reason": "收发室先签收"}}
        filing = Filing(**{**facts, **more})
        result = self.run(
            "open_objection", lambda work: open_case(work, self.parts.desk, filing=filing)
        )
        return str(result["case_id"])

    def run(self, name: str, work: Any) -> dict[str, Any]:
        """Carry out a command as the system."""
        command = Command(
            id=new_id(),
            name=name,
            actor=Actor(kind="system", origin="test"),
            now=self.clock.now(),
            office_id=self.office_id,
        )
        return self.parts.desk.bus.run(command, work)

    def task(self, case_id: str, element: str, *, status: str = "open") -> Task:
        """Return the one task of that step in the case."""
        with self.reading() as session:
            rows = session.query(Task).filter_by(case_id=case_id, element=element, status=status)
            return rows.order_by(Task.opened_at.desc()).first() or _no_task(session, case_id)

    def case(self, case_id: str) -> Case:
        """Return the case as it stands."""
        with self.reading() as session:
            return session.get_one(Case, case_id)

    def later(self, **passed: float) -> None:
        """Let business time pass."""
        self.clock.go_to(self.clock.at + timedelta(**passed))


@dataclass
class Officer:
    """Somebody with a browser who is logged in."""

    office: Office
    client: FlaskClient
    username: str

    def get(self, path: str, *, status: int = 200, **more: Any) -> Page:
        """Fetch a page."""
        return self._page(self.client.get(path, **more), path, status)

    def post(self, path: str, data: Any = None, *, status: int = 302, **more: Any) -> Page:
        """Send values."""
        answer = self.client.post(path, data=data or {}, **more)
        return self._page(answer, path, status)

    def upload(self, content: bytes | None = None, *, name: str = "附件.pdf") -> TestResponse:
        """Send a file as the page's script does."""
        sent = sample_paper() if content is None else content
        head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        # A body of our own: werkzeug's leaves a file open behind it when it is large.
        body = io.BytesIO(head.encode() + sent + b"\r\n--x--\r\n")
        return self.client.post(
            "/uploads",
            input_stream=body,
            content_type="multipart/form-data; boundary=x",
            content_length=len(body.getvalue()),
            headers={"Accept": "application/json"},
        )

    def paper(self) -> str:
        """Send a good paper and return its token."""
        answer = self.upload()
        assert answer.status_code == 201, answer.get_data(as_text=True)
        return str(answer.get_json()["token"])

    def do(self, case_id: str, element: str, status: int = 302, **answers: Any) -> Page:
        """Do a step of a case with these answers."""
        task = self.office.task(case_id, element)
        return self.post(f"/tasks/{task.id}", answers, status=status)

    def _page(self, answer: TestResponse, path: str, status: int) -> Page:
        page = Page(answer)
        assert answer.status_code == status, f"{path}: {answer.status_code} {page.problems}"
        return page


@dataclass
class Page:
    """What came back."""

    answer: TestResponse

    @property
    def text(self) -> str:
        """Return the page as it was sent."""
        return self.answer.get_data(as_text=True)

    @property
    def tree(self) -> Any:
        """Return the page as a tree."""
        return html.document_fromstring(self.text)

    @property
    def said(self) -> str:
        """Return the words of the page."""
        if self.answer.mimetype != "text/html" or not self.text.strip():
            return self.text
        for gone in (tree := self.tree).xpath("//script | //style | //dialog"):
            gone.drop_tree()
        return re.sub(r"\s+", " ", tree.text_content())

    @property
    def problems(self) -> str:
        """Return what the page complains of, or its beginning."""
        if self.answer.mimetype != "text/html" or not self.text.strip():
            return self.text[:400]
        bad = self.tree.xpath("//*[contains(@class, 'bad') or @role='alert']")
        found = " | ".join(" ".join(each.text_content().split()) for each in bad)
        return found or self.said[:400]

    @property
    def place(self) -> str:
        """Return where it leads."""
        return self.answer.headers.get("Location", "")

    def value(self, name: str) -> str:
        """Return what a field of the page holds."""
        found = self.tree.xpath(f'//*[@name="{name}"]')[0]
        return str(found.text if found.tag == "textarea" else found.get("value"))


def open_office(*, url: str, folder: Path) -> Office:
    """Set up the shipped office on a migrated database and return it with its clock held."""
    settings = Settings(
        database_url=url, data_dir=folder, runs_scheduler=False, engine=read_settings().engine
    )
    app = create_app(settings, strict_texts=True)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    limiter.enabled = False
    clock = FixedClock()
    parts: Parts = app.extensions["jiannuo"]
    app.extensions["jiannuo"] = replace(parts, clock=clock)  # type: ignore[arg-type]
    # Set up once, an office stays as it is.
    office_id = install_office(parts.sessions, parts.desk, now=clock.now())
    return Office(app=app, clock=clock, office_id=office_id)


def close_office(office: Office) -> None:
    """Let go of the database."""
    with office.app.app_context():
        db.engine.dispose()


def _no_task(session: Session, case_id: str) -> Task:
    rows = session.query(Task).filter_by(case_id=case_id)
    raise AssertionError([(row.element, row.status) for row in rows])
