"""Checks the duties that the drawing alone can keep: clocks with reminders, and who does what."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import combinations

from workflows.engine.blueprint import Element
from workflows.engine.bundle import SHARED
from workflows.engine.timers import ELAPSED, split_timer
from workflows.errors import DiagramError
from workflows.lint.agreed import Agreed
from workflows.lint.duty_file import Duty, Mark
from workflows.lint.facts import Facts
from workflows.lint.forms import read_fields
from workflows.lint.legal_finding import LegalFinding, find
from workflows.rules.packs import RuleBook

OVERDUE = "overdue"
REMIND, ESCALATE = ("remind",), ("draft_supervision_letter",)


def check_drawing(facts: Facts, agreed: Agreed) -> Iterator[LegalFinding]:
    """Yield a finding for each duty that the drawing does not keep."""
    yield from _clocks_started(facts)
    for duty in facts.duties.duties:
        if duty.kind in _CHECKS:
            yield from _missing(facts, duty)
            yield from _CHECKS[duty.kind](facts, duty)
        elif duty.kind == "remedies":
            yield from _remedies(facts, duty, agreed)
        elif duty.kind == "provision" and agreed.book is not None:
            yield from _provision(facts, duty, agreed.book)


def _missing(facts: Facts, duty: Duty) -> Iterator[LegalFinding]:
    """Yield a finding for each step that the duty speaks of and nobody has drawn."""
    for step in _named(duty):
        if step not in facts.plan.elements:
            yield find(facts, "duty.unknown_step", duty=duty, step=step)


def _drawn(facts: Facts, duty: Duty) -> list[str]:
    """Return the steps that the duty speaks of, as far as they are drawn."""
    return [step for step in _named(duty) if step in facts.plan.elements]


def _named(duty: Duty) -> list[str]:
    return [str(step) for step in duty.given.get("steps") or duty.given.get("waits") or ()]


# Clocks


def started_clocks(facts: Facts) -> Mapping[str, str]:
    """Return the clocks that some step starts, with the parameter that gives their length."""
    found: dict[str, str] = {}
    for one in facts.plan.elements.values():
        found |= facts.said_of(one.id).starts
    return found


def starters(facts: Facts, clock: str) -> tuple[Mark, ...]:
    """Return the steps that start a clock."""
    return tuple(
        Mark(one.id)
        for one in facts.plan.elements.values()
        if clock in facts.said_of(one.id).starts
    )


def clock_duties(facts: Facts) -> Iterator[Duty]:
    """Yield the duty that every clock has by itself: it is started before a step goes by it.

    A shared part goes by a clock where the process that calls it has started one.
    """
    own = [one for one in facts.plan.elements.values() if not one.file.startswith(f"{SHARED}/")]
    for clock in started_clocks(facts):
        first = starters(facts, clock)
        then = tuple(Mark(one.id) for one in own if clock in (one.clock, _timer(one)[0]))
        if then:
            yield Duty(
                id=f"clock {clock}",
                kind="before",
                rules=("N32",),
                sentence={},
                steps={"first": first, "then": then},
                given={},
            )


def _clocks_started(facts: Facts) -> Iterator[LegalFinding]:
    """Yield a finding for each step that shows, or waits for, a clock that nothing starts."""
    started = started_clocks(facts)
    for one in facts.plan.elements.values():
        # A step of a shared part shows a clock where the process has one.
        shown = None if one.file.startswith(f"{SHARED}/") else one.clock
        for clock in {shown, _timer(one)[0]} - {None, "", ELAPSED}:
            if clock not in started:
                yield find(facts, "clock_not_started", element=one.id, clock=clock)


def _timer(element: Element) -> tuple[str, str]:
    if element.timer is None:
        return "", ""
    try:
        return split_timer(element.timer)
    except DiagramError:
        return "", ""


def _clock(facts: Facts, duty: Duty) -> Iterator[LegalFinding]:
    clock = str(duty.given["clock"])
    for wait in _drawn(facts, duty):
        points = list(_points(facts, wait, clock))
        needed = int(duty.given.get("reminders", 1))
        wanted = {
            "reminder": (duty.given.get("remind", REMIND), False, needed),
            "escalation": (duty.given.get("escalate", ESCALATE), True, 1),
        }
        for name, (operations, is_late, least) in wanted.items():
            there = sum(late == is_late and bool(does & set(operations)) for late, does in points)
            if operations and there < least:
                yield find(
                    facts,
                    f"duty.clock.{name}",
                    element=wait,
                    duty=duty,
                    clock=clock,
                    operations=", ".join(operations),
                    least=least,
                    there=there,
                )


def _expiry(facts: Facts, duty: Duty) -> Iterator[LegalFinding]:
    """Yield a finding for each wait that does not end where it should.

    It should once the last day of the term is over (N32), unless the duty names another point.
    """
    clock, point = str(duty.given["clock"]), str(duty.given.get("point", OVERDUE))
    for step in _drawn(facts, duty):
        if not _ends_wait(facts, step, (clock, point)):
            yield find(facts, "duty.expiry", element=step, duty=duty, clock=clock, point=point)


def _ends_wait(facts: Facts, step: str, timer: tuple[str, str]) -> bool:
    """Return whether this timer fires at the step, and nothing is awaited then."""
    is_beside = step in facts.nodes and not facts.nodes[step].is_interrupting
    is_boundary = facts.plan.elements[step].attached_to is not None
    return _timer(facts.plan.elements[step]) == timer and not (is_boundary and is_beside)


def _points(facts: Facts, wait: str, clock: str) -> Iterator[tuple[bool, set[str]]]:
    """Yield for each point of the clock at this step whether it is late, and what it leads to."""
    for node in facts.nodes[wait].boundaries:
        name, point = _timer(facts.plan.elements[node.id])
        if name == clock and not node.is_interrupting:
            yield point == OVERDUE, _leads_to(facts, node.id)


def _leads_to(facts: Facts, element: str) -> set[str]:
    """Return the operations that certainly follow, before any choice is made."""
    found: set[str] = set()
    here: str | None = element
    seen: set[str] = set()
    while here is not None and here not in seen:
        seen.add(here)
        found.add(facts.plan.elements[here].operation or "")
        outgoing = facts.nodes[here].outgoing
        here = outgoing[0].target if len(outgoing) == 1 and not outgoing[0].condition else None
    return found - {""}


# Messages


def _heard(facts: Facts, duty: Duty) -> Iterator[LegalFinding]:
    """Yield a finding for each step at which a message that may come there is not heard."""
    message = str(duty.given["message"])
    for wait in _drawn(facts, duty):
        beside = [facts.plan.elements[node.id] for node in facts.nodes[wait].boundaries]
        if not any(one.message == message for one in beside):
            yield find(facts, "duty.heard", element=wait, duty=duty, message=message)


# Forms


def _offers(facts: Facts, duty: Duty) -> Iterator[LegalFinding]:
    """Yield a finding for each form in which an answer cannot be given that must be possible."""
    variable = str(duty.given["variable"])
    for form in duty.given["forms"]:
        fields = [one for one in read_fields(facts.bundle, form) if one.variable == variable]
        offered = {value for one in fields for value in (*one.values, *one.choices)}
        missing = [str(value) for value in duty.given["values"] if value not in offered]
        if missing:
            yield find(
                facts,
                "duty.offers",
                duty=duty,
                form=str(form),
                variable=variable,
                missing=", ".join(missing),
            )


# Posts


def _apart(facts: Facts, duty: Duty) -> Iterator[LegalFinding]:
    for one, other in combinations(_drawn(facts, duty), 2):
        role = facts.plan.elements[one].role
        if role == facts.plan.elements[other].role:
            yield find(
                facts,
                "duty.apart",
                element=other,
                duty=duty,
                other=facts.label(one),
                role=role or "",
            )


def _another_person(facts: Facts, duty: Duty) -> Iterator[LegalFinding]:
    """Yield a finding for each step that may be done by whoever did one that it answers to."""
    for step in _drawn(facts, duty):
        for earlier in duty.given["not_by"]:
            if earlier not in facts.plan.elements:
                yield find(facts, "duty.unknown_step", duty=duty, step=earlier)
            elif earlier not in facts.plan.elements[step].not_by:
                other = facts.label(earlier)
                yield find(facts, "duty.another_person", element=step, duty=duty, other=other)


def _by(facts: Facts, duty: Duty) -> Iterator[LegalFinding]:
    """Yield a finding for each step that another post does than the one that has to."""
    post = duty.given["post"]
    for step in _drawn(facts, duty):
        role = facts.plan.elements[step].role
        if role != post:
            yield find(facts, "duty.by", element=step, duty=duty, role=role or "", post=post)


def _does(facts: Facts, duty: Duty) -> Iterator[LegalFinding]:
    """Yield a finding for each step that carries out something else than it has to."""
    operation = duty.given["operation"]
    for step in _drawn(facts, duty):
        does = facts.plan.elements[step].operation or ""
        if does != operation:
            yield find(facts, "duty.does", element=step, duty=duty, does=does, operation=operation)


def _repeats(facts: Facts, duty: Duty) -> Iterator[LegalFinding]:
    """Yield a finding for each step that is not done for every item of the list."""
    program, listed = facts.program, str(duty.given["list"])
    for step in _drawn(facts, duty):
        repeat = program.nodes[program.numbers[step]].repeat
        if repeat is None or repeat.collection != listed or repeat.until is not None:
            yield find(facts, "duty.repeats", element=step, duty=duty, list=listed)


def _closes(facts: Facts, duty: Duty) -> Iterator[LegalFinding]:
    """Yield a finding for each end that lets go on what else of the case is under way (R93)."""
    program = facts.program
    for step in _drawn(facts, duty):
        event = program.nodes[program.numbers[step]].event
        if event is None or event.kind != "terminate":
            yield find(facts, "duty.closes", element=step, duty=duty)


# Letters and packs


def _remedies(facts: Facts, duty: Duty, agreed: Agreed) -> Iterator[LegalFinding]:
    """Yield a finding for each letter of the duty whose kind names no remedies (N25)."""
    for each in duty.given["one_of"]:
        letter = each.get("letter") if isinstance(each, dict) else None
        kind = agreed.letters.get(letter or "")
        if letter and agreed.letters and (kind is None or kind.get("remedies") == "none"):
            yield find(facts, "duty.remedies.letter", duty=duty, letter=letter)


def _provision(facts: Facts, duty: Duty, book: RuleBook) -> Iterator[LegalFinding]:
    """Yield a finding for each pack that lets silence end a case and cites nothing for it."""
    key, value = str(duty.given["parameter"]), duty.given["value"]
    rules = [one for pack in book.packs for one in pack.find(key)]
    if not rules:
        yield find(facts, "duty.provision.unknown", duty=duty, parameter=key)
    for rule in rules:
        if rule.value == value and not (rule.clause and rule.quote):
            yield find(facts, "duty.provision.uncited", duty=duty, parameter=key, pack=rule.pack_id)


_CHECKS: Mapping[str, Callable[[Facts, Duty], Iterator[LegalFinding]]] = {
    "clock": _clock,
    "expiry": _expiry,
    "heard": _heard,
    "offers": _offers,
    "apart": _apart,
    "another_person": _another_person,
    "by": _by,
    "does": _does,
    "repeats": _repeats,
    "closes": _closes,
}
