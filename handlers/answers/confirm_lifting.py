"""Lifting is checked when it is entered, so that a wrong day shows on the form (R5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import answer_of
from handlers.marks import answered
from handlers.operations.record_lifting import lift_from_form
from handlers.places import get_item_sanction
from workflows.services.desk import OperationContext


@answered("confirm_lifting")
def confirm_lifting(context: OperationContext) -> Mapping[str, Any]:
    """Lift the sanction in the register at once; the step that follows files the receipt."""
    form = answer_of(context, "confirm_lifting", item=context.item)
    lift_from_form(context, get_item_sanction(context), form)
    return {}
