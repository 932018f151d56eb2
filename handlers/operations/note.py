"""Note what a diagram says has happened: an outcome, a fact for later gateways, a public event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.marks import operation
from workflows.services.desk import OperationContext


@operation("note")
def note(context: OperationContext) -> Mapping[str, Any]:
    """Set the variables of ``jiannuo:sets`` (``outcome=repaired, recorded=true``).

    ``jiannuo:event`` is the event for the timeline, public with ``jiannuo:public="true"``.
    """
    step = context.desk.blueprint(context.session, context.case).element(context.element)
    event = step.attributes.get("event", "")
    if event:
        is_public = step.attributes.get("public") == "true"
        context.work.record(event, case_id=context.case_id, is_public=is_public, item=context.item)
    return {name: value for name, (value,) in step.drawn_sets.items()}
