from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from tests.integration.webapp.factory import Office
from tests.integration.webapp.officer.answers import filing, formal_check
from workflows.engine.values import FailedOperation
from workflows.models import CaseClock, Document, Incident, ReadEntry, StoredFile, new_id

TABS = ("overview", "timeline", "documents", "diagram", "parties", "linked", "filing")


class TestCasePage:
    def test_shows_the_clock_who_holds_what_and_what_happened(self, office: Office):
        case_id = office.file()

        page = office.person("wangmin").get(f"/cases/{case_id}")

        assert "通化市柳林开发区管理委员会对“拖欠工程款”失信记录的异议" in page.said
        assert "还剩 15 个工作日" in page.said
        assert "规范性文件" in page.said
        assert "窗口受理岗，未认领" in page.said
        assert "没有人办会怎样" in page.said
        assert "全部" in page.said

    def test_tells_what_happened_from_the_first_day_on(self, office: Office):
        case_id = office.file(received_on=date(2026, 9, 24))

        page = office.person("wangmin").get(f"/cases/{case_id}/timeline")

        assert "登记案件 YY-220500-2026-00001" in page.said
        assert "理由：收发室先签收" in page.said
        assert "书面答复申请人起算，10月22日 周四到期" in page.said

    @pytest.mark.parametrize("tab", TABS)
    def test_opens_every_part_in_both_languages(self, office: Office, tab: str):
        case_id = office.file()
        office.person("qianyu").do(case_id, "task_formal_check", **formal_check(office, case_id))
        handler = office.person("wangmin")

        for language in ("zh", "en"):
            page = handler.get(f"/cases/{case_id}/{tab}?lang={language}")

            assert page.tree.xpath("//ul[@class='tabs']//a[@aria-current='page']")

    def test_keeps_each_reading(self, office: Office):
        case_id = office.file()

        office.person("wangmin").get(f"/cases/{case_id}/overview")

        with office.reading() as session:
            row = session.query(ReadEntry).filter_by(case_id=case_id).one()
        assert row.what == "case:overview"
        assert row.person_id and row.post_id

    def test_is_out_of_sight_for_a_department_without_work_in_it(self, office: Office):
        case_id = office.file()

        office.person("majun").get(f"/cases/{case_id}", status=404)

    def test_knows_no_other_part(self, office: Office):
        office.person("wangmin").get(f"/cases/{office.file()}/secrets", status=404)

    def test_marks_the_record_as_disputed_once_accepted(self, office: Office):
        case_id = office.file()
        office.person("qianyu").do(case_id, "task_formal_check", **formal_check(office, case_id))

        page = office.person("wangmin").get(f"/cases/{case_id}/overview")

        assert "标注异议中" in page.said
        assert "异议针对这一版" in page.said
        assert "限制参加评优评先" in page.said
        assert "通化市公共资源交易中心" in page.said


class TestDiagram:
    def test_is_the_very_diagram_with_where_the_case_stands(self, office: Office):
        case_id = office.file()
        handler = office.person("wangmin")

        page = handler.get(f"/cases/{case_id}/diagram?file=handling.bpmn")

        place = page.tree.xpath("//*[@data-diagram]")[0]
        assert '"task_formal_check"' in place.get("data-marks")
        assert handler.get(place.get("data-diagram")).text.startswith("<?xml")
        assert "形式审查" in page.said

    def test_is_no_way_to_other_files(self, office: Office):
        case_id = office.file()

        office.person("wangmin").get(f"/cases/{case_id}/diagrams/forms/verify.json", status=404)


class TestPersonalData:
    def test_stays_hidden_until_asked_for_and_each_showing_is_kept(self, office: Office):
        case_id = office.file()
        handler = office.person("wangmin")
        hidden = handler.get(f"/cases/{case_id}/parties")
        place = hidden.tree.xpath("//form[contains(@action, 'reveal')]/@action")[0]

        shown = handler.post(str(place), status=200)

        assert "13843500417" not in hidden.said
        assert "13843500417" in shown.said
        with office.reading() as session:
            kept = session.query(ReadEntry).filter(ReadEntry.what.startswith("personal_data:"))
            assert kept.count() == 1

    def test_is_kept_from_posts_that_do_not_need_it(self, office: Office):
        case_id = office.file()
        place = office.person("wangmin").get(f"/cases/{case_id}/parties").tree
        action = str(place.xpath("//form[contains(@action, 'reveal')]/@action")[0])

        office.person("chenlixin").post(action, status=403)

        page = office.person("chenlixin").get(f"/cases/{case_id}/parties")
        assert "您的岗位不需要看联系方式" in page.said


class TestIncident:
    def test_shows_its_real_cause_and_goes_on_after_a_retry(self, office: Office, monkeypatch):
        case_id = office.file()
        operations = dict(office.parts.desk.operations)
        healthy = operations["mark_disputed"]
        is_broken = [True]

        def sometimes(context):
            if is_broken[0]:
                raise RuntimeError("disk full")
            return healthy(context)

        monkeypatch.setitem(office.parts.desk.operations, "mark_disputed", sometimes)
        clerk = office.person("qianyu")
        clerk.do(case_id, "task_formal_check", **formal_check(office, case_id))
        page = clerk.get(f"/cases/{case_id}")

        is_broken[0] = False
        retry = str(page.tree.xpath("//form[contains(@action, '/retry')]/@action")[0])
        clerk.post(retry)

        assert "期限仍在走" in page.said
        assert "RuntimeError" in page.said
        assert "INC-2026-0001" in page.said
        assert office.task(case_id, "task_self_check").status == "open"

    def test_of_the_report_offers_to_report_by_hand(self, office: Office):
        case_id = office.file()
        failed = FailedOperation(id="x", element="send_report", operation="send_report")
        with office.parts.sessions.begin() as session:
            session.add(
                Incident(
                    id=new_id(),
                    office_id=office.office_id,
                    case_id=case_id,
                    number="INC-2026-0093",
                    failed_id=failed.id,
                    element=failed.element,
                    operation=failed.operation,
                    cause_key="error.outside_service",
                    opened_at=office.clock.now(),
                )
            )

        page = office.person("liyan").get(f"/cases/{case_id}")

        assert "改为手工报送并登记回执" in page.said
        assert f"/cases/{case_id}/actions/report_receipt" in page.text


class TestExplanation:
    def test_says_in_one_sentence_why_this_date(self, office: Office):
        case_id = office.file(received_on=date(2026, 9, 24))
        clock = self._clock(office, case_id)

        page = office.person("wangmin").get(f"/cases/{case_id}/clocks/{clock}")

        assert "为什么是 10月22日 周四？" in page.said
        assert "其后 28 个日历日里" in page.said
        assert "10月10日 周六 调休上班计入" in page.said
        assert "数满 15 个工作日，是 10月22日 周四" in page.said

    def test_shows_each_day_with_its_paper_the_source_and_the_ledger(self, office: Office):
        case_id = office.file(received_on=date(2026, 9, 24))

        page = office.person("wangmin").get(
            f"/cases/{case_id}/clocks/{self._clock(office, case_id)}"
        )

        rows = page.tree.xpath("//table[contains(@class, 'grid')]/tbody/tr")
        assert len(rows) == 29
        assert "国办发明电〔2025〕7号" in page.said
        assert "通市信用[2018]2号 二(7)" in page.said
        assert "自接到异议申请之日起十五个工作日内" in page.said
        assert "起算，起算日 9月24日" in page.said
        assert "收发室先签收" in page.said

    def test_shows_the_reckoning_that_was_not_used(self, office: Office):
        case_id = office.file(received_on=date(2026, 9, 24))

        page = office.person("wangmin").get(
            f"/cases/{case_id}/clocks/{self._clock(office, case_id)}"
        )

        assert "从登记日 10月13日 周二 起算会得到 11月3日 周二" in page.said

    def test_can_be_taken_along_as_a_table(self, office: Office):
        case_id = office.file(received_on=date(2026, 9, 24))

        answer = office.person("wangmin").get(
            f"/cases/{case_id}/clocks/{self._clock(office, case_id)}/days.csv"
        )

        assert answer.text.startswith("\ufeff")
        rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
        assert rows[0][0] == "日期"
        assert [row[4] for row in rows if row[0] == "2026-10-10"] == ["6"]
        assert [row[4] for row in rows if row[0] == "2026-10-22"] == ["15"]

    def test_knows_the_clocks_of_its_own_case_only(self, office: Office):
        one, other = office.file(), office.file("XY-220500-2026-00012")

        office.person("wangmin").get(
            f"/cases/{one}/clocks/{self._clock(office, other)}", status=404
        )

    def _clock(self, office: Office, case_id: str) -> str:
        with office.reading() as session:
            return session.query(CaseClock).filter_by(case_id=case_id, name="reply").one().id


class TestLetters:
    def test_list_what_went_out_and_lead_to_each(self, office: Office):
        office.file()
        handler = office.person("wangmin")

        page = handler.get("/letters")

        assert "收件回执" in page.said
        place = page.tree.xpath("//a[starts-with(@href, '/documents/')]/@href")[0]
        assert "制作、发出、送达" in handler.get(str(place)).said

    def test_hide_the_query_code_from_posts_that_do_not_hand_it_over(self, office: Office):
        case_id = office.file()
        with office.reading() as session:
            receipt = session.query(Document).filter_by(case_id=case_id, kind="receipt").one()
            code = office.parts.desk.vault.open(
                session, owner_id=case_id, value=office.case(case_id).query_code
            )

        page = office.person("chenlixin").get(f"/documents/{receipt.id}")

        assert code not in page.said
        assert code not in str(receipt.letter)

    def test_are_handed_over_and_served_at_the_window(self, office: Office):
        case_id = office.file()
        clerk = office.person("qianyu")
        clerk.do(case_id, "task_formal_check", **formal_check(office, case_id))
        with office.reading() as session:
            notice = (
                session.query(Document).filter_by(case_id=case_id, kind="acceptance_notice").one()
            )

        bad = clerk.post(f"/documents/{notice.id}/dispatch", {"method": "pigeon"}, status=422)
        clerk.post(f"/documents/{notice.id}/dispatch", {"method": "window"})
        early = clerk.post(
            f"/documents/{notice.id}/served",
            {"served_on": "2026-10-12", "evidence": "签收单 1"},
            status=422,
        )
        clerk.post(
            f"/documents/{notice.id}/served", {"served_on": "2026-10-13", "evidence": "签收单 1"}
        )

        assert "这个选项已经不在了" in bad.said
        assert early.answer.status_code == 422
        with office.reading() as session:
            assert session.get_one(Document, notice.id).status == "served"

    def test_that_came_back_are_sent_another_way(self, office: Office):
        case_id = office.file()
        clerk = office.person("qianyu")
        clerk.do(case_id, "task_formal_check", **formal_check(office, case_id))
        with office.reading() as session:
            notice = (
                session.query(Document).filter_by(case_id=case_id, kind="acceptance_notice").one()
            )
        place = f"/documents/{notice.id}"
        clerk.post(f"{place}/dispatch", {"method": "post"})

        missing = clerk.post(f"{place}/again", {"method": "leaving"}, status=422)
        clerk.post(f"{place}/again", {"method": "leaving", "reason": "moved"})

        assert "退回后重新发出" in missing.said
        with office.reading() as session:
            sent = session.get_one(Document, notice.id)
            assert (sent.status, sent.service_method) == ("dispatched", "leaving")
        assert "收件人已迁走" in clerk.get(f"/cases/{case_id}/timeline").said

    def test_without_consent_are_not_served_electronically(self, office: Office):
        case_id = office.file()
        clerk = office.person("qianyu")
        clerk.do(case_id, "task_formal_check", **formal_check(office, case_id))
        with office.reading() as session:
            notice = (
                session.query(Document).filter_by(case_id=case_id, kind="acceptance_notice").one()
            )

        page = clerk.post(f"/documents/{notice.id}/dispatch", {"method": "electronic"}, status=403)

        assert "没有签送达地址确认书" in page.said

    def test_draw_the_same_paper_as_the_page(self, office: Office):
        office.file()
        handler = office.person("wangmin")
        place = handler.get("/letters").tree.xpath("//a[starts-with(@href, '/documents/')]/@href")

        paper = handler.get(f"{place[0]}.pdf").answer

        assert paper.get_data().startswith(b"%PDF-")
        assert paper.headers["X-Content-Type-Options"] == "nosniff"


class TestFiles:
    def test_open_for_the_case_and_are_kept_as_readings(self, office: Office):
        clerk = office.person("qianyu")
        place = clerk.post("/filings/new", filing(clerk)).place
        page = clerk.get(f"/cases/{place.rpartition('/')[2]}/documents")
        file = str(page.tree.xpath("//a[starts-with(@href, '/files/')]/@href")[0])

        assert clerk.get(file).answer.mimetype == "application/pdf"
        with office.reading() as session:
            assert session.query(ReadEntry).filter(ReadEntry.what.startswith("file:")).count() == 1

    def test_that_are_staged_belong_to_their_sender(self, office: Office):
        token = office.person("qianyu").paper()

        office.person("qianyu").get(f"/files/{token}")
        office.person("wangmin").get(f"/files/{token}", status=404)

    def test_that_were_drawn_from_a_letter_are_asked_for_as_letters(self, office: Office):
        case_id = office.file()
        with office.parts.sessions.begin() as session:
            drawn = StoredFile(
                id=new_id(),
                office_id=office.office_id,
                case_id=case_id,
                holder="document:x",
                name="receipt.pdf",
                media_type="application/pdf",
                size=1,
                sha256="0" * 64,
                stored_at=office.clock.now(),
                is_staged=False,
            )
            session.add(drawn)

        office.person("wangmin").get(f"/files/{drawn.id}", status=404)
