"""List the bodies that a step chose, or every recognition department where it chose none (R128)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import answer_of
from handlers.marks import operation
from workflows.services.consult_file import list_body_ids
from workflows.services.desk import OperationContext


@operation("list_bodies")
def list_bodies(context: OperationContext) -> Mapping[str, Any]:
    """Set ``bodies`` to the field that ``jiannuo:chosen`` names, as ``<form>.<field>``."""
    step = context.desk.blueprint(context.session, context.case).element(context.element)
    form, _, field = step.attributes["chosen"].partition(".")
    chosen = answer_of(context, form).get(field) or []
    if chosen:
        return {"bodies": [str(each) for each in chosen]}
    office_id = context.case.office_id
    return {"bodies": list_body_ids(context.work, office_id=office_id, kind="recognition")}
