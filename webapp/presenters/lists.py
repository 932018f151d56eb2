"""The inbox: rows that open with a clock, grouped by how near their last day is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from webapp.phrases import Phrase, Words, phrase
from webapp.presenters.clocks import ClockState, ClockView, WordFrame


@dataclass(frozen=True)
class RowAction:
    """What a row offers: a page to open, or a post when ``is_post``."""

    label: Words
    url: str
    is_post: bool = False
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Row:
    """One line of work: clock, verb, subject, rule, holder."""

    id: str
    clock: ClockView
    what: Words
    url: str
    case_number: str
    subject: Words
    kind: Words = ""
    marks: tuple[WordFrame, ...] = ()
    holder: Words = ""
    holder_note: Words = ""
    action: RowAction | None = None
    claim_url: str | None = None
    is_picked: bool = False
    why: Words = ""

    @property
    def edge(self) -> str:
        """Return the class of the row's edge: red when late, amber when near."""
        if self.clock.state is ClockState.OVERDUE:
            return "is-late"
        near = {ClockState.AT_RISK, ClockState.TODAY}
        return "is-risk" if self.clock.state in near else ""


@dataclass(frozen=True)
class RowGroup:
    """Rows under one heading."""

    title: Words
    rows: tuple[Row, ...]
    total: int
    note: Words = ""

    @property
    def count_words(self) -> Phrase:
        """Return 2 件, or 30 件，下面是前 5 件 when not all are shown."""
        if self.total > len(self.rows):
            return phrase("list.first_of", total=self.total, count=len(self.rows))
        return phrase("list.count", count=self.total)


_GROUPS = {
    ClockState.OVERDUE: "overdue",
    ClockState.TODAY: "today",
    ClockState.AT_RISK: "soon",
}
GROUP_ORDER = ("overdue", "today", "soon", "later", "stopped")


def group_of(clock: ClockView, *, risk_days: int) -> str:
    """Return overdue, today, soon, later or stopped."""
    if clock.state is ClockState.STOPPED:
        return "stopped"
    if clock.state is ClockState.UNCONFIRMED and clock.working_days_left is not None:
        left = clock.working_days_left
        return "overdue" if left < 0 else "soon" if left <= risk_days else "later"
    return _GROUPS.get(clock.state, "later")


def group_rows(
    rows: Iterable[Row], *, risk_days: int, totals: dict[str, int] | None = None
) -> tuple[RowGroup, ...]:
    """Return the rows under 已逾期, 今天到期, N 个工作日内, 以后; an empty group is left out.

    Rows keep their order; ``totals`` says how many there are where not all are shown.
    """
    found: dict[str, list[Row]] = {name: [] for name in GROUP_ORDER}
    for row in rows:
        found[group_of(row.clock, risk_days=risk_days)].append(row)
    return tuple(
        RowGroup(
            title=phrase(f"list.group.{name}", count=risk_days),
            rows=tuple(found[name]),
            total=(totals or {}).get(name, len(found[name])),
        )
        for name in GROUP_ORDER
        if found[name]
    )


@dataclass(frozen=True)
class BulkAction:
    """What can be done with all chosen rows; ``key`` is its shortcut."""

    label: Words
    url: str
    key: str = ""


@dataclass(frozen=True)
class FilterField:
    """One filter: a select whose chosen value is marked when it is not the default."""

    name: str
    label: Words
    choices: tuple[tuple[str, Words], ...]
    chosen: str = ""

    @property
    def is_set(self) -> bool:
        """Return whether the reader has narrowed the list by this filter."""
        return self.chosen != ""
