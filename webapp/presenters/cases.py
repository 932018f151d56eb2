"""Parts of a case page and of the subject's page: facts, timeline, people, stages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from webapp.phrases import Words


@dataclass(frozen=True)
class Fact:
    """A name and what it is; ``is_code`` sets it in the fixed-width face."""

    name: Words
    value: Words
    note: Words = ""
    url: str | None = None
    is_code: bool = False


@dataclass(frozen=True)
class Happening:
    """One line of a timeline; ``clock_move`` says what it did to a clock."""

    when: date | datetime | None
    what: Words
    clock_move: Words = ""
    note: Words = ""
    when_words: Words = ""
    url: str | None = None


@dataclass(frozen=True)
class Holding:
    """Who holds what: a person or body, the matter, and its standing."""

    who: Words
    what: Words
    note: Words = ""
    is_code: bool = False
    url: str | None = None


@dataclass(frozen=True)
class Stage:
    """A stage on the subject's path; ``standing`` is was, now or "" (still to come)."""

    title: Words
    standing: str = ""
    tag: Words = ""
    text: Words = ""


@dataclass(frozen=True)
class Crumb:
    """One step of the way back; the last has no url."""

    label: Words
    url: str | None = None
    is_code: bool = False


@dataclass(frozen=True)
class Tab:
    """A part of the case; ``count`` stands small beside its name."""

    label: Words
    url: str
    is_current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Escalation:
    """What happens when nobody acts: at a time, this."""

    when: Words
    what: Words
    is_done: bool = False


@dataclass(frozen=True)
class DiagramMark:
    """How an element of the diagram is drawn: passed, or current with a number of tasks."""

    element: str
    standing: str
    count: int = 0


@dataclass(frozen=True)
class DiagramView:
    """A diagram with where the case stands, and the same in words for who cannot see it."""

    xml_url: str
    label: Words
    marks: tuple[DiagramMark, ...] = ()
    stages: tuple[Stage, ...] = ()

    @property
    def marks_data(self) -> list[dict[str, str | int]]:
        """Return the marks as the page's script reads them."""
        return [
            {"element": mark.element, "standing": mark.standing, "count": mark.count}
            for mark in self.marks
        ]
