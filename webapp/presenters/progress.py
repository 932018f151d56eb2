"""Where a case stands: marks for its diagrams, and the same as a list of stages in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from webapp.phrases import Words, phrase
from webapp.presenters.cases import DiagramMark, Stage
from workflows.services.read_progress import Progress


def diagram_marks(progress: Progress) -> tuple[DiagramMark, ...]:
    """Return how each element is drawn: where the case is now goes before where it has been."""
    now = [
        DiagramMark(element, "now", progress.open_tasks.get(element, 0))
        for element in sorted(progress.active)
    ]
    was = [DiagramMark(element, "was") for element in sorted(progress.passed - progress.active)]
    return (*was, *now)


def stages_in_words(
    stages: Sequence[Mapping[str, Any]],
    progress: Progress,
    *,
    language: str,
    step_name: Callable[[str], Words],
) -> tuple[Stage, ...]:
    """Return the stages of the process, those passed, those where work is open, those to come."""
    reached = _last_reached(stages, progress)
    found: list[Stage] = []
    for place, stage in enumerate(stages):
        elements = [str(element) for element in stage.get("elements", [])]
        open_here = [element for element in elements if element in progress.open_tasks]
        is_now = bool(open_here) or any(element in progress.active for element in elements)
        was = any(element in progress.passed for element in elements)
        found.append(
            Stage(
                title=str(stage.get(language) or stage.get("zh", "")),
                standing="now" if is_now else "was" if was else "",
                text=_steps(open_here, step_name) if open_here else _skipped(was, place, reached),
            )
        )
    return tuple(found)


def _last_reached(stages: Sequence[Mapping[str, Any]], progress: Progress) -> int:
    reached = progress.passed | progress.active
    places = [
        place
        for place, stage in enumerate(stages)
        if any(element in reached for element in stage.get("elements", []))
    ]
    return max(places, default=-1)


def _skipped(was: bool, place: int, reached: int) -> Words:
    return phrase("case.stage.not_needed") if not was and place < reached else ""


def _steps(elements: Sequence[str], step_name: Callable[[str], Words]) -> Words:
    first, *rest = (step_name(element) for element in elements)
    words: Words = first
    for other in rest:
        words = phrase("event.joined", first=words, rest=other)
    return words
