"""A stamped paper entered for somebody bears days that can be true (E, "Other bodies")."""

from __future__ import annotations

from typing import Any

from handlers.case_facts import day_of
from workflows.errors import InvalidAnswer
from workflows.services.desk import OperationContext


def check_paper(context: OperationContext, form: dict[str, Any]) -> None:
    """Refuse a paper that arrives tomorrow, or is dated after it arrived."""
    arrived_on, dated_on = day_of(form, "arrived_on"), day_of(form, "document_date")
    if arrived_on is not None and arrived_on > context.today:
        raise InvalidAnswer(fields={"arrived_on": ["check.date_in_future"]})
    if arrived_on is not None and dated_on is not None and dated_on > arrived_on:
        raise InvalidAnswer(fields={"document_date": ["check.dated_after_arrival"]})
