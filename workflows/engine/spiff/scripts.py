"""The library runs conditions as Python; here they only ever meet the allow-listed evaluator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.script_engine.python_environment import BasePythonScriptEngineEnvironment

from workflows.engine.expressions import compile_expression, evaluate
from workflows.errors import DiagramError


class NoScripts(BasePythonScriptEngineEnvironment):  # type: ignore[misc]
    """Evaluates expressions over the variables it is given, and refuses everything else."""

    def evaluate(
        self,
        expression: str,
        context: Mapping[str, Any],
        external_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Evaluate an expression."""
        return evaluate(expression, {**context, **(external_context or {})})

    def execute(self, script: str, context: Any, external_context: Any = None) -> Any:
        """Refuse to run a script."""
        raise DiagramError("error.engine.script")

    def call_service(self, context: Any, **options: Any) -> Any:
        """Refuse: service tasks call operations."""
        raise DiagramError("error.engine.script")


class CaseScripts(PythonScriptEngine):  # type: ignore[misc]
    """Evaluates conditions over the variables of the case, keeping the real error."""

    def __init__(self) -> None:
        """Take the environment that refuses scripts."""
        super().__init__(NoScripts())

    def validate(self, expression: str) -> None:
        """Raise SyntaxError for what is not an expression on its own, as decision tables expect."""
        try:
            compile_expression(expression)
        except DiagramError as error:
            if isinstance(error.__cause__, SyntaxError):
                raise error.__cause__ from error
            raise

    def evaluate(
        self, task: Any, expression: str, external_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Evaluate an expression over the variables that this task sees."""
        visible = task.workflow.top_workflow.visible_variables(task)
        return self.environment.evaluate(expression, visible, external_context)

    def execute(self, task: Any, script: str, external_context: Any = None) -> Any:
        """Refuse to run a script."""
        return self.environment.execute(script, {}, external_context)

    def call_service(self, task: Any, **options: Any) -> Any:
        """Refuse: service tasks call operations."""
        return self.environment.call_service({}, **options)
