"""The four scenes of practice, acted over HTTP with their exact dates (domain.md, part E)."""

from __future__ import annotations

import pytest

from tests.acceptance.business_day import at
from tests.acceptance.case_file import CaseFile
from tests.acceptance.conftest import Begin
from tests.acceptance.crew import CORRECT, Crew
from tests.acceptance.province import Province
from workflows.clock.terms import Term, Unit, deadline
from workflows.models import Organisation, RecordQuery, new_id

A = "XY-220500-2026-00011"  # recognised by the housing bureau
B = "XY-220500-2026-00021"  # recognised by the finance bureau, the same subject's
ASKED = "经办人授权委托书"


class TestNationalDay:
    """A government body objects to two records in one paper; each is a case of its own."""

    @pytest.fixture
    def crew(self, begin: Begin) -> Crew:
        return Crew(begin("2026-09-29 09:40"))

    def register(self, crew: Crew, number: str) -> CaseFile:
        return crew.register(
            number,
            received_on="2026-09-24",
            received_reason="收发室 9 月 24 日签收，窗口 29 日登记。",
            received_evidence="@file",
        )

    def test_reply_is_due_from_the_mail_room(self, crew: Crew):
        case = self.register(crew, A)

        assert str(case.due("reply")) == "2026-10-22"
        page = crew["wangmin"].get(f"/cases/{case.id}/clocks/{case.clock('reply').id}")
        assert "10月22日" in page.said
        # The reckoning from the day of registration is shown beside it as the one not used.
        assert "10月26日" in page.said

    def test_supplement_answered_late_moves_no_date(self, crew: Crew):
        case = self.register(crew, A)
        crew.office.go_to(at("2026-09-30 10:00"))
        crew.do(case, "task_formal_check", formal_outcome="supplement", supplement_list=ASKED)
        crew.office.go_to(at("2026-10-13 15:00"))

        crew["qianyu"].act_on(case, "supplement", supplied_items=[ASKED], materials="@file")

        assert str(case.due("reply")) == "2026-10-22"
        assert case.ledger("reply") == [("started", "2026-09-24")]
        assert case.ledger("supplement")[-1] == ("stopped", "2026-10-13")

    def test_report_is_due_before_the_reply(self, crew: Crew, province: Province):
        case = self.register(crew, A)
        crew.office.go_to(at("2026-09-30 10:00"))
        crew.do(case, "task_formal_check")
        crew.do(case, "task_self_check")
        crew.office.go_to(at("2026-10-09 10:00"))
        crew.enter_for(case, "task_verify", body="THHUD", conclusion="partly_wrong", **CORRECT)
        crew.find(case, "partly")

        # Saturday 10-10 is a make-up working day and counts.
        assert str(case.due("report")) == "2026-10-15"
        crew.office.tick()
        province.answer()
        assert case.clock("report").status == "stopped"
        crew.sign(case)
        crew.do(case, "task_seal_letter")
        crew.office.go_to(at("2026-10-21 16:00"))
        crew.do(
            case,
            "task_dispatch_letter",
            service_method="post",
            tracking_number="EMS 1059 2231 7",
            postal_address="通化市柳林开发区 1 号",
        )
        crew.office.go_to(at("2026-10-26 09:30"))
        crew.do(case, "task_register_service", served_on="2026-10-23")

        reply = case.letter("reply")
        assert reply.dispatched_at == at("2026-10-21 16:00")
        assert str(reply.served_on) == "2026-10-23"
        shown = crew["wangmin"].get(f"/documents/{reply.id}").said
        assert "10月21日" in shown and "10月23日" in shown

    def test_silence_of_the_other_department_decides_nothing(self, crew: Crew):
        case = self.register(crew, B)
        crew.do(case, "task_formal_check")
        crew.do(case, "task_self_check")

        crew.office.go_to(at("2026-10-20 09:30"))
        crew.do(case, "task_progress_notice")

        assert case.letter("progress_notice").number
        assert case.open_tasks == ["task_verify THFIN"]
        assert case.ledger("reply") == [("started", "2026-09-24")]
        assert str(case.due("reply")) == "2026-10-22"


class TestSpringFestival:
    """A government body around the Spring Festival of 2026."""

    @pytest.fixture
    def crew(self, begin: Begin) -> Crew:
        return Crew(begin("2026-01-23 10:00"))

    def test_electronic_service_is_arrival_not_opening(self, crew: Crew):
        case = crew.decide("uphold", service_preference="electronic", electronic_consent=True)
        assert str(case.due("reply")) == "2026-02-13"
        crew.sign(case)
        crew.do(case, "task_seal_letter")
        crew.office.go_to(at("2026-02-13 18:30"))
        _, form = crew["qianyu"].fill_in(case, "task_dispatch_letter", service_method="electronic")
        consent = form.options("consent_document")[0]
        crew["qianyu"].send(form.fill({"consent_document": consent}))
        crew.office.go_to(at("2026-02-24 09:30"))
        subject = crew.subject
        subject.enter(case.code)

        subject.client.get(f"/portal/case/letters/{case.letter('reply').id}")

        reply = case.letter("reply")
        assert reply.served_at == at("2026-02-13 18:30")
        assert reply.read_at == at("2026-02-24 09:30")
        assert reply.served_on is not None
        assert case.ledger("reply")[-1] == ("stopped", "2026-02-13")
        assert case.clock("reply").late_by == 0
        sixty = Term(60, Unit.CALENDAR_DAYS)
        end = deadline(start_on=reply.served_on, term=sixty, calendar=crew.office.calendar)
        assert str(end.due_on) == "2026-04-14"

    def test_letter_names_remedies_without_a_date(self, crew: Crew):
        case = crew.decide("uphold")
        crew.sign(case)

        said = "".join(case.letter("reply").letter["remedies"]["paragraphs"])

        assert "自收到" in said
        assert "2026年4月" not in said

    def test_approval_on_paper_keeps_both_dates(self, crew: Crew):
        case = crew.verify("partly")
        crew.do(case, "task_propose_finding", finding="partly", **CORRECT)
        crew.do(case, "task_review_finding")
        crew.office.go_to(at("2026-02-24 09:30"))

        crew.do(
            case,
            "task_approve_finding",
            approval_medium="paper",
            approved_by="陈立新",
            approval_words="同意。",
            approved_on="2026-02-13",
            approval_scan="@file",
        )

        answer = case.answers("approve_finding")[0]
        assert answer.content["approved_on"] == "2026-02-13"
        assert answer.answered_at == at("2026-02-24 09:30")
        assert case.ledger("report") == [("started", "2026-02-13")]
        # 02-14 counts as a make-up day, the holiday ends on 02-23, 02-24 to 02-27 follow.
        assert str(case.due("report")) == "2026-02-27"

    def test_base_revoked_on_a_working_saturday(self, crew: Crew):
        case = crew.accept()
        crew.office.go_to(at("2026-02-24 09:30"))

        crew["wangmin"].act_on(
            case,
            "base_change",
            document_kind="judgment",
            document_body="通化市中级人民法院",
            document_number="（2026）吉05行终7号",
            effect="revoked",
            effective_on="2026-02-14",
            arrived_on="2026-02-24",
            affected_items="@items",
            document_scan="@file",
        )

        assert str(case.due("base_revoked")) == "2026-02-26"


class TestDragonBoat:
    """A civil servant, transferred since; the period of the sanction has ended."""

    RECORD = "XY-220500-2026-00020"

    @pytest.fixture
    def crew(self, begin: Begin) -> Crew:
        return Crew(begin("2026-06-22 10:00"))

    def test_is_due_after_the_holiday_and_hidden_from_colleagues(self, crew: Crew):
        case = crew.subject.file(self.RECORD)

        assert str(case.due("reply")) == "2026-07-13"
        assert case.row.is_restricted
        assert "邵明川" not in case.row.title + case.subject.name
        crew["majun"].get(f"/cases/{case.id}", status=404)
        crew["gaoyuan"].get(f"/cases/{case.id}", status=404)
        assert case.number not in crew["gaoyuan"].inbox().said

    def test_letter_knows_no_reconsideration(self, crew: Crew, province: Province):
        case = crew.subject.file(self.RECORD)
        crew.do(case, "task_formal_check")
        crew.do(case, "task_self_check")
        crew.do(case, "task_verify", conclusion="right")
        crew.find(case, "uphold")
        crew.issue(case)

        said = "".join(case.letter("reply").letter["remedies"]["paragraphs"])
        assert "行政复议" not in said
        assert not case.record.is_published

    def test_discipline_organ_gets_no_supervision_letter(self, crew: Crew):
        organ = add_discipline_organ(crew)
        case = crew.subject.file(self.RECORD)
        crew.do(case, "task_formal_check")
        crew.do(case, "task_self_check", ask_departments=[organ])

        crew.office.go_to(at("2026-07-03 09:30"))

        assert "verification@overdue" in case.fired
        assert case.letters("supervision_letter") == []
        assert "郑宏" in case.notices("overdue")

    def test_later_queries_are_listed_and_told_of_the_correction(
        self, crew: Crew, province: Province
    ):
        case = crew.subject.file(self.RECORD)
        crew.do(case, "task_formal_check")
        asks_for_the_record(crew, case, "吉林省人力资源和社会保障厅（评优）")
        subject = crew.subject
        subject.enter(case.code)
        assert "评优" in subject.look().said
        crew.do(case, "task_self_check")
        items = {"wrong_items": "@items2", "correct_values": "处分：已于 2026-06-19 期满"}
        crew.do(case, "task_verify", conclusion="partly_wrong", **items)
        crew.do(case, "task_propose_finding", finding="partly", **items)
        for element in ("task_review_finding", "task_approve_finding", "task_eliminate_effects"):
            crew.do(case, element)

        assert all(row.told_at is not None for row in case.queries)
        crew.office.tick()
        [report] = province.reports
        assert "邵明川" not in str(report["payload"])
        assert "220502198204150211" not in str(report["payload"])


class TestCrossingTheYear:
    """A term that runs into a year whose notice nobody has published."""

    def test_is_provisional_everywhere(self, begin: Begin):
        crew = Crew(begin("2026-12-11 10:00"))

        case = crew.register()

        clock = case.clock("reply")
        assert str(clock.due_on) == "2027-01-04"
        assert clock.is_provisional and clock.missing_years == [2027]
        pages = (
            crew["qianyu"].inbox(),
            crew["wangmin"].get(f"/cases/{case.id}"),
            crew["wangmin"].get(f"/cases/{case.id}/clocks/{clock.id}"),
            crew.subject.enter(case.code),
        )
        for page in pages:
            assert "暂定" in page.said, page.path


def add_discipline_organ(crew: Crew) -> str:
    """Enter a discipline organ into the register of bodies, as an administrator would."""
    office = crew.office
    row = Organisation(
        id=new_id(),
        office_id=office.office_id,
        name="中共通化市纪律检查委员会",
        code="THDIS",
        division_code="220500",
        kind="recognition",
        valid_from=office.today,
    )
    keep(crew, row)
    return str(row.id)


def asks_for_the_record(crew: Crew, case: CaseFile, who: str) -> None:
    """Log a query of the record by somebody outside."""
    record = case.record
    keep(
        crew,
        RecordQuery(
            office_id=crew.office.office_id,
            record_id=record.id,
            queried_by=who,
            purpose="评优审查",
            contact="award@example.invalid",
            queried_at=crew.office.clock.now(),
            version_seen=record.current_version,
            saw_dispute_mark=record.is_disputed,
        ),
    )


def keep(crew: Crew, row: object) -> None:
    """Write one row of a register."""
    office = crew.office
    office.parts.desk.bus.note(
        lambda work: work.session.add(row), office_id=office.office_id, now=office.clock.now()
    )
