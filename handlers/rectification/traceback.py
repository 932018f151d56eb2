"""Check what a rectification says of a PPP project before it leads to a traceback (C4 S5)."""

from __future__ import annotations

from typing import Any

from handlers.case_facts import text_of
from workflows.errors import InvalidAnswer
from workflows.services.desk import OperationContext
from workflows.services.open_traceback import find_linked
from workflows.services.read_project import get_project
from workflows.services.rectification_measures import variant_of

OPEN = "open"


def check_traceback(context: OperationContext, form: dict[str, Any]) -> None:
    """Refuse to trace what is no default of a body, is traced already, or has nobody to tell.

    Responsibility is traced for a government default in a PPP project alone (R66).
    """
    if form.get("traceback") != OPEN:
        return
    if variant_of(context.case) != "government":
        raise InvalidAnswer(fields={"traceback": ["check.traceback_of_body_only"]})
    if find_linked(context.work, case=context.case) is not None:
        raise InvalidAnswer(fields={"traceback": ["check.traceback_known"]})
    project = get_project(
        context.session,
        office_id=context.case.office_id,
        project_id=text_of(form, "project"),
    )
    if not project.private_party:
        raise InvalidAnswer(fields={"project": ["check.project_without_party"]})
