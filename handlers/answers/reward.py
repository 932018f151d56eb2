"""What may not be said of a reporter's reward: no right is lost by silence (R150)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import answer_of, day_of
from handlers.marks import answered
from handlers.sending import find_letter
from workflows.errors import InvalidAnswer
from workflows.services.desk import OperationContext

NOTICE = "reward_notice"


@answered("propose_reward")
def propose_reward(context: OperationContext) -> Mapping[str, Any]:
    """Ask for a last day that lies ahead; the rule gives none, a person sets it."""
    form = answer_of(context, "propose_reward")
    if form.get("reward") == "grant" and _is_over(context):
        raise InvalidAnswer(fields={"collect_by": ["check.date_after_start"]})
    return {}


@answered("approve_reward")
def approve_reward(context: OperationContext) -> Mapping[str, Any]:
    """Refuse to agree to a reward whose last day went by while the proposal lay here."""
    agreed = answer_of(context, "approve_reward").get("reward_approval") == "agree"
    granted = answer_of(context, "propose_reward").get("reward") == "grant"
    if agreed and granted and _is_over(context):
        raise InvalidAnswer(fields={"reward_approval": ["check.reward_day_over"]})
    return {}


@answered("record_collection")
def record_collection(context: OperationContext) -> Mapping[str, Any]:
    """Let nobody miss a reward before its last day is over, or without having been told of it."""
    form = answer_of(context, "record_collection")
    if form.get("reward_collection") != "not_collected":
        return {}
    last = day_of(answer_of(context, "propose_reward"), "collect_by")
    if last is None or context.today <= last:
        raise InvalidAnswer(fields={"reward_collection": ["check.reward_day_ahead"]})
    told_on = day_of(form, "told_on")
    if told_on is None or told_on > last:
        raise InvalidAnswer(fields={"told_on": ["check.reward_told_late"]})
    notice = find_letter(context, NOTICE)
    if form.get("told_how") == "letter" and (notice is None or notice.status != "served"):
        raise InvalidAnswer(fields={"told_how": ["check.reward_not_served"]})
    return {}


def _is_over(context: OperationContext) -> bool:
    last = day_of(answer_of(context, "propose_reward"), "collect_by")
    return last is None or last <= context.today
