"""List, follow and count the items of a rectification in its ledger (R59, R137)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import answer_of, text_of
from handlers.marks import operation
from handlers.rectification.ledger import begin_ledger, enter_state, read_items, reopen_items
from handlers.stopping import stop_named_clock
from workflows.lint.declared import ITEMS
from workflows.services.desk import OperationContext
from workflows.services.rectification_ledger import OPEN, ledger_of, open_items

CLOCK = "rectification"


@operation("list_rectification_items")
def list_rectification_items(context: OperationContext) -> Mapping[str, Any]:
    """Set up the ledger with the notice's items, each with its standard (R59)."""
    form = answer_of(context, "prepare_notice")
    begin_ledger(context.case, read_items(text_of(form, "items")))
    context.work.record("ledger_begun", case_id=context.case_id, count=len(ledger_of(context.case)))
    return {}


@operation("list_open_items", sets={"open_items": ITEMS})
def list_open_items(context: OperationContext) -> Mapping[str, Any]:
    """Open every item that is not struck off for another round; struck off ones stay closed."""
    return {"open_items": reopen_items(context.case)}


@operation("note_item")
def note_item(context: OperationContext) -> Mapping[str, Any]:
    """Enter where the item stands, as ``jiannuo:state`` says.

    When nobody of the unit has to report any more the deadline stops: verification is not its time.
    """
    step = context.desk.blueprint(context.session, context.case).element(context.element)
    state = step.attributes["state"]
    enter_state(context, state)
    context.work.record(
        "item_noted", case_id=context.case_id, is_public=True, item=context.item, state=state
    )
    if not any(row["state"] == OPEN for row in ledger_of(context.case).values()):
        stop_named_clock(context, CLOCK, reason="items_reported", evidence=context.item or "")
    return {}


@operation(
    "count_items",
    reads=["variant", "repair_open", "tolerated"],
    sets={"all_done": [True, False], "outcome": ["rectified", ""], "repair_due": [True, False]},
)
def count_items(context: OperationContext) -> Mapping[str, Any]:
    """Say whether every item is struck off, and whether a body's record is now to be repaired.

    N14: a government body that has performed is repaired promptly; a company applies itself.
    """
    is_done = not open_items(context.case)
    if not is_done:
        stop_named_clock(context, CLOCK, reason="round_over", evidence=context.element)
    known = context.variables
    is_due = is_done and known.get("variant") == "government" and context.case.record is not None
    return {
        "all_done": is_done,
        "outcome": "rectified" if is_done else "",
        "repair_due": bool(is_due and known.get("repair_open") and not known.get("tolerated")),
    }
