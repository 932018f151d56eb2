"""The people of the office at credit repair: the stretches of work that its tests begin with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from tests.acceptance import packs
from tests.acceptance.business_day import at
from tests.acceptance.case_file import CaseFile
from tests.acceptance.crew import HOLDERS, Crew
from tests.acceptance.people import ANSWERS, ANY, Officer, query_code
from tests.acceptance.subject import window_answers
from workflows.events import SYSTEM, Command
from workflows.models import Case, CaseLink, CreditRecord, Task
from workflows.services.follow_case import open_following
from workflows.storage.unit_of_work import UnitOfWork

# An enterprise's record: penalty of 2026-07-20, public since 07-27, one sanction.
RECORD = "XY-220100-2026-00044"
GOVERNMENT_RECORD = "XY-220500-2026-00011"


def repair_answers(number: str, **other: Any) -> dict[str, Any]:
    """Return what the window clerk enters of an application for repair."""
    said = {**window_answers(number), "performance": "罚款已缴清，年度报告已补报。"}
    for name in ("channel_body", "grounds", "statement", "request", "also_filed_with"):
        said.pop(name)
    return {**said, **other}


def file_at_window(clerk: Officer, kind: str, answers: dict[str, Any]) -> CaseFile:
    """Enter a filing of this kind; what is doubtful is asked once, then accepted."""
    clerk.office.before_act()
    form = clerk.get(f"/filings/new?kind={kind}").form("/filings/new")
    said = {
        name: clerk.attach(form, name) if value == "@file" else value
        for name, value in answers.items()
    }
    page = clerk.send(form.fill(said), status=ANY)
    if page.status == 422:
        again = page.form("/filings/new")
        assert again.values.get("accept_doubts"), page.said[:400]
        page = clerk.send(again)
    return CaseFile(clerk.office, page.path.rpartition("/")[2], code=query_code(page))


@dataclass
class RepairCrew(Crew):
    """Everybody at credit repair."""

    def register(self, number: str = RECORD, **answers: Any) -> CaseFile:
        """Enter an application, or another matter of repair, at the window."""
        clerk = self.holder("window_clerk")
        return file_at_window(clerk, "credit_repair", repair_answers(number, **answers))

    def examine(self, number: str = RECORD, **check: Any) -> CaseFile:
        """Register an application and examine it."""
        case = self.register(number)
        self.do(case, "task_check_repair", **check)
        return case

    def to_opinion(
        self, number: str = RECORD, conclusion: str = "performed", **check: Any
    ) -> CaseFile:
        """Go on to where the recogniser has given its opinion."""
        said = {name: check.pop(name) for name in ("time_reason",) if name in check}
        case = self.examine(number, **check)
        if any(each.startswith("task_accept_repair") for each in case.open_tasks):
            self.do(case, "task_accept_repair")
        self.do(case, "task_check_performance", check_outcome_repair=conclusion, **said)
        return case

    def to_decision(
        self, number: str = RECORD, decision: str = "grant", **proposal: Any
    ) -> CaseFile:
        """Go on to the approved decision."""
        case = self.to_opinion(number)
        return self.approve(case, decision, **proposal)

    def approve(self, case: CaseFile, decision: str, **proposal: Any) -> CaseFile:
        """Propose, review and approve."""
        self.do(case, "task_propose_repair", decision=decision, **proposal)
        self.do(case, "task_review_repair")
        if "task_legal_review_repair" in case.open_tasks:
            self.do(case, "task_legal_review_repair")
        self.do(case, "task_approve_repair")
        return case

    def carry_out(self, case: CaseFile) -> CaseFile:
        """Do everything that a granted repair brings, in every department."""
        for body in self.to_lift(case):
            self.lift(case, body)
        for element in (
            "task_confirm_publicity",
            "task_confirm_sharing",
            "task_recompute_evaluation",
            "task_list_institutions",
        ):
            self.do(case, element)
        self.report(case)
        return case

    def report(self, case: CaseFile) -> CaseFile:
        """Report the result to every platform."""
        while "task_report_repair" in case.open_tasks:
            task = next(each for each in case.tasks("task_report_repair") if each.status == "open")
            do_task(self.holder("platform_operator"), case, task)
        return case

    def do_report(self, case: CaseFile, task: Task, **answers: Any) -> None:
        """Report to one platform."""
        do_task(self.holder("platform_operator"), case, task, **answers)

    def office_objection(self, number: str) -> CaseFile:
        """Let somebody object to the record before."""
        clerk = self.holder("window_clerk")
        case = file_at_window(clerk, "objection", window_answers(number))
        self.do(case, "task_formal_check")
        return case

    def close_objection(self, case: CaseFile) -> None:
        """End the objection by its withdrawal."""
        self.holder("window_clerk").act_on(case, "withdrawal", is_voluntary="yes", confirmed=True)
        self.do(case, "task_confirm_withdrawal")

    @staticmethod
    def portal_answers(number: str) -> dict[str, Any]:
        """Return what somebody enters at home."""
        said = repair_answers(number)
        for name in ("channel", "application_scan"):
            said.pop(name)
        return {**said, "truthful": True}

    @staticmethod
    def said(form: str, **other: Any) -> dict[str, Any]:
        """Return what people usually enter in a form that no step asks."""
        return {**ANSWERS[form], **other}

    def later(self) -> None:
        """Let an hour pass."""
        self.office.clock.advance_to(self.office.clock.now() + timedelta(hours=1))

    @staticmethod
    def at(words: str) -> datetime:
        """Return an instant on the wall of the office."""
        return at(words)

    def following(self, case: CaseFile) -> CaseFile:
        """Return the one case that follows from this one."""
        with self.office.reading() as session:
            query = select(CaseLink.case_id).where(
                CaseLink.other_case_id == case.id, CaseLink.kind == "follows"
            )
            return CaseFile(self.office, session.scalars(query).one())

    def end_period_on(self, number: str, day: date) -> None:
        """Let the longest publicity of a record end on this day."""

        def work(unit: UnitOfWork) -> None:
            record = unit.session.get_one(CreditRecord, self.office.record(number))
            record.publicity_ends_on = day

        self.office.parts.desk.bus.note(
            work, office_id=self.office.office_id, now=self.office.clock.now()
        )

    def cases_of(self, kind: str) -> list[CaseFile]:
        """Return every case of a process."""
        with self.office.reading() as session:
            ids = session.scalars(select(Case.id).where(Case.kind == kind)).all()
        return [CaseFile(self.office, each) for each in ids]

    def open_following(self, case: CaseFile, *, kind: str) -> CaseFile:
        """Let a case of this kind follow, as the step of another process orders it."""
        self.office.before_act()
        parts = self.office.parts
        command = Command(
            id=f"open:{case.id}:{kind}",
            name="open_following_case",
            actor=SYSTEM,
            now=self.office.clock.now(),
            office_id=self.office.office_id,
            case_id=case.id,
        )
        parts.desk.bus.run(
            command,
            lambda work: open_following(
                work, parts.desk, case_id=case.id, kind=kind, channel="from_case"
            ),
        )
        return self.following(case)

    def change(self, case: CaseFile, **answers: Any) -> CaseFile:
        """Let each department confirm the change that it was asked for."""
        waiting = [each for each in case.open_tasks if each.startswith("task_confirm_change")]
        for body in [each.partition(" ")[2] for each in waiting]:
            if (body, "department_officer") in HOLDERS:
                self.do(case, "task_confirm_change", body=body, **answers)
            else:
                self.enter_for(case, "task_confirm_change", body=body, **answers)
        return case


def do_task(officer: Officer, case: CaseFile, task: Task, **answers: Any) -> None:
    """Claim and do one of several steps of the same name."""
    officer.office.before_act()
    path = f"/tasks/{task.id}"
    page = officer.get(path)
    if page.has_form(f"{path}/claim"):
        page = officer.send(page.form(f"{path}/claim"))
    form = page.form_to(path)
    officer.send(officer.answer(form, case, {**ANSWERS.get(task.form, {}), **answers}))


def confirm(crew: Crew, key: str, **values: Any) -> None:
    """Put a national pack into force in which this rule is confirmed."""
    packs.put_into_force(crew, packs.change(packs.read("national"), key, confirmed=True, **values))
