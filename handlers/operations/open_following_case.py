"""Let a case of another process follow from this one, as a command of its own (C3 16, C4 9e)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.marks import operation
from workflows.services.desk import OperationContext


@operation("open_following_case")
def open_following_case(context: OperationContext) -> Mapping[str, Any]:
    """Order a case of the process ``jiannuo:opens``, come in by ``jiannuo:channel``, once.

    ``jiannuo:matter`` says what it is about, where the process that opens handles several matters.
    It is about the same subject and record; with ``jiannuo:about="item"`` about the body of this
    branch, with ``jiannuo:about="project"`` about the PPP project that one of the forms of
    ``jiannuo:said`` names.
    """
    step = context.desk.blueprint(context.session, context.case).element(context.element)
    about = step.attributes.get("about", "")
    key = f"open:{context.case_id}:{context.element}:{context.item or ''}"
    context.work.send(
        kind="command",
        key=key,
        payload={
            "command": "open_traceback" if about == "project" else "open_following_case",
            "case_id": context.case_id,
            "kind": step.attributes["opens"],
            "channel": step.attributes["channel"],
            "matter": step.attributes.get("matter", ""),
            "body_id": context.item if about == "item" else "",
            "forms": step.attributes["said"].split() if about == "project" else [],
        },
        case_id=context.case_id,
    )
    return {}
