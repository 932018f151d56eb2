"""A record from the search to publicity and a table from upload to registers, in the browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.page_rules import broken_rules

pytestmark = pytest.mark.browser

SUBJECT = "通化市东陵区水务局"
RECORD = "XY-220500-2026-00990"


def choose(page: Page, name: str, place: int = 1) -> None:
    """Choose an option of a select by its place; the first says that nothing is chosen."""
    page.select_option(f"form select[name={name}]", index=place)


def fill_record(page: Page) -> None:
    values = {
        "number": RECORD,
        "title": "未按合同支付采购资金",
        "base_document": "通市财监〔2026〕31号",
        "base_document_on": "2026-09-15",
        "lawful_basis": "《优化营商环境条例》第三十一条",
        "items": "宗教信仰：无\n欠付金额：3 万元",
    }
    for name, value in values.items():
        page.fill(f"form [name={name}]", value)
    for name in ("catalogue_item", "area", "source_kind", "recogniser_id"):
        choose(page, name)


class TestRecord:
    @pytest.mark.timeout(300)
    def test_is_found_entered_and_published_by_two_persons(self, visit: Visit):
        handler = visit("wangmin").expects(422)
        page = handler.goto("/registers")
        page.fill("#register-words", "东陵区水务")
        page.click("main form[role=search] button")
        page.click(f"table a:has-text('{SUBJECT}') >> nth=0")
        page.click("main a:has-text('登记记录')")

        fill_record(page)
        page.click("main form button.btn-primary")

        expect(page.locator("main")).to_contain_text("不得采集：山东省社会信用条例 第四十二条")
        assert not broken_rules(page, language="zh")
        page.fill("form [name=items]", "欠付金额：3 万元")
        page.click("main form button.btn-primary")
        expect(page.locator("#messages")).to_contain_text("尚未公示")
        page.click("summary:has-text('提请公示')")
        for ground in ("information_security", "state_secret", "trade_secret", "privacy"):
            page.check(f"#publish-{ground}-clear")
        page.fill("#publish-basis", "吉政办发〔2017〕75号 二(二)")
        page.select_option("#publish-basis_rank", "policy_document")
        page.click("form:has(#publish-basis) button.btn-primary")
        expect(page.locator("#messages")).to_contain_text("由另一人审批")
        place = page.url.removeprefix(handler.office.address)

        approver = visit("chenlixin")
        other = approver.goto(place)
        other.click("button[value=approve]")

        expect(other.locator("main")).to_contain_text("公示中")
        assert not broken_rules(other, language="zh")


class TestImport:
    @pytest.mark.timeout(300)
    def test_reports_errors_and_brings_in_the_rest(self, visit: Visit, tmp_path: Path):
        handler = visit("wangmin")
        page = handler.goto("/registers/imports")
        heads = "主体类别,名称或姓名,统一社会信用代码或公民身份号码,行政区划代码"
        lines = [heads, "企业,岭北木业有限公司,91350100M000100Y43,220500", "企业,,91,22"]
        table = tmp_path / "企业.csv"
        table.write_bytes("\n".join(lines).encode("gb18030"))

        page.select_option("#new-kind", "subjects")
        page.set_input_files("#new-file", table)
        page.click("form:has(#new-file) button.btn-primary")

        # The page asks again by itself until the check is done.
        expect(page.locator("main")).to_contain_text("已核对，待导入", timeout=30_000)
        expect(page.locator("main table")).to_contain_text("这一项还没有填")
        with page.expect_download() as download:
            page.click("a:has-text('下载全部问题')")
        report = Path(download.value.path()).read_text(encoding="utf-8-sig")
        assert "3,名称或姓名" in report
        page.click("main button.btn-primary")
        expect(page.locator("main")).to_contain_text("有误，不导入", timeout=30_000)
        expect(page.locator("main [role=status]").last).to_contain_text("已导入", timeout=30_000)
        page.goto(f"{handler.office.address}/registers?q=岭北木业")
        expect(page.locator("main")).to_contain_text("91350100M000100Y43")
