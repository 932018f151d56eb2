from __future__ import annotations

from datetime import date

from tests.integration.webapp.factory import Office, Officer
from tests.integration.webapp.officer.answers import formal_check
from tests.integration.webapp.officer.test_steps import found
from workflows.models import Answer, CaseClock, CaseParty


def base_revoked(officer: Officer) -> dict[str, object]:
    """A court has revoked the base document."""
    return {
        "document_kind": "judgment",
        "document_body": "通化市中级人民法院",
        "document_number": "（2026）吉05行终18号",
        "effect": "revoked",
        "effective_on": "2026-10-12",
        "arrived_on": "2026-10-13",
        "affected_items": ["拖欠金额"],
        "document_scan": officer.paper(),
    }


class TestReceiptDate:
    def test_moves_only_after_another_person_agrees(self, office: Office):
        case_id = office.file()
        clerk, approver = office.person("qianyu"), office.person("chenlixin")

        clerk.post(
            f"/cases/{case_id}/actions/receipt_date",
            {"received_on": "2026-09-24", "reason": "以收发室签收簿为准"},
        )
        before = self._due(office, case_id)
        task = office.task(case_id, "task_approve_receipt_date")
        page = approver.get(f"/tasks/{task.id}")
        approver.post(f"/tasks/{task.id}", {"outcome": "agree"})

        assert before == date(2026, 11, 3)
        assert "9月24日 周四" in page.said
        assert "10月22日 周四" in page.said
        assert self._due(office, case_id) == date(2026, 10, 22)
        assert "更正起算日" in approver.get(f"/cases/{case_id}/timeline").said

    def test_stays_when_it_is_sent_back_with_a_reason(self, office: Office):
        case_id = office.file()
        office.person("qianyu").post(
            f"/cases/{case_id}/actions/receipt_date",
            {"received_on": "2026-09-24", "reason": "以收发室签收簿为准"},
        )
        task = office.task(case_id, "task_approve_receipt_date")
        approver = office.person("chenlixin")

        without = approver.post(f"/tasks/{task.id}", {"outcome": "return"}, status=422)
        approver.post(f"/tasks/{task.id}", {"outcome": "return", "reason": "没有附签收簿"})

        assert "这一项还没有填" in without.said
        assert self._due(office, case_id) == date(2026, 11, 3)

    def test_is_not_decided_by_another_post(self, office: Office):
        case_id = office.file()
        clerk = office.person("qianyu")
        clerk.post(
            f"/cases/{case_id}/actions/receipt_date",
            {"received_on": "2026-09-24", "reason": "以收发室签收簿为准"},
        )
        task = office.task(case_id, "task_approve_receipt_date")

        clerk.post(f"/tasks/{task.id}", {"outcome": "agree"}, status=403)

        assert self._due(office, case_id) == date(2026, 11, 3)

    def test_may_not_lie_ahead(self, office: Office):
        case_id = office.file()

        page = office.person("qianyu").post(
            f"/cases/{case_id}/actions/receipt_date",
            {"received_on": "2026-10-20", "reason": "以收发室签收簿为准"},
            status=422,
        )

        assert "还没有到，今天是" in page.said
        assert page.value("reason") == "以收发室签收簿为准"

    def _due(self, office: Office, case_id: str) -> date | None:
        with office.reading() as session:
            return session.query(CaseClock).filter_by(case_id=case_id, name="reply").one().due_on


class TestBaseChange:
    def test_goes_to_the_approver_within_three_days(self, office: Office):
        case_id = office.file()
        office.person("qianyu").do(case_id, "task_formal_check", **formal_check(office, case_id))
        handler = office.person("wangmin")

        handler.post(f"/cases/{case_id}/actions/base_change", base_revoked(handler))

        task = office.task(case_id, "task_approve_base_change")
        assert task.due_on is not None and task.due_on <= date(2026, 10, 16)
        page = office.person("chenlixin").get(f"/tasks/{task.id}")
        assert "通化市中级人民法院" in page.said

    def test_is_not_entered_by_the_window(self, office: Office):
        office.person("qianyu").get(f"/cases/{office.file()}/actions/base_change", status=403)


class TestOtherPapers:
    def test_note_a_lawsuit_and_let_the_case_go_on(self, office: Office):
        case_id = office.file()
        handler = office.person("wangmin")

        handler.post(
            f"/cases/{case_id}/actions/litigation",
            {
                "proceeding": "lawsuit",
                "proceeding_body": "通化市中级人民法院",
                "accepted_on": "2026-10-12",
                "proceeding_paper": handler.paper(),
            },
        )

        assert "登记复议或诉讼" in handler.get(f"/cases/{case_id}/filing").said
        assert office.case(case_id).status == "open"

    def test_bring_a_supplement_to_the_handler(self, office: Office):
        case_id = office.file()
        clerk = office.person("qianyu")
        clerk.do(
            case_id,
            "task_formal_check",
            **formal_check(
                office, case_id, formal_outcome="supplement", supplement_list="付款凭证：缺原件"
            ),
        )

        clerk.post(
            f"/cases/{case_id}/actions/supplement",
            {"supplied_items": ["付款凭证：缺原件"], "materials": clerk.paper()},
        )

        assert office.task(case_id, "task_review_supplement").status == "open"

    def test_bring_a_withdrawal_to_the_check(self, office: Office):
        case_id = office.file()
        clerk = office.person("qianyu")

        clerk.post(
            f"/cases/{case_id}/actions/withdrawal",
            {"is_voluntary": "yes", "confirmed": "true", "withdrawal_reason": "双方已和解"},
        )

        task = office.task(case_id, "task_confirm_withdrawal")
        assert "双方已和解" in clerk.get(f"/tasks/{task.id}").said

    def test_let_a_successor_take_over_and_keep_the_former_party(self, office: Office):
        case_id = office.file()
        handler = office.person("wangmin")

        handler.post(
            f"/cases/{case_id}/actions/party",
            {
                "change_kind": "representative",
                "changed_on": "2026-10-12",
                "successor_phone": "13900001234",
                "change_paper": handler.paper(),
                "continues": "yes",
            },
        )

        with office.reading() as session:
            parties = session.query(CaseParty).filter_by(case_id=case_id).all()
            kept = session.query(Answer).filter_by(form="party_change").one()
        assert sorted(party.valid_to is None for party in parties) == [False, True]
        assert "13900001234" not in str(kept.content)

    def test_keep_what_was_entered_when_they_come_too_late(self, office: Office):
        case_id = office.file()
        with office.parts.sessions.begin() as session:
            session.get_one(type(office.case(case_id)), case_id).status = "closed"
        handler = office.person("wangmin")

        handler.get(f"/cases/{case_id}/actions/base_change", status=403)
        handler.get(f"/cases/{case_id}/actions/litigation")


class TestReportReceipt:
    def test_is_entered_by_hand_with_its_dates(self, office: Office):
        case_id = found(office)
        office.person("chenlixin").do(
            case_id,
            "task_approve_finding",
            approval_outcome="agree",
            approval_medium="in_system",
            recusal="true",
        )
        operator = office.person("liyan")

        wrong = operator.post(
            f"/cases/{case_id}/actions/report_receipt",
            {
                "receipt_result": "acknowledged",
                "sent_on": "2026-10-13",
                "answered_on": "2026-10-13",
                "receipt_scan": operator.paper(),
            },
            status=422,
        )
        operator.post(
            f"/cases/{case_id}/actions/report_receipt",
            {
                "receipt_result": "acknowledged",
                "sent_on": "2026-10-13",
                "answered_on": "2026-10-13",
                "receipt_number": "JL-2026-0001",
                "receipt_scan": operator.paper(),
            },
        )

        assert "回执编号" in wrong.problems
        with office.reading() as session:
            clock = session.query(CaseClock).filter_by(case_id=case_id, name="report").one()
        assert clock.status == "stopped"


class TestLedger:
    def test_lists_narrows_and_exports(self, office: Office):
        office.file()
        handler = office.person("wangmin")

        page = handler.get("/ledger?status=open&words=柳林")
        none = handler.get("/ledger?status=closed")
        file = handler.get("/ledger.xlsx").answer

        assert "YY-220500-2026-00001" in page.said
        assert "没有这样的案件" in none.said
        assert str(file.mimetype).endswith("spreadsheetml.sheet")

    def test_is_searched_by_name_number_and_code(self, office: Office):
        office.file()
        handler = office.person("wangmin")

        for words in ("柳林", "YY-220500-2026-00001", "11220500MB81744944"):
            assert "YY-220500-2026-00001" in handler.get(f"/search?q={words}").said
        assert "没有找到" in handler.get("/search?q=无此案").said
