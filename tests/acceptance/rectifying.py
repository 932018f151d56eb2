"""Who acts in complaints and rectifications, and the stretches that their tests begin with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from tests.acceptance.business_day import at
from tests.acceptance.case_file import CaseFile
from tests.acceptance.crew import HOLDERS, Crew
from tests.acceptance.page import Form
from tests.acceptance.people import ANSWERS, ANY
from tests.acceptance.subject import PHONE
from workflows.models import Case, Organisation

# A body of the office that has to rectify; its officer is gaoyuan.
UNIT, VERIFIER, RECOGNISER = "THHUD", "THFIN", "THMKT"
ONE: dict[str, Any] = {"items": "清偿拖欠工程款｜全额付清并提供付款凭证"}
COMPANY = {
    "subject_kind": "enterprise",
    "subject_name": "吉林省禾沐装配建筑有限公司",
    "subject_code": "91220000MAF3C8BG56",
}


@dataclass
class Rectifiers:
    """The crew at work on complaints and rectifications."""

    crew: Crew

    def body(self, code: str) -> Organisation:
        """Return a body of the office."""
        with self.crew.office.reading() as session:
            return session.get_one(Organisation, self.crew.office.organisation(code))

    def subject_of(self, code: str) -> dict[str, Any]:
        """Return how a filing names a body as subject."""
        body = self.body(code)
        return {
            "subject_kind": "government_body",
            "subject_name": body.name,
            "subject_code": body.credit_code,
        }

    def day(self, ahead: int) -> str:
        """Return a day so many days from now."""
        return (self.crew.office.today + timedelta(days=ahead)).isoformat()

    def put_right(self, case: CaseFile) -> None:
        """Have the one item of a matter rectified, verified and closed."""
        self.notify(case, **ONE)
        self.crew.do(case, "task_explain")
        self.crew.do(case, "task_review_plan")
        self.item(case, "task_report_item", "1")
        self.item(case, "task_verify_item", "1")
        self.crew.do(case, "task_conclude_rectification")
        self.crew.office.tick()

    def matter(self, code: str = UNIT, **answers: Any) -> CaseFile:
        """Enter a matter to rectify at the window."""
        subject = self.subject_of(code) if code else COMPANY
        said = {
            "channel": "ex_officio",
            "received_on": "@today",
            "application_scan": "@file",
            "statement": "合作协议约定的付款义务逾期未履行。",
            "service_preference": "window",
            **subject,
            **answers,
        }
        return self.enter("rectification", **said)

    def complain(self, code: str = UNIT, **answers: Any) -> CaseFile:
        """Enter a complaint about a body at the window."""
        said = {
            "channel": "hotline",
            "incoming_number": "12345-20260901-0007",
            "received_on": "@today",
            "application_scan": "@file",
            "statement": "工程款逾期未付。",
            "applicant_name": "周航",
            "phone": PHONE,
            "service_preference": "window",
            **self.subject_of(code),
            **answers,
        }
        return self.enter("complaint", **said)

    def enter(self, kind: str, **answers: Any) -> CaseFile:
        """Fill in the window's form of a process and send it."""
        clerk = self.crew.holder("window_clerk")
        clerk.office.before_act()
        form = clerk.get(f"/filings/new?kind={kind}").form("/filings/new")
        page = clerk.send(self._filled(clerk, form, answers), status=ANY)
        if page.status == 422:
            form = page.form("/filings/new")
            assert form.values.get("accept_doubts"), page.said[:600]
            page = clerk.send(form)
        assert page.path.startswith("/filings/"), page.said[:600]
        return CaseFile(self.crew.office, page.path.rpartition("/")[2])

    def _filled(self, clerk: Any, form: Form, answers: dict[str, Any]) -> Form:
        said = {
            name: clerk.attach(form, name)
            if value == "@file"
            else clerk.office.today.isoformat()
            if value == "@today"
            else value
            for name, value in answers.items()
        }
        return form.fill(said)

    def notify(self, case: CaseFile, **notice: Any) -> CaseFile:
        """Go on to the served notice."""
        return self.crew.issue(self.draft_notice(case, **notice))

    def draft_notice(self, case: CaseFile, **notice: Any) -> CaseFile:
        """Go on to the drafted notice."""
        body = self.crew.office.organisation
        self.crew.do(case, "task_register_matter", recogniser=body(RECOGNISER))
        return self.prepare_notice(case, **notice)

    def prepare_notice(self, case: CaseFile, **notice: Any) -> CaseFile:
        """Assess the impact, and list items and days."""
        if "task_assess_impact" in case.open_tasks:
            self.crew.do(case, "task_assess_impact")
        said = {
            "deadline": self.day(40),
            "explanation_due": self.day(12),
            "verifier": self.crew.office.organisation(VERIFIER),
            **notice,
        }
        self.crew.do(case, "task_prepare_notice", **said)
        return case

    def item(self, case: CaseFile, element: str, number: str, **answers: Any) -> None:
        """Do a step of one item of the ledger."""
        tasks = [row for row in case.tasks(element) if row.status == "open" and row.item == number]
        assert len(tasks) == 1, f"{element} {number}: {case.open_tasks}"
        task = tasks[0]
        post = (task.organisation.code, task.role)
        # What a company hands in is paper, which the handler enters.
        officer = (
            self.crew.holder("handler") if post not in HOLDERS else self.crew.holder(*post[::-1])
        )
        self.crew.office.before_act()
        path = f"/tasks/{task.id}"
        page = officer.get(path)
        if page.has_form(f"{path}/claim"):
            page = officer.send(page.form(f"{path}/claim"))
        form = officer.answer(page.form_to(path), case, {**ANSWERS.get(task.form, {}), **answers})
        officer.send(form)

    def following(self, case: CaseFile, kind: str = "rectification") -> list[CaseFile]:
        """Return the cases of that kind, oldest first."""
        with self.crew.office.reading() as session:
            query = select(Case.id).where(Case.kind == kind, Case.id != case.id)
            ids = session.scalars(query.order_by(Case.registered_at)).all()
        return [CaseFile(self.crew.office, each) for each in ids]


def explained(team: Rectifiers, case: CaseFile) -> None:
    """Explain and have the plan agreed; what a company hands in is paper."""
    body = UNIT if f"task_explain {UNIT}" in case.open_tasks else "JLDRC"
    if body == UNIT:
        team.crew.do(case, "task_explain")
    else:
        team.crew.enter_for(case, "task_explain", body=body)
    team.crew.do(case, "task_review_plan")


def missed(team: Rectifiers, case: CaseFile) -> None:
    """Let the deadline pass with nothing reported."""
    team.crew.office.go_to(at(f"{case.due('rectification')} 16:00"))
    team.crew.office.go_to(at(f"{team.day(4)} 10:00"))


def interview(team: Rectifiers, case: CaseFile, level: str) -> None:
    """Hold an interview and set a new day."""
    crew = team.crew
    crew.do(case, f"task_plan_{level}", held_on=team.day(3))
    crew.issue(case)
    crew.do(case, f"task_hold_{level}", new_deadline=team.day(20))
    if "task_push_interview" in case.open_tasks:
        crew.do(case, "task_push_interview")


def warned(team: Rectifiers, case: CaseFile) -> None:
    """Go on to where neither interview has helped."""
    explained(team, case)
    for level in ("reminder", "warning"):
        missed(team, case)
        interview(team, case, level)
    missed(team, case)
