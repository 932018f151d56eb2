"""A clock may be paused or lengthened only where a rule says so; the default is never (O-1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from workflows.clock.calendar import WorkingCalendar
from workflows.clock.ledger import Entry, EntryKind, Reckoning, reckon
from workflows.clock.terms import Term
from workflows.errors import InvalidAnswer, NotAllowed


@dataclass(frozen=True)
class Allowance:
    """What a rule pack lets happen to one clock.

    ``extension_max`` is the most one extension may add, ``total_max`` the most the whole term may
    then last (both in the unit of the term's days). ``pause_grounds`` empty = any ground.
    """

    pause: bool = False
    pause_grounds: tuple[str, ...] = ()
    extension_max: int | None = None
    extension_times: int = 0
    total_max: int | None = None
    needs_approval_of: str | None = None
    restart: bool = False

    @property
    def may_extend(self) -> bool:
        """Tell whether any extension is possible."""
        return self.extension_times > 0


NO_ALLOWANCE = Allowance()


def make_allowance(
    *,
    pause: Mapping[str, Any] | None = None,
    extension: Mapping[str, Any] | None = None,
    restart: bool = False,
) -> Allowance:
    """Return the allowance that the pack's values for pause and extension describe.

    The values are those of ``obj.pause`` and ``obj.extension``: None, or
    ``{"grounds": [...]}`` and ``{"times": 1, "max": 3, "total": 20, "approval": "..."}``.
    """
    lengthen = extension or {}
    return Allowance(
        pause=pause is not None,
        pause_grounds=tuple((pause or {}).get("grounds", ())),
        extension_max=lengthen.get("max"),
        extension_times=int(lengthen.get("times", 0)),
        total_max=lengthen.get("total"),
        needs_approval_of=lengthen.get("approval"),
        restart=restart,
    )


def check_entry(
    *,
    entries: Sequence[Entry],
    entry: Entry,
    allowance: Allowance,
    calendar: WorkingCalendar,
    term: Term,
) -> Reckoning:
    """Refuse a ledger line that rule or order forbids; return the reckoning with it added.

    Raises NotAllowed (the rule pack or the clock's state forbids it) or InvalidAnswer (something
    that the line must say is missing or impossible).
    """
    _must_say(entry)
    if entry.kind is EntryKind.STARTED:
        if entries and not allowance.restart:
            raise NotAllowed("error.clock_already_started", on=entry.on)
    else:
        before = reckon(entries=entries, term=term, calendar=calendar)
        _must_not_precede_start(entry, before)
        if entry.kind is EntryKind.PAUSED:
            _check_pause(entry, before, allowance)
        elif entry.kind is EntryKind.EXTENDED:
            _check_extension(entries, entry, before, allowance, term)
    return reckon(entries=[*entries, entry], term=term, calendar=calendar)


_NEEDED = {
    EntryKind.STARTED: (),
    EntryKind.PAUSED: ("reason", "legal_basis", "person"),
    EntryKind.RESUMED: ("reason",),
    EntryKind.EXTENDED: ("reason", "legal_basis", "person"),
    EntryKind.STOPPED: ("evidence",),
    EntryKind.CORRECTED: ("reason", "person", "start_on"),
    EntryKind.RECOMPUTED: ("reason",),
}


def _must_say(entry: Entry) -> None:
    missing = [name for name in _NEEDED[entry.kind] if not getattr(entry, name)]
    if missing:
        raise InvalidAnswer(
            "error.clock_entry_incomplete",
            fields={name: ["clock.entry_required"] for name in missing},
            kind=entry.kind.value,
            missing=", ".join(missing),
        )


def _must_not_precede_start(entry: Entry, before: Reckoning) -> None:
    if entry.kind in (EntryKind.CORRECTED, EntryKind.RECOMPUTED):
        return
    if entry.on < before.start_on:
        raise InvalidAnswer("error.clock_before_start", on=entry.on, start_on=before.start_on)


def _check_pause(entry: Entry, before: Reckoning, allowance: Allowance) -> None:
    if not allowance.pause:
        raise NotAllowed("error.clock_pause_not_allowed", on=entry.on)
    grounds = allowance.pause_grounds
    if grounds and not any(ground in entry.reason for ground in grounds):
        raise NotAllowed("error.clock_pause_ground", grounds="、".join(grounds))
    _must_not_be_over(entry.on, before)


def _check_extension(
    entries: Sequence[Entry], entry: Entry, before: Reckoning, allowance: Allowance, term: Term
) -> None:
    if not allowance.may_extend:
        raise NotAllowed("error.clock_extension_not_allowed", on=entry.on)
    _must_not_be_over(entry.on, before)
    days = entry.days or 0
    if days < 1:
        raise InvalidAnswer("error.clock_extension_days", days=days)
    done = sum(1 for one in entries if one.kind is EntryKind.EXTENDED)
    if done >= allowance.extension_times:
        raise NotAllowed("error.clock_extension_times", times=allowance.extension_times)
    _check_extension_length(days, before.extended_days, allowance, term)
    if allowance.needs_approval_of and not entry.approved_by:
        raise NotAllowed("error.clock_extension_approval", approval=allowance.needs_approval_of)


def _check_extension_length(days: int, earlier: int, allowance: Allowance, term: Term) -> None:
    if allowance.extension_max is not None and days > allowance.extension_max:
        raise NotAllowed("error.clock_extension_max", days=days, most=allowance.extension_max)
    whole = term.amount + earlier + days
    if allowance.total_max is not None and whole > allowance.total_max:
        raise NotAllowed("error.clock_extension_total", total=whole, most=allowance.total_max)


def _must_not_be_over(on: date, before: Reckoning) -> None:
    """A term that has run out can be neither paused nor lengthened any more."""
    if before.due_on is not None and on > before.due_on:
        raise NotAllowed("error.clock_already_due", on=on, due_on=before.due_on)
