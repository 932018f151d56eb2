"""What the subject sees at each turn of the own case, in both languages, without an account."""

from __future__ import annotations

import pytest

from tests.acceptance.business_day import at
from tests.acceptance.conftest import Begin
from tests.acceptance.crew import CORRECT, RECORD, Crew
from tests.acceptance.page import Page
from tests.acceptance.people import ANY
from tests.acceptance.province import Province
from tests.acceptance.test_formal_check import ASKED, SUPPLEMENT


@pytest.fixture
def crew(begin: Begin) -> Crew:
    return Crew(begin("2026-09-24 10:00"))


def title(page: Page) -> str:
    return str(page.tree.xpath("string(//h1)")).strip()


class TestCaseFromHome:
    def test_shows_the_stage_and_the_date_from_filing_to_closed(
        self, crew: Crew, province: Province
    ):
        subject = crew.subject
        case = subject.file(RECORD, service_preference="electronic", electronic_consent=True)
        titles = [title(subject.look())]
        assert "10月22日" in subject.look().said

        crew.do(case, "task_formal_check")
        titles.append(title(subject.look()))
        crew.do(case, "task_self_check")
        crew.do(case, "task_verify", conclusion="partly_wrong", **CORRECT)
        titles.append(title(subject.look()))
        crew.find(case, "partly")
        titles.append(title(subject.look()))
        crew.sign(case)
        crew.do(case, "task_seal_letter")
        _, form = crew["qianyu"].fill_in(case, "task_dispatch_letter", service_method="electronic")
        consent = form.options("consent_document")[0]
        crew["qianyu"].send(form.fill({"consent_document": consent}))
        assert "书面答复已经发出" in subject.look().said
        crew.office.tick()
        province.answer()
        crew.correct(case)
        titles.append(title(subject.look()))

        assert titles == [
            "正在审查您的申请",
            "正在核查您提出的异议",
            "正在作出认定",
            "正在答复您",
            "已更正，案件办结",
        ]
        shown = subject.look().said
        assert case.letter("reply").number in shown
        assert "解除" in shown

    def test_asks_for_papers_once_and_takes_them(self, crew: Crew):
        subject = crew.subject
        case = subject.file(RECORD)
        crew.do(case, "task_formal_check", **SUPPLEMENT)
        page = subject.look()
        assert "请补充材料" in page.said
        assert all(line in page.said for line in ASKED.splitlines())
        assert "10月15日" in page.said

        subject.add()

        assert "请补充材料" not in subject.look().said
        assert case.answers("supplement_portal")
        assert case.ledger("supplement")[-1] == ("stopped", "2026-09-24")

    def test_hears_at_day_13_and_when_the_office_is_late(self, crew: Crew):
        subject = crew.subject
        case = subject.file(RECORD, service_preference="electronic", electronic_consent=True)
        crew.do(case, "task_formal_check")
        crew.do(case, "task_self_check")
        crew.office.go_to(at("2026-10-20 09:30"))
        crew.do(case, "task_progress_notice")
        subject.enter(case.code)
        assert case.letter("progress_notice").number in subject.look().said

        crew.office.go_to(at("2026-10-23 09:30"))
        page = subject.look()

        assert "已过，还没有答复" in page.said
        form = page.form("/portal/case/remind")
        subject.send(form)
        subject.send(form)
        assert len(case.events("subject_reminded")) == 1

    def test_gets_receipt_and_certificate_that_others_can_verify(self, crew: Crew):
        subject = crew.subject
        case = subject.file(RECORD)
        crew.do(case, "task_formal_check")
        crew.office.tick()
        receipt = subject.client.get(f"/portal/case/letters/{case.letter('receipt').id}")
        assert receipt.data.startswith(b"%PDF-")

        subject.post(
            "/portal/case/certificate",
            {**subject.look().form("/portal/case/certificate").values},
            status=ANY,
        )
        certificate = case.letter("pending_certificate")
        stranger = crew.subject
        page = stranger.get(f"/portal/verify?code={certificate.verification_code}")

        assert certificate.number in page.said
        assert "这份证明是真的" in page.said

    def test_speaks_english_where_asked_to(self, crew: Crew):
        subject = crew.subject
        subject.get("/portal/?lang=en")
        subject.file(RECORD)

        page = subject.look()

        assert "22 Oct" in page.said
        assert not any("\u4e00" <= sign <= "\u9fff" for sign in title(page))


class TestDraft:
    def test_of_a_filing_waits_in_this_browser_only(self, crew: Crew):
        subject = crew.subject
        form = subject.filing_form(RECORD, statement="金额有误，款项早已付清。")

        subject.send(form, to="/portal/file/draft")

        again = subject.get("/portal/file?body=JLDRC").form_to("/portal/file")
        assert again.values["statement"] == ["金额有误，款项早已付清。"]
        stranger = crew.subject.get("/portal/file?body=JLDRC").form_to("/portal/file")
        assert stranger.values["statement"] == [""]
