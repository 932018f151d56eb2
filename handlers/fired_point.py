"""Tell which point of which clock brought a step about, so that each point acts once."""

from __future__ import annotations

from dataclasses import dataclass

from workflows.services.consult_file import newest_fired_timer
from workflows.services.desk import OperationContext
from workflows.services.run_clock import find_clock_row
from workflows.storage.case_rows import ClockRow


@dataclass(frozen=True)
class FiredPoint:
    """A point of a clock as the diagram names it, and the branch it belongs to."""

    clock: str
    point: str
    item: str | None

    @property
    def key(self) -> str:
        """Return a text that is the same for the same clock, branch and point."""
        return f"{self.clock}:{self.item or ''}@{self.point}"

    @property
    def place(self) -> str:
        """Return the clock and its branch, without the point."""
        return f"{self.clock}:{self.item}" if self.item else self.clock


def fired_point(context: OperationContext) -> FiredPoint:
    """Return the point that this command fired, or for a later try the newest one that fired."""
    for _, fact in reversed(context.work.facts):
        if fact.kind == "timer_fired":
            facts = fact.facts
            return FiredPoint(str(facts["clock"]), str(facts["point"]), facts["item"])
    timer = newest_fired_timer(context.work, case=context.case, item=context.item)
    if timer is None:
        return FiredPoint("reply", context.element, context.item)
    return FiredPoint(timer.clock_name, timer.point, timer.item)


def clock_of(context: OperationContext, fired: FiredPoint) -> ClockRow | None:
    """Return the clock that the point lies on, the branch's own before the case's."""
    work, case_id = context.work, context.case_id
    own = find_clock_row(work, case_id=case_id, name=fired.clock, item=fired.item)
    if own is not None or fired.item is None:
        return own
    return find_clock_row(work, case_id=case_id, name=fired.clock)
