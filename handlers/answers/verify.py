"""A department's conclusion counts from the moment it is entered, even if the subject withdraws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import answer_of, day_of
from handlers.grounds import ERRORS, conclusion_of
from handlers.marks import answered
from workflows.errors import InvalidAnswer
from workflows.lint.declared import KEPT
from workflows.services.desk import OperationContext


@answered("verify", sets={"error_found": [True, KEPT]})
def verify(context: OperationContext) -> Mapping[str, Any]:
    """Check the dates of a paper opinion and note whether it finds an error."""
    form = answer_of(context, "verify", item=context.item)
    arrived_on, dated_on = day_of(form, "arrived_on"), day_of(form, "document_date")
    if arrived_on is not None and arrived_on > context.today:
        raise InvalidAnswer(fields={"arrived_on": ["check.date_in_future"]})
    if arrived_on is not None and dated_on is not None and dated_on > arrived_on:
        raise InvalidAnswer(fields={"document_date": ["check.dated_after_arrival"]})
    return {"error_found": True} if conclusion_of(form.get("conclusion")) in ERRORS else {}
