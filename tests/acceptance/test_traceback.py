"""Tracing a PPP default back to departments and persons, from each start to each end (C4)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.acceptance.business_day import at
from tests.acceptance.case_file import CaseFile
from tests.acceptance.conftest import Begin
from tests.acceptance.crew import Crew
from tests.acceptance.traceback import LEAD, Tracing
from workflows.models import Outbox
from workflows.services.find_case import find_record

BEGUN = "2026-04-01 09:00"
DONE = "end_traceback_closed"


@pytest.fixture
def tracing(begin: Begin) -> Tracing:
    return Tracing(Crew(begin(BEGUN)))


def carry_out(tracing: Tracing, case: CaseFile, *elements: str, **answers: Any) -> None:
    for element in elements:
        tracing.crew.do(case, element, **answers)


class TestMainPath:
    def test_runs_from_a_letter_to_the_last_consequence(self, tracing: Tracing):
        case = tracing.stated()

        assert case.number.startswith("HS-")
        assert case.row.title == "通化市柳林开发区污水处理PPP项目"
        tracing.determined(case)
        carry_out(tracing, case, "task_enter_default", "task_propose_publication")
        carry_out(tracing, case, "task_agree_publication", "task_link_assessment")

        assert case.end == DONE
        assert (case.row.status, case.row.outcome) == ("closed", "determined")
        determination = case.letter("responsibility_determination")
        assert "项目实施：通化市财政局负主要责任" in " ".join(determination.letter["paragraphs"])
        with tracing.crew.office.reading() as session:
            record = find_record(
                session, office_id=tracing.crew.office.office_id, number=f"{case.number}-01"
            )
            assert record is not None
            assert (record.catalogue_item, record.area) == ("ppp.default", "ppp")
            assert record.is_published
            assert record.base_document == determination.number

    def test_serves_tendering_too(self, tracing: Tracing):
        """R83: the record stands in the area in which the department broke its word."""
        case = tracing.stated()
        tracing.determined(case)
        carry_out(tracing, case, "task_enter_default", area="tendering")

        with tracing.crew.office.reading() as session:
            record = find_record(
                session, office_id=tracing.crew.office.office_id, number=f"{case.number}-01"
            )
            assert record is not None
            assert (record.catalogue_item, record.area) == ("gov.default", "tendering")

    @pytest.mark.parametrize("channel", ["post", "hotline", "court", "audit", "arrears"])
    def test_begins_in_each_way(self, tracing: Tracing, channel: str):
        case = tracing.enter(channel)

        assert case.open_tasks == ["task_register_event"]
        assert case.row.channel == channel

    def test_begins_online(self, tracing: Tracing):
        visitor = tracing.crew.subject
        address = "/portal/file?body=JLDRC&kind=ppp_traceback"
        form = visitor.get(address).form_to("/portal/file")
        page = visitor.send(form.fill({**LEAD, "truthful": True}))
        case = tracing.newest_case()

        assert case.number in page.said
        assert case.open_tasks == ["task_register_event"]


class TestPreliminaryCheck:
    @pytest.mark.parametrize(
        ("outcome", "conditions"),
        [
            ("private_default", []),
            ("lawful_change", ["authority", "procedure", "compensation"]),
        ],
    )
    def test_tells_the_private_party_that_it_was_none(
        self, tracing: Tracing, outcome: str, conditions: list[str]
    ):
        answers: dict[str, Any] = {"preliminary_outcome": outcome}
        if conditions:
            answers["change_conditions"] = conditions
        case = tracing.checked(**answers)
        tracing.crew.issue(case)

        letter = case.letter("traceback_no_default")
        assert letter.letter["remedies"]
        assert (case.end, case.row.outcome) == (DONE, "no_default")

    @pytest.mark.parametrize("missing", ["authority", "procedure", "compensation"])
    def test_calls_no_change_lawful_that_lacks_one_condition(self, tracing: Tracing, missing: str):
        case = tracing.enter()
        lead = tracing.crew.office.organisation("JLDRC")
        tracing.crew.do(
            case, "task_register_event", project=tracing.project.id, coordinators=[lead]
        )
        kept = [each for each in ("authority", "procedure", "compensation") if each != missing]

        page = tracing.crew.do(
            case,
            "task_preliminary_check",
            preliminary_outcome="lawful_change",
            change_conditions=kept,
            status=422,
        )
        assert "缺一项即为失信" in page.said
        assert case.open_tasks == ["task_preliminary_check"]


class TestMatrix:
    def test_asks_the_departments_of_the_day_and_freezes_who_was_in_office(self, tracing: Tracing):
        case = tracing.checked()

        assert case.open_tasks == [
            "task_department_statement THFIN",
            "task_department_statement THHUD",
        ]
        assert list(tracing.parties(case)) == [
            "项目实施 通化市住房和城乡建设局",
            "项目实施 通化市财政局",
            "项目实施 侯某某",
            "项目实施 葛某某",
        ]
        notice = next(
            each
            for each in case.letters("responsibility_check_notice")
            if each.addressee == "通化市财政局"
        )
        words = " ".join(notice.letter["paragraphs"])
        assert "项目实施：按合同支付可行性缺口补助（每年一季度支付）" in words
        assert "侯某某" in words
        assert "侯晓东" not in words
        assert case.due("department_statement", body="THFIN") is not None

    def test_finds_the_gap_of_the_day(self, tracing: Tracing):
        case = tracing.checked(acted_from="2018-03-10", acted_to="2018-03-12")
        matrix = case.row.flags["matrix"]

        gaps = [row for row in matrix["findings"] if row["kind"] == "gap"]
        assert [(row["from"], row["to"]) for row in gaps] == [("2018-03-01", "2018-03-12")]
        assert "财政承受能力论证 丁某某" in tracing.parties(case)


class TestSilence:
    def test_is_supervised_and_then_noted_by_the_office(self, tracing: Tracing):
        crew = tracing.crew
        case = tracing.checked()
        crew.do(case, "task_department_statement", body="THHUD")
        due = case.due("department_statement", body="THFIN")
        assert due is not None
        crew.office.go_to(at(f"{due + timedelta(days=4)} 10:00"))

        assert case.letter("supervision_letter").status == "draft"
        crew.enter_for(case, "task_department_statement", body="THFIN", statement_state="silent")
        assert case.events("statement_silent")
        assert case.open_tasks == ["task_joint_analysis"]

    def test_is_not_noted_while_the_term_runs(self, tracing: Tracing):
        case = tracing.checked()
        page = tracing.crew.do(
            case,
            "task_department_statement",
            body="THFIN",
            statement_state="silent",
            status=422,
        )

        assert "期限届满后" in page.said


class TestAnalysis:
    def test_wants_evidence_for_each_and_one_role_only(self, tracing: Tracing):
        case = tracing.stated()
        party = tracing.parties(case)["项目实施 通化市财政局"]
        doing: dict[str, Any] = {"main": [party], "main_evidence": "", "status": 422}

        assert (
            "每个责任主体都要有一行依据"
            in tracing.crew.do(case, "task_joint_analysis", **doing).said
        )
        twice: dict[str, Any] = {
            "main_evidence": "一",
            "secondary": [party],
            "secondary_evidence": "二",
        }
        assert (
            "只能有一种责任"
            in tracing.crew.do(case, "task_joint_analysis", **{**doing, **twice}).said
        )

    def test_hears_until_the_day_a_person_set_and_goes_on_without_who_is_silent(
        self, tracing: Tracing
    ):
        crew = tracing.crew
        case = tracing.stated()
        tracing.analyse(case)
        crew.do(case, "task_open_hearing", hear_until="2026-04-20")

        assert str(case.due("hearing", body="THFIN")) == "2026-04-20"
        assert case.clock("hearing", body="THFIN").rule["key"] == "ppp.hearing.limit"
        crew.office.go_to(at("2026-04-22 10:00"))
        assert case.open_tasks == ["task_record_hearing"]
        assert case.events("hearing_unused")


class TestDetermination:
    def test_is_a_collective_of_people_without_an_interest(self, tracing: Tracing):
        case = tracing.heard(tracing.stated())

        for present, said in (
            ("陈立新", "至少要有两名"),
            ("陈立新\n侯晓东", "不得出席"),
        ):
            page = tracing.crew.do(case, "task_determine", present=present, status=422)
            assert said in page.said
        page = tracing.crew.do(
            case, "task_determine", present="陈立新\n刘畅", recused="刘畅，亲属", status=422
        )
        assert "不得出席" in page.said

    def test_goes_back_to_the_analysis_and_shows_a_new_draft(self, tracing: Tracing):
        case = tracing.heard(tracing.stated())
        tracing.crew.do(case, "task_determine", determination_outcome="returned")
        tracing.crew.office.go_to(at("2026-04-02 10:00"))
        tracing.heard(case)

        assert case.open_tasks == ["task_determine"]
        assert len(case.letters("responsibility_draft")) == 2

    def test_may_find_nobody_responsible(self, tracing: Tracing):
        case = tracing.determined(tracing.stated(), determination_outcome="none")

        assert (case.end, case.row.outcome) == (DONE, "no_responsibility")
        assert [row.status for row in tracing.findings(case)] == ["dropped", "dropped"]
        assert case.letter("traceback_result").number

    def test_names_departments_and_persons_in_order_of_rank(self, tracing: Tracing):
        case = tracing.determined(tracing.stated())

        rows = tracing.findings(case)
        assert [(row.role, row.rank, row.status) for row in rows] == [
            ("main", 1, "determined"),
            ("leading", 2, "determined"),
        ]
        assert rows[0].tenure_id is None
        assert rows[1].tenure_id is not None
        # Whoever left office since is found all the same (R77).
        assert rows[1].act == "分管支付，2019年起在任。"


class TestReferral:
    def test_is_signed_sent_and_followed_until_the_result_is_in(self, tracing: Tracing):
        crew = tracing.crew
        case = tracing.determined(
            tracing.stated(), referrals=["refer_discipline"], obligation="met"
        )
        carry_out(tracing, case, "task_enter_default", "task_propose_publication")
        carry_out(tracing, case, "task_agree_publication", "task_link_assessment")
        crew.do(case, "task_write_referral")
        crew.do(case, "task_issue_referral", referral_outcome="returned")
        crew.do(case, "task_write_referral")
        crew.do(case, "task_issue_referral")
        letter = case.letter("traceback_referral")
        assert letter.number
        assert letter.addressee == "通化市纪委监委"
        crew.do(case, "task_enter_receipt", follow_up_on="2026-04-20")
        crew.office.go_to(at("2026-04-22 10:00"))

        # No supervision letter goes to discipline organs; the handler is reminded (E).
        assert case.letters("supervision_letter") == []
        assert "referral_result@overdue" in case.fired
        assert case.row.status == "open"
        crew.do(case, "task_enter_result")
        assert (case.end, case.row.outcome) == (DONE, "determined")


class TestConsequences:
    def test_withholds_what_the_secrecy_check_excludes(self, tracing: Tracing):
        case = tracing.determined(tracing.stated())
        carry_out(tracing, case, "task_enter_default", "task_link_assessment")
        tracing.crew.do(
            case,
            "task_propose_publication",
            publication_proposal="withhold",
            state_secret="excluded",
        )

        assert (case.end, case.row.outcome) == (DONE, "determined")

    def test_refuses_to_publish_what_a_ground_excludes(self, tracing: Tracing):
        case = tracing.determined(tracing.stated())
        tracing.crew.do(case, "task_enter_default")

        tracing.crew.do(case, "task_propose_publication", state_secret="excluded", status=422)
        assert "task_propose_publication" in case.open_tasks

    def test_orders_the_rectification_of_what_is_still_owed(self, tracing: Tracing):
        case = tracing.determined(tracing.stated(), obligation="open")

        assert case.end == ""
        assert "task_enter_default" in case.open_tasks
        with tracing.crew.office.reading() as session:
            query = select(Outbox).where(Outbox.case_id == case.id, Outbox.kind == "command")
            orders = [row.payload for row in session.scalars(query)]
        assert [(each["kind"], each["channel"]) for each in orders] == [
            ("rectification", "from_case")
        ]
