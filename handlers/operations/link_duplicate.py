"""Tie an objection to its twin at the other body: one verification, two replies (O-5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import answer_of, text_of
from handlers.marks import operation
from workflows.services.desk import OperationContext
from workflows.services.share_finding import ask_for_finding, link_twin, linked_cases


@operation("link_duplicate")
def link_duplicate(context: OperationContext) -> Mapping[str, Any]:
    """Link the case named by the clerk, if it is not linked yet, and ask it for its finding."""
    other = text_of(answer_of(context, "formal_check"), "linked_case")
    if other:
        link_twin(context.work, case=context.case, other=other)
    asked = [
        other_id
        for other_id in linked_cases(context.work, case=context.case)
        if ask_for_finding(context.work, case=context.case, other_case_id=other_id)
    ]
    context.work.record("duplicate_linked", case_id=context.case_id, count=len(asked))
    return {}
