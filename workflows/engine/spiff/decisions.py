"""A business-rule task evaluates its decision table; everything else is the table's own."""

from __future__ import annotations

from typing import Any

from workflows.engine.decisions import decide
from workflows.engine.plain import plain
from workflows.engine.spiff.activities import Automatic


class BusinessRule(Automatic):
    """A business-rule task; the outputs of its table become variables of the case."""

    def __init__(
        self, wf_spec: Any, bpmn_id: str, operation: str = "", table: Any = None, **rest: Any
    ) -> None:
        """Keep the table and the name of the file it came from."""
        super().__init__(wf_spec, bpmn_id, **rest)
        self.operation = operation
        self.table = table

    def _carry_out(self, my_task: Any) -> bool:
        case = my_task.workflow.top_workflow
        visible = case.visible_variables(my_task)
        outputs = decide(self.table, file=self.operation, variables=visible)
        case.variables.update(plain(outputs))
        return True
