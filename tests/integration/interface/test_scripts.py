"""What the page's scripts do for a form and a list, and that nothing typed is ever lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.integration.interface.conftest import Gallery

pytestmark = pytest.mark.browser

REASONS = "#sample-reasons"
SUBMIT = "#form-sample [data-submit]"
STATE = "[data-draft-state]"


@pytest.fixture
def form(page: Page, gallery: Gallery) -> Page:
    page.goto(gallery.address)
    return page


class TestForm:
    def test_shows_and_hides_with_the_answers(self, form):
        expect(form.locator("#sample-number")).to_be_visible()

        form.check("#sample-way-0")

        expect(form.locator("#sample-number")).to_be_hidden()

    def test_hides_a_list_of_choices_from_what_is_sent(self, form, gallery):
        form.check("#sample-conclusion-2")

        expect(form.locator("#sample-items-field")).to_be_hidden()
        form.click(SUBMIT)
        form.wait_for_url("**/answer")

        assert "items" not in gallery.sent("answer")[0]

    def test_puts_the_eye_on_what_must_be_changed(self, form):
        expect(form.locator("#error-summary")).to_be_focused()

        form.click("#error-summary a >> nth=0")

        expect(form.locator("#sample-made_on-field")).to_be_focused()

    def test_saves_a_draft_by_itself(self, form, gallery):
        form.fill(REASONS, "核对过拨付凭证，金额有误。")

        expect(form.locator(STATE)).to_have_text("草稿已存 09:43", timeout=8000)
        assert gallery.sent("draft")[-1]["reasons"] == ["核对过拨付凭证，金额有误。"]

    def test_keeps_the_page_when_the_login_has_expired(self, form, gallery):
        gallery.app.config["IS_LOGGED_IN"] = False
        form.fill(REASONS, "不能丢的话，一个字也不能少。")

        form.click(SUBMIT)

        expect(form.locator("#messages")).to_contain_text("登录已过期")
        expect(form.locator(REASONS)).to_have_value("不能丢的话，一个字也不能少。")
        assert gallery.sent("answer") == []

        gallery.app.config["IS_LOGGED_IN"] = True
        form.click(SUBMIT)
        form.wait_for_url("**/answer")
        assert gallery.sent("answer")[0]["reasons"] == ["不能丢的话，一个字也不能少。"]

    @pytest.mark.parametrize(("button", "place"), [(SUBMIT, "answer"), (".demo button", "demo")])
    def test_is_sent_once_however_often_one_clicks(self, form, gallery, button, place):
        form.locator(button).evaluate("button => { button.click(); button.click(); }")
        form.wait_for_url(f"**/{place}")

        assert len(gallery.sent(place)) == 1

    def test_sends_its_command_id(self, form, gallery):
        form.click(SUBMIT)
        form.wait_for_url("**/answer")

        assert gallery.sent("answer")[0]["command_id"] == ["0f7c"]

    def test_asks_before_changes_are_left_behind(self, form, gallery):
        asked: list[str] = []

        def stay(dialog: Dialog) -> None:
            asked.append(dialog.type)
            dialog.dismiss()

        form.on("dialog", stay)
        gallery.app.config["IS_LOGGED_IN"] = False
        form.fill(REASONS, "还没有存的话。")

        form.evaluate("() => setTimeout(() => window.location.assign('/portal'))")
        form.wait_for_timeout(500)

        assert asked == ["beforeunload"]
        expect(form.locator(REASONS)).to_have_value("还没有存的话。")


class TestUpload:
    def choose(self, page: Page, name: str, content: bytes) -> None:
        page.set_input_files(
            "#sample-scan", {"name": name, "mimeType": "application/pdf", "buffer": content}
        )

    def test_sends_a_file_at_once_and_keeps_its_token(self, form, gallery):
        self.choose(form, "付款凭证.pdf", b"%PDF-1.7" * 200)

        row = form.locator(".upload li", has_text="付款凭证.pdf")
        expect(row).to_contain_text("已收到")
        expect(row.locator('input[name="scan"]')).to_have_value("tok9")
        assert gallery.sent("upload") == [{"field": ["scan"], "size": ["1600"]}]

    @pytest.mark.parametrize(
        ("name", "content", "words"),
        [
            ("setup.exe", b"MZ", "不能收 setup.exe。请换成 PDF、JPG、PNG"),
            ("empty.pdf", b"", "empty.pdf 是空文件"),
        ],
    )
    def test_says_at_once_what_cannot_be_taken(self, form, gallery, name, content, words):
        self.choose(form, name, content)

        expect(form.locator(".upload li", has_text=name)).to_contain_text(words)
        assert gallery.sent("upload") == []

    def test_says_at_once_that_a_file_is_too_big(self, form, gallery):
        form.evaluate("document.querySelector('.upload').dataset.limit = 1000")

        self.choose(form, "大.pdf", b"x" * 3000)

        expect(form.locator(".upload li", has_text="大.pdf")).to_contain_text("不能超过 1 kB")
        assert gallery.sent("upload") == []

    def test_lets_a_broken_upload_be_tried_again(self, form, gallery):
        form.route("**/upload", lambda route: route.abort())
        self.choose(form, "授权书.pdf", b"%PDF")
        row = form.locator(".upload li", has_text="授权书.pdf")
        expect(row).to_contain_text("没有传完")

        form.unroute("**/upload")
        row.locator("text=重新传").click()

        expect(row).to_contain_text("已收到")
        gallery.complaints.clear()

    def test_takes_a_file_out_again(self, form, gallery):
        form.click("[data-remove-file] >> nth=0")
        form.click(SUBMIT)
        form.wait_for_url("**/answer")

        assert "scan" not in gallery.sent("answer")[0]


class TestKeys:
    @pytest.fixture
    def rows(self, form):
        form.evaluate("document.activeElement.blur()")
        return form

    def test_walk_through_the_rows(self, rows):
        for key in "jjk":
            rows.keyboard.press(key)

        here = rows.locator("tr.item.is-here")
        expect(here).to_have_count(1)
        expect(here.locator("a.what")).to_have_text("撤回公示并说明理由")
        expect(here.locator("a.what")).to_be_focused()

    def test_choose_rows_and_count_them(self, rows):
        expect(rows.locator("[data-bulk]")).to_contain_text("已选 1 件")

        rows.keyboard.press("j")
        rows.keyboard.press("x")
        expect(rows.locator("[data-bulk]")).to_contain_text("已选 2 件")

        rows.keyboard.press("Escape")
        expect(rows.locator("[data-bulk]")).to_be_hidden()

    def test_reach_the_search_and_the_list_of_keys(self, rows):
        rows.keyboard.press("/")
        expect(rows.locator("#q")).to_be_focused()

        rows.keyboard.press("Escape")
        rows.keyboard.press("?")
        expect(rows.locator("#keys")).to_be_visible()

    def test_rest_while_one_types(self, rows):
        rows.focus(REASONS)
        rows.keyboard.press("j")

        expect(rows.locator("tr.item.is-here")).to_have_count(0)
        expect(rows.locator(REASONS)).to_have_value(re.compile("j"))

    def test_can_be_switched_off(self, page, gallery):
        switched_off = 'data-shortcuts="off"'

        def switch_off(route):
            answer = route.fetch()
            body = answer.text().replace('data-shortcuts="on"', switched_off)
            route.fulfill(response=answer, body=body)

        page.route(f"{gallery.address}/", switch_off)
        page.goto(f"{gallery.address}/")
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("j")

        expect(page.locator("tr.item.is-here")).to_have_count(0)


class TestArrivals:
    def test_wait_behind_a_link(self, form):
        expect(form.locator("[data-new]")).to_contain_text("新到 2 件 显示")
