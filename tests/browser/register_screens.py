"""The pages of the registers, as the demo office fills them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from playwright.sync_api import Page

from tests.browser.case_book import CaseBook
from tests.browser.looking import Screen, Values

BODY = "11220500MB81744944"
RECORD = "XY-220500-2026-00011"
WAITING = "XY-220100-2026-00077"
FRESH = "XY-220500-2026-00078"


def row_of(name: str, query: str, **wanted: str) -> Values:
    """Return what names a row of a register."""

    def find(book: CaseBook) -> Mapping[str, str]:
        return {name: str(book.office.ask(query, **wanted)[0][0])}

    return find


def record_of(number: str) -> Values:
    """Return what names a record."""
    return row_of("record_id", "SELECT id FROM credit_record WHERE number = :n", n=number)


def list_of(status: str) -> Values:
    """Return what names a list."""
    query = "SELECT id FROM credit_list WHERE status = :s ORDER BY kind"
    return row_of("list_id", query, s=status)


SUBJECT = row_of("subject_id", "SELECT id FROM subject WHERE credit_code = :c", c=BODY)
LISTED = row_of(
    "subject_id", "SELECT id FROM subject WHERE credit_code = :c", c="91220600MAABD2B44P"
)
PERSON = row_of(
    "record_id",
    "SELECT r.id FROM credit_record r JOIN subject s ON s.id = r.subject_id"
    " WHERE s.identity_index IS NOT NULL ORDER BY r.number",
)
PROJECT = row_of("project_id", "SELECT id FROM ppp_project ORDER BY number")
JOB = row_of("job_id", "SELECT id FROM import_job ORDER BY created_at")


def unfold() -> Callable[[Page], None]:
    """Open what is folded away under a word."""

    def act(page: Page) -> None:
        for summary in page.locator("details.fold > summary").all():
            summary.click()

    return act


REGISTERS = (
    Screen("registers", "officer.registers", "wangmin"),
    Screen("registers-found", "officer.registers", "wangmin", query={"q": "通化"}),
    Screen("registers-none", "officer.registers", "wangmin", query={"q": "没有这个主体"}),
    Screen("register-subject", "officer.register_subject", "wangmin", SUBJECT),
    Screen("register-subject-listed", "officer.register_subject", "wangmin", LISTED),
    Screen("register-record", "officer.register_record", "wangmin", record_of(RECORD)),
    Screen(
        "register-record-forms",
        "officer.register_record",
        "wangmin",
        record_of(FRESH),
        act=unfold(),
    ),
    Screen("register-record-decide", "officer.register_record", "chenlixin", record_of(WAITING)),
    Screen("register-record-closed", "officer.register_record", "wangmin", PERSON),
    Screen("register-new-subject", "officer.new_subject", "wangmin"),
    Screen("register-new-record", "officer.new_record", "wangmin", SUBJECT),
    Screen("register-lists", "officer.credit_lists", "wangmin", act=unfold()),
    Screen("register-list", "officer.credit_list", "wangmin", list_of("active")),
    Screen("register-list-decide", "officer.credit_list", "chenlixin", list_of("proposed")),
    Screen("register-commitments", "officer.commitments", "wangmin", act=unfold()),
    Screen("register-projects", "officer.projects", "wangmin"),
    Screen("register-project", "officer.project", "wangmin", PROJECT),
    Screen("register-catalogue", "officer.catalogue", "zhaolin"),
    Screen("register-imports", "officer.imports", "wangmin"),
    Screen("register-import", "officer.import_job", "wangmin", JOB),
)
REGISTER_FILES = {
    "officer.import_report": "a report",
    "officer.import_template": "a spreadsheet",
}
