"""The subject of a record in a browser at home: files, follows, adds, withdraws, downloads."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from tests.acceptance.case_file import CaseFile
from tests.acceptance.page import Form, Page
from tests.acceptance.people import DEMO, Browser, query_code
from workflows.models import Case

PHONE = "13843500417"
FOUND: dict[str, Any] = json.loads((DEMO / "office.json").read_text("utf-8"))
SUBJECTS = {row["key"]: row for row in FOUND["subjects"]}
RECORDS = {row["number"]: row for row in FOUND["records"]}
NUMBER = re.compile(r"[A-Z]{2}-\d{6}-\d{4}-\d{5}")


def filing_answers(number: str, **other: Any) -> dict[str, Any]:
    """Return what the subject of this record enters; other answers replace or add."""
    record = RECORDS.get(number) or next(iter(RECORDS.values()))
    who = SUBJECTS[record["subject"]]
    answers: dict[str, Any] = {
        "subject_kind": who["kind"],
        "subject_name": who["name"],
        "applicant_role": "subject",
        "applicant_name": "周航",
        "phone": PHONE,
        "email": "zhouhang@example.invalid",
        "record_reference": number,
        "record_description": record["title"],
        "grounds": ["error"],
        "statement": "记录与实际情况不符，请予核查更正。",
        "request": "correct",
        "also_filed_with": "none",
        "service_preference": "window",
    }
    key = "subject_code" if "credit_code" in who else "subject_id_number"
    answers[key] = who.get("credit_code") or who["identity_number"]
    return {**answers, **other}


@dataclass
class SubjectAtHome(Browser):
    """A visitor of the portal."""

    case: CaseFile | None = field(default=None)

    def file(self, number: str, *, body: str = "JLDRC", **other: Any) -> CaseFile:
        """File an objection to a record and return the case that the receipt names."""
        form = self.filing_form(number, body=body, **other)
        return self.note_receipt(self.send(form))

    def complain(self, *, body: str = "JLDRC", **about: Any) -> CaseFile:
        """Complain about a body, leaving a telephone number and no name."""
        self.office.before_act()
        form = self.get(f"/portal/file?body={body}&kind=complaint").form_to("/portal/file")
        answers = {
            "statement": "工程款逾期未付。",
            "phone": PHONE,
            "service_preference": "window",
            "truthful": True,
            **about,
        }
        return self.note_receipt(self.send(form.fill(answers)))

    def filing_form(self, number: str, *, body: str = "JLDRC", **other: Any) -> Form:
        """Open the filing form and fill it in."""
        self.office.before_act()
        form = self.get(f"/portal/file?body={body}").form_to("/portal/file")
        answers = filing_answers(number, truthful=True, **other)
        for name, value in answers.items():
            if value == "@file":
                answers[name] = self.attach(form, name)
        return form.fill(answers)

    def note_receipt(self, page: Page) -> CaseFile:
        """Return the case whose number and query code stand on the receipt page."""
        number = next(each for each in page.codes if NUMBER.fullmatch(each))
        with self.office.reading() as session:
            found = session.scalars(select(Case.id).where(Case.number == number)).one()
        self.case = CaseFile(self.office, found, code=query_code(page))
        return self.case

    def enter(self, code: str, *, proof: str = PHONE[-4:], status: int = 200) -> Page:
        """Open one's case with the query code and the phone on file."""
        self.office.before_act()
        form = self.get("/portal/enter").form_to("/portal/enter")
        return self.send(form.fill({"code": code, "proof": proof}), status=status)

    def look(self) -> Page:
        """Look at one's case."""
        return self.get("/portal/case")

    def add(self, *, status: int = 200, **other: Any) -> Page:
        """Hand in what was asked for."""
        self.office.before_act()
        form = self.get("/portal/case/supplement").form_to("/portal/case/supplement")
        answers = {"supplied_items": form.options("supplied_items")[:1], **other}
        answers.setdefault("materials", self.attach(form, "materials"))
        return self.send(form.fill(answers), status=status)

    def withdraw(self, *, status: int = 200, **other: Any) -> Page:
        """Ask to withdraw."""
        self.office.before_act()
        form = self.get("/portal/case/withdraw").form_to("/portal/case/withdraw")
        answers = {"is_voluntary": "yes", "confirmed": True, **other}
        return self.send(form.fill(answers), status=status)


def window_answers(number: str, **other: Any) -> dict[str, Any]:
    """Return what the window clerk enters of a paper filing on this record."""
    return filing_answers(
        number,
        **{"channel": "window", "channel_body": "office", "application_scan": "@file", **other},
    )
