"""What a rectification's forms may not say: no standard, no deadline, nobody verifies itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from handlers.answers.paper import check_paper
from handlers.case_facts import answer_of, day_of, text_of
from handlers.marks import answered
from handlers.operations.file_interview import INTERVIEWS
from handlers.rectification.ledger import note_on_case, read_items
from handlers.rectification.traceback import check_traceback
from workflows.errors import InvalidAnswer, NotAllowed
from workflows.models import Organisation
from workflows.services.case_bodies import body_of_part, name_body
from workflows.services.desk import OperationContext
from workflows.services.rectification_measures import PERSON, allowed_measures
from workflows.services.run_clock import find_clock_row

LAWFUL = {"authority", "procedure", "compensation"}
EXCLUSIONS = {"state_security", "state_secret", "trade_secret", "privacy"}
EXTENSION = "extension_asked_on"
PLAN_RETURNED = "plan_returned"


@answered("register_matter")
def register_matter(context: OperationContext) -> Mapping[str, Any]:
    """Name the recogniser, who alone holds interviews (R45); a lawful change needs all of R78."""
    form = answer_of(context, "register_matter")
    ticked = set(form.get("lawful_change") or [])
    if form.get("matter_outcome") == "no_default" and ticked and ticked != LAWFUL:
        raise InvalidAnswer(fields={"lawful_change": ["check.lawful_change_incomplete"]})
    if form.get("matter_outcome") == "proceed":
        name_body(context.case, "recogniser", text_of(form, "recogniser"))
    return {}


@answered("prepare_notice")
def prepare_notice(context: OperationContext) -> Mapping[str, Any]:
    """Ask for a standard with each item, days that lie ahead, and another unit as verifier."""
    form = answer_of(context, "prepare_notice")
    read_items(text_of(form, "items"))
    _check_days(context, form)
    verifier = text_of(form, "verifier")
    if _is_rectifying(context, verifier):
        raise InvalidAnswer(fields={"verifier": ["check.verifier_is_unit"]})
    name_body(context.case, "verifier", verifier)
    return {}


@answered("set_deadline")
def set_deadline(context: OperationContext) -> Mapping[str, Any]:
    """Ask for days that lie ahead."""
    _check_days(context, answer_of(context, "set_deadline"))
    return {}


@answered("explain")
def explain(context: OperationContext) -> Mapping[str, Any]:
    """Check the dates of an explanation that came on paper."""
    check_paper(context, answer_of(context, "explain"))
    return {}


@answered("review_plan")
def review_plan(context: OperationContext) -> Mapping[str, Any]:
    """Return a plan once and not again (C3 step 7)."""
    form = answer_of(context, "review_plan")
    if form.get("plan_outcome") != "return":
        return {}
    if context.case.flags.get(PLAN_RETURNED):
        raise InvalidAnswer(fields={"plan_outcome": ["check.returned_once"]})
    _check_ahead(context, "new_due", day_of(form, "new_due"))
    note_on_case(context.case, **{PLAN_RETURNED: context.today.isoformat()})
    return {}


@answered("report_item")
def report_item(context: OperationContext) -> Mapping[str, Any]:
    """Check the dates of a report that came on paper."""
    check_paper(context, answer_of(context, "report_item", item=context.item))
    return {}


@answered("verify_item")
def verify_item(context: OperationContext) -> Mapping[str, Any]:
    """Refuse a verification by the rectifying unit itself, whoever types it in (N14)."""
    check_paper(context, answer_of(context, "verify_item", item=context.item))
    own = context.work.command.actor.organisation_id or ""
    responsible = body_of_part(context.case, "responsible")
    if (responsible and own == responsible) or _is_rectifying(
        context, body_of_part(context.case, "verifier")
    ):
        raise InvalidAnswer(fields={"verify_outcome": ["check.verifier_is_unit"]})
    return {}


@answered("hold_interview")
def hold_interview(context: OperationContext) -> Mapping[str, Any]:
    """Ask for a new deadline that lies ahead (R45, O-11)."""
    form = answer_of(context, "hold_interview")
    check_paper(context, form)
    _check_ahead(context, "new_deadline", day_of(form, "new_deadline"))
    return {}


@answered("propose_escalation")
def propose_escalation(context: OperationContext) -> Mapping[str, Any]:
    """Refuse a sanction before a warning, and what the pack has not for this subject (R53)."""
    if not any(each["level"] == "warning" for each in context.case.flags.get(INTERVIEWS, [])):
        raise NotAllowed("error.no_warning_yet")
    chosen = [str(each) for each in answer_of(context, "propose_escalation").get("measures") or []]
    allowed = allowed_measures(context.work, context.desk, case=context.case)
    if not chosen or not set(chosen) <= set(allowed):
        raise InvalidAnswer(fields={"measures": ["check.measure_not_in_pack"]})
    check_traceback(context, answer_of(context, "propose_escalation"))
    return {}


@answered("draft_referral")
def draft_referral(context: OperationContext) -> Mapping[str, Any]:
    """A public circular passes all four grounds of exclusion and names no person (R21, N23)."""
    form = answer_of(context, "draft_referral", item=context.item)
    _check_ahead(context, "answer_by", day_of(form, "answer_by"))
    if context.item == "public_criticism" and set(form.get("exclusions") or []) != EXCLUSIONS:
        raise InvalidAnswer(fields={"exclusions": ["check.all_exclusions"]})
    return {}


@answered("sign_referral")
def sign_referral(context: OperationContext) -> Mapping[str, Any]:
    """Refuse to sign a letter whose day for an answer is over already."""
    form = answer_of(context, "sign_referral", item=context.item)
    asked_by = day_of(answer_of(context, "draft_referral", item=context.item), "answer_by")
    if form.get("referral_outcome") == "agree" and (asked_by is None or asked_by <= context.today):
        raise InvalidAnswer(fields={"referral_outcome": ["check.answer_day_over"]})
    return {}


@answered("extension_request")
def extension_request(context: OperationContext) -> Mapping[str, Any]:
    """Take a request before expiry, and one only (O-11); the number of times is the office's."""
    case, actor = context.case, context.work.command.actor
    is_unit = actor.organisation_id == body_of_part(case, "responsible")
    if actor.role == "department_officer" and not is_unit:
        raise NotAllowed("error.not_for_your_post")
    if case.flags.get(EXTENSION):
        raise InvalidAnswer(fields={"wanted_until": ["check.extension_once"]})
    clock = _running_deadline(context)
    if clock is None or context.today > clock:
        raise InvalidAnswer(fields={"wanted_until": ["check.extension_too_late"]})
    note_on_case(case, **{EXTENSION: context.today.isoformat()})
    return {}


@answered("approve_extension")
def approve_extension(context: OperationContext) -> Mapping[str, Any]:
    """A granted day lies behind the one it replaces, while that one still runs."""
    form = answer_of(context, "approve_extension")
    if form.get("extension_outcome") != "grant":
        return {}
    due_on, new = _running_deadline(context), day_of(form, "new_deadline")
    if due_on is None:
        raise InvalidAnswer(fields={"extension_outcome": ["check.extension_too_late"]})
    if new is None or new <= max(due_on, context.today):
        raise InvalidAnswer(fields={"new_deadline": ["check.date_after_start"]})
    return {}


@answered("unit_change")
def unit_change(context: OperationContext) -> Mapping[str, Any]:
    """Refuse the verifier as successor: it would verify itself."""
    form = answer_of(context, "unit_change")
    if form.get("change") == "merged" and text_of(form, "successor") == body_of_part(
        context.case, "verifier"
    ):
        raise InvalidAnswer(fields={"successor": ["check.verifier_is_unit"]})
    return {}


@answered("conclude_rectification")
def conclude_rectification(context: OperationContext) -> Mapping[str, Any]:
    """Propose to publish only past all four grounds, and nothing on natural persons (R21, N23)."""
    form = answer_of(context, "conclude_rectification")
    check_traceback(context, form)
    if form.get("publication") != "propose":
        return {}
    if context.case.subject.kind in PERSON:
        raise InvalidAnswer(fields={"publication": ["check.no_person_published"]})
    if set(form.get("exclusions") or []) != EXCLUSIONS:
        raise InvalidAnswer(fields={"exclusions": ["check.all_exclusions"]})
    return {}


def _check_days(context: OperationContext, form: dict[str, Any]) -> None:
    deadline, explained_by = day_of(form, "deadline"), day_of(form, "explanation_due")
    _check_ahead(context, "deadline", deadline)
    _check_ahead(context, "explanation_due", explained_by)
    if deadline and explained_by and explained_by > deadline:
        raise InvalidAnswer(fields={"explanation_due": ["check.explained_after_deadline"]})


def _check_ahead(context: OperationContext, field: str, day: date | None) -> None:
    if day is None or day <= context.today:
        raise InvalidAnswer(fields={field: ["check.date_after_start"]})


def _running_deadline(context: OperationContext) -> date | None:
    clock = find_clock_row(context.work, case_id=context.case_id, name="rectification")
    return clock.due_on if clock is not None and clock.status != "stopped" else None


def _is_rectifying(context: OperationContext, body_id: str) -> bool:
    """Say whether the body is the rectifying unit, by its part in the case or by its code."""
    if not body_id:
        return False
    if body_id == body_of_part(context.case, "responsible"):
        return True
    body = context.session.get(Organisation, body_id)
    code = context.case.subject.credit_code
    return body is not None and bool(code) and body.credit_code == code
