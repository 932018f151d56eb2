"""Put the opinions side by side: suggest a finding, and say whether the departments disagree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import answer_of
from handlers.grounds import ERRORS, conclusion_of
from handlers.marks import operation
from workflows.lint.declared import KEPT, VALUE
from workflows.services.desk import OperationContext


@operation(
    "combine_findings",
    reads=["self_check", "departments", "error_found"],
    sets={
        "suggested_finding": [VALUE, ""],
        "disagree": [True, False],
        "error_found": [True, KEPT],
    },
)
def combine_findings(context: OperationContext) -> Mapping[str, Any]:
    """Suggest what all agree on, nothing where they differ; a person decides either way."""
    conclusions = _conclusions(context)
    decided = {each for each in conclusions if each != "unverifiable"}
    own_error = context.variables.get("self_check") == "own_error"
    if own_error and not decided:
        decided = {"correct"}
    suggested = decided.pop() if len(decided) == 1 else ""
    disagree = len(decided) > 1
    found = own_error or any(each in ERRORS for each in conclusions)
    context.work.record(
        "findings_combined", case_id=context.case_id, suggested=suggested, disagree=disagree
    )
    return {
        "suggested_finding": suggested,
        "disagree": disagree,
        "error_found": found or bool(context.variables.get("error_found")),
    }


def _conclusions(context: OperationContext) -> list[str]:
    departments = context.variables.get("departments") or []
    answers = [answer_of(context, "verify", item=str(each)) for each in departments]
    return [conclusion_of(answer.get("conclusion")) for answer in answers if answer]
