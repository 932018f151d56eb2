"""List the other units responsible: a case and a notice of its own for each (C3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import answer_of
from handlers.marks import operation
from workflows.lint.declared import ITEMS
from workflows.services.case_bodies import body_of_part
from workflows.services.desk import OperationContext


@operation("list_other_units", sets={"other_units": ITEMS})
def list_other_units(context: OperationContext) -> Mapping[str, Any]:
    """Set ``other_units`` to the bodies chosen, without the one this case is about."""
    own = body_of_part(context.case, "responsible")
    chosen = answer_of(context, "register_matter").get("other_units") or []
    return {"other_units": [str(each) for each in chosen if str(each) != own]}
