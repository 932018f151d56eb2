"""The subject of a record at home: files an objection, gets a receipt, follows the case by code."""

from __future__ import annotations

import json
import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.case_book import PHONE
from tests.browser.crew import DEMO
from tests.browser.filling import fill_in
from tests.browser.visitor import Visitor

OFFICE: dict[str, Any] = json.loads((DEMO / "office.json").read_text("utf-8"))
SUBJECTS = {row["key"]: row for row in OFFICE["subjects"]}
RECORDS = {row["number"]: row for row in OFFICE["records"]}
NUMBER = re.compile(r"YY-\d{6}-\d{4}-\d{5}")


def filing_answers(record: str, **other: Any) -> dict[str, Any]:
    """Return what the subject of this record enters; other answers replace or add."""
    row = RECORDS[record]
    who = SUBJECTS[row["subject"]]
    is_person = "identity_number" in who
    answers = {
        "subject_kind": who["kind"],
        "subject_name": who["name"],
        "subject_id_number" if is_person else "subject_code": who.get("credit_code")
        or who["identity_number"],
        "applicant_role": "representative",
        "applicant_name": "周航",
        "phone": PHONE,
        "record_reference": record,
        "record_description": row["title"],
        "grounds": ["error"],
        "statement": "工程款已于 2026 年 3 月 27 日付清，记录仍写逾期未付，请予更正。",
        "request": "correct",
        "also_filed_with": "none",
        "evidence": "@file",
        "service_preference": "electronic",
        "electronic_consent": True,
        "truthful": True,
    }
    return {**answers, **other}


def begin_filing(visitor: Visitor) -> Page:
    """Come to the filing form from the portal's front page."""
    page = visitor.goto("/portal/")
    page.locator('a[href^="/portal/file"]').first.click()
    page.wait_for_url("**/portal/file**")
    return page


def file_objection(visitor: Visitor, record: str, **other: Any) -> tuple[str, str]:
    """File an objection and return the case number and the query code of the receipt."""
    page = begin_filing(visitor)
    form = page.locator('form[action="/portal/file"]')
    fill_in(form, filing_answers(record, **other))
    form.locator("[data-submit]").click()
    page.wait_for_url("**/portal/receipt")
    number = NUMBER.search(page.locator("main").inner_text())
    assert number
    code = page.locator("#query-code")
    expect(code).to_be_visible()
    return number[0], code.inner_text().strip()
