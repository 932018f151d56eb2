"""Runs the whole lint over one process."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Final

from workflows.clock.calendar import WorkingCalendar
from workflows.engine.blueprint import blueprint
from workflows.engine.bundle import Bundle
from workflows.lint.agreed import Agreed
from workflows.lint.declared import Declarations
from workflows.lint.drawn import check_drawing, clock_duties
from workflows.lint.duty_file import Duty, read_duties
from workflows.lint.facts import Facts
from workflows.lint.fitting import check_fitting
from workflows.lint.graph import LARGEST
from workflows.lint.kept import check_duties, list_accepted
from workflows.lint.legal_finding import LegalFinding
from workflows.lint.paths import Teller
from workflows.lint.session import Session
from workflows.lint.soundness import Soundness
from workflows.lint.terms import check_terms

ACCEPTED_RISKS: Final = frozenset({"duty.accepted", "term.accepted"})


BRIEF: Final = 2_000
"""More ways to stand are not explored where one finding is enough; what we ship has a third."""


@dataclass(frozen=True)
class Proof:
    """What the lint found, and how much it looked at."""

    findings: tuple[LegalFinding, ...]
    notes: tuple[LegalFinding, ...] = ()
    """Risks that the duties name and accept, with the reason."""
    states: int = 0
    steps: int = 0
    duties: int = 0
    graphs: Mapping[str, int] = field(default_factory=dict, hash=False)
    """How many ways to stand each process has, over all its beginnings."""


def prove(
    bundle: Bundle,
    *,
    declared: Declarations,
    agreed: Agreed,
    calendar: WorkingCalendar | None = None,
    is_brief: bool = False,
    near: frozenset[str] = frozenset(),
) -> Proof:
    """Return everything in which a process would break the law or could not be carried out.

    The deployment check comes first: a bundle with findings of that check cannot be explored.
    ``is_brief`` stops at the first finding, and begins with the duties ``near`` these elements.
    """
    with _collector_paused():
        facts = facts_of(bundle, declared, near)
        found = [*check_fitting(facts), *check_drawing(facts, agreed)]
        if is_brief and found:
            return Proof(findings=tuple(found))
        session = Session(facts, most=BRIEF if is_brief else LARGEST)
        found += _findings(facts, session, agreed, calendar, is_brief=is_brief)
        session.forget()
    graphs: dict[str, int] = {}
    for graph in session.graphs:
        graphs[graph.process] = graphs.get(graph.process, 0) + len(graph.own) - 1
    return Proof(
        findings=tuple(each for each in found if each.name not in ACCEPTED_RISKS),
        notes=tuple(each for each in found if each.name in ACCEPTED_RISKS),
        states=sum(graphs.values()),
        steps=sum(1 for graph in session.graphs for _ in graph.own_edges()),
        duties=len(facts.duties.duties) + len(facts.duties.terms),
        graphs=graphs,
    )


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep the garbage collector from looking through all states again and again.

    What is made here is let go of without it, and the pause takes two fifths off the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _findings(
    facts: Facts,
    session: Session,
    agreed: Agreed,
    calendar: WorkingCalendar | None,
    *,
    is_brief: bool,
) -> Iterator[LegalFinding]:
    for check in _checks(facts, session, agreed, calendar):
        for each in check:
            yield each
            if is_brief and each.name not in ACCEPTED_RISKS:
                return


def _checks(
    facts: Facts, session: Session, agreed: Agreed, calendar: WorkingCalendar | None
) -> Iterator[Iterable[LegalFinding]]:
    """Yield one check after the other, the quick ones first."""
    teller = Teller(session)
    yield Soundness(session, teller).check()
    if all(graph.is_complete for graph in session.graphs):
        yield check_duties(session, teller)
        yield list_accepted(session, teller)
    if agreed.book is not None and calendar is not None:
        yield check_terms(facts, agreed.book, calendar)


def facts_of(bundle: Bundle, declared: Declarations, near: frozenset[str] = frozenset()) -> Facts:
    """Return what the lint knows about a bundle, with the duties near some elements first."""
    duties = read_duties(bundle, blueprint(bundle))
    facts = Facts(bundle, declared, duties, _messages(bundle))
    own = (*duties.duties, *clock_duties(facts))
    ordered = tuple(sorted(own, key=lambda duty: not _is_near(duty, near))) if near else own
    return Facts(bundle, declared, replace(duties, duties=ordered), _messages(bundle))


def _is_near(duty: Duty, near: frozenset[str]) -> bool:
    return any(mark.element in near for marks in duty.steps.values() for mark in marks)


def _messages(bundle: Bundle) -> dict[str, str]:
    """Return the form that comes with each message from outside."""
    content = json.loads(bundle.files.get("process.json", b"{}"))
    return {
        str(each["message"]): str(each["form"])
        for each in content.get("messages", {}).values()
        if each.get("form")
    }
