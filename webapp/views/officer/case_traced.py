"""The part of a traceback case that shows its chain: stage, department, person, finding (C4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import render_template

from webapp.current import office, reads, today
from webapp.phrases import Phrase, phrase
from webapp.presenters.project_picture import draw_chain, draw_time
from webapp.texts import say
from webapp.views.officer.case_frame import CaseFrame
from workflows.errors import NotFound
from workflows.models import Case
from workflows.services.read_project import list_findings, load_register
from workflows.services.settle_traceback import ANALYSIS, MATRIX, PROJECT, TOLERATED

KIND = "ppp_traceback"
DRAFT = "draft"


def traced_tab(frame: CaseFrame) -> str:
    """Show the frozen matrix as a picture, with the project over time and what is missing."""
    case = frame.case
    if case.kind != KIND:
        raise NotFound("error.page_not_found")
    matrix = case.flags.get(MATRIX)
    if not matrix:
        return render_template("officer/case_traced.html", frame=frame, matrix=None)
    act = date.fromisoformat(matrix["acted_from"]), date.fromisoformat(matrix["acted_to"])
    register = load_register(reads(), office_id=office().id, project_id=str(case.flags[PROJECT]))
    return render_template(
        "officer/case_traced.html",
        frame=frame,
        matrix=matrix,
        act=act,
        chain=draw_chain(matrix, _roles(case)),
        picture=draw_time(register, today=today(), act=act),
        state=_state(case),
        findings=[_finding_words(matrix, row) for row in matrix["findings"]],
    )


def _roles(case: Case) -> dict[str, str]:
    """Return the words of each party's responsibility; tolerance takes a party out (R27)."""
    spared = set(case.flags.get(TOLERATED) or ())
    return {
        row["party"]: say(phrase(f"traced.role.{row['role']}"))
        for row in case.flags.get(ANALYSIS) or ()
        if row["party"] not in spared
    }


def _state(case: Case) -> str:
    rows = list_findings(reads(), case_id=case.id)
    return rows[0].status if rows else DRAFT


def _finding_words(matrix: Mapping[str, Any], row: Mapping[str, Any]) -> Phrase:
    facts = {name: value for name, value in row.items() if name not in ("kind", "stage_id")}
    if "step" in facts:
        facts["step"] = say(phrase(f"rule.choice.{facts['step']}"))
    facts["body"] = matrix["names"].get(str(row.get("organisation_id") or ""), "")
    return Phrase(f"traced.finding.{row['kind']}", facts)
