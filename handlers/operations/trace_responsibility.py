"""Trace responsibility in a PPP project: matrix, letters, hearing, determination (R61 to R75)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import answer_of, day_of, find_parameter, text_of
from handlers.marks import operation
from handlers.self_composed import compose_self
from handlers.sending import find_letter, number_letter_out, send_to_body
from handlers.traceback_facts import act_words, body_lines
from notifications.letters.kinds import get_kind
from workflows.errors import InvalidAnswer
from workflows.lint.declared import ITEMS
from workflows.models import Organisation
from workflows.services.desk import OperationContext
from workflows.services.dispatch_document import dispatch_document
from workflows.services.read_project import load_register, question_of
from workflows.services.settle_traceback import (
    ANALYSIS,
    DETERMINED,
    DROPPED,
    MATRIX,
    PROJECT,
    bodies_of,
    get_matrix,
    keep_in_case,
    list_determined,
    write_findings,
)
from workflows.services.trace_project import trace

# What the pack's words mean for the branches of the diagram.
RECORD = ("default_record", "department_record")
PERSON_RECORD = ("person_record", "positive_record")
ASSESSMENT = ("assessment", "award_funds")


@operation("map_stages", sets={"bodies": ITEMS})
def map_stages(context: OperationContext) -> Mapping[str, Any]:
    """Freeze the matrix of the act's own days and return the departments to ask (R61, R65)."""
    check = answer_of(context, "preliminary_check")
    acted_from = day_of(check, "acted_from")
    if acted_from is None:
        raise InvalidAnswer(fields={"acted_from": ["check.required"]})
    project_id = str(context.case.flags.get(PROJECT) or "")
    register = load_register(
        context.session, office_id=context.case.office_id, project_id=project_id
    )
    question = question_of(
        context.desk.rules(context.session, context.case.office_id),
        project=register.project,
        acted_from=acted_from,
        acted_to=day_of(check, "acted_to"),
        today=context.today,
    )
    matrix = trace(register, question)
    # Somebody is always asked: without any stage or coordinator, who leads this case.
    matrix["bodies"] = matrix["bodies"] or list(context.case.flags.get("coordinators") or ())
    keep_in_case(context.case, **{MATRIX: matrix})
    context.work.record(
        "stages_mapped",
        case_id=context.case_id,
        stages=len(matrix["stages"]),
        bodies=len(matrix["bodies"]),
        findings=len(matrix["findings"]),
    )
    return {"bodies": matrix["bodies"]}


@operation("send_matrix_letter")
def send_matrix_letter(context: OperationContext) -> Mapping[str, Any]:
    """Send the department of this branch the letter on the step, with its part of the matrix.

    After a return to the analysis the draft is shown anew: one letter for each round.
    """
    step = context.desk.blueprint(context.session, context.case).element(context.element)
    kind = get_kind(step.attributes["letter"])
    body = context.session.get_one(Organisation, str(context.item))
    rounds = int(context.case.flags.get("rounds") or 1)
    item = body.id if rounds == 1 or kind.kind == "responsibility_check_notice" else ""
    item = item or f"{body.id}:{rounds}"
    if find_letter(context, kind.kind, item=item) is not None:
        return {}
    facts = {**body_lines(context, body.id), "acted": (act_words(get_matrix(context.case)),)}
    letter = compose_self(context, kind, addressee=body.name, **facts)
    told = {"title": letter.title}
    send_to_body(context, letter, body=body, item=item, message="letter_to_body", facts=told)
    return {}


@operation("list_heard", sets={"heard_bodies": ITEMS})
def list_heard(context: OperationContext) -> Mapping[str, Any]:
    """List the departments whose own part, or whose people's part, is in the draft finding."""
    case = context.case
    found = bodies_of(case, case.flags.get(ANALYSIS) or (), only_own=False)
    # Nobody is found responsible: those who were asked may still speak.
    return {"heard_bodies": found or list(get_matrix(case)["bodies"])}


@operation("read_leniency", sets={"has_tolerance": [True, False]})
def read_leniency(context: OperationContext) -> Mapping[str, Any]:
    """Say whether a matter may be kept out of the record here: Jiangsu only (R27)."""
    rule = find_parameter(context, "tolerance.gate")
    return {"has_tolerance": bool(rule is not None and rule.confirmed and rule.value)}


@operation("record_determination", sets={"responsible_bodies": ITEMS, "told_bodies": ITEMS})
def record_determination(context: OperationContext) -> Mapping[str, Any]:
    """Write the determined departments and persons as rows, and who is told (R66)."""
    case = context.case
    rows = write_findings(context.work, case=case, status=DETERMINED)
    context.work.record("responsibility_determined", case_id=case.id, count=len(rows))
    determined = list_determined(case)
    return {
        "responsible_bodies": bodies_of(case, determined, only_own=True),
        "told_bodies": bodies_of(case, determined, only_own=False),
    }


@operation("record_no_responsibility", sets={"outcome": "no_responsibility"})
def record_no_responsibility(context: OperationContext) -> Mapping[str, Any]:
    """Keep the draft findings as dropped: what was looked into stays visible in the file."""
    rows = write_findings(context.work, case=context.case, status=DROPPED)
    context.work.record("responsibility_dropped", case_id=context.case_id, count=len(rows))
    return {"outcome": "no_responsibility"}


@operation(
    "plan_consequences",
    sets={
        "wants_record": [True, False],
        "wants_person_record": [True, False],
        "wants_push": [True, False],
        "wants_assessment": [True, False],
        "wants_publication": [True, False],
        "wants_disclosure": [True, False],
    },
)
def plan_consequences(context: OperationContext) -> Mapping[str, Any]:
    """Say which consequences the region's pack has; an unconfirmed rule has none outside (E)."""
    rule = find_parameter(context, "ppp.consequences")
    words = set(rule.value) if rule is not None and rule.confirmed else set()
    determined = list_determined(context.case)
    has_department = bool(bodies_of(context.case, determined, only_own=True))
    has_person = any(row["party"].startswith("person:") for row in determined)
    return {
        "wants_record": has_department and not words.isdisjoint(RECORD),
        "wants_person_record": has_person and not words.isdisjoint(PERSON_RECORD),
        "wants_push": has_department and "same_level_push" in words,
        "wants_assessment": has_department and not words.isdisjoint(ASSESSMENT),
        "wants_publication": has_department and "publication" in words,
        "wants_disclosure": "disclosure" in words,
    }


@operation("send_traceback_referral")
def send_traceback_referral(context: OperationContext) -> Mapping[str, Any]:
    """Number the signed referral of this branch and send it to the organ that was named (R48)."""
    step = context.desk.blueprint(context.session, context.case).element(context.element)
    kind = get_kind(step.attributes["letter"])
    if find_letter(context, kind.kind, item=context.item) is not None:
        return {}
    answer = answer_of(context, "write_referral", item=context.item)
    letter = compose_self(context, kind, addressee=text_of(answer, "receiver"))
    document = number_letter_out(context, letter, item=context.item)
    dispatch_document(context.work, context.desk, case=context.case, document=document, method="")
    return {}
