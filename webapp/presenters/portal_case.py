"""The subject's page as views: stages passed and to come, what is asked, what has been done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from webapp.phrases import Words, phrase
from webapp.presenters.cases import Happening, Stage
from workflows.clock.calendar import legal_date
from workflows.clock.explain import DayLine, Explanation
from workflows.models import Case, CaseClock, Event
from workflows.services.read_progress import Progress

DATES = ("due_on", "before", "after", "received_on", "served_on", "accepted_on", "lifted_on")


@dataclass(frozen=True)
class Asked:
    """What the subject must do now, if anything."""

    title: Words
    text: Words
    until: date | None = None

    @property
    def is_needed(self) -> bool:
        """Say whether the subject has to act."""
        return self.until is not None


@dataclass(frozen=True)
class DayRow:
    """One day of the reckoning, in words."""

    on: date
    kind: Words
    counted: Words
    number: int | None
    name: str
    is_today: bool
    is_due: bool
    is_skipped: bool


def asked_of(*, waiting: frozenset[str], supplement: CaseClock | None) -> Asked:
    """Return what is asked of the subject: papers by a day, or nothing."""
    if "supplement_received" in waiting and supplement is not None:
        return Asked(
            title=phrase("portal.asked.supplement"),
            text=phrase("portal.asked.supplement.text"),
            until=supplement.due_on,
        )
    return Asked(title=phrase("portal.asked.nothing"), text=phrase("portal.asked.nothing.text"))


def stages_of(
    declared: Sequence[Mapping[str, Any]], *, progress: Progress, case: Case, language: str
) -> list[Stage]:
    """Return the declared stages, each passed, current or to come."""
    is_closed = case.status == "closed"
    found: list[Stage] = []
    for stage in declared:
        elements = set(stage["elements"])
        is_now = not is_closed and bool(elements & progress.active)
        was = bool(elements & progress.passed)
        if is_closed and not was:
            continue
        standing = "now" if is_now else "was" if was else ""
        found.append(
            Stage(
                title=str(stage.get(language) or stage["zh"]),
                standing=standing,
                tag=phrase("portal.stage.now") if is_now else "",
                text=phrase(f"portal.stage.{stage['key']}"),
            )
        )
    return found


def public_line(event: Event, *, has_text: Callable[[str], bool]) -> Happening | None:
    """Return a public fact as a sentence for the subject, or None where it has none."""
    key = f"event.public.{event.kind}"
    if not has_text(key):
        return None
    if event.kind.startswith("clock_") and event.facts.get("clock") != "reply":
        return None
    facts = {
        name: date.fromisoformat(str(value)[:10]) if name in DATES and value else value
        for name, value in event.facts.items()
    }
    return Happening(when=legal_date(event.at), what=phrase(key, **facts))


def explain_rows(found: Explanation, *, today: date) -> list[DayRow]:
    """Return each day of the reckoning with why it counts or not."""
    due_on = found.reckoning.due_on
    return [_day_row(line, today=today, due_on=due_on) for line in found.lines]


def _day_row(line: DayLine, *, today: date, due_on: date | None) -> DayRow:
    return DayRow(
        on=line.on,
        kind=phrase(f"portal.day.{line.kind}"),
        counted=phrase("portal.day.counted" if line.counted else "portal.day.skipped"),
        number=line.number,
        name=line.name,
        is_today=line.on == today,
        is_due=line.on == due_on,
        is_skipped=not line.counted,
    )


