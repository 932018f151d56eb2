"""Says what speaks against a definition: what would run wrong, and which duty it would break."""

from __future__ import annotations

import hashlib
from collections.abc import Set

from workflows.clock.calendar import WorkingCalendar
from workflows.engine.bundle import Bundle
from workflows.engine.check import check_bundle
from workflows.engine.findings import Finding
from workflows.engine.recent import RecentlyUsed
from workflows.lint.agreed import Agreed, shipped_letters
from workflows.lint.prove import prove
from workflows.rules.packs import RuleBook
from workflows.services.desk import Desk
from workflows.storage.reading import Source

_found: RecentlyUsed[tuple[Finding, ...]] = RecentlyUsed(limit=16)


def list_slips(desk: Desk, bundle: Bundle, *, roles: Set[str]) -> list[Finding]:
    """Return what would run wrong on the engine of new cases."""
    return check_bundle(
        bundle, operations=set(desk.operations), roles=roles, engine=desk.engine.name
    )


def list_breaches(
    source: Source, desk: Desk, *, office_id: str, bundle: Bundle, roles: Set[str]
) -> tuple[Finding, ...]:
    """Return everything that speaks against the definition in this office.

    The legal lint goes by the packs and the calendar of the office and takes seconds. It is kept
    for the same definition, packs and calendar, so that whoever is about to write can ask first
    and hold up nobody in the transaction.
    """
    slips = list_slips(desk, bundle, roles=roles)
    if slips:
        return tuple(slips)
    book, calendar = desk.rules(source, office_id), desk.calendar(source, office_id)

    def make() -> tuple[Finding, ...]:
        agreed = Agreed(shipped_letters(), book)
        proof = prove(bundle, declared=desk.declared, agreed=agreed, calendar=calendar)
        return proof.findings

    return _found.get(key=_key(bundle, book, calendar), make=make)


def _key(bundle: Bundle, book: RuleBook, calendar: WorkingCalendar) -> str:
    """Return what the answer depends on, in one word."""
    parts = [bundle.hash, *sorted(notice.document for notice in calendar.notices)]
    for pack in book.packs:
        parts += [pack.id, pack.version.isoformat(), *(one.content_hash for one in pack.parameters)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
