"""Trace an act back through a project: stages, departments, persons and papers of its own day.

What counts is the day of the act or omission, never the day of the case (R65, R66). Whoever was in
office then is asked, whoever holds the office now is not; being in office says whom to ask, not who
is at fault. What the register lacks (a gap, a missing handover, a step without proof) is itself a
finding (C4). Nothing here reads a database or a clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from workflows.models import (
    Artefact,
    Handover,
    Organisation,
    Project,
    ProjectStage,
    StageDuty,
    Tenure,
)

FIRST = "first"
DAY = timedelta(days=1)


@dataclass(frozen=True)
class ProjectRegister:
    """What the standing register holds of one project (R61)."""

    project: Project
    stages: Sequence[ProjectStage] = ()
    duties: Sequence[StageDuty] = ()
    tenures: Sequence[Tenure] = ()
    artefacts: Sequence[Artefact] = ()
    handovers: Sequence[Handover] = ()
    bodies: Mapping[str, Organisation] = field(default_factory=dict)

    def tenures_of(self, stage_id: str) -> list[Tenure]:
        """Return who answered for a stage, the earliest first."""
        rows = [row for row in self.tenures if row.stage_id == stage_id]
        return sorted(rows, key=lambda row: (row.valid_from, row.id))

    def duties_of(self, stage_id: str) -> list[StageDuty]:
        """Return what the departments had to do in a stage."""
        return [row for row in self.duties if row.stage_id == stage_id]

    def papers_of(self, stage_id: str) -> list[Artefact]:
        """Return the papers of a stage, the earliest first."""
        rows = [row for row in self.artefacts if row.stage_id == stage_id]
        return sorted(rows, key=lambda row: (row.dated_on, row.id))


@dataclass(frozen=True)
class Gap:
    """Days of a stage for which nobody is registered as first responsible person."""

    stage_id: str
    begins_on: date
    ends_on: date


@dataclass(frozen=True)
class Question:
    """What is traced: the days of the act, and what the rules of those days wanted.

    ``acted_to`` is the last day that counts: of the act, or today while it goes on. ``steps`` are
    the steps of a major decision (R151), ``template`` the stages in force then, ``is_confirmed``
    false where nobody has read the stages that would apply (N30).
    """

    acted_from: date
    acted_to: date
    today: date
    steps: Sequence[str] = ()
    template: Sequence[str] = ()
    is_confirmed: bool = True


def trace(register: ProjectRegister, question: Question) -> dict[str, Any]:
    """Return the matrix of responsibility: stages with departments, persons, papers; findings.

    ``bodies`` are the departments to ask, each once; a body that has ended is asked through the one
    above it. Where no stage is found the coordinating unit is asked.
    """
    stages = list_stages_of(register, question)
    rows = [_row(register, stage, question) for stage in stages]
    asked = _asked(rows) or [register.project.coordinator_id]
    ended = [body for body in asked if body and _has_ended(register, body, question.today)]
    bodies = (_successor(register, body, question.today) for body in asked if body)
    return {
        "project_id": register.project.id,
        "project": register.project.name,
        "acted_from": question.acted_from.isoformat(),
        "acted_to": question.acted_to.isoformat(),
        "stages": rows,
        "findings": [
            *_findings(register, stages, question),
            *({"kind": "body_ended", "organisation_id": body} for body in ended),
        ],
        "bodies": list(dict.fromkeys(bodies)),
        "names": {body.id: body.name for body in register.bodies.values()},
    }


def list_stages_of(register: ProjectRegister, question: Question) -> list[ProjectStage]:
    """Return the stages that were running on a day of the act; each keeps its own template."""
    found = [
        stage
        for stage in register.stages
        if stage.begins_on is not None
        and stage.begins_on <= question.acted_to
        and (stage.ends_on is None or stage.ends_on >= question.acted_from)
    ]
    return sorted(found, key=lambda stage: (stage.begins_on or date.max, stage.seq, stage.id))


def list_gaps(register: ProjectRegister, stage: ProjectStage, *, until: date) -> list[Gap]:
    """Return the days of a stage without a first responsible person, up to the day given."""
    if stage.begins_on is None or not stage.is_performed:
        return []
    end = min(stage.ends_on or until, until)
    gaps, day = [], stage.begins_on
    for tenure in register.tenures_of(stage.id):
        if tenure.role != FIRST:
            continue
        if tenure.valid_from > day:
            gaps.append(Gap(stage.id, day, min(tenure.valid_from - DAY, end)))
        day = max(day, (tenure.valid_to or date.max - DAY) + DAY)
    if day <= end:
        gaps.append(Gap(stage.id, day, end))
    return [gap for gap in gaps if gap.begins_on <= gap.ends_on]


def list_missing_handovers(
    register: ProjectRegister, stage: ProjectStage
) -> list[tuple[Tenure, Tenure]]:
    """Return each change of the first responsible person without a signed handover (R81)."""
    first = [row for row in register.tenures_of(stage.id) if row.role == FIRST]
    signed = {(row.from_tenure_id, row.to_tenure_id) for row in register.handovers if row.is_signed}
    return [(one, other) for one, other in pairwise(first) if (one.id, other.id) not in signed]


def list_missing_steps(register: ProjectRegister, question: Question) -> list[str]:
    """Return the mandatory steps that no paper dated by the end of the act proves (R151)."""
    proved = {row.step for row in register.artefacts if row.dated_on <= question.acted_to}
    return [step for step in question.steps if step not in proved]


def _row(register: ProjectRegister, stage: ProjectStage, question: Question) -> dict[str, Any]:
    persons = [
        _person(row)
        for row in register.tenures_of(stage.id)
        if _was_in_office(row, stage, question)
    ]
    return {
        "id": stage.id,
        "key": stage.key,
        "template": stage.template,
        "begins_on": _day(stage.begins_on),
        "ends_on": _day(stage.ends_on),
        "is_performed": stage.is_performed,
        "departments": _departments(register, stage, persons),
        "persons": persons,
        "papers": [_paper(row) for row in register.papers_of(stage.id)],
    }


def _was_in_office(tenure: Tenure, stage: ProjectStage, question: Question) -> bool:
    begins = max(question.acted_from, stage.begins_on or question.acted_from)
    ends = min(question.acted_to, stage.ends_on or question.acted_to)
    return tenure.valid_from <= ends and (tenure.valid_to is None or tenure.valid_to >= begins)


def _departments(
    register: ProjectRegister, stage: ProjectStage, persons: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return the lead department first, then whoever had duties, persons or papers."""
    duties = register.duties_of(stage.id)
    ids = [
        stage.lead_id,
        *(row.organisation_id for row in duties),
        *(str(person["organisation_id"]) for person in persons),
        *(row.issuer_id for row in register.papers_of(stage.id)),
    ]
    return [
        {
            "id": body,
            "is_lead": body == stage.lead_id,
            "duties": [
                {"duty": row.duty, "standard": row.standard}
                for row in duties
                if row.organisation_id == body
            ],
        }
        for body in dict.fromkeys(each for each in ids if each)
    ]


def _person(row: Tenure) -> dict[str, Any]:
    return {
        "id": row.id,
        "organisation_id": row.organisation_id,
        "role": row.role,
        "post": row.post,
        "name": row.name,
        "employer_id": row.employer_id,
        "valid_from": _day(row.valid_from),
        "valid_to": _day(row.valid_to),
    }


def _paper(row: Artefact) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "step": row.step,
        "title": row.title,
        "issuer_id": row.issuer_id,
        "signer_id": row.signer_id,
        "dated_on": _day(row.dated_on),
        "hash": row.file_hash,
    }


def _findings(
    register: ProjectRegister, stages: Sequence[ProjectStage], question: Question
) -> Iterator[dict[str, Any]]:
    if not stages:
        yield {"kind": "no_stage"}
    if not question.is_confirmed:
        yield {"kind": "template_unread"}
    if len({stage.template for stage in register.stages}) > 1:
        yield {"kind": "two_templates"}
    known = {stage.key for stage in register.stages}
    # A template nobody has read says nothing about what is missing (N30).
    for key in question.template if question.is_confirmed else ():
        if key not in known:
            yield {"kind": "stage_missing", "stage": key}
    for stage in stages:
        yield from _stage_findings(register, stage, question)
    for step in list_missing_steps(register, question):
        yield {"kind": "step_missing", "step": step}


def _stage_findings(
    register: ProjectRegister, stage: ProjectStage, question: Question
) -> Iterator[dict[str, Any]]:
    place = {"stage_id": stage.id, "stage": stage.key}
    if not stage.is_performed:
        yield {"kind": "not_performed", **place}
    yield from ({**place, **each} for each in _people_findings(register, stage, question))
    if stage.is_performed and not register.duties_of(stage.id):
        yield {"kind": "duties_missing", **place}
    for paper in register.papers_of(stage.id):
        if not paper.file_hash or not paper.signer_id:
            yield {"kind": "paper_unproved", **place, "paper": paper.title}


def _people_findings(
    register: ProjectRegister, stage: ProjectStage, question: Question
) -> Iterator[dict[str, Any]]:
    for gap in list_gaps(register, stage, until=question.acted_to):
        if gap.ends_on >= question.acted_from:
            yield {
                "kind": "gap",
                "from": _day(gap.begins_on),
                "to": _day(gap.ends_on),
                # Nobody in office: the head of the department answers (C4, by the office's rule).
                "organisation_id": stage.lead_id,
            }
    for one, other in list_missing_handovers(register, stage):
        if other.valid_from <= question.acted_to:
            yield {"kind": "handover_missing", "from": one.name, "to": other.name}


def _asked(rows: Iterable[Mapping[str, Any]]) -> list[str | None]:
    return list(dict.fromkeys(each["id"] for row in rows for each in row["departments"]))


def _has_ended(register: ProjectRegister, body_id: str, today: date) -> bool:
    body = register.bodies.get(body_id)
    return body is not None and body.valid_to is not None and body.valid_to < today


def _successor(register: ProjectRegister, body_id: str, today: date) -> str:
    """Return the body itself, or the one above it where it has ended: a body always answers."""
    seen: set[str] = set()
    while body_id not in seen and _has_ended(register, body_id, today):
        seen.add(body_id)
        body_id = register.bodies[body_id].superior_id or body_id
    return body_id


def _day(on: date | None) -> str:
    return on.isoformat() if on else ""
