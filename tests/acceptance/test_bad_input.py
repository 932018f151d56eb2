"""Bad input gets a clear sentence that says what to do, in both languages, and nothing is lost."""

from __future__ import annotations

import io

import pytest

from tests.acceptance import packs
from tests.acceptance.conftest import Begin
from tests.acceptance.crew import RECORD, Crew
from tests.acceptance.page import Page
from tests.acceptance.people import Browser
from tests.acceptance.subject import SUBJECTS, SubjectAtHome, window_answers
from tests.acceptance.test_changes import NOTICE_2027
from workflows.models import Case, StoredFile

SCRIPT = b"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:jiannuo="urn:jiannuo:bpmn:1" id="d" targetNamespace="urn:test">
<bpmn:process id="side_way" isExecutable="true"><bpmn:startEvent id="side_start" name="s"/>
<bpmn:sequenceFlow id="f1" sourceRef="side_start" targetRef="side_script"/>
<bpmn:scriptTask id="side_script" name="x"><bpmn:script>import os</bpmn:script></bpmn:scriptTask>
<bpmn:sequenceFlow id="f2" sourceRef="side_script" targetRef="side_end"/>
<bpmn:endEvent id="side_end" name="e"/></bpmn:process></bpmn:definitions>"""
PROGRAM = b"MZ\x90\x00" + b"\x00" * 512


@pytest.fixture
def crew(open_office: Begin) -> Crew:
    return Crew(open_office("2026-09-24 10:00"))


@pytest.fixture(params=["zh", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def cases(crew: Crew) -> list[str]:
    with crew.office.reading() as session:
        # The quarter's dispatch opens by itself beside what people file.
        return [row.number for row in session.query(Case).filter_by(kind="objection")]


def speak(browser: Browser, language: str, path: str = "/portal/") -> None:
    """Switch the browser to a language."""
    browser.get(f"{path}?lang={language}")


def is_chinese(text: str) -> bool:
    return any("\u4e00" <= sign <= "\u9fff" for sign in text)


def complaints(page: Page) -> str:
    """Return what the page complains about."""
    found = page.tree.xpath("//*[@role='alert' or contains(@class, 'bad')]")
    return " ".join(" ".join(each.text_content().split()) for each in found)


class TestStranger:
    """An applicant who is not the record's subject."""

    def test_is_numbered_and_examined_never_refused(self, crew: Crew):
        other = SUBJECTS["S02"]
        case = crew.subject.file(
            RECORD, subject_name=other["name"], subject_code=other["credit_code"]
        )

        assert "not_record_subject" in case.row.flags["doubts"]
        page = crew["qianyu"].get(f"/tasks/{case.task('task_formal_check').id}")
        assert "不是" in page.said

    def test_is_asked_about_once_at_the_window(self, crew: Crew, language):
        clerk = crew["qianyu"]
        other = SUBJECTS["S02"]
        answers = window_answers(
            RECORD, subject_name=other["name"], subject_code=other["credit_code"]
        )
        speak(clerk, language, "/inbox")

        page = clerk.send(clerk.filing_form(**answers), status=422)

        assert is_chinese(complaints(page).replace(SUBJECTS["S01"]["name"], "")) == (
            language == "zh"
        )
        form = page.form_to("/filings/new")
        assert form.values["subject_name"] == [other["name"]]
        clerk.send(form)
        assert len(cases(crew)) == 1


class TestWrongCode:
    CODE = "11220500MB81744945"  # the last digit does not fit

    def test_is_doubted_in_words_at_the_window(self, crew: Crew, language):
        clerk = crew["qianyu"]
        speak(clerk, language, "/inbox")

        page = clerk.send(
            clerk.filing_form(**window_answers(RECORD, subject_code=self.CODE)), status=422
        )

        assert complaints(page)
        assert is_chinese(page.said)  # names and places stay Chinese in both
        assert page.form_to("/filings/new").values["subject_code"] == [self.CODE]

    def test_does_not_keep_a_subject_from_filing(self, crew: Crew):
        case = crew.subject.file(RECORD, subject_code=self.CODE)

        assert case.row.flags["doubts"]
        assert case.clock("reply").status == "running"


class TestFutureDate:
    def test_is_refused_with_everything_else_kept(self, crew: Crew, language):
        clerk = crew["qianyu"]
        speak(clerk, language, "/inbox")
        answers = window_answers(RECORD, received_on="2026-09-25")

        page = clerk.send(clerk.filing_form(**answers), status=422)

        assert complaints(page)
        form = page.form_to("/filings/new")
        assert form.values["received_on"] == ["2026-09-25"]
        assert form.values["statement"] == [answers["statement"]]
        assert form.values["application_scan"]
        assert cases(crew) == []
        clerk.send(form.fill({"received_on": "2026-09-24"}))
        assert len(cases(crew)) == 1

    def test_in_a_step_is_refused_and_the_draft_kept(self, crew: Crew, language):
        case = crew.decide("uphold")
        crew.sign(case)
        clerk = crew["qianyu"]
        speak(clerk, language, "/inbox")

        page = clerk.do(case, "task_seal_letter", sealed_on="2026-10-30", status=422)

        assert complaints(page)
        again = clerk.get(f"/tasks/{case.task('task_seal_letter').id}")
        assert again.form_to(page.path).values["sealed_on"] == ["2026-10-30"]
        assert case.letter("reply").status == "numbered"


class TestAttachment:
    @pytest.fixture
    def subject(self, crew: Crew, language) -> SubjectAtHome:
        subject = crew.subject
        speak(subject, language)
        return subject

    def token(self, subject: SubjectAtHome) -> str:
        return (
            subject.get("/portal/file?body=JLDRC").form_to("/portal/file").values["csrf_token"][0]
        )

    def test_of_two_hundred_megabytes_is_refused_unread(self, subject: SubjectAtHome, language):
        answer = subject.client.post(
            "/portal/uploads",
            data=b"--x",
            content_type="multipart/form-data; boundary=x",
            headers={"Accept": "application/json", "X-CSRFToken": self.token(subject)},
            environ_overrides={"CONTENT_LENGTH": str(200 << 20)},
        )

        assert answer.status_code == 413
        assert is_chinese(answer.get_json()["message"]) == (language == "zh")

    def test_too_large_is_refused_in_words(
        self, subject: SubjectAtHome, language, monkeypatch: pytest.MonkeyPatch
    ):
        # The limit is a number; fifty real megabytes would show no more than ten thousand bytes.
        monkeypatch.setattr("webapp.uploading.LARGEST_FILE", 10_000)
        monkeypatch.setattr("workflows.services.keep_drafts.LARGEST_FILE", 10_000)

        answer = subject.upload(
            "/portal/uploads", token=self.token(subject), content=b"%PDF-1.7\n" + bytes(10_000)
        )

        assert answer.status_code == 422
        assert is_chinese(answer.get_json()["error"].replace("附件", "")) == (language == "zh")

    def test_that_is_a_program_is_refused_whatever_its_name(
        self, subject: SubjectAtHome, crew: Crew, language
    ):
        answer = subject.upload(
            "/portal/uploads", token=self.token(subject), name="notice.pdf", content=PROGRAM
        )

        assert answer.status_code == 422
        assert is_chinese(answer.get_json()["error"]) == (language == "zh")
        with crew.office.reading() as session:
            assert session.query(StoredFile).filter(StoredFile.name == "notice.pdf").all() == []


class TestDoubleClick:
    def test_files_once(self, crew: Crew):
        subject = crew.subject
        form = subject.filing_form(RECORD)

        first = subject.note_receipt(subject.send(form))
        second = subject.note_receipt(subject.send(form))

        assert first.number == second.number
        assert len(cases(crew)) == 1

    def test_completes_once(self, crew: Crew):
        case = crew.register()
        _, form = crew["qianyu"].fill_in(case, "task_formal_check")

        crew["qianyu"].send(form)
        crew["qianyu"].send(form)

        assert case.open_tasks == ["task_self_check"]
        assert len(case.answers("formal_check")) == 1


class TestExpiredSession:
    """The session ends while somebody fills in a form."""

    def test_of_an_officer_leads_back_to_the_draft(self, crew: Crew, language):
        case = crew.accept()
        officer = crew["wangmin"]
        speak(officer, language, "/inbox")
        _, form = officer.fill_in(case, "task_self_check", source_file="部门报送第 3 批第 17 条")
        path = form.action
        officer.send(form, to=f"{path}/draft")
        officer.client.delete_cookie("session")

        answer = officer.client.post(path, data=form.values, headers={"Referer": path})

        assert answer.status_code in (302, 400, 401)
        back = officer.get("/login?next=" + path)
        log_in = back.form_to("/login").fill({"username": "wangmin", "password": "jiannuo"})
        page = officer.send(log_in)
        assert page.path == path
        assert page.form_to(path).values["source_file"] == ["部门报送第 3 批第 17 条"]

    def test_is_told_in_words(self, crew: Crew, language):
        case = crew.accept()
        officer = crew["wangmin"]
        speak(officer, language, "/inbox")
        _, form = officer.fill_in(case, "task_self_check")
        officer.client.delete_cookie("session")

        page = officer.send(form, status=400)

        assert is_chinese(page.tree.xpath("//main")[0].text_content()) == (language == "zh")
        assert case.open_tasks == ["task_self_check"]


class TestTwoOfficers:
    """Two handlers finish one step at the same time."""

    def test_second_sees_both_versions_and_keeps_the_own(self, crew: Crew, language):
        case = crew.accept()
        first, second = crew["wangmin"], crew["sunli"]
        speak(second, language, "/inbox")
        task = case.task("task_self_check")
        path = f"/tasks/{task.id}"
        forms = []
        for officer, words in ((first, "与报送一致"), (second, "与报送不一致")):
            form = officer.get(path).form_to(path)
            answers = {
                "source_file": "第 3 批第 17 条",
                "stored_values": words,
                "supplied_values": words,
                "self_check": "matches_source",
                "comparison": officer.attach(form, "comparison"),
                "recusal": True,
            }
            forms.append(form.fill(answers))

        first.send(forms[0])
        page = second.send(forms[1], status=409)

        assert "王敏" in page.said
        assert "与报送一致" in page.said and "与报送不一致" in page.said
        assert len(case.answers("self_check")) == 1
        assert case.open_tasks == ["task_verify THHUD"]


class TestDiagram:
    def test_with_a_script_task_is_refused_with_file_element_and_remedy(self, crew: Crew, language):
        admin = crew["lintao"]
        speak(admin, language, "/admin/definitions")
        form = admin.get("/admin/definitions").form_to("/admin/definitions")
        file = (io.BytesIO(SCRIPT), "side_way.bpmn")

        page = admin.post(form.action, {**form.values, "files": file}, status=422)

        said = complaints(page)
        assert "side_way.bpmn" in said and "side_script" in said
        assert is_chinese(said) == (language == "zh")


class TestRulePack:
    def test_without_a_needed_parameter_is_refused_by_its_name(self, crew: Crew, language):
        admin = crew["lintao"]
        speak(admin, language, "/admin/packs")
        pack = packs.read("office")
        pack["parameters"] = [
            each for each in pack["parameters"] if each["key"] != "obj.verification.limit"
        ]
        form = admin.get("/admin/packs").form_to("/admin/packs")

        page = admin.post(form.action, {**form.values, "file": packs.as_file(pack)}, status=422)

        assert "obj.verification.limit" in complaints(page)
        case = crew.register()
        assert case.clock("reply").status == "running"


class TestCalendarFile:
    def test_with_a_missing_day_is_refused_with_the_day(self, crew: Crew, language):
        admin = crew["lintao"]
        speak(admin, language, "/admin/calendars")
        text = NOTICE_2027.read_text("utf-8").replace('"to": "2027-10-07"', '"to": "2027-10-06"')
        form = admin.get("/admin/calendars").form_to("/admin/calendars")
        file = (io.BytesIO(text.encode()), "2027.json")

        page = admin.post(form.action, {**form.values, "file": file}, status=422)

        said = complaints(page)
        assert "2027.json" in said and "国庆节" in said
        assert crew.office.calendar.knows(2027) is False


class TestWrongProof:
    def test_says_nothing_about_the_case(self, crew: Crew, language):
        case = crew.register()
        subject = crew.subject
        speak(subject, language)

        page = subject.enter(case.code, proof="1111", status=422)

        assert case.number not in page.said
        assert complaints(page) or page.said


class TestForeignMessage:
    def test_without_a_true_signature_changes_nothing(self, crew: Crew):
        case = crew.decide("partly")

        answer = crew.subject.client.post(
            "/exchange/province/messages",
            json={"type": "report_acknowledged", "case_number": case.number},
            headers={"webhook-id": "x", "webhook-timestamp": "1", "webhook-signature": "v1,x"},
        )

        assert answer.status_code == 403
        assert case.clock("report").status == "running"
