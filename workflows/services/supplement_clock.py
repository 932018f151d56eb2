"""What a request for papers does to the reply clock: the pack says continue, pause or restart.

Jilin lets it go on, and verification with it (O-1, N35, R116); another region's provision counts
only once it is confirmed.
"""

from __future__ import annotations

from workflows.clock.ledger import EntryKind
from workflows.clock.terms import legal_date
from workflows.models import Case, CaseClock
from workflows.rules.packs import Parameter
from workflows.services.desk import Desk
from workflows.services.run_clock import find_clock, parameter_for, rule_source, write_entry
from workflows.storage.unit_of_work import UnitOfWork

KEY = "obj.supplement.clock"


def hold_reply_clock(work: UnitOfWork, desk: Desk, *, case: Case) -> CaseClock | None:
    """Pause the reply clock while papers are awaited, where the pack provides for that."""
    clock = find_clock(work, case_id=case.id, name="reply")
    rule = _provision(work, desk, case)
    if rule is None or rule.value != "pause" or clock is None or clock.status != "running":
        return None
    _write(work, desk, case, clock, EntryKind.PAUSED, rule, reason="supplement_asked")
    return clock


def go_on_with_reply_clock(
    work: UnitOfWork, desk: Desk, *, case: Case, reason: str
) -> CaseClock | None:
    """Resume a clock held for the papers, or start it anew where the pack says so."""
    clock = find_clock(work, case_id=case.id, name="reply")
    rule = _provision(work, desk, case)
    if rule is None or clock is None:
        return None
    if rule.value == "pause" and clock.status == "paused":
        _write(work, desk, case, clock, EntryKind.RESUMED, rule, reason=reason)
        return clock
    if rule.value == "restart" and clock.status == "running":
        _write(work, desk, case, clock, EntryKind.STARTED, rule, reason=reason)
        return clock
    return None


def _provision(work: UnitOfWork, desk: Desk, case: Case) -> Parameter | None:
    rule = parameter_for(work, desk, case=case, key=KEY)
    return rule if rule.confirmed else None


def _write(
    work: UnitOfWork,
    desk: Desk,
    case: Case,
    clock: CaseClock,
    kind: EntryKind,
    rule: Parameter,
    *,
    reason: str,
) -> None:
    write_entry(
        work,
        desk,
        clock=clock,
        case=case,
        kind=kind,
        on=legal_date(work.command.now),
        reason=reason,
        legal_basis=rule_source(rule),
    )
