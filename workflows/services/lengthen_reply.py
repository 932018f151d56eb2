"""Some regions give a longer reply period when another unit must verify; the pack says so (N18).

Shandong: three working days for an own matter, seven when another unit must help, both counted from
receipt. The clock starts with the shorter; the first request to another unit brings the longer.
"""

from __future__ import annotations

from workflows.clock.ledger import EntryKind
from workflows.clock.terms import legal_date
from workflows.models import Case, CaseClock
from workflows.rules.packs import Parameter, Rank
from workflows.services.desk import Desk
from workflows.services.run_clock import (
    find_clock,
    ledger_of,
    rule_source,
    term_of,
    write_entry,
)
from workflows.storage.unit_of_work import UnitOfWork

KEY = "obj.other.limit"
REASON = "other_unit_needed"


def find_longer_term(work: UnitOfWork, desk: Desk, *, case: Case) -> Parameter | None:
    """Return the confirmed term for matters that need another unit, where the region has one."""
    rule = desk.rules(work.session, case.office_id).find(
        KEY, division=case.division_code, on=case.received_on, subject_kind=case.subject.kind
    )
    return rule if rule is not None and rule.confirmed else None


def lengthen_reply_clock(work: UnitOfWork, desk: Desk, *, case: Case) -> bool:
    """Let the reply clock run by the longer term, once; say whether anything changed.

    A text of lower rank never lengthens the term of a higher one (O-12).
    """
    rule = find_longer_term(work, desk, case=case)
    clock = find_clock(work, case_id=case.id, name="reply")
    if rule is None or clock is None or clock.status != "running" or _is_longer(clock):
        return False
    own, longer = term_of(clock), rule.term
    outranked = Rank(str(clock.rule.get("rank", rule.rank))).order < rule.rank.order
    if outranked or own.unit is not longer.unit or own.amount >= longer.amount:
        return False
    write_entry(
        work,
        desk,
        clock=clock,
        case=case,
        kind=EntryKind.EXTENDED,
        on=legal_date(work.command.now),
        days=longer.amount - own.amount,
        reason=REASON,
        legal_basis=rule_source(rule),
    )
    return True


def _is_longer(clock: CaseClock) -> bool:
    return any(entry.reason == REASON for entry in ledger_of(clock))
