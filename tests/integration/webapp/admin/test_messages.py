"""The page for messages that no case took: what came, when, from whom, why, and what to do."""

from __future__ import annotations

import pytest

from workflows.models import AuditEntry, InboundMessage
from workflows.services.receive_exchange import receive_exchange


@pytest.fixture
def admin(office):
    return office.person("lintao")


@pytest.fixture
def message_id(office):
    """An acknowledgement for a case that this office does not have."""
    content = {"case_number": "YY-220500-2026-09999", "receipt": "SJPT-000912"}
    result = office.run(
        "receive_exchange",
        lambda work: receive_exchange(
            work,
            office.parts.desk,
            source="province",
            message_id="msg_1",
            kind="report_acknowledged",
            payload=content,
        ),
    )
    return result["message"]


def message(office, message_id):
    with office.reading() as session:
        return session.get_one(InboundMessage, message_id)


class TestPage:
    def test_says_what_came_when_from_whom_and_why_it_waits(self, admin, message_id):
        said = admin.get("/admin/messages").said

        for words in (
            "确认收到更正报送",
            "省级平台",
            "10月13日 09:42",
            "案号 YY-220500-2026-09999 在本机关查不到",
            "SJPT-000912",
            "msg_1",
        ):
            assert words in said

    def test_speaks_english(self, admin, message_id):
        said = admin.get("/admin/messages?lang=en").said

        assert "this office has no case YY-220500-2026-09999" in said

    def test_says_when_nothing_waits(self, admin):
        assert "没有无主来文" in admin.get("/admin/messages").said

    def test_is_pointed_to_from_the_incidents(self, admin, message_id):
        page = admin.get("/admin/incidents")

        assert "1 件外部来文没有案件收下" in page.said
        assert page.tree.xpath("//main//a[@href='/admin/messages' and .='去处理']")

    @pytest.mark.parametrize("username", ["wangmin", "dongjie", "xuheng", "zhenghong"])
    def test_is_for_the_system_administrator_alone(self, office, username, message_id):
        person = office.person(username)

        person.get("/admin/messages", status=403)
        for act in ("assign", "set-aside"):
            person.post(f"/admin/messages/{message_id}/{act}", status=403)
        assert message(office, message_id).handled_at is None


class TestAssign:
    def test_to_a_wrong_number_keeps_it_and_says_what_to_do(self, office, admin, message_id):
        values = {"case_number": "YY-1", "place": f"assign-{message_id}"}

        page = admin.post(f"/admin/messages/{message_id}/assign", values, status=422)

        assert "没有案件“YY-1”" in page.problems
        assert (
            page.tree.get_element_by_id(f"assign-{message_id}-case_number").get("value") == "YY-1"
        )
        assert message(office, message_id).handled_at is None

    def test_to_a_case_that_does_not_wait_says_so(self, office, admin, message_id):
        number = office.case(office.file()).number

        page = admin.post(
            f"/admin/messages/{message_id}/assign",
            {"case_number": number, "place": f"assign-{message_id}"},
            status=422,
        )

        assert f"案件 {number} 现在没有在等省级平台的答复" in page.problems


class TestSetAside:
    def test_writes_the_reason_into_the_audit(self, office, admin, message_id):
        admin.post(f"/admin/messages/{message_id}/set-aside", {"reason": "对方测试数据"})

        assert "来文已搁置" in admin.get("/admin/messages").said
        assert message(office, message_id).result == "set_aside"
        with office.reading() as session:
            entry = session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
        assert (entry.command, entry.reason) == ("set_message_aside", "对方测试数据")
        assert "搁置来文" in office.person("xuheng").get("/admin/audit").said

    def test_without_a_reason_asks_for_it(self, admin, message_id):
        values = {"reason": " ", "place": f"aside-{message_id}"}

        page = admin.post(f"/admin/messages/{message_id}/set-aside", values, status=422)

        assert "请写明原因" in page.problems

    def test_twice_says_that_it_is_settled(self, admin, message_id):
        for status in (302, 409):
            page = admin.post(
                f"/admin/messages/{message_id}/set-aside", {"reason": "测试"}, status=status
            )

        assert "已由别人处理" in page.problems
