"""Keep the ledger (台账) of a rectification: each item, its standard, where it stands (R137).

The ledger stands in the flags of the case, where letters, pages and statistics read it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows.errors import InvalidAnswer
from workflows.models import Case
from workflows.services.desk import OperationContext
from workflows.services.rectification_ledger import (
    CLOSED,
    LEDGER,
    OPEN,
    ledger_of,
    open_items,
)

SEPARATORS = ("｜", "|")


def read_items(text: str) -> list[tuple[str, str]]:
    """Return each line as item and standard. Raises InvalidAnswer for a line without either (R59).

    A notice without a concrete standard for each item is none.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    items = [_split(line) for line in lines]
    if not items or not all(item and standard for item, standard in items):
        raise InvalidAnswer(fields={"items": ["check.item_without_standard"]})
    return items


def begin_ledger(case: Case, items: list[tuple[str, str]]) -> None:
    """Enter the items of the notice, numbered from one; what has begun already stays."""
    if ledger_of(case):
        return
    rows = {
        str(number): {"item": item, "standard": standard, "state": OPEN, "rounds": 0}
        for number, (item, standard) in enumerate(items, start=1)
    }
    _keep(case, rows)


def enter_state(context: OperationContext, state: str) -> None:
    """Enter where the item of this branch stands, and since when."""
    number = context.item or ""
    rows = ledger_of(context.case)
    row = {**rows[number], "state": state, "since": context.today.isoformat()}
    if state == CLOSED:
        row["closed_on"] = context.today.isoformat()
    _keep(context.case, {**rows, number: row})


def reopen_items(case: Case) -> list[str]:
    """Return the numbers of the items that are not struck off, each open for another round."""
    rows = ledger_of(case)
    wanted = open_items(case)
    opened = {
        number: {**row, "state": OPEN, "rounds": int(row.get("rounds", 0)) + 1}
        for number, row in rows.items()
        if number in wanted
    }
    _keep(case, {**rows, **opened})
    return wanted


def note_on_case(case: Case, **facts: Any) -> None:
    """Keep facts of the rectification beside its ledger."""
    case.flags = {**case.flags, **facts}


def _keep(case: Case, rows: Mapping[str, Mapping[str, Any]]) -> None:
    case.flags = {**case.flags, LEDGER: dict(rows)}


def _split(line: str) -> tuple[str, str]:
    for sign in SEPARATORS:
        if sign in line:
            item, _, standard = line.partition(sign)
            return item.strip(), standard.strip()
    return line, ""
