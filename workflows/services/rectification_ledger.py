"""Read what a rectification keeps on its case: the ledger of items and the bodies in it (C3)."""

from __future__ import annotations

from typing import Any

from workflows.models import Case

LEDGER = "ledger"
OPEN, REPORTED, CLOSED, FAILED, OVERDUE = "open", "reported", "closed", "failed", "overdue"
STATES = (OPEN, REPORTED, CLOSED, FAILED, OVERDUE)


def ledger_of(case: Case) -> dict[str, dict[str, Any]]:
    """Return the items of the case by number, in order; none before the notice lists them."""
    return dict(case.flags.get(LEDGER, {}))


def open_items(case: Case) -> list[str]:
    """Return the numbers of the items that are not struck off (销号)."""
    return [number for number, row in ledger_of(case).items() if row["state"] != CLOSED]


def find_item(case: Case, number: str | None) -> dict[str, Any] | None:
    """Return one item of the ledger, or None for a branch that is about something else."""
    return ledger_of(case).get(number or "")
