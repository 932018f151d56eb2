from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.integration.webapp.factory import Office
from tests.integration.webapp.officer.answers import formal_check
from tests.integration.webapp.portal import visitor as at_the_door
from tests.integration.webapp.portal.visitor import PHONE, RECORD, Visitor
from webapp.business_clock import machine_now
from webapp.limits import limiter
from webapp.views.portal import door
from workflows.models import CreditRecord, Draft, Event, Notice, Task
from workflows.services.log_query import log_query
from workflows.storage.unit_of_work import UnitOfWork


def accept(office: Office, case_id: str, **changes: Any) -> None:
    office.person("qianyu").do(
        case_id, "task_formal_check", **formal_check(office, case_id, **changes)
    )


def ask_for_papers(office: Office, case_id: str) -> None:
    accept(
        office,
        case_id,
        formal_outcome="supplement",
        supplement_list="付款凭证：缺原件\n授权委托书",
    )


def look_up(office: Office, querier: str, purpose: str) -> None:
    def work(unit: UnitOfWork) -> dict[str, Any]:
        record = unit.session.query(CreditRecord).filter_by(number=RECORD).one()
        log_query(unit, record=record, queried_by=querier, purpose=purpose)
        return {}

    office.run("log_query", work)


@pytest.fixture
def counting() -> Iterator[None]:
    """Let tries be counted; this must stand before the office is opened."""
    limiter.enabled = True
    yield
    limiter.enabled = False
    limiter.reset()


class TestEntering:
    @pytest.mark.parametrize("proof", [PHONE, PHONE[-4:], "尾号0417"])
    def test_takes_the_code_and_the_last_digits_of_the_phone(self, visitor: Visitor, proof: str):
        visitor.file()
        code = visitor.code()

        page = visitor.another().prove(f" {code[:5].lower()}-{code[5:]} ", proof)

        assert page.place == "/portal/case"

    def test_takes_the_last_four_of_the_applicants_own_number(self, visitor: Visitor):
        visitor.file(applicant_id_number="22050219900307123X", phone="12")
        code = visitor.code()

        assert visitor.another().prove(code, "123x").place == "/portal/case"

    @pytest.mark.parametrize("proof", ["0418", "417", "", at_the_door.CODE[-4:], at_the_door.CODE])
    def test_refuses_what_is_wrong_short_or_public(self, visitor: Visitor, proof: str):
        visitor.file()

        page = visitor.another().prove(visitor.code(), proof, status=422)

        assert "查询码和末四位对不上" in page.said

    def test_says_the_same_of_a_code_that_does_not_exist(self, visitor: Visitor):
        visitor.file()
        wrong = visitor.prove(visitor.code(), "9999", status=422)
        unknown = visitor.prove("ABCDEFGH23", "0417", status=422)

        assert wrong.problems == unknown.problems

    def test_slows_down_who_tries_out_digits_on_one_code(
        self, counting: None, office: Office, visitor: Visitor
    ):
        visitor.file()
        code = visitor.code()
        limiter.enabled = True

        for guess in range(10):
            visitor.prove(code, f"9{guess:03}", status=422)

        assert "试得太频繁" in visitor.prove(code, PHONE, status=429).said

    def test_is_asked_for_again_after_half_an_hour(
        self, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
    ):
        visitor.file()
        later = machine_now() + door.PROOF_LASTS + timedelta(seconds=1)
        monkeypatch.setattr(door, "machine_now", lambda: later)

        page = visitor.get("/portal/case", status=303)

        assert page.place == "/portal/enter?where=case_page"
        assert "请先输入查询码和末四位" in visitor.get(page.place).said

    def test_is_needed_for_every_page_of_a_case(self, visitor: Visitor):
        for path in ("case", "case/date", "case/supplement", "case/withdraw", "receipt"):
            assert "/portal/enter" in visitor.get(f"/portal/{path}", status=303).place

    def test_is_undone_by_closing_the_case(self, visitor: Visitor):
        visitor.file()

        visitor.post("/portal/leave", status=302)

        assert "/portal/enter" in visitor.get("/portal/case", status=303).place


class TestCasePage:
    def test_says_first_when_one_hears_and_whether_one_must_act(self, visitor: Visitor):
        visitor.file()

        page = visitor.get("/portal/case")

        assert "正在审查您的申请" in page.said
        assert "最迟在这一天书面答复您" in page.said
        assert "11月3日 周二" in page.said
        assert "现在不需要您做什么" in page.said
        assert "如果 11月3日 周二 还没有答复" in page.said

    def test_shows_the_stages_with_their_days(self, office: Office, visitor: Visitor):
        case = visitor.filed()
        office.later(days=1)

        accept(office, case.id)

        page = visitor.get("/portal/case")
        now = page.tree.xpath("//li[@aria-current='step']/b/text()")
        passed = [
            str(each.text_content()).strip() for each in page.tree.xpath("//li[@class='was']")
        ]
        assert now == ["核查"]
        assert passed[0].startswith("收到申请10月13日")
        assert passed[1].startswith("受理10月14日")

    def test_tells_who_asked_for_the_record_once_it_is_accepted(
        self, office: Office, visitor: Visitor
    ):
        case = visitor.filed()
        office.later(hours=1)
        look_up(office, "吉林澄江农村商业银行", "授信审查")

        before = visitor.get("/portal/case")
        accept(office, case.id)
        after = visitor.get("/portal/case")

        assert "吉林澄江农村商业银行" not in before.said
        assert "受理后，这里列出谁查询过" in before.said.replace("窗口核对身份并", "")
        assert "吉林澄江农村商业银行 授信审查，当时没有异议标注" in after.said

    def test_speaks_english(self, office: Office, visitor: Visitor):
        case = visitor.filed()
        accept(office, case.id)

        page = visitor.get("/portal/case?lang=en")

        assert "Your objection is being verified" in page.said
        assert "The written reply reaches you by this day" in page.said
        assert "Verification" in page.said
        assert "正在" not in page.said

    def test_shows_no_date_of_a_rule_nobody_has_confirmed(self, office: Office, visitor: Visitor):
        case = visitor.filed()

        def work(unit: UnitOfWork) -> dict[str, Any]:
            from workflows.models import CaseClock

            clock = unit.session.query(CaseClock).filter_by(case_id=case.id, name="reply").one()
            clock.rule = {**clock.rule, "confirmed": False}
            return {}

        office.run("unconfirm", work)

        page = visitor.get("/portal/case")
        assert "11月3日" not in page.said
        assert visitor.get("/portal/case/date", status=409)


class TestExplanation:
    def test_counts_each_day_and_names_the_source(self, visitor: Visitor):
        visitor.file()

        page = visitor.get("/portal/case/date")

        assert "为什么是 11月3日 周二？" in page.said
        assert "通市信用[2018]2号" in page.said
        rows = page.tree.xpath("//table[contains(@class, 'grid')]/tbody/tr")
        assert len(rows) == 22
        assert "15" in rows[-1].text_content()


class TestReminding:
    def test_tells_who_holds_the_case_once_a_day(self, office: Office, visitor: Visitor):
        case = visitor.filed()

        visitor.post("/portal/case/remind", status=302)
        visitor.post("/portal/case/remind", status=302)

        page = visitor.get("/portal/case")
        assert "今天已经提醒过" in page.said
        assert "您催问了办理情况" in page.said
        with office.reading() as session:
            notices = session.query(Notice).filter_by(kind="subject_reminds").all()
            assert len(notices) == 1
            assert notices[0].facts == {"case_number": case.number, "due_on": "2026-11-03"}

    def test_may_be_done_again_on_another_day(self, office: Office, visitor: Visitor):
        visitor.file()
        visitor.post("/portal/case/remind", status=302)
        office.later(days=1)

        visitor.post("/portal/case/remind", status=302)

        with office.reading() as session:
            assert session.query(Event).filter_by(kind="subject_reminded").count() == 2

    def test_shows_officers_in_their_words(self, office: Office, visitor: Visitor):
        case = visitor.filed()
        visitor.post("/portal/case/remind", status=302)

        page = office.person("qianyu").get(f"/cases/{case.id}/timeline")

        assert "当事人在网上催问办理情况" in page.said


class TestSupplement:
    def test_shows_all_that_is_asked_and_until_when(self, office: Office, visitor: Visitor):
        case = visitor.filed()

        ask_for_papers(office, case.id)

        page = visitor.get("/portal/case")
        assert "请补充材料" in page.said
        assert "付款凭证：缺原件" in page.said
        assert "请在 10月27日 周二 前提交" in page.said

    def test_reaches_the_handler_and_moves_no_date(self, office: Office, visitor: Visitor):
        case = visitor.filed()
        ask_for_papers(office, case.id)
        answers = {"supplied_items": ["授权委托书"], "materials": [visitor.paper()]}

        page = visitor.post("/portal/case/supplement", answers)

        told = visitor.get(page.place)
        assert "答复日期不变" in told.said
        assert "11月3日 周二" in told.said
        assert office.task(case.id, "task_review_supplement").status == "open"

    def test_may_be_a_reason_where_a_paper_does_not_exist(self, office: Office, visitor: Visitor):
        case = visitor.filed()
        ask_for_papers(office, case.id)
        answers = {"supplied_items": ["授权委托书"], "statement": "本人办理，没有委托。"}

        visitor.post("/portal/case/supplement", answers)

        assert office.task(case.id, "task_review_supplement").status == "open"

    def test_may_be_given_without_being_asked(self, office: Office, visitor: Visitor):
        visitor.file()

        page = visitor.get("/portal/case/supplement")
        empty = visitor.post("/portal/case/supplement", status=422)
        visitor.post("/portal/case/supplement", {"statement": "代码写错一位，应为 4。"})

        assert "这次补了哪些" not in page.said
        assert "请写几句说明，或者附上材料" in empty.said
        assert "已收到补正材料" in visitor.get("/portal/case").said

    def test_survives_a_proof_that_ran_out_meanwhile(self, office: Office, visitor: Visitor):
        case = visitor.filed()
        code = visitor.code()
        visitor.post("/portal/leave", status=302)

        sent = {"statement": "还有一份判决书", "case": case.id}
        page = visitor.post("/portal/case/supplement", sent)
        again = visitor.prove(code, PHONE, where="supplement")

        assert page.place == "/portal/enter?where=supplement"
        assert visitor.get(again.place).value("statement") == "还有一份判决书"

    def test_keeps_its_draft_even_without_a_proof(self, office: Office, visitor: Visitor):
        case = visitor.filed()
        visitor.post("/portal/leave", status=302)

        answer = visitor.client.post(
            "/portal/case/draft/supplement",
            data={"statement": "写到一半", "case": case.id},
            headers={"Accept": "application/json"},
        )

        assert "草稿已存" in answer.get_json()["saved"]
        with office.reading() as session:
            assert session.query(Draft).one().place == f"supplement:{case.id}"

    def test_comes_back_whole_when_its_page_has_expired(self, office: Office, visitor: Visitor):
        visitor.file()
        office.app.config["WTF_CSRF_ENABLED"] = True

        page = visitor.post("/portal/case/supplement", {"statement": "还在"}, status=400)

        assert "页面放得太久" in page.said
        assert page.value("statement") == "还在"


class TestWithdrawal:
    ANSWERS = {"is_voluntary": "yes", "confirmed": "true", "withdrawal_reason": "已经沟通"}

    def test_waits_for_the_window_to_confirm(self, office: Office, visitor: Visitor):
        case = visitor.filed()

        visitor.post("/portal/case/withdraw", self.ANSWERS)

        assert office.task(case.id, "task_confirm_withdrawal").status == "open"
        page = visitor.get("/portal/case")
        assert "窗口正在核对身份和意愿" in page.said
        assert not page.tree.xpath("//a[@href='/portal/case/withdraw']")

    def test_is_asked_for_once(self, office: Office, visitor: Visitor):
        case = visitor.filed()
        visitor.post("/portal/case/withdraw", {**self.ANSWERS, "command_id": "w" * 24})

        visitor.post("/portal/case/withdraw", {**self.ANSWERS, "command_id": "w" * 24})

        assert "不用再提交" in visitor.get("/portal/case/withdraw", status=409).said
        with office.reading() as session:
            wanted = {"case_id": case.id, "element": "task_confirm_withdrawal"}
            assert session.query(Task).filter_by(**wanted).count() == 1

    def test_needs_the_tick(self, visitor: Visitor):
        visitor.file()

        page = visitor.post("/portal/case/withdraw", {"is_voluntary": "yes"}, status=422)

        assert "需要您勾选后才能提交" in page.said

    def test_ends_the_case_once_confirmed(self, office: Office, visitor: Visitor):
        case = visitor.filed()
        visitor.post("/portal/case/withdraw", self.ANSWERS)

        clerk = office.person("qianyu")
        clerk.do(
            case.id,
            "task_confirm_withdrawal",
            identity_method="phone",
            withdrawal_outcome="confirmed",
            evidence=[clerk.paper()],
        )

        page = visitor.get("/portal/case")
        assert "您已撤回申请，案件办结" in page.said
        assert "案件 YY-220500-2026-00001 已经办结" in (
            visitor.get("/portal/case/supplement", status=409).said
        )
