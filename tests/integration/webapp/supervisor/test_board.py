"""The board: what is late or near, whose it is, and what a supervisor does about it."""

from __future__ import annotations

from collections import Counter

import pytest

from workflows.clock.calendar import SHANGHAI
from workflows.models import (
    AuditEntry,
    CreditRecord,
    Document,
    Event,
    Login,
    Notice,
    Person,
    Post,
    Task,
)
from workflows.services.deliver import fire_due_timers


@pytest.fixture
def supervisor(office):
    return office.person("zhenghong")


@pytest.fixture
def case_id(office):
    """A case received on 13 October whose formal check nobody has claimed."""
    return office.file()


def figures(page):
    """Return the numbers at the head of the board by their words."""
    return {
        " ".join(each.find_class("lab")[0].text_content().split()): int(
            each.find_class("val")[0].text_content()
        )
        for each in page.tree.xpath('//ul[@class="figures"]/li')
    }


def rows(page):
    """Return the numbers of the cases in the list, in order."""
    found = page.tree.xpath('//table[@class="list"]//tr[contains(@class, "item")]')
    return [each.xpath('.//*[@class="code"]')[0].text_content() for each in found]


def pass_days(office, *, until):
    """Let the days pass, firing what comes due at each opening hour."""
    parts = office.parts
    while office.clock.at.date() < until.date():
        office.later(days=1)
        office.clock.go_to(office.clock.at.replace(hour=9, minute=5))
        fire_due_timers(parts.desk, office_id=office.office_id, now=office.clock.now())


def person_id(office, username):
    with office.reading() as session:
        return session.query(Login).filter_by(username=username).one().person_id


def defaults(page):
    """Return how many records stand against each body, by its name."""
    return {
        row.xpath("./th")[0].text_content().strip(): int(row.xpath("./td")[1].text_content())
        for row in page.tree.xpath("//table[@data-defaults]/tbody/tr")
    }


def standing(office, *kinds):
    """Count the records of subjects of these kinds by name."""
    with office.reading() as session:
        names = [
            record.subject.name
            for record in session.query(CreditRecord)
            if record.subject.kind in kinds and record.status != "revoked"
        ]
    return dict(Counter(names))


class TestDefaults:
    def test_are_counted_by_public_body_without_persons(self, office, supervisor):
        """R60: where records are many the head may have to answer; nobody else is listed."""
        found = defaults(supervisor.get("/board"))

        assert found == standing(office, "government_body", "public_institution")
        assert found
        assert standing(office, "civil_servant")

    def test_leave_out_what_was_repaired(self, office, supervisor):
        body = next(iter(defaults(supervisor.get("/board"))))

        def repair(unit):
            for record in unit.session.query(CreditRecord):
                if record.subject.name == body:
                    record.repaired_on = office.clock.at.date()
            return {}

        office.run("repair", repair)

        assert body not in defaults(supervisor.get("/board"))


class TestFigures:
    def test_count_what_their_lists_show(self, office, supervisor, case_id):
        office.file("XY-220500-2026-00012")
        board = supervisor.get("/board")
        links = board.tree.xpath('//ul[@class="figures"]/li/a/@href')
        shown = [len(rows(supervisor.get(link.split("#")[0]))) for link in links[:6]]

        assert list(figures(board).values())[:6] == shown
        assert figures(board)["在办案件"] == 2
        assert figures(board)["未认领"] == 2

    def test_turn_late_the_day_after_the_last(self, office, supervisor, case_id):
        due_on = office.task(case_id, "task_formal_check").due_on
        office.clock.go_to(office.clock.at.replace(day=due_on.day))
        on_the_day = figures(supervisor.get("/board"))
        office.later(days=1)

        assert on_the_day["已逾期"] == 0
        assert figures(supervisor.get("/board"))["已逾期"] == 1

    def test_say_nothing_about_a_case_the_post_may_not_see(self, office, supervisor):
        office.file(
            "XY-220500-2026-00020",
            subject_name="邵明川",
            subject_code="220502198603140017",
            subject_kind="civil_servant",
        )

        assert figures(supervisor.get("/board"))["在办案件"] == 0


class TestHolders:
    @pytest.mark.parametrize("by", ["person", "organisation", "division", "step", "nonsense"])
    def test_can_be_grouped(self, supervisor, case_id, by):
        page = supervisor.get(f"/board?by={by}")

        assert page.tree.xpath('//table[@class="grid"]/tbody/tr')

    def test_name_the_person_once_somebody_has_claimed(self, office, supervisor, case_id):
        task = office.task(case_id, "task_formal_check")
        office.person("qianyu").post(f"/tasks/{task.id}/claim")

        names = supervisor.get("/board").tree.xpath('//table[@class="grid"]/tbody/tr/th')

        assert "钱雨" in names[0].text_content()


class TestReassign:
    @pytest.fixture
    def task(self, office, case_id):
        return office.task(case_id, "task_formal_check")

    @pytest.fixture
    def colleague(self, office):
        """A second window clerk."""
        with office.parts.sessions() as session:
            post = session.query(Post).filter_by(role="window_clerk").order_by(Post.id).all()
            lead = next(each for each in post if each.organisation.kind == "lead")
            person = Person(office_id=office.office_id, name="于洁")
            session.add(person)
            session.flush()
            session.add(
                Post(
                    office_id=office.office_id,
                    person_id=person.id,
                    organisation_id=lead.organisation_id,
                    role="window_clerk",
                    valid_from=lead.valid_from,
                )
            )
            session.commit()
            return person.id

    def test_hands_the_task_over_with_the_reason_on_record(
        self, office, supervisor, task, colleague
    ):
        values = {"person_id": colleague, "reason": "钱雨外出培训"}
        supervisor.post(f"/board/tasks/{task.id}/reassign", values)

        with office.reading() as session:
            assert session.get_one(Task, task.id).owner_id == colleague
            fact = session.query(Event).filter_by(kind="task_reassigned").one().facts
            entry = session.query(AuditEntry).filter_by(command="reassign_task").one()
        assert (fact["after"], fact["reason"]) == ("于洁", "钱雨外出培训")
        assert (entry.person_id, entry.reason) == (person_id(office, "zhenghong"), "钱雨外出培训")

    def test_leaves_the_deadline_where_it_is(self, office, supervisor, task, colleague):
        values = {"person_id": colleague, "reason": "轮岗"}
        supervisor.post(f"/board/tasks/{task.id}/reassign", values)

        with office.reading() as session:
            assert session.get_one(Task, task.id).due_on == task.due_on

    @pytest.mark.parametrize("left_out", ["person_id", "reason"])
    def test_asks_for_both_and_keeps_the_other(self, office, supervisor, task, colleague, left_out):
        values = {"person_id": colleague, "reason": "轮岗"} | {left_out: ""}

        page = supervisor.post(f"/board/tasks/{task.id}/reassign", values, status=422)

        assert "请选择改由谁办，并写明原因" in page.problems
        if left_out == "reason":
            assert page.tree.xpath("//input[@checked]/@value") == [colleague]
        else:
            assert page.value("reason") == "轮岗"

    def test_refuses_somebody_without_the_post(self, office, supervisor, task):
        values = {"person_id": person_id(office, "wangmin"), "reason": "轮岗"}

        page = supervisor.post(f"/board/tasks/{task.id}/reassign", values, status=403)

        assert "王敏 现在没有这个岗位" in page.problems
        assert page.value("reason") == "轮岗"

    def test_of_a_finished_task_says_who_was_faster(self, office, supervisor, task, colleague):
        with office.parts.sessions() as session:
            row = session.get_one(Task, task.id)
            row.status, row.done_by_id = "done", person_id(office, "qianyu")
            session.commit()
        values = {"person_id": colleague, "reason": "轮岗"}

        page = supervisor.post(f"/board/tasks/{task.id}/reassign", values, status=409)

        assert "钱雨 已经提交了这一步" in page.problems

    def test_of_a_task_that_does_not_exist_is_not_found(self, supervisor):
        supervisor.get("/board/tasks/none/reassign", status=404)


class TestUrge:
    def test_tells_those_who_may_act_once_a_day(self, office, supervisor, case_id):
        task = office.task(case_id, "task_formal_check")

        for _ in range(2):
            supervisor.post(f"/board/tasks/{task.id}/urge")

        with office.reading() as session:
            told = session.query(Notice).filter_by(kind="reminder", task_id=task.id).all()
        assert len(told) == 1
        assert told[0].person_id == person_id(office, "qianyu")
        assert "已催办 1 人" in supervisor.get("/board").said

    def test_tells_again_on_another_day(self, office, supervisor, case_id):
        task = office.task(case_id, "task_formal_check")
        supervisor.post(f"/board/tasks/{task.id}/urge")
        office.later(days=1)

        supervisor.post(f"/board/tasks/{task.id}/urge")

        with office.reading() as session:
            rows = session.query(Notice).filter_by(kind="reminder", task_id=task.id)
            assert rows.count() == 2

    def test_of_a_finished_task_is_said_on_the_board(self, office, supervisor, case_id):
        task = office.task(case_id, "task_formal_check")
        with office.parts.sessions() as session:
            row = session.get_one(Task, task.id)
            row.status, row.done_by_id = "done", person_id(office, "qianyu")
            session.commit()

        supervisor.post(f"/board/tasks/{task.id}/urge")

        assert "钱雨 已经提交了这一步" in supervisor.get("/board").said


class TestLadder:
    def test_says_what_happens_if_nobody_acts_in_order(self, office, supervisor, case_id):
        page = supervisor.get("/board")

        rungs = [each.text_content() for each in page.tree.xpath('//ol[@class="ladder"]/li')]
        assert office.case(case_id).number in page.said
        assert rungs
        assert rungs[0].startswith("10月")

    def test_says_so_when_nothing_waits(self, supervisor):
        assert "没有等待中的定时" in supervisor.get("/board").said


class TestSupervisionLetter:
    @pytest.fixture
    def draft(self, office, case_id):
        """A letter that was drafted because the reply is overdue."""
        pass_days(office, until=office.clock.at.replace(month=11, day=6, tzinfo=SHANGHAI))
        with office.reading() as session:
            rows = session.query(Document).filter_by(kind="supervision_letter", status="draft")
            return rows.order_by(Document.drafted_at).first()

    def status(self, office, draft):
        with office.reading() as session:
            return session.get_one(Document, draft.id)

    def test_waits_on_the_board_and_goes_nowhere_by_itself(self, office, supervisor, draft):
        assert draft.title in supervisor.get("/board").said
        assert "尚未发出" in supervisor.get(f"/board/letters/{draft.id}").said
        assert self.status(office, draft).number == ""

    def test_goes_out_with_a_number_and_the_signers_words(self, office, supervisor, draft):
        values = {"paragraphs": "请于三日内办结。\n\n并说明原因。", "given_number": ""}

        supervisor.post(f"/board/letters/{draft.id}/sign", values)

        signed = self.status(office, draft)
        assert signed.number
        assert signed.letter["paragraphs"] == ["请于三日内办结。", "并说明原因。"]
        assert f"已签发 {signed.number}" in supervisor.get("/board").said

    def test_takes_the_number_of_the_bodys_own_system(self, office, supervisor, draft):
        values = {"paragraphs": "请办结。", "given_number": "吉信联办函〔2026〕88号"}

        supervisor.post(f"/board/letters/{draft.id}/sign", values)

        assert self.status(office, draft).number == "吉信联办函〔2026〕88号"

    def test_without_a_text_comes_back_with_what_was_typed(self, office, supervisor, draft):
        values = {"paragraphs": " \n ", "given_number": "88号"}

        page = supervisor.post(f"/board/letters/{draft.id}/sign", values, status=422)

        assert "督办函没有正文" in page.problems
        assert page.value("given_number") == "88号"
        assert self.status(office, draft).status == "draft"

    def test_is_signed_once(self, office, supervisor, draft):
        values = {"paragraphs": "请办结。"}
        supervisor.post(f"/board/letters/{draft.id}/sign", values)

        supervisor.post(f"/board/letters/{draft.id}/sign", values, status=409)

        with office.reading() as session:
            numbered = session.query(Document).filter(Document.kind == "supervision_letter")
            assert len([row for row in numbered if row.number]) == 1

    def test_is_not_for_the_approver_to_sign(self, office, draft):
        approver = office.person("chenlixin")

        page = approver.get(f"/board/letters/{draft.id}")
        approver.post(f"/board/letters/{draft.id}/sign", {"paragraphs": "请办结。"}, status=403)

        assert "由督办岗签发" in page.said
        assert self.status(office, draft).status == "draft"
