"""The subject's pages in a real browser: nothing sticks out, bars the way or gets lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from tests.integration.webapp.factory import Office
from tests.integration.webapp.portal.test_own_case import ask_for_papers
from tests.integration.webapp.portal.visitor import FILING, Visitor
from workflows.models import Case, StoredFile

AXE = Path(__file__).resolve().parents[4] / "webapp/static/vendor/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = (
    "/portal/",
    "/portal/file",
    "/portal/enter",
    "/portal/accessibility",
    "/portal/measures",
    "/portal/verify?code=ABCDEFGH2345",
    "/portal/receipt",
    "/portal/case",
    "/portal/case/date",
    "/portal/case/supplement",
    "/portal/case/withdraw",
)


@pytest.fixture
def address(office: Office) -> Iterator[str]:
    office.app.config["WTF_CSRF_ENABLED"] = True
    server = make_server("127.0.0.1", 0, office.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(base_url=address, viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


def fill(page: Page, **changes: Any) -> None:
    """Fill the filing form as a person does, question by question."""
    page.goto("/portal/file")
    for name, value in {**FILING, **changes}.items():
        control = page.locator(f"[name={name}]:not([type=hidden])")
        if not control.count():
            continue
        if control.first.get_attribute("type") in ("radio", "checkbox"):
            chosen = value[0] if isinstance(value, list) else value
            page.check(f"[name={name}][value={chosen}]")
        else:
            control.fill(value)


def enter(page: Page, code: str) -> None:
    page.goto("/portal/enter")
    page.fill("#code", code)
    page.fill("#proof", "0417")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/portal/case")


class TestPages:
    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_bar_nobody_and_never_stick_out_on_a_phone(
        self, office: Office, visitor: Visitor, page: Page, language: str
    ):
        office.app.config["WTF_CSRF_ENABLED"] = False
        ask_for_papers(office, visitor.filed().id)
        code = visitor.code()
        office.app.config["WTF_CSRF_ENABLED"] = True
        page.goto(f"/portal/?lang={language}&text=larger")
        enter(page, code)
        found: list[str] = []

        for path in PAGES:
            page.goto(path)
            width = page.evaluate("document.documentElement.scrollWidth")
            found += [f"{path} is {width} wide"] if width > 390 else []
            page.evaluate(AXE.read_text(encoding="utf-8"))
            result = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
            found += [
                f"{path} {problem['id']}: {node['html'][:120]}"
                for problem in result["violations"]
                for node in problem["nodes"]
            ]

        assert not found


class TestFiling:
    def test_takes_one_click_or_two(self, office: Office, page: Page):
        fill(page)

        page.dblclick("[data-submit]")

        page.wait_for_url("**/portal/receipt")
        assert "YY-220500-2026-00001" in page.inner_text("main")
        assert len(page.inner_text("#query-code")) == 10

    def test_says_what_is_wrong_with_a_file_and_keeps_the_rest(
        self, office: Office, page: Page, tmp_path: Path
    ):
        office.app.config["MAX_CONTENT_LENGTH"] = 20_000
        huge, heavy, program = (tmp_path / name for name in ("大.pdf", "重.pdf", "程序.pdf"))
        with huge.open("wb") as file:
            file.truncate(200 * 2**20)
        heavy.write_bytes(b"%PDF-" + bytes(30_000))
        program.write_bytes(b"MZ" + bytes(500))
        fill(page)

        page.set_input_files("#filing_portal-evidence", [huge, heavy, program])

        said = page.locator("[data-name=evidence] .files")
        said.get_by_text("大.pdf 有 200 MB，每个文件不能超过 50 MB").wait_for()
        said.get_by_text("上传的内容太大。单个文件不超过 50 MB").wait_for()
        said.get_by_text("“程序.pdf”不是可以接收的文件").wait_for()
        assert page.input_value("[name=statement]") == FILING["statement"]

    def test_says_which_digit_is_wrong_while_it_is_typed(self, page: Page):
        fill(page, subject_code="1122050OMB81744944")

        page.locator("[data-draft-state]").get_by_text("第 8 位是字母 O").wait_for()

    def test_goes_on_with_everything_when_the_cookie_is_gone(
        self, office: Office, page: Page, tmp_path: Path
    ):
        paper = tmp_path / "凭证.pdf"
        paper.write_bytes(b"%PDF-1.4 good")
        fill(page)
        page.set_input_files("#filing_portal-evidence", paper)
        page.locator("[name=evidence][type=hidden]").wait_for(state="attached")
        page.context.clear_cookies()

        page.click("[data-submit]")

        page.wait_for_url("**/portal/receipt")
        with office.reading() as session:
            file = session.query(StoredFile).filter_by(name="凭证.pdf").one()
            assert file.case_id == session.query(Case).filter_by(kind="objection").one().id


class TestSupplement:
    def test_waits_on_the_page_until_the_case_is_proved_again(
        self, office: Office, visitor: Visitor, page: Page
    ):
        office.app.config["WTF_CSRF_ENABLED"] = False
        visitor.file()
        code = visitor.code()
        office.app.config["WTF_CSRF_ENABLED"] = True
        enter(page, code)
        page.goto("/portal/case/supplement")
        page.fill("[name=statement]", "还有一份判决书")
        page.context.clear_cookies()

        page.click("[data-submit]")
        page.locator("#messages").get_by_text("再回到这里提交").wait_for()
        enter(page.context.new_page(), code)
        page.click("[data-submit]")

        page.wait_for_url("**/portal/case")
        assert "已收到您的补充" in page.inner_text("#messages")
