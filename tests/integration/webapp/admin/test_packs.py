"""Rule packs: confirmed by the legal reviewer, put forward by one and approved by another."""

from __future__ import annotations

import pytest

from tests.integration.webapp.admin.agreeing import (
    decide,
    difference,
    leave_out,
    newest,
    pack,
    propose_pack,
    set_value,
)
from workflows.models import CaseClock, Deployment, Document, RuleConfirmation

ENTERPRISE = "XY-220000-2026-00031"
GOVERNMENT = "XY-220500-2026-00011"
PROMISE = "obj.reply.limit"


@pytest.fixture
def proposer(office):
    return office.person("lintao")


@pytest.fixture
def second(office):
    return office.person("shiyu")


@pytest.fixture
def reviewer(office):
    return office.person("zhaolin")


def address(office, key, act):
    """Return where a parameter of the office's own pack is confirmed or withdrawn."""
    with office.reading() as session:
        packs = office.parts.desk.rules(session, office.office_id).packs
    found = next(row for one in packs for row in one.parameters if row.key == key)
    own = next(
        row for one in packs if one.id == "office" for row in one.parameters if row.key == key
    )
    rule = own or found
    return (
        f"/admin/packs/{rule.pack_id}/{rule.content_hash}/{act}",
        f"{rule.pack_id}-{rule.content_hash[:12]}",
    )


def withdraw(office, reviewer, key=PROMISE, *, reason="文本有变", status=302):
    path, place = address(office, key, "withdraw")
    return reviewer.post(path, {"reason": reason, "place": place}, status=status)


def confirm(office, reviewer, key=PROMISE, *, text="本机关服务承诺第三条", status=302):
    path, place = address(office, key, "confirm")
    return reviewer.post(path, {"against_text": text, "place": place}, status=status)


def reply_rule(office, case_id):
    with office.reading() as session:
        return session.query(CaseClock).filter_by(case_id=case_id, name="reply").one().rule


def receipt_words(office, case_id):
    with office.reading() as session:
        rows = session.query(Document).filter_by(case_id=case_id, kind="receipt")
        return str(rows.one().letter)


class TestConfirmation:
    def test_decides_whether_a_term_binds_outside(self, office, reviewer):
        withdraw(office, reviewer)
        before = office.file(ENTERPRISE)
        confirm(office, reviewer)
        after = office.file(ENTERPRISE)

        assert reply_rule(office, before)["confirmed"] is False
        assert reply_rule(office, after)["confirmed"] is True
        assert "期限届满日" not in receipt_words(office, before)
        assert "期限届满日" in receipt_words(office, after)

    def test_changes_the_label_the_officer_reads(self, office, reviewer):
        withdraw(office, reviewer)
        before = office.file(ENTERPRISE)
        confirm(office, reviewer)
        after = office.file(ENTERPRISE)
        officer = office.person("wangmin")

        assert "规则未确认" in officer.get(f"/cases/{before}").said
        page = officer.get(f"/cases/{after}").said
        assert "规则未确认" not in page
        assert "承诺时限" in page

    def test_is_shown_with_person_and_text(self, office, reviewer):
        withdraw(office, reviewer)
        confirm(office, reviewer, text="2026 年服务承诺第三条")

        row = reviewer.get("/admin/packs").said

        assert "赵琳" in row
        assert "2026 年服务承诺第三条" in row

    def test_never_touches_what_runs(self, office, reviewer):
        running = office.file(ENTERPRISE)

        withdraw(office, reviewer)

        assert reply_rule(office, running)["confirmed"] is True

    def test_asks_which_text_was_read_and_keeps_what_was_typed(self, office, reviewer):
        withdraw(office, reviewer)

        page = confirm(office, reviewer, text="看过", status=422)

        assert "请写明对照的文本" in page.problems
        opened = page.tree.xpath("//details[@open]//input[@name='against_text']/@value")
        assert opened == ["看过"]

    def test_cannot_be_given_twice(self, office, reviewer):
        page = confirm(office, reviewer, status=409)

        assert "已经确认过" in page.problems
        with office.reading() as session:
            rows = session.query(RuleConfirmation).filter_by(pack_id="office", parameter=PROMISE)
            assert rows.count() == 1

    def test_is_withdrawn_with_a_reason_only(self, office, reviewer):
        page = withdraw(office, reviewer, reason=" ", status=422)

        assert "请写明原因" in page.problems
        assert reply_rule(office, office.file(ENTERPRISE))["confirmed"] is True

    def test_withdrawn_stays_on_file(self, office, reviewer):
        withdraw(office, reviewer)

        with office.reading() as session:
            row = session.query(RuleConfirmation).filter_by(pack_id="office", parameter=PROMISE)
            assert row.one().withdrawn_at is not None


class TestProposal:
    def test_takes_effect_when_another_person_approves(self, office, proposer, second):
        propose_pack(proposer, pack(set_value("obj.formal_check.limit", 4)))
        running = office.file(GOVERNMENT)
        decide(second, newest(office, "pack").id, "approve")
        later = office.file(GOVERNMENT)

        assert self.formal_days(office, running) == 2
        assert self.formal_days(office, later) == 4

    def formal_days(self, office, case_id):
        with office.reading() as session:
            rows = session.query(CaseClock).filter_by(case_id=case_id, name="formal_check")
            return rows.one().amount

    def test_shows_the_difference_with_both_values(self, office, proposer, second):
        propose_pack(proposer, pack(set_value("obj.formal_check.limit", 4)))

        page = second.get("/admin/packs")

        assert "林涛" in page.said
        assert difference(page) == {"改动参数": "obj.formal_check.limit 2 → 4"}

    def test_is_not_for_its_own_proposer_to_decide(self, office, proposer):
        propose_pack(proposer, pack(set_value("obj.formal_check.limit", 4)))
        proposal = newest(office, "pack")

        page = decide(proposer, proposal.id, "approve", status=403)

        assert "提请人不能自己批准" in page.problems
        assert newest(office, "pack").status == "proposed"
        assert "请另一位系统管理员决定" in proposer.get("/admin/packs").said
        assert "批准启用" not in proposer.get("/admin/packs").said

    def test_refused_changes_nothing(self, office, proposer, second):
        propose_pack(proposer, pack(set_value("obj.formal_check.limit", 4)))
        proposal = newest(office, "pack")

        decide(second, proposal.id, "refuse")

        with office.reading() as session:
            assert session.get_one(Deployment, proposal.id).status == "refused"
        assert self.formal_days(office, office.file(GOVERNMENT)) == 2

    def test_is_decided_once(self, office, proposer, second):
        propose_pack(proposer, pack(set_value("obj.formal_check.limit", 4)))
        proposal = newest(office, "pack")
        decide(second, proposal.id, "refuse")

        page = decide(second, proposal.id, "approve", status=409)

        assert "已经有人处理" in page.problems

    def test_without_a_needed_parameter_is_refused_by_its_name(self, office, proposer):
        page = propose_pack(proposer, pack(leave_out("obj.verification.limit")), status=422)

        assert "obj.verification.limit" in page.problems
        assert newest(office, "pack").status == "active"

    def test_of_another_province_does_not_hide_what_ours_lacks(self, office, proposer):
        spoilt = pack(leave_out("obj.reply.limit"), name="jilin.json")

        page = propose_pack(proposer, spoilt, status=422)

        assert "obj.reply.limit" in page.problems

    @pytest.mark.parametrize("content", ["", "{", "[]", '{"format": "jiannuo-rules-1"}'])
    def test_of_a_file_that_is_no_pack_says_what_is_wrong(self, proposer, content):
        page = propose_pack(proposer, content, status=422)

        assert "office.json" in page.problems

    def test_without_a_file_asks_for_one(self, proposer):
        page = proposer.post("/admin/packs", {"place": "new"}, status=422)

        assert "请选择文件" in page.problems

    def test_loses_its_confirmation_when_the_rule_changes(self, office, proposer, second):
        propose_pack(proposer, pack(set_value(PROMISE, 12)))
        decide(second, newest(office, "pack").id, "approve")

        assert reply_rule(office, office.file(ENTERPRISE))["confirmed"] is False
