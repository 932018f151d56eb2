"""Decision tables that say so when no rule, or more than one, fits: the library stays silent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.dmn.parser.DMNParser import DMNParser

from workflows.engine.bundle import Bundle
from workflows.engine.cells import cell_expression
from workflows.engine.expressions import evaluate
from workflows.engine.markup import read_markup
from workflows.errors import DiagramError

UNIQUE = "UNIQUE"
COLLECT = "COLLECT"


def decide(table: Any, *, file: str, variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return the outputs of the table for these variables, as new variables of the case.

    Raises DiagramError when no rule fits, or when several do and only one may.
    """
    fitting = [rule for rule in table.rules if _fits(rule, variables)]
    if not fitting:
        raise DiagramError("error.engine.no_rule_fits", decision=file)
    if table.hit_policy == UNIQUE and len(fitting) > 1:
        rows = ", ".join(str(rule.row_number) for rule in fitting)
        raise DiagramError("error.engine.rules_overlap", decision=file, rows=rows)
    outputs = [_outputs(rule, variables) for rule in fitting]
    return _collect(outputs) if table.hit_policy == COLLECT else outputs[0]


def _fits(rule: Any, variables: Mapping[str, Any]) -> bool:
    """Return whether every cell of the rule is met; the library would stop at the first rule."""
    for entry in rule.inputEntries:
        condition = cell_expression(column=entry.input.expression or "", cell=entry.text)
        if condition is not None and not evaluate(condition, variables):
            return False
    return True


def _outputs(rule: Any, variables: Mapping[str, Any]) -> dict[str, Any]:
    return {
        entry.output.name or entry.output.label: evaluate(entry.text, variables)
        if entry.text
        else None
        for entry in rule.outputEntries
    }


def _collect(outputs: list[dict[str, Any]]) -> dict[str, Any]:
    names = dict.fromkeys(name for output in outputs for name in output)
    return {name: [output.get(name) for output in outputs] for name in names}


def read_decision(bundle: Bundle, *, file: str) -> Any:
    """Return the decision table of a file of the bundle.

    Raises DiagramError when the file is missing, cannot be read, or uses a hit policy that the
    library accepts and then ignores.
    """
    if file not in bundle.files:
        raise DiagramError("error.engine.no_such_decision", decision=file)
    root = read_markup(bundle.files[file], file=file)
    names = {"dmn": etree.QName(root).namespace or "urn:none"}
    parser = DMNParser(None, root, names, filename=file)
    try:
        parser.parse()
        tables = parser.decision.decisionTables
    except (ValidationException, KeyError, IndexError, AttributeError) as error:
        raise DiagramError("error.engine.decision_unreadable", decision=file) from error
    if len(tables) != 1:
        raise DiagramError("error.engine.decision_unreadable", decision=file)
    if tables[0].hit_policy not in (UNIQUE, COLLECT):
        raise DiagramError("error.engine.hit_policy", decision=file, policy=tables[0].hit_policy)
    return tables[0]
