"""A PPP project in the register, and the stretches of a traceback that its tests begin with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from tests.acceptance.case_file import CaseFile
from tests.acceptance.crew import Crew
from tests.acceptance.page import Page
from tests.acceptance.people import ANY
from tests.acceptance.regions import HOME, REGIONS
from webapp.demo.fill_projects import DATA, add_demo_projects
from workflows.events import Actor, Command
from workflows.models import Case, CreditRecord, Project, ProjectStage, Subject, TracebackFinding

WAY_IN = "/filings/new?kind=ppp_traceback"
LEAD: Mapping[str, Any] = {
    "subject_kind": "enterprise",
    "subject_name": "通化清源水务有限公司",
    "applicant_name": "周航",
    "phone": "13843500417",
    "project_said": "柳林开发区污水处理项目",
    "statement": "连续两期可行性缺口补助未付。",
}


@dataclass
class Tracing:
    """The office with its register, and what happens to one case of it."""

    crew: Crew
    region: str = ""

    def __post_init__(self) -> None:
        """Enter the project once."""
        office = self.crew.office
        with office.reading() as session:
            if session.scalars(select(Project.id)).first() is not None:
                return
        actor = Actor(kind="person", role="handler", organisation_id=office.organisation("JLDRC"))
        command = Command(
            id="test:project",
            name="add_projects",
            actor=actor,
            now=office.clock.now(),
            office_id=office.office_id,
        )
        desk = office.parts.desk
        desk.bus.run(command, lambda work: add_demo_projects(work, desk, data=self.data()))

    def data(self) -> list[dict[str, Any]]:
        """Return the demo's project as it would be registered in this region."""
        text = DATA.read_text(encoding="utf-8")
        if self.region:
            there = REGIONS[self.region]
            text = text.replace(HOME.city, there.city)
            codes = f'"division_code": "{HOME.division}', f'"division_code": "{there.division}'
            text = text.replace(*codes)
        rows: list[dict[str, Any]] = json.loads(text)
        return rows

    def person_record(self) -> str:
        """Return the number of a civil servant's record that nobody has published."""
        with self.crew.office.reading() as session:
            query = select(CreditRecord.number).join(Subject)
            kept = query.where(Subject.kind == "civil_servant", ~CreditRecord.is_published)
            return session.scalars(kept).first() or ""

    @property
    def project(self) -> Project:
        """Return the project."""
        with self.crew.office.reading() as session:
            return session.scalars(select(Project)).one()

    def stage(self, key: str) -> str:
        """Return the id of a stage."""
        with self.crew.office.reading() as session:
            query = select(ProjectStage.id).where(ProjectStage.key == key)
            return session.scalars(query).one()

    def later(self, days: int = 20) -> str:
        """Return a day to come, as a person sets one."""
        return (self.crew.office.today + timedelta(days=days)).isoformat()

    def enter(self, channel: str = "window", **answers: Any) -> CaseFile:
        """Enter a lead at the window."""
        clerk = self.crew.holder("window_clerk")
        clerk.office.before_act()
        form = clerk.get(WAY_IN).form("/filings/new")
        today = self.crew.office.today.isoformat()
        said = {"channel": channel, "received_on": today, **LEAD, **answers}
        page = clerk.send(form.fill(said), status=ANY)
        if page.status == 422:
            page = clerk.send(page.form("/filings/new"))
        return CaseFile(self.crew.office, page.path.rpartition("/")[2])

    def checked(self, channel: str = "window", **answers: Any) -> CaseFile:
        """Go on to the statements, or to the notice that it was no default."""
        case = self.enter(channel)
        lead = self.crew.office.organisation("JLDRC")
        self.crew.do(case, "task_register_event", project=self.project.id, coordinators=[lead])
        self.crew.do(case, "task_preliminary_check", **answers)
        return case

    def stated(self, channel: str = "window", **answers: Any) -> CaseFile:
        """Go on to where every department has answered."""
        case = self.checked(channel, **answers)
        self.each(case, "task_department_statement")
        return case

    def each(self, case: CaseFile, element: str, **answers: Any) -> None:
        """Let every department do its step, on paper where it has nobody here."""
        waiting = [each for each in case.open_tasks if each.startswith(f"{element} ")]
        for words in waiting:
            body = words.partition(" ")[2]
            if body == "THPRTC":
                self.crew.enter_for(case, element, body=body, **answers)
            else:
                self.crew.do(case, element, body=body, **answers)

    def parties(self, case: CaseFile) -> dict[str, str]:
        """Return the parties by what they are called: ``stage body`` or ``stage name``."""
        matrix = case.row.flags["matrix"]
        found = {}
        for stage in matrix["stages"]:
            for body in stage["departments"]:
                name = f"{stage['key']} {matrix['names'][body['id']]}"
                found[name] = f"org:{stage['id']}:{body['id']}"
            for person in stage["persons"]:
                found[f"{stage['key']} {person['name']}"] = f"person:{person['id']}"
        return found

    def analyse(self, case: CaseFile, **answers: Any) -> Page:
        """Propose the department and its head of the stage, unless told otherwise."""
        parties = self.parties(case)
        city = REGIONS[self.region].city if self.region else HOME.city
        answers = {
            "main": [parties[f"项目实施 {city}市财政局"]],
            "main_evidence": "负责支付，合同第18条，两期未付。",
            "leading": [parties["项目实施 侯某某"]],
            "leading_evidence": "分管支付，2019年起在任。",
            **answers,
        }
        return self.crew.do(case, "task_joint_analysis", **answers)

    def heard(self, case: CaseFile, **answers: Any) -> CaseFile:
        """Analyse and hear everybody."""
        self.analyse(case, **answers)
        self.crew.do(case, "task_open_hearing", hear_until=self.later())
        self.each(case, "task_state_defence")
        self.crew.do(case, "task_record_hearing")
        return case

    def determined(self, case: CaseFile, **answers: Any) -> CaseFile:
        """Let the collective decide."""
        self.heard(case)
        self.crew.do(case, "task_determine", **answers)
        return case

    def findings(self, case: CaseFile) -> list[TracebackFinding]:
        """Return what was written of the case, by rank."""
        query = select(TracebackFinding).where(TracebackFinding.case_id == case.id)
        with self.crew.office.reading() as session:
            return list(session.scalars(query.order_by(TracebackFinding.rank)))

    def newest_case(self) -> CaseFile:
        """Return the case opened last."""
        with self.crew.office.reading() as session:
            rows = session.scalars(select(Case).order_by(Case.registered_at.desc()))
            return CaseFile(self.crew.office, rows.first().id)  # type: ignore[union-attr]
