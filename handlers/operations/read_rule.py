"""Ask the rule packs whether a diagram may take a way; what is unconfirmed opens none (E)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import find_parameter
from handlers.marks import operation
from workflows.services.desk import OperationContext


@operation("read_rule")
def read_rule(context: OperationContext) -> Mapping[str, Any]:
    """Set the variable of ``jiannuo:into``: whether the rule ``jiannuo:asks`` allows it here.

    It does when it binds the case, is confirmed (nationally or by this office) and gives anything:
    neither nothing (no extension, N6) nor a switch that is off.
    """
    asked = context.desk.blueprint(context.session, context.case).element(context.element)
    rule = find_parameter(context, asked.attributes["asks"])
    allows = rule is not None and rule.confirmed and rule.value not in (None, False, "none")
    return {asked.attributes["into"]: allows}
