"""A case from receipt to closed, by everybody's own hands, in the browser."""

from __future__ import annotations

import io

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.browser.case_book import CaseBook
from tests.browser.conftest import Visit
from tests.browser.crew import Crew
from tests.browser.demo_office import DemoOffice
from tests.browser.page_rules import broken_rules
from tests.browser.showing import prove_own_case
from tests.browser.subject import file_objection

pytestmark = pytest.mark.browser

# A government body's record of arrears, with sanctions by two other bodies.
RECORD = "XY-220500-2026-00022"
WRONG = {"wrong_items": "@items2", "correct_values": "拖欠金额：已付清"}


@pytest.fixture
def crew(own_office: DemoOffice, visit: Visit) -> Crew:
    return Crew(own_office, visit)


class TestCase:
    @pytest.mark.timeout(300)
    def test_goes_from_receipt_to_closed(self, visit, own_office, crew):
        book = CaseBook(own_office)
        subject = visit()

        number, code = file_objection(subject, RECORD)
        case = book.case_by_number(number)

        crew.do(case, "task_formal_check")
        crew.do(case, "task_self_check")
        crew.do(case, "task_verify", conclusion="partly_wrong", **WRONG)
        crew.do(case, "task_propose_finding", finding="partly", **WRONG)
        crew.do(case, "task_review_finding")
        crew.do(case, "task_approve_finding")
        own_office.settle()
        crew.do(case, "task_correct_record")
        crew.do(case, "task_draft_letter")
        crew.do(case, "task_check_letter")
        crew.do(case, "task_sign_letter")
        crew.do(case, "task_seal_letter")
        crew.do(
            case, "task_dispatch_letter", service_method="electronic", consent_document="@first"
        )
        crew.do(case, "task_eliminate_effects")
        for step in crew.open_steps(case):
            assert step.element == "task_confirm_lifting"
            crew.do(case, "task_confirm_lifting", body=step.body)

        assert crew.open_steps(case) == []
        assert book.status(case) == "closed"
        seen = subject.goto("/portal/case")
        expect(seen.locator("main")).to_contain_text("案件办结")
        assert not broken_rules(seen, language="zh")
        letter = seen.locator("#letters-part a", has_text="答复").first
        answer = subject.context.request.get(own_office.address + str(letter.get_attribute("href")))
        words = PdfReader(io.BytesIO(answer.body())).pages[0].extract_text()
        assert "答复" in words

        home = visit()
        prove_own_case(home, code)
        expect(home.page.locator("main")).to_contain_text(number)
