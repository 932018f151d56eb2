"""Nothing entered is lost: an ended log-in, a double click, two at one step, files nobody takes."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.case_book import CaseBook
from tests.browser.conftest import Visit
from tests.browser.crew import Crew, send
from tests.browser.demo_office import PASSWORD, DemoOffice
from tests.browser.filling import PAPER, fill_in, hand_in
from tests.browser.subject import RECORDS, begin_filing, filing_answers
from tests.browser.visitor import Visitor
from webapp.demo.paper import sample_paper

pytestmark = pytest.mark.browser

RECORD = "XY-220500-2026-00022"
REMARK = "已与来件逐项核对，付款凭证原件齐全。"
STATE = "[data-draft-state]"
SAVED = re.compile("草稿已存")


@pytest.fixture
def crew(own_office: DemoOffice, visit: Visit) -> Crew:
    return Crew(own_office, visit)


@pytest.fixture
def book(own_office: DemoOffice) -> CaseBook:
    return CaseBook(own_office)


class TestDraft:
    def test_is_there_after_the_page_is_loaded_again(self, crew, book):
        page = crew.open("qianyu", crew.step(book.case("fresh"), "task_formal_check"))
        page.fill("[name=opinion]", REMARK)
        page.check("[name=identity_checked][value=yes]")
        expect(page.locator(STATE)).to_have_text(SAVED)

        page.reload()

        expect(page.locator("[name=opinion]")).to_have_value(REMARK)
        expect(page.locator("[name=identity_checked][value=yes]")).to_be_checked()

    def test_of_a_filing_waits_for_the_same_browser_only(self, visit):
        visitor = visit()
        page = begin_filing(visitor)
        page.fill("[name=statement]", REMARK)
        expect(page.locator(STATE)).to_have_text(SAVED)

        page.reload()
        elsewhere = begin_filing(visit())

        expect(page.locator("[name=statement]")).to_have_value(REMARK)
        expect(elsewhere.locator("[name=statement]")).to_have_value("")


class TestEndedLogin:
    def test_says_so_and_the_form_can_be_sent_after_logging_in_again(self, crew, book):
        case = book.case("fresh")
        step = crew.step(case, "task_formal_check")
        page = crew.open("qianyu", step)
        crew["qianyu"].expects(401, 400)
        form = crew.fill(page, case, step, opinion=REMARK)

        end_login(page)
        form.locator("[data-submit]").click()
        expect(page.locator("#messages")).to_contain_text("登录已过期")
        expect(page.locator("#messages a[target=_blank]")).to_have_attribute("href", "/login")
        expect(page.locator("[name=opinion]")).to_have_value(REMARK)
        log_in_beside(page, crew["qianyu"], "qianyu")
        send(form)

        assert "task_formal_check" not in [each.element for each in crew.open_steps(case)]

    def test_leads_back_to_the_page_one_wanted(self, crew, book):
        visitor = crew["qianyu"]
        path = f"/cases/{book.case('fresh')}"
        end_login(visitor.page)

        page = visitor.goto(path)
        fill_in_login(page, "qianyu")

        page.wait_for_url(f"**{path}")


class TestDoubleClick:
    def test_is_one_filing(self, visit, own_office):
        visitor = visit()
        page = begin_filing(visitor)
        form = page.locator('form[action="/portal/file"]')
        fill_in(form, filing_answers(RECORD, evidence=None))
        before = cases_of(own_office)

        form.locator("[data-submit]").dblclick()
        page.wait_for_url("**/portal/receipt")

        assert cases_of(own_office) == before + 1

    def test_is_one_step(self, crew, book, own_office):
        case = book.case("fresh")
        step = crew.step(case, "task_formal_check")
        page = crew.open("qianyu", step)
        form = crew.fill(page, case, step)

        form.locator("[data-submit]").dblclick()
        page.wait_for_url(f"**/cases/{case}")

        done = own_office.ask(
            "SELECT count(*) FROM answer WHERE element = 'task_formal_check' AND case_id = :case",
            case=case,
        )
        assert done == [(1,)]


class TestTwoAtOneStep:
    def test_second_sees_who_was_first_and_keeps_the_text(self, crew, book, visit):
        case = book.case("checked")
        step = crew.step(case, "task_self_check")
        second = crew["sunli"].goto(f"/tasks/{step.id}")
        first = crew.open("wangmin", step)
        ours = crew.fill(second, case, step, stored_values=REMARK)
        theirs = crew.fill(first, case, step)
        crew["sunli"].expects(409)

        send(theirs)
        ours.locator("[data-submit]").click()

        alert = second.locator("[role=alert]")
        expect(alert).to_contain_text("王敏")
        expect(alert).to_contain_text(REMARK)


class TestFiles:
    @pytest.mark.parametrize(
        ("paper", "sentence"),
        [
            (("大图.pdf", "application/pdf", 60), "每个文件不能超过"),
            (("证明.exe", "application/octet-stream", 0), "不能收 证明.exe"),
            (("证明.pdf", "application/pdf", -1), "证明.pdf"),
        ],
        ids=["too_large", "program", "program_in_disguise"],
    )
    def test_that_are_not_taken_get_a_sentence_and_the_rest_stays(
        self, visit, tmp_path, paper, sentence
    ):
        visitor = visit().expects(422)
        page = begin_filing(visitor)
        form = page.locator('form[action="/portal/file"]')
        page.fill("[name=statement]", REMARK)
        hand_in(form, "evidence")

        page.locator(".upload[data-name=evidence] input[type=file]").set_input_files(
            make_file(tmp_path, *paper)
        )

        bad = page.locator(".upload[data-name=evidence] .bad-file")
        expect(bad).to_contain_text(sentence)
        expect(page.locator(".upload[data-name=evidence] input[name=evidence]")).to_have_count(1)
        expect(page.locator("[name=statement]")).to_have_value(REMARK)

    def test_can_be_taken_away_again(self, visit):
        page = begin_filing(visit())
        form = page.locator('form[action="/portal/file"]')
        hand_in(form, "evidence")
        hand_in(form, "evidence", {**PAPER, "name": "第二份.pdf"})

        form.locator("[data-remove-file]").first.click()

        expect(form.locator("input[name=evidence][type=hidden]")).to_have_count(1)
        expect(form.locator(".upload[data-name=evidence] .files")).to_contain_text("第二份.pdf")


class TestDoubtfulFiling:
    def test_is_numbered_whatever_is_doubtful_about_it(self, visit):
        """A wrong check digit and a record of somebody else are doubts, never refusals."""
        visitor = visit().expects(422)
        page = begin_filing(visitor)
        form = page.locator('form[action="/portal/file"]')
        somebody_else = next(iter(RECORDS))
        fill_in(
            form,
            filing_answers(
                RECORD,
                evidence=None,
                subject_code="91220500MA0000000X",
                record_reference=somebody_else,
            ),
        )

        form.locator("[data-submit]").click()
        again = page.locator("button[formnovalidate]:not([data-save])")
        page.wait_for_load_state()
        if again.count():
            again.click()

        page.wait_for_url("**/portal/receipt")
        expect(page.locator("#query-code")).to_be_visible()

    def test_unfinished_comes_back_with_what_was_written(self, visit):
        visitor = visit().expects(422)
        page = begin_filing(visitor)
        page.fill("[name=statement]", REMARK)

        page.locator('form[action="/portal/file"] [data-submit]').click()

        expect(page.locator("#error-summary")).to_be_focused()
        expect(page.locator("[name=statement]")).to_have_value(REMARK)


def end_login(page: Page) -> None:
    """Let the office forget who is there, as after a night.

    An answer still under way would bring the login's cookie back.
    """
    page.wait_for_load_state("networkidle")
    page.context.clear_cookies()


def log_in_beside(page: Page, visitor: Visitor, username: str) -> None:
    """Log in in a second window of the same browser."""
    beside = page.context.new_page()
    beside.goto(f"{visitor.office.address}/login")
    fill_in_login(beside, username)
    beside.wait_for_url(lambda url: "/login" not in url)
    beside.close()


def fill_in_login(page: Page, username: str) -> None:
    page.fill("#username", username)
    page.fill("#password", PASSWORD)
    page.click("main form[data-once] [type=submit]")


def cases_of(office: DemoOffice) -> int:
    return int(office.ask("SELECT count(*) FROM case_file")[0][0])


def make_file(folder: Any, name: str, media_type: str, megabytes: int) -> Any:
    """Return a file of this size; of size 0 a program, of size -1 a program called a PDF."""
    path = folder / name
    if megabytes > 0:
        with path.open("wb") as file:
            file.write(sample_paper())
            file.truncate(megabytes * 1024 * 1024)
    else:
        path.write_bytes(b"MZ\x90\x00" + bytes(2048))
    return path
