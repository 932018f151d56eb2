"""The people of the office, each in a browser of their own: they log in, open a step and do it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select
from werkzeug.test import Client, TestResponse

from tests.acceptance.case_file import CaseFile
from tests.acceptance.html_rules import broken_rules
from tests.acceptance.office import RunningOffice
from tests.acceptance.page import Form, Page
from webapp.demo.install_office import PASSWORD
from webapp.demo.paper import sample_paper
from webapp.demo.play_cases import read_answers
from webapp.phrases import phrase
from webapp.texts import Texts
from workflows.models import Case, CreditRecord, RecordVersion
from workflows.services.open_case import CODE_ALPHABET as SIGNS
from workflows.services.open_case import CODE_LENGTH

DEMO = Path(__file__).resolve().parents[2] / "webapp" / "demo"
ANSWERS: Mapping[str, dict[str, Any]] = read_answers()
MOVED = (301, 302, 303)
ANY = 0
WORDS = Texts()


@dataclass
class Browser:
    """A browser: it keeps its cookies, follows where it is sent and reads what it gets."""

    office: RunningOffice
    client: Client = field(init=False)

    def __post_init__(self) -> None:
        """Open it without cookies."""
        self.client = self.office.new_client()

    def get(self, path: str, *, status: int = 200) -> Page:
        """Fetch a page and follow where it leads."""
        return self._read(self._ask("GET", path), path, status)

    def send(self, form: Form, *, to: str = "", status: int = 200) -> Page:
        """Send a form and follow where it leads."""
        return self.post(to or form.action, form.values, status=status)

    def post(self, path: str, data: Mapping[str, Any], *, status: int = 200) -> Page:
        """Send these values as they are."""
        return self._read(self._ask("POST", path, data=dict(data)), path, status)

    def upload(
        self, address: str, *, token: str, name: str = "附件.pdf", content: bytes | None = None
    ) -> TestResponse:
        """Send a file as the page's script does while a form is being filled."""
        sent = io.BytesIO(sample_paper() if content is None else content)
        data = {"file": (sent, name), "csrf_token": token}
        return self._ask("POST", address, data=data, headers={"Accept": "application/json"})

    def attach(self, form: Form, name: str, *, count: int = 1) -> list[str]:
        """Upload papers for a question of a form and return what the form then carries."""
        address, token = form.upload_address(name), form.values["csrf_token"][0]
        answers = [self.upload(address, token=token) for _ in range(count)]
        assert all(answer.status_code == 201 for answer in answers), answers[0].get_data(True)
        return [answer.get_json()["token"] for answer in answers]

    def _ask(self, method: str, path: str, **what: Any) -> TestResponse:
        what.setdefault("headers", {"Accept": "text/html"})
        # An unforeseen failure shows its cause in the test's output.
        what.setdefault("environ_overrides", {"jiannuo.debug": True})
        return self.client.open(path, method=method, **what)

    def _read(self, answer: TestResponse, path: str, status: int) -> Page:
        hops = 0
        while answer.status_code in MOVED and status not in MOVED and hops < 4:
            path, hops = str(answer.headers["Location"]), hops + 1
            answer = self._ask("GET", path)
        page = Page(path, answer.status_code, dict(answer.headers), answer.get_data())
        assert status in (ANY, page.status), f"{path} answers {page.status}: {_short(page)}"
        if page.is_page and self.office.checks_pages:
            wrong = broken_rules(page, app=self.office.app)
            assert not wrong, f"{path}: {wrong}"
        return page


class Officer(Browser):
    """Somebody of the office or of a department."""

    def __init__(self, office: RunningOffice, username: str) -> None:
        """Log in."""
        super().__init__(office)
        self.username = username
        form = self.get("/login").form("/login")
        self.send(form.fill({"username": username, "password": PASSWORD}))

    def act_as(self, role: str) -> Officer:
        """Act in another of one's own posts from now on, chosen in the menu."""
        page = self.get("/inbox")
        name = WORDS.say(phrase(f"role.{role}"), language="zh")
        links = page.tree.xpath("//a[starts-with(@href, '/posts/')]")
        found = [link.get("href") for link in links if link.text_content().strip() == name]
        assert len(found) == 1, f"{self.username} is offered {[each.text for each in links]}"
        self.get(found[0])
        return self

    def register(self, **answers: Any) -> CaseFile:
        """Enter a filing that came on paper, by telephone or from another body."""
        page = self.send(self.filing_form(**answers), status=ANY)
        if page.status == 422:
            # What is doubtful is asked about once; the clerk goes on.
            form = page.form("/filings/new")
            assert form.values.get("accept_doubts"), _short(page)
            page = self.send(form)
        assert page.path.startswith("/filings/"), _short(page)
        return CaseFile(self.office, page.path.rpartition("/")[2], code=query_code(page))

    def filing_form(self, **answers: Any) -> Form:
        """Open the window's form and fill it in."""
        self.office.before_act()
        form = self.get("/filings/new").form("/filings/new")
        said = {
            name: self.attach(form, name) if value == "@file" else value
            for name, value in answers.items()
        }
        return form.fill(said)

    def inbox(self, view: str = "pool") -> Page:
        """Look at a view of the inbox."""
        return self.get(f"/inbox?view={view}")

    def do(
        self, case: CaseFile, element: str, *, body: str = "", status: int = 200, **answers: Any
    ) -> Page:
        """Do a step of a case: claim it where it is free, fill in its form, and send it."""
        _, form = self.fill_in(case, element, body=body, **answers)
        return self.send(form, status=status)

    def fill_in(
        self, case: CaseFile, element: str, *, body: str = "", **answers: Any
    ) -> tuple[Page, Form]:
        """Open a step and fill in its form without sending it."""
        self.office.before_act()
        task = case.task(element, body=body)
        path = f"/tasks/{task.id}"
        page = self.get(path)
        if page.has_form(f"{path}/claim"):
            page = self.send(page.form(f"{path}/claim"))
        wanted = {**ANSWERS.get(task.form, {}), **answers}
        page = self._decide(page, path, wanted)
        form = page.form_to(path)
        self.answer(form, case, wanted)
        return page, form

    def act_on(self, case: CaseFile, action: str, *, status: int = 200, **answers: Any) -> Page:
        """Do something to a case beside its steps, such as entering a paper that came in."""
        self.office.before_act()
        path = f"/cases/{case.id}/actions/{action}"
        form = self.get(path).form_to(path)
        return self.send(self.answer(form, case, answers), status=status)

    def answer(self, form: Form, case: CaseFile, wanted: Mapping[str, Any]) -> Form:
        """Fill in a form; "@file" uploads a paper, "@today" and "@record" mean what they say."""
        said = spoken(case, wanted)
        for name, value in said.items():
            if value == "@file":
                said[name] = self.attach(form, name)
        return form.fill(said)

    def _decide(self, page: Page, path: str, wanted: Mapping[str, Any]) -> Page:
        """Choose between agreeing and returning where the page has a button for each."""
        outcome = next((name for name in wanted if name.endswith("_outcome")), "")
        returns = wanted.get(outcome) == "return"
        has_button = "decide=return" in " ".join(page.tree.xpath("//@formaction"))
        return self.get(f"{path}?decide=return") if returns and has_button else page


def query_code(page: Page) -> str:
    """Return the query code that a page shows to the filer."""
    found = [each for each in page.codes if len(each) == CODE_LENGTH and set(each) <= set(SIGNS)]
    assert len(set(found)) == 1, f"no query code among {page.codes}"
    return found[0]


def spoken(case: CaseFile, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers with what they stand for; an answer None is left out."""
    row = case.row
    items = record_items(case, row)
    words: dict[str, Any] = {
        "@today": case.office.today.isoformat(),
        "@record": row.record_id,
        "@subject": row.subject.name,
        "@items": items,
        "@items2": items[:2],
        "@first_item": items[:1],
    }
    return {
        name: words.get(value, value) if isinstance(value, str) else value
        for name, value in wanted.items()
    }


def record_items(case: CaseFile, row: Case) -> list[str]:
    """Return the names of the fields of the contested record."""
    if row.record_id is None:
        return []
    with case.office.reading() as session:
        record = session.get_one(CreditRecord, row.record_id)
        query = select(RecordVersion.content).where(
            RecordVersion.record_id == record.id,
            RecordVersion.version == record.current_version,
        )
        content: dict[str, Any] = session.scalars(query).one()
    return [item["name"] for item in content.get("items", [])]


def _short(page: Page) -> str:
    if not page.is_page:
        return page.body[:300].decode("utf-8", "replace")
    bad = page.tree.xpath("//*[contains(@class, 'bad') or @role='alert']")
    found = " | ".join(" ".join(each.text_content().split()) for each in bad)
    return found or page.said[:400]
