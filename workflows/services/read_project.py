"""Read the standing register of PPP projects, for the traceback, for forms and for pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from workflows.errors import NotFound
from workflows.events import Actor
from workflows.models import (
    Artefact,
    Case,
    Handover,
    Organisation,
    Project,
    ProjectStage,
    StageDuty,
    Tenure,
    TracebackFinding,
)
from workflows.rules.packs import RuleBook
from workflows.services.find_case import visible_cases
from workflows.services.trace_project import ProjectRegister, Question

MOST = 200
STAGES, STEPS, UNREAD = "ppp.stages", "ppp.decisionSteps", "ppp.newMechanism.stages"


def list_projects(
    session: Session, *, office_id: str, text: str = "", limit: int = MOST
) -> list[Project]:
    """Return the projects whose number, name or private party holds the text, newest first."""
    query = select(Project).where(Project.office_id == office_id)
    if wanted := text.strip():
        fields = (Project.number, Project.name, Project.private_party, Project.private_party_code)
        query = query.where(or_(*(field.contains(wanted, autoescape=True) for field in fields)))
    return list(session.scalars(query.order_by(Project.begun_on.desc(), Project.number)).all())[
        :limit
    ]


def get_project(session: Session, *, office_id: str, project_id: str) -> Project:
    """Return the project of this office. Raises NotFound."""
    found = session.get(Project, project_id)
    if found is None or found.office_id != office_id:
        raise NotFound("error.project_not_found")
    return found


def load_register(session: Session, *, office_id: str, project_id: str) -> ProjectRegister:
    """Return everything that is registered of a project. Raises NotFound."""
    project = get_project(session, office_id=office_id, project_id=project_id)
    order = (ProjectStage.seq, ProjectStage.id)
    query = select(ProjectStage).where(ProjectStage.project_id == project.id)
    stages = list(session.scalars(query.order_by(*order)))
    ids = [stage.id for stage in stages]

    def of_stages(kind: Any) -> list[Any]:
        rows = session.scalars(select(kind).where(kind.stage_id.in_(ids)).order_by(kind.id))
        return sorted(rows, key=lambda row: ids.index(row.stage_id))

    bodies = session.scalars(select(Organisation).where(Organisation.office_id == office_id))
    return ProjectRegister(
        project=project,
        stages=stages,
        duties=of_stages(StageDuty),
        tenures=of_stages(Tenure),
        artefacts=of_stages(Artefact),
        handovers=of_stages(Handover),
        bodies={body.id: body for body in bodies},
    )


def question_of(
    rules: RuleBook,
    *,
    project: Project,
    acted_from: date,
    acted_to: date | None,
    today: date,
) -> Question:
    """Return what is traced, with the stages and steps of the rules in force on the act's day.

    A project begun under the new mechanism takes none of the older stages: its own are not read
    yet (N30), and that is said instead of a guess.
    """
    division = project.division_code
    unread = rules.find(UNREAD, division=division, on=project.begun_on)
    is_read = unread is None or unread.confirmed
    stages = unread or rules.find(STAGES, division=division, on=acted_from)
    steps = rules.find(STEPS, division=division, on=acted_from)
    return Question(
        acted_from=acted_from,
        acted_to=acted_to or today,
        today=today,
        steps=tuple(steps.value) if steps is not None and steps.confirmed else (),
        template=tuple(stages.value) if stages is not None else (),
        is_confirmed=is_read,
    )


def list_findings(session: Session, *, case_id: str) -> list[TracebackFinding]:
    """Return what a case determined, in order of rank."""
    query = select(TracebackFinding).where(TracebackFinding.case_id == case_id)
    return list(session.scalars(query.order_by(TracebackFinding.rank, TracebackFinding.id)))


def list_cases_of(session: Session, *, office_id: str, project_id: str, actor: Actor) -> list[Case]:
    """Return the traceback cases about a project that this post may see, newest first."""
    query = select(Case).where(
        Case.kind == "ppp_traceback", visible_cases(actor, office_id=office_id)
    )
    rows = session.scalars(query.order_by(Case.received_on.desc(), Case.id))
    return [row for row in rows if row.flags.get("project_id") == project_id]
