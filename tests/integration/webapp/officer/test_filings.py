from __future__ import annotations

from datetime import date

from tests.integration.webapp.factory import Office
from tests.integration.webapp.officer.answers import filing
from workflows.models import Case, CaseParty, Draft, ReadEntry


class TestFiling:
    def test_is_numbered_clocked_and_gives_the_filer_a_code_and_a_receipt(self, office: Office):
        clerk = office.person("qianyu")

        page = clerk.get(clerk.post("/filings/new", filing(clerk)).place)

        assert "YY-220500-2026-00001" in page.said
        assert "查询码" in page.said
        assert "11月3日 周二" in page.said
        receipt = str(page.tree.xpath("//a[contains(@href, '.pdf')]/@href")[0])
        paper = clerk.get(receipt).answer
        assert paper.mimetype == "application/pdf"
        assert paper.get_data().startswith(b"%PDF-")
        with office.reading() as session:
            assert session.query(ReadEntry).filter_by(what="query_code").count() == 1

    def test_is_entered_once_however_often_the_button_is_pressed(self, office: Office):
        clerk = office.person("qianyu")
        answers = filing(clerk, command_id="a" * 24)

        first = clerk.post("/filings/new", answers)
        second = clerk.post("/filings/new", answers)

        assert first.place == second.place
        with office.reading() as session:
            assert session.query(Case).count() == 1

    def test_warns_precisely_of_a_wrong_digit_and_then_goes_on(self, office: Office):
        clerk = office.person("qianyu")
        answers = filing(clerk, subject_code="1122050OMB81744944")

        page = clerk.post("/filings/new", answers, status=422)
        clerk.post("/filings/new", {**answers, "accept_doubts": page.value("accept_doubts")})

        assert "统一社会信用代码：第 8 位是字母 O" in page.said
        assert page.tree.xpath("//*[@role='alert']//a[contains(@href, 'subject_code-field')]")
        assert "登记为存疑" in page.said
        with office.reading() as session:
            case = session.query(Case).one()
        assert "subject_code" in case.flags["doubts"]
        assert "统一社会信用代码的位数或校验位不对" in clerk.get(f"/cases/{case.id}").said

    def test_never_refuses_an_applicant_who_is_not_the_records_subject(self, office: Office):
        clerk = office.person("qianyu")
        answers = filing(clerk, record_reference="XY-220500-2026-00012")

        page = clerk.post("/filings/new", answers, status=422)
        clerk.post("/filings/new", {**answers, "accept_doubts": "1"})

        assert "这条记录的主体是 通化市云台新区管理委员会" in page.said
        with office.reading() as session:
            assert "not_record_subject" in session.query(Case).one().flags["doubts"]

    def test_does_not_go_on_over_a_real_mistake(self, office: Office):
        clerk = office.person("qianyu")
        answers = filing(clerk, received_on="2026-10-14", accept_doubts="1")

        page = clerk.post("/filings/new", answers, status=422)

        assert "还没有到，今天是" in page.said
        with office.reading() as session:
            assert session.query(Case).count() == 0

    def test_keeps_what_was_entered_as_a_draft(self, office: Office):
        clerk = office.person("qianyu")

        clerk.post("/filings/new", {"statement": "款项已付清"}, status=422)

        assert clerk.get("/filings/new").value("statement") == "款项已付清"
        clerk.post("/filings/new", filing(clerk))
        with office.reading() as session:
            assert session.query(Draft).count() == 0

    def test_is_dated_back_only_with_reason_and_evidence(self, office: Office):
        clerk = office.person("qianyu")
        answers = filing(clerk, received_on="2026-09-24")

        page = clerk.post("/filings/new", answers, status=422)
        clerk.post(
            "/filings/new",
            {**answers, "received_reason": "收发室先签收", "received_evidence": clerk.paper()},
        )

        assert page.said.count("请写明原因并附证据") >= 2
        with office.reading() as session:
            case = session.query(Case).one()
        assert case.received_on == date(2026, 9, 24)
        said = clerk.get(f"/cases/{case.id}").said
        assert "10月22日 周四" in said
        assert "收件 9月24日 周四，10月13日 周二 登记，按收件日起算" in said

    def test_keeps_personal_data_out_of_the_stored_form(self, office: Office):
        clerk = office.person("qianyu")

        clerk.post("/filings/new", filing(clerk))

        with office.reading() as session:
            party = session.query(CaseParty).one()
            case = session.query(Case).one()
        assert b"13843500417" not in bytes(party.phone or b"")
        assert "13843500417" not in clerk.get(f"/cases/{case.id}/filing").said

    def test_is_the_windows_alone(self, office: Office):
        office.person("wangmin").get("/filings/new", status=403)

    def test_of_a_person_is_masked_and_restricted(self, office: Office):
        clerk = office.person("qianyu")
        answers = filing(
            clerk,
            subject_kind="natural_person",
            subject_name="邵志远",
            subject_id_number="220502199003071236",
            record_reference="",
        )
        answers.pop("subject_code")

        page = clerk.post("/filings/new", {**answers, "accept_doubts": "1"})

        said = clerk.get(page.place).said
        assert "邵志远" not in said
        with office.reading() as session:
            assert session.query(Case).one().is_restricted

    def test_of_an_unknown_former_case_is_doubtful_and_goes_on(self, office: Office):
        clerk = office.person("qianyu")
        answers = filing(
            clerk,
            channel="reopened",
            former_case="YY-220500-2020-00001",
            reopening_decision=clerk.paper(),
        )

        page = clerk.post("/filings/new", answers, status=422)
        clerk.post("/filings/new", {**answers, "accept_doubts": "1"})

        assert "没有查到原案" in page.said
        with office.reading() as session:
            assert "former_case" in session.query(Case).one().flags["doubts"]
