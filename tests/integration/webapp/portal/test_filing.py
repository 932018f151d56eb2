from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from tests.integration.webapp.factory import Office
from tests.integration.webapp.portal.visitor import FILING, PHONE, Visitor, links, typed, with_files
from workflows.models import Answer, Case, CaseParty, CommandRecord, Draft, StoredFile

PROGRAM = b"MZ" + bytes(4000)


def filing_of(session: Session) -> Answer:
    """Return what was filed; the cases that the calendar opened have no such answer."""
    return session.query(Answer).join(Case).filter(Case.kind == "objection").one()


class TestFiling:
    def test_is_numbered_clocked_and_receipted_at_once(self, office: Office, visitor: Visitor):
        page = visitor.file()

        receipt = visitor.get(page.place)
        assert "YY-220500-2026-00001" in receipt.said
        assert "11月3日 周二" in receipt.said
        assert "规范性文件" in receipt.said
        assert len(visitor.code()) == 10
        paper = visitor.get(links(receipt, holding="下载收件回执")[0])
        assert paper.answer.get_data().startswith(b"%PDF-")
        assert "YY-220500-2026-00001-receipt.pdf" in paper.answer.headers["Content-Disposition"]

    def test_goes_to_the_body_that_was_chosen(self, office: Office, visitor: Visitor):
        case = visitor.filed(body="JLPLAT")

        with office.reading() as session:
            found = session.get_one(Case, case.id)
            assert found.receiving_organisation.code == "JLPLAT"

    def test_keeps_personal_data_and_the_query_code_out_of_what_is_stored_plainly(
        self, office: Office, visitor: Visitor
    ):
        visitor.file()
        code = visitor.code()

        with office.reading() as session:
            kept = [str(row.content) for row in session.query(Answer)]
            kept += [str(row.result) for row in session.query(CommandRecord)]
        assert kept
        assert not [text for text in kept if PHONE in text or "周航" in text or code in text]

    def test_is_one_case_however_often_the_button_is_pressed(
        self, office: Office, visitor: Visitor
    ):
        visitor.file()
        first = visitor.code()

        visitor.file()

        assert visitor.code() == first
        with office.reading() as session:
            assert session.query(Case).filter_by(kind="objection").count() == 1

    def test_is_the_subjects_own_act_in_a_browser_where_an_officer_is_logged_in(
        self, office: Office
    ):
        officer = office.person("qianyu")
        visitor = Visitor(office, officer.client)

        visitor.file()

        with office.reading() as session:
            assert filing_of(session).person_id is None

    def test_takes_papers_along(self, office: Office, visitor: Visitor):
        case = visitor.filed(evidence=[visitor.paper(), visitor.paper()])

        with office.reading() as session:
            files = session.query(StoredFile).filter_by(case_id=case.id, name="凭证.pdf").all()
        assert len(files) == 2
        assert not any(file.is_staged for file in files)

    def test_takes_several_papers_without_the_pages_script(self, office: Office, visitor: Visitor):
        paper = b"%PDF-1.4 one"
        data = with_files(
            FILING, ("evidence", paper, "一.pdf"), ("evidence", paper + b"2", "二.pdf")
        )

        visitor.post("/portal/file", data)

        with office.reading() as session:
            names = {row.name for row in session.query(StoredFile).filter_by(is_staged=False)}
        assert {"一.pdf", "二.pdf"} <= names


class TestDoubts:
    def test_name_the_wrong_digit_and_refuse_nothing(self, office: Office, visitor: Visitor):
        page = visitor.get(visitor.file(subject_code="1122050OMB81744944").place)

        assert "第 8 位是字母 O" in page.said
        assert "不影响收件和计时" in page.said
        assert visitor.case().flags["doubts"].count("subject_code") == 1

    def test_are_said_while_the_form_is_being_filled(self, visitor: Visitor):
        answer = visitor.client.post(
            "/portal/file/draft",
            data={**FILING, "subject_code": "1122050OMB81744944", "phone": ""},
            headers={"Accept": "application/json"},
        )

        said = answer.get_json()["saved"]
        assert "草稿已存" in said
        assert "第 8 位是字母 O" in said
        assert "联系电话" not in said

    def test_hold_an_applicant_who_is_not_the_records_subject(
        self, office: Office, visitor: Visitor
    ):
        page = visitor.get(visitor.file(record_reference="XY-220500-2026-00012").place)

        assert "主体不是您填写的单位" in page.said
        assert "not_record_subject" in visitor.case().flags["doubts"]

    def test_hold_a_record_nobody_knows(self, office: Office, visitor: Visitor):
        page = visitor.get(visitor.file(record_reference="决定书 5 号").place)

        assert "没有按您写的编号查到记录" in page.said
        assert visitor.case().record_id is None

    def test_let_an_unfinished_form_be_filed_as_it_is(self, office: Office, visitor: Visitor):
        unfinished: dict[str, Any] = {
            "statement": None,
            "grounds": None,
            "electronic_consent": None,
        }

        page = visitor.file(status=422, **unfinished)
        visitor.file(as_it_is="1", **unfinished)

        assert "还有 3 处要改" in page.said
        assert "照现在的样子提交" in page.said
        assert "filed_incomplete" in visitor.case().flags["doubts"]
        with office.reading() as session:
            [party] = session.query(CaseParty).filter_by(case_id=visitor.case().id)
            assert not party.consents_to_electronic_service

    def test_keep_what_did_not_pass(self, office: Office, visitor: Visitor):
        visitor.file(as_it_is="1", statement="长" * 5001)

        with office.reading() as session:
            content = filing_of(session).content
        assert content["as_typed"]["statement"] == "长" * 5001

    def test_cannot_number_a_form_that_names_nobody(self, visitor: Visitor):
        page = visitor.file(status=422, as_it_is="1", subject_name=None)

        assert "名称或姓名：这一项还没有填" in page.said
        assert "照现在的样子提交" not in page.said


class TestFiles:
    def test_that_are_programs_are_refused_by_what_they_hold(self, visitor: Visitor):
        answer = visitor.upload(PROGRAM, name="付款凭证.pdf")

        assert answer.status_code == 422
        assert "“付款凭证.pdf”不是可以接收的文件" in answer.get_json()["error"]

    def test_too_large_are_refused_with_a_sentence(self, office: Office, visitor: Visitor):
        office.app.config["MAX_CONTENT_LENGTH"] = 1000

        answer = visitor.upload(b"%PDF-" + bytes(2000))

        assert answer.status_code == 413
        assert "单个文件不超过 50 MB" in answer.get_json()["message"]

    def test_refused_one_by_one_leave_the_rest_of_the_form(self, office: Office, visitor: Visitor):
        data = with_files(
            FILING, ("evidence", PROGRAM, "安装.exe"), ("evidence", b"%PDF-1.4 good", "好.pdf")
        )

        page = visitor.post("/portal/file", data, status=422)

        assert "“安装.exe”不是可以接收的文件" in page.said
        assert page.value("statement") == FILING["statement"]
        assert "好.pdf" in page.said

    def test_of_200_megabytes_cost_nothing_that_was_typed(self, visitor: Visitor, tmp_path: Path):
        head = "".join(
            f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{each}\r\n'
            for name, value in FILING.items()
            for each in (value if isinstance(value, list) else [value])
        )
        head += '--x\r\nContent-Disposition: form-data; name="evidence.file"; filename="大.pdf"\r\n'
        head += "Content-Type: application/pdf\r\n\r\n%PDF-"
        sent = tmp_path / "sent"
        with sent.open("wb") as body:
            body.write(head.encode())
            body.seek(200 * 2**20, os.SEEK_CUR)
            body.write(b"\r\n--x--\r\n")

        with sent.open("rb") as body:
            page = visitor.post(
                "/portal/file",
                status=422,
                input_stream=body,
                content_type="multipart/form-data; boundary=x",
                content_length=sent.stat().st_size,
            )

        assert "“大.pdf”太大。单个文件不超过 50 MB" in page.said
        assert page.value("subject_name") == FILING["subject_name"]


class TestDraft:
    def test_is_there_again_in_the_same_browser_and_nowhere_else(self, visitor: Visitor):
        visitor.post("/portal/file/draft", {**FILING, "statement": "写到一半"}, status=302)

        assert typed(visitor.get("/portal/file"), "statement") == "写到一半"
        assert typed(visitor.another().get("/portal/file"), "statement") == ""

    def test_is_kept_for_a_week_in_a_cookie_that_outlives_the_browser(self, visitor: Visitor):
        page = visitor.get("/portal/file")

        cookie = page.answer.headers["Set-Cookie"]
        assert "Expires=" in cookie
        assert visitor.office.app.permanent_session_lifetime.days == 7

    def test_is_used_up_by_filing(self, office: Office, visitor: Visitor):
        visitor.post("/portal/file/draft", FILING, status=302)

        visitor.file()

        with office.reading() as session:
            assert session.query(Draft).count() == 0

    def test_can_be_thrown_away(self, office: Office, visitor: Visitor):
        visitor.post("/portal/file/draft", FILING, status=302)

        visitor.post("/portal/file/discard", status=302)

        assert typed(visitor.get("/portal/file"), "statement") == ""

    def test_holds_its_text_enciphered(self, office: Office, visitor: Visitor):
        visitor.post("/portal/file/draft", FILING, status=302)

        with office.reading() as session:
            kept = bytes(session.query(Draft).one().content)
        assert PHONE.encode() not in kept
        assert "付款凭证".encode() not in kept


class TestExpiredPage:
    def test_comes_back_with_everything_typed_and_sent(self, office: Office, visitor: Visitor):
        token = visitor.paper()
        office.app.config["WTF_CSRF_ENABLED"] = True
        stranger = visitor.another()

        page = stranger.file(status=400, evidence=[token])

        assert "页面放得太久，还没有提交" in page.said
        assert page.value("statement") == FILING["statement"]
        assert page.value("evidence") == token
        with office.reading() as session:
            assert session.query(Case).filter_by(kind="objection").count() == 0

    def test_can_be_sent_once_more(self, office: Office, visitor: Visitor):
        token = visitor.paper()
        office.app.config["WTF_CSRF_ENABLED"] = True
        stranger = visitor.another()
        page = stranger.file(status=400, evidence=[token])

        stranger.file(csrf_token=page.value("csrf_token"), evidence=[token])

        with office.reading() as session:
            assert session.query(StoredFile).filter_by(id=token).one().case_id == stranger.case().id
