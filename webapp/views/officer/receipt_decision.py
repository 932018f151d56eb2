"""The approver decides on a corrected date of receipt; agreeing recomputes the ledger (E)."""

from __future__ import annotations

from datetime import date

from flask import Response as FlaskResponse
from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.current import actor, calendar, desk, reads, run
from webapp.errors import status_of, words_of
from webapp.phrases import Words, phrase
from webapp.schemas.receipt_date import ReceiptDecision, read_schema
from webapp.texts import t
from webapp.views.officer.case_frame import case_frame, crumbs_of
from webapp.views.officer.declared_forms import new_command_id
from workflows.clock.terms import deadline
from workflows.errors import CaseworkError
from workflows.models import Answer, Case, Task
from workflows.services.change_case import decide_receipt_date
from workflows.services.read_case import list_answers, list_clocks, list_people
from workflows.services.run_clock import term_of

FORM = "receipt_date"


def page(
    case: Case, task: Task, *, problem: Words | None = None, bad: dict[str, Words] | None = None
) -> str:
    """Return the proposal with both dates and what each makes of the reply clock."""
    proposal = _proposal(case)
    people = list_people(reads(), ids=[proposal.person_id])
    proposed_on = date.fromisoformat(str(proposal.content["received_on"]))
    is_own = proposal.person_id == actor().person_id
    blocked = actor().role != task.role or is_own
    reason = phrase("error.four_eyes") if is_own else phrase("error.not_your_post")
    return render_template(
        "officer/receipt_decision.html",
        frame=case_frame(case, tab="work", task=task),
        task=task,
        proposal=proposal,
        who=people.get(proposal.person_id or "", ""),
        proposed_on=proposed_on,
        due_now=_due(case, case.received_on),
        due_then=_due(case, proposed_on),
        problem=problem or (reason if blocked else None),
        is_blocked=blocked,
        bad=bad or {},
        values=request.form,
        command_id=new_command_id(),
        crumbs=crumbs_of(case, phrase("task.task_approve_receipt_date")),
    )


def decide(case: Case, task: Task) -> Response | FlaskResponse:
    """Approve or return the proposal."""
    answer, bad = read_schema(ReceiptDecision(), request.form)
    if bad:
        return make_response(page(case, task, bad=bad), 422)
    agrees = answer["outcome"] == "agree"
    try:
        run(
            "decide_receipt_date",
            lambda work: decide_receipt_date(
                work, desk(), task_id=task.id, agrees=agrees, reason=answer["reason"] or ""
            ),
            case_id=case.id,
        )
    except CaseworkError as problem:
        return make_response(page(case, task, problem=words_of(problem)), status_of(problem))
    flash(t("receipt_date.agreed" if agrees else "receipt_date.returned"), "act")
    return redirect(url_for("officer.case", case_id=case.id))


def _proposal(case: Case) -> Answer:
    return list_answers(reads(), case_id=case.id, forms=(FORM,))[-1]


def _due(case: Case, start_on: date) -> date | None:
    """Return when the reply would be due if it ran from that day."""
    for clock in list_clocks(reads(), case_id=case.id):
        if clock.name == "reply":
            return deadline(start_on=start_on, term=term_of(clock), calendar=calendar()).due_on
    return None
