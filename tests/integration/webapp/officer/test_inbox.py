from __future__ import annotations

import io
from datetime import date

from openpyxl import load_workbook

from tests.integration.webapp.factory import Office
from workflows.models import ReadEntry, Task


class TestInbox:
    def test_opens_each_row_with_its_clock_verb_and_holder(self, office: Office):
        case_id = office.file()

        page = office.person("qianyu").get("/inbox")

        assert "待办 1 件" in page.said
        assert "形式审查" in page.said
        assert "3 个工作日内" in page.said
        assert "10月15日 周四" in page.said
        assert "未认领" in page.said
        assert f"/tasks/{office.task(case_id, 'task_formal_check').id}" in page.text

    def test_says_overdue_in_words_and_never_zero(self, office: Office):
        office.file()
        office.later(days=3)

        page = office.person("qianyu").get("/inbox?view=overdue")

        assert "已逾期" in page.said
        assert "逾期 1 个工作日" in page.said
        assert " 0 个工作日" not in page.said

    def test_keeps_what_other_posts_do_out_of_sight(self, office: Office):
        office.file()

        page = office.person("chenlixin").get("/inbox")

        assert "现在没有要您办的事" in page.said

    def test_is_read_in_english_too(self, office: Office):
        office.file()

        page = office.person("qianyu").get("/inbox?lang=en")

        assert "Check the application" in page.said
        assert "2 working days left" in page.said

    def test_pages_on_without_losing_or_repeating_a_row(self, office: Office, monkeypatch):
        monkeypatch.setattr("webapp.views.officer.inbox.PAGE", 2)
        cases = {office.file() for _ in range(5)}
        clerk = office.person("qianyu")
        seen: list[str] = []

        place = "/inbox?view=pool"
        while place:
            page = clerk.get(place)
            seen += [str(row) for row in page.tree.xpath("//tr[@data-url]/@data-url")]
            place = next(iter(page.tree.xpath("//a[@rel='next']/@href")), "")

        assert len(seen) == len(set(seen)) == len(cases)

    def test_narrows_to_nothing_with_a_way_back(self, office: Office):
        office.file()

        page = office.person("qianyu").get("/inbox?division=110000")

        assert "没有同时满足这些条件的待办" in page.said
        assert "清除筛选" in page.said

    def test_ignores_what_an_address_cannot_mean(self, office: Office):
        office.file()

        page = office.person("qianyu").get(
            "/inbox?view=x&due=y&marked=z&after=q&_scheme=javascript"
        )

        assert "待办 1 件" in page.said
        assert "javascript:" not in page.text

    def test_counts_new_arrivals_behind_the_hand(self, office: Office):
        office.file()
        clerk = office.person("qianyu")
        poll = clerk.get("/inbox").tree.xpath("//@data-poll")[0]
        before = clerk.get(str(poll)).answer.get_json()

        office.file("XY-220500-2026-00012")

        assert before == {"new": 0}
        assert clerk.get(str(poll)).answer.get_json() == {"new": 1}


class TestClaiming:
    def test_puts_the_task_in_ones_own_name(self, office: Office):
        case_id = office.file()
        task = office.task(case_id, "task_formal_check")

        office.person("qianyu").post(f"/tasks/{task.id}/claim")

        assert office.task(case_id, "task_formal_check").owner is not None

    def test_is_given_back_to_the_pool(self, office: Office):
        case_id = office.file()
        task = office.task(case_id, "task_formal_check")
        clerk = office.person("qianyu")
        clerk.post(f"/tasks/{task.id}/claim")

        clerk.post(f"/tasks/{task.id}/release")

        assert office.task(case_id, "task_formal_check").owner_id is None

    def test_is_refused_to_another_post_with_the_reason(self, office: Office):
        task = office.task(office.file(), "task_formal_check")

        page = office.person("chenlixin").post(f"/tasks/{task.id}/claim", status=403)

        assert "这一步由其他岗位办理" in page.said

    def test_takes_many_at_once_and_says_which_it_could_not(self, office: Office):
        tasks = [office.task(office.file(), "task_formal_check") for _ in range(2)]
        clerk = office.person("qianyu")

        clerk.post("/inbox/claim", {"row": [tasks[0].id, tasks[1].id, "0" * 32]})

        page = clerk.get("/inbox")
        assert "已认领 2 件" in page.said
        assert "有一件没有认领" in page.said


class TestExport:
    def test_holds_the_rows_and_is_kept_as_a_reading(self, office: Office):
        office.file()

        answer = office.person("qianyu").get("/inbox.xlsx?view=pool").answer

        sheet = load_workbook(io.BytesIO(answer.get_data())).active
        rows = list(sheet.iter_rows(values_only=True))
        assert rows[0][0] == "案号"
        assert rows[1][1] == "通化市柳林开发区管理委员会"
        assert rows[1][4].date() == date(2026, 10, 15)
        with office.reading() as session:
            assert session.query(ReadEntry).filter_by(what="export:inbox").count() == 1

    def test_writes_no_formula_from_what_people_typed(self, office: Office):
        office.file(subject_name="=HYPERLINK(1)", subject_code="11220500MB81744999")

        answer = office.person("qianyu").get("/inbox.xlsx?view=pool").answer

        sheet = load_workbook(io.BytesIO(answer.get_data())).active
        assert sheet["B2"].value == "'=HYPERLINK(1)"
        assert sheet["B2"].data_type == "s"


class TestKeyset:
    def test_holds_when_a_date_is_missing(self, office: Office, monkeypatch):
        monkeypatch.setattr("webapp.views.officer.inbox.PAGE", 1)
        first = office.file()
        office.file("XY-220500-2026-00012")
        with office.parts.sessions.begin() as session:
            session.query(Task).filter_by(case_id=first).update({"due_on": None})
        clerk = office.person("qianyu")

        page = clerk.get("/inbox?view=pool")
        following = clerk.get(str(page.tree.xpath("//a[@rel='next']/@href")[0]))

        assert len(following.tree.xpath("//tr[@data-url]")) == 1
