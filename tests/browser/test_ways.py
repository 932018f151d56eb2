"""Other ways through a case: on a phone, by the keyboard, past the deadline, in two languages."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.case_book import CaseBook
from tests.browser.conftest import Visit
from tests.browser.crew import Crew, send
from tests.browser.demo_office import DemoOffice
from tests.browser.filling import fill_in
from tests.browser.page_rules import broken_rules
from tests.browser.showing import come_to_rest, prove_own_case
from tests.browser.visitor import PHONE

pytestmark = pytest.mark.browser


@pytest.fixture
def crew(own_office: DemoOffice, visit: Visit) -> Crew:
    return Crew(own_office, visit)


@pytest.fixture
def book(own_office: DemoOffice) -> CaseBook:
    return CaseBook(own_office)


class TestOnAPhone:
    def test_subject_hands_in_what_was_asked_for(self, visit, crew, book):
        case = book.case("supplement")
        visitor = visit(viewport=PHONE, has_touch=True, is_mobile=True)
        prove_own_case(visitor, book.query_code("supplement"))
        page = visitor.page
        expect(page.locator(".ask")).to_contain_text("授权委托书")

        page.locator(".ask a.btn-primary").tap()
        page.wait_for_url("**/supplement")
        form = page.locator('form[action="/portal/case/supplement"]')
        asked = form.locator("[name=supplied_items]").all()
        assert len(asked) == 2
        for each in asked:
            each.check()
        fill_in(form, {"materials": "@file", "statement": "两份材料已补齐。"})
        send(form)

        assert urlsplit(page.url).path == "/portal/case"
        assert not broken_rules(page, language="zh")
        expect(page.locator(".ask")).not_to_contain_text("授权委托书")
        crew.do(case, "task_review_supplement", received_items=None)
        assert "task_review_supplement" not in [each.element for each in crew.open_steps(case)]

    def test_approver_sends_a_draft_back_with_the_thumb(self, crew, book, visit):
        case = book.case("own_error")
        crew.do(case, "task_review_finding")
        step = crew.step(case, "task_approve_finding")
        boss = visit("chenlixin", viewport=PHONE, has_touch=True, is_mobile=True)

        page = boss.goto(f"/tasks/{step.id}")
        assert not broken_rules(page, language="zh")
        page.locator(".decide [formaction*='decide=return']").tap()
        page.wait_for_url("**decide=return**")
        reason = {"approval_outcome": "return", "return_reason": "依据没有写全。"}
        send(crew.fill(page, case, step, **reason))

        assert [each.element for each in crew.open_steps(case)] == ["task_propose_finding"]


class TestByKeyboard:
    def test_one_walks_the_inbox_claims_and_opens(self, crew, book):
        page = crew["qianyu"].goto("/inbox")
        rows = page.locator("table[data-rows] tr.item")
        here = page.locator("tr.item.is-here")

        page.keyboard.press("j")
        expect(rows.nth(0)).to_have_class(re.compile("is-here"))
        page.keyboard.press("j")
        expect(rows.nth(1)).to_have_class(re.compile("is-here"))
        page.keyboard.press("k")
        expect(rows.nth(0)).to_have_class(re.compile("is-here"))
        path = str(here.get_attribute("data-url"))
        page.keyboard.press("c")
        page.wait_for_url(f"**{path}")
        expect(page.locator("main")).to_contain_text("钱雨")

        page.go_back()
        page.goto(f"{crew.office.address}/inbox")
        page.keyboard.press("j")
        path = str(here.get_attribute("data-url"))
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{path}")

    def test_one_completes_a_form_without_a_mouse(self, crew, book):
        case = book.case("fresh")
        step = crew.step(case, "task_formal_check")
        page = crew.open("qianyu", step)
        answers = {
            "identity_checked": "yes",
            "authority_checked": "none",
            "record_exists": "yes",
            "record_id": book.record(case),
            "applicant_is_subject": "yes",
            "grounds": "error",
            "regime": "public_credit",
            "repetition": "first",
            "formal_outcome": "accept",
        }

        page.locator("#main").focus()
        answer_by_keyboard(page, answers, action=f"/tasks/{step.id}")
        page.wait_for_url(f"**/cases/{case}")

        assert "task_formal_check" not in [each.element for each in crew.open_steps(case)]


class TestPastTheDeadline:
    def test_supervisor_signs_reassigns_and_urges(self, crew, book, own_office):
        boss = crew["zhenghong"]
        page = boss.goto("/board")
        for _ in range(2):
            with page.expect_navigation():
                page.locator(".demo form:nth-of-type(2) button").click()
        expect(page.locator("#messages .note--act")).to_be_visible()
        drafts = own_office.ask(DRAFTS)[0][0]
        assert drafts > 2

        page.locator("#to-sign").locator("xpath=ancestor::section").locator("a").first.click()
        page.wait_for_url("**/board/letters/**")
        assert not broken_rules(page, language="zh")
        page.locator("main form[data-once] [type=submit]").click()
        page.wait_for_url("**/board")
        expect(page.locator("#messages .note--act")).to_contain_text("〔2026〕")
        assert own_office.ask(DRAFTS)[0][0] == drafts - 1

        task = crew.step(book.case("checked"), "task_self_check").id
        page.locator(f'a[href="/board/tasks/{task}/reassign"]').click()
        page.wait_for_url("**/reassign")
        page.get_by_label("孙立").check()
        page.fill("[name=reason]", "王敏外出学习一周。")
        page.locator("main form[data-once] [type=submit]").click()
        page.wait_for_url("**/board")
        owner = own_office.ask(
            "SELECT person.name FROM task JOIN person ON person.id = owner_id WHERE task.id = :id",
            id=task,
        )
        assert owner == [("孙立",)]

        page.locator(f'form[action="/board/tasks/{task}/urge"] button').click()
        expect(page.locator("#messages .note--act")).to_be_visible()
        assert not broken_rules(page, language="zh")

    def test_clock_moves_and_deadlines_pass_for_everybody(self, visit, crew, book):
        visitor = visit()
        prove_own_case(visitor, book.query_code("near"))
        page = visitor.page
        before = page.locator(".clock").first.inner_text()

        for _ in range(3):
            with page.expect_navigation():
                page.locator(".demo form:nth-of-type(1) button").click()

        assert urlsplit(page.url).path == "/portal/case"
        after = page.locator(".clock").first.inner_text()
        assert "逾期" not in before
        assert "逾期" in after


class TestDiagram:
    def test_is_drawn_where_the_case_stands(self, crew, book):
        page = crew["wangmin"].goto(f"/cases/{book.case('silent')}/diagram")
        come_to_rest(page)

        assert page.locator(".djs-element.jn-now").count() >= 1
        assert page.locator(".djs-element.jn-was").count() >= 1
        expect(page.locator(".path [aria-current=step]").first).to_be_visible()
        page.click("[data-act=whole]")
        box = page.locator(".djs-element.jn-now").first.bounding_box()
        place = page.locator("[data-diagram]").bounding_box()
        assert box and place
        assert place["x"] <= box["x"] <= place["x"] + place["width"]

    def test_of_each_part_can_be_chosen(self, crew, book):
        page = crew["wangmin"].goto(f"/cases/{book.case('silent')}/diagram")
        links = page.locator(".tabs a[href*='file=']")
        places = [str(each.get_attribute("href")) for each in links.all()]
        assert len(places) >= 5

        for place in places:
            crew["wangmin"].goto(place)
            come_to_rest(page)


class TestExplainedDate:
    def test_counts_each_day_and_says_whose_rule_it_is(self, crew, book):
        page = crew["wangmin"].goto(f"/cases/{book.case('correcting')}")
        page.locator("a", has_text="解释这个日期").first.click()
        page.wait_for_url("**/clocks/**")

        words = page.locator("main").inner_text()
        assert "通市信用[2018]2号" in words
        assert "10月15日" in words
        assert "国庆" in words
        counted = page.locator("table tbody tr").count()
        assert counted >= 27


class TestLanguage:
    @pytest.mark.parametrize("place", ["/inbox?view=waiting&due=10", "/cases/{case}/timeline"])
    def test_switch_keeps_the_page(self, crew, book, place):
        page = crew["wangmin"].goto(place.format(case=book.case("near")))
        before = urlsplit(page.url)

        page.locator("a.lang").click()
        page.wait_for_url("**lang=en**")

        assert page.get_attribute("html", "lang") == "en"
        after = urlsplit(page.url)
        assert after.path == before.path
        assert before.query in after.query
        page.goto(f"{crew.office.address}/inbox")
        assert page.get_attribute("html", "lang") == "en"


DRAFTS = "SELECT count(*) FROM document WHERE kind = 'supervision_letter' AND status = 'draft'"


def answer_by_keyboard(page: Page, answers: dict[str, str], *, action: str) -> None:
    """Walk through the page by Tab, answer each question it comes to, and press the button."""
    left = dict(answers)
    for _ in range(200):
        page.keyboard.press("Tab")
        at = page.evaluate(
            """() => {
                 const { name, value, type, tagName, form } = document.activeElement;
                 const isSubmit = document.activeElement.hasAttribute("data-submit");
                 return { name, value, type, tag: tagName, isSubmit,
                          action: form && form.getAttribute("action") };
               }"""
        )
        if at["action"] != action:
            continue
        if at["isSubmit"]:
            assert not left, f"not come to: {sorted(left)}"
            page.keyboard.press("Enter")
            return
        wanted = left.get(at["name"])
        if wanted is not None:
            press_answer(page, at, wanted)
            if page.evaluate(IS_ANSWERED, [action, at["name"], wanted]):
                del left[at["name"]]
    raise AssertionError(f"Tab does not come to the button; left {sorted(left)}")


IS_ANSWERED = """([action, name, wanted]) => {
  const form = document.querySelector(`form[action="${action}"]`);
  return new FormData(form).getAll(name).includes(wanted);
}"""


def press_answer(page: Page, at: dict[str, str], wanted: str) -> None:
    """Answer the question one stands on: arrows choose, Space ticks."""
    kind = at["type"] if at["tag"] == "INPUT" else at["tag"]
    if kind in ("radio", "SELECT"):
        walk_to(page, wanted)
    if kind == "radio" or (kind == "checkbox" and at["value"] == wanted):
        page.keyboard.press("Space")
    elif kind in ("text", "TEXTAREA"):
        page.keyboard.type(wanted)


def walk_to(page: Page, wanted: str) -> None:
    """Press the arrow until the choice is the wanted one."""
    for _ in range(30):
        if page.evaluate("document.activeElement.value") == wanted:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"no choice {wanted}")
