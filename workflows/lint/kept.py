"""Proves each duty on every path, and shows the shortest path that breaks it."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

from workflows.lint.duty_file import ACCEPTED, Duty
from workflows.lint.legal_finding import LegalFinding, PathStep, find
from workflows.lint.monitors import BROKEN, Monitor, idle_parts, monitor
from workflows.lint.paths import Teller
from workflows.lint.refined import Fine, Path, Refined
from workflows.lint.session import Session


def check_duties(session: Session, teller: Teller) -> Iterator[LegalFinding]:
    """Yield a finding for each duty that a path breaks, or that no path has to do with."""
    seen = session.seen
    for duty in session.facts.duties.duties:
        if not duty.is_on_paths:
            continue
        if not _is_kept_inside(session, duty):
            refined = session.refined(session.main, session.marks.all_of(duty))
            found = _breach(session, teller, duty, refined)
            if found is not None:
                yield found
                continue
        yield from _idle(session, duty, seen)


def _is_kept_inside(session: Session, duty: Duty) -> bool:
    """Return whether a called process keeps the duty by itself.

    What comes before something whenever the process is called comes before it in the case. All
    other kinds of duty have to be followed through the whole case.
    """
    if duty.kind not in ("before", "provision") or duty.given.get(ACCEPTED):
        return False
    elements = {mark.element for marks in duty.steps.values() for mark in marks}
    trees = session.cut.subtrees
    holding = [name for name in session.called_processes if elements <= trees[name]]
    if not holding:
        return False
    smallest = min(holding, key=lambda name: len(trees[name]))
    mask, follower = session.marks.all_of(duty), monitor(duty, session.marks)
    seen = [session.refined(each, mask) for each in session.called if each.process == smallest]
    return find_breach(seen[0], follower, roots=[each.begin for each in seen]) is None


def list_accepted(session: Session, teller: Teller) -> Iterator[LegalFinding]:
    """Yield for each duty that the office accepts not to keep on some paths such a path."""
    for duty in session.facts.duties.duties:
        if duty.given.get(ACCEPTED) and duty.is_on_paths:
            refined = session.refined(session.main, session.marks.all_of(duty))
            follower = replace(monitor(duty, session.marks), accepted=0)
            path = find_breach(refined, follower)
            element = duty.steps[ACCEPTED][0].element
            if path is None:
                yield find(session.facts, "duty.needless", element=element, duty=duty)
                continue
            steps = _shorten(duty, teller.tell(session.main, path))
            found = find(session.facts, "duty.accepted", element=element, duty=duty, path=steps)
            yield replace(found, sentence={each: _reasons(duty, each) for each in ("zh", "en")})


def _reasons(duty: Duty, language: str) -> str:
    return " ".join(str(each.get(language, "")) for each in duty.given[ACCEPTED])


def _breach(session: Session, teller: Teller, duty: Duty, refined: Refined) -> LegalFinding | None:
    path = find_breach(refined, monitor(duty, session.marks))
    if path is None:
        return None
    steps = _shorten(duty, teller.tell(session.main, path))
    element = steps[-1].element if steps else session.facts.bundle.main_process
    return find(
        session.facts, f"duty.{duty.kind}", element=element, duty=duty, path=steps, **_named(duty)
    )


def _idle(session: Session, duty: Duty, seen: int) -> Iterator[LegalFinding]:
    for part in idle_parts(duty, session.marks, seen):
        element = duty.steps[part][0].element if duty.steps[part] else ""
        yield find(session.facts, "duty.idle", element=element, duty=duty, part=part)


def find_breach(refined: Refined, follower: Monitor, roots: Sequence[int] = ()) -> Path | None:
    """Return the shortest path on which the duty is broken, or None.

    ``roots`` are the beginnings to look from, where it is not that of the graph alone.
    """
    numbers = count()
    roots = roots or [refined.begin]
    best = {(root, 0): 0 for root in roots}
    came: dict[tuple[int, int], tuple[int, Fine]] = {}
    queue: list[tuple[int, int, int, int, Fine | None]] = [
        (0, next(numbers), root, 0, None) for root in roots
    ]
    while queue:
        cost, _, at, state, last = heapq.heappop(queue)
        if last is not None:
            return [*_back(came, at, state), last]
        if cost > best[at, state]:
            continue
        for fine in refined.edges(at):
            after = follower.follow(state, fine.label)
            total = cost + fine.weight
            if after == BROKEN:
                heapq.heappush(queue, (total, next(numbers), at, state, fine))
            elif total < best.get((fine.target, after), total + 1):
                best[fine.target, after] = total
                if follower.is_settled(after):
                    continue
                came[fine.target, after] = (state, fine)
                heapq.heappush(queue, (total, next(numbers), fine.target, after, None))
    return None


def _back(came: dict[tuple[int, int], tuple[int, Fine]], at: int, state: int) -> Path:
    path: Path = []
    while (at, state) in came:
        before, fine = came[at, state]
        path.append(fine)
        at, state = fine.source, before
    return path[::-1]


def _shorten(duty: Duty, steps: tuple[PathStep, ...]) -> tuple[PathStep, ...]:
    """Return the path up to the step that breaks the duty; only some are broken at the end."""
    part = {"before": "then", "never": "then", "provision": "then", "once": "step"}.get(duty.kind)
    if part is None:
        return steps
    guilty = {mark.element for mark in duty.steps[part]}
    last = max((at for at, step in enumerate(steps) if step.element in guilty), default=len(steps))
    return steps[: last + 1]


def _named(duty: Duty) -> dict[str, Any]:
    """Return the steps of a duty as text, for the sentence that says what is missing."""
    return {
        part.replace("from", "begin"): ", ".join(dict.fromkeys(mark.element for mark in marks))
        for part, marks in duty.steps.items()
    }
