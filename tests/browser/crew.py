"""The people of the demo office, each with a browser of their own: they log in and do steps."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

import webapp
from tests.browser.case_book import CaseBook
from tests.browser.demo_office import OPENED_AT, DemoOffice
from tests.browser.filling import fill_in
from tests.browser.visitor import Visitor

DEMO = Path(webapp.__file__).parent / "demo"
ANSWERS: dict[str, dict[str, Any]] = json.loads((DEMO / "answers.json").read_text("utf-8"))
TODAY = OPENED_AT.date().isoformat()
# Body and post -> who holds it.
HOLDERS = {
    ("JLDRC", "window_clerk"): "qianyu",
    ("JLDRC", "handler"): "wangmin",
    ("JLDRC", "reviewer"): "liuchang",
    ("JLDRC", "approver"): "chenlixin",
    ("JLDRC", "legal_reviewer"): "zhaolin",
    ("JLDRC", "platform_operator"): "liyan",
    ("THHUD", "department_officer"): "gaoyuan",
    ("THFIN", "department_officer"): "majun",
    ("THMKT", "department_officer"): "hejing",
}
ON_PAPER: dict[str, Any] = {
    "answered_by": "paper",
    "incoming_number": "通函〔2026〕31号",
    "document_date": TODAY,
    "arrived_on": TODAY,
    "incoming_scan": "@file",
}


@dataclass(frozen=True)
class Step:
    """An open step of a case: what it is called in the diagram and whose it is."""

    id: str
    element: str
    form: str
    role: str
    body: str


@dataclass
class Crew:
    """Everybody of one office; each comes and logs in when first needed."""

    office: DemoOffice
    visit: Callable[..., Visitor]
    _people: dict[str, Visitor] = field(default_factory=dict)

    def __getitem__(self, username: str) -> Visitor:
        """Return this person at a browser, logged in."""
        if username not in self._people:
            self._people[username] = self.visit(username)
        return self._people[username]

    def open_steps(self, case_id: str) -> list[Step]:
        """Return what waits for somebody in the case."""
        rows = self.office.ask(
            "SELECT task.id, element, form, role, organisation.code FROM task"
            " JOIN organisation ON organisation.id = task.organisation_id"
            " WHERE case_id = :case AND status = 'open' ORDER BY opened_at, task.id",
            case=case_id,
        )
        return [Step(*row) for row in rows]

    def step(self, case_id: str, element: str, body: str = "") -> Step:
        """Return the one open step of this element."""
        steps = self.open_steps(case_id)
        found = [each for each in steps if each.element == element and body in ("", each.body)]
        assert len(found) == 1, f"{element} {body}: open are {steps}"
        return found[0]

    def do(self, case_id: str, element: str, *, body: str = "", **answers: Any) -> Page:
        """Let the one whose post it is find the step in the inbox and finish it."""
        step = self.step(case_id, element, body)
        holder = HOLDERS.get((step.body, step.role))
        if holder is None:
            # Nobody of that body logs in here: their stamped paper is entered on their behalf.
            answers = {**ON_PAPER, **answers}
            return self.finish("wangmin", case_id, step, by_case=True, **answers)
        return self.finish(holder, case_id, step, **answers)

    def finish(
        self, username: str, case_id: str, step: Step, *, by_case: bool = False, **answers: Any
    ) -> Page:
        """Open the step, claim it where it is free, fill in its form and send it."""
        page = self.open(username, step, case_id=case_id if by_case else "")
        form = self.fill(page, case_id, step, **answers)
        send(form)
        return page

    def open(self, username: str, step: Step, *, case_id: str = "") -> Page:
        """Open a step from the inbox, or from its case, and take it."""
        path = f"/tasks/{step.id}"
        if case_id:
            page = self[username].goto(f"/cases/{case_id}")
            page.locator(f'main a[href="{path}"]').first.click()
        else:
            page = self[username].goto("/inbox")
            page.locator(f'tr.item[data-url="{path}"] a.what').click()
        page.wait_for_url(f"**{path}")
        claim = page.locator(f'form[action="{path}/claim"] button')
        if claim.count():
            claim.click()
            page.wait_for_url(f"**{path}")
            expect(page.locator(f'form[action="{path}"]')).to_be_visible()
        return page

    def fill(self, page: Page, case_id: str, step: Step, **answers: Any) -> Locator:
        """Fill in the form of a step."""
        form = page.locator(f'form[action="/tasks/{step.id}"]')
        wanted = {**ANSWERS.get(step.form, {}), **answers}
        fill_in(form, self.spoken(case_id, wanted))
        return form

    def spoken(self, case_id: str, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answers with what "@record" and the like stand for in this case."""
        items = CaseBook(self.office).record_items(case_id)
        words = {
            "@today": TODAY,
            "@record": CaseBook(self.office).record(case_id),
            "@subject": CaseBook(self.office).subject(case_id),
            "@items": items,
            "@items2": items[:2],
            "@first_item": items[:1],
        }
        return {
            name: words.get(value, value) if isinstance(value, str) else value
            for name, value in wanted.items()
        }


def send(form: Locator) -> Page:
    """Send a form and see that the office has taken it."""
    page = form.page
    action = str(form.get_attribute("action"))
    with page.expect_navigation():
        form.locator("[data-submit]").click()
    alerts = page.locator("main [role=alert], main .bad").all_inner_texts()
    assert not page.url.endswith(action), f"{page.url} says {alerts}"
    expect(page.locator("#messages .note--act")).to_be_visible()
    return page
