"""Takes every step that a case can take from where it stands, with the engine's own step function.

A person gives each answer that the form allows, an operation leaves behind each value that it
declares, a timer or a message that is waited for comes. The engine does the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, Protocol

from workflows.engine.token import inputs
from workflows.engine.token import program as p
from workflows.engine.token.instance import MOVING, WAITING, Instance, Token
from workflows.engine.token.step import Outcome, step
from workflows.errors import CaseworkError, Conflict
from workflows.lint.cutting import Cut
from workflows.lint.facts import LETTER_KIND
from workflows.lint.marks import Marks
from workflows.lint.reading import Gap, find_gaps, find_needs
from workflows.lint.regions import Regions
from workflows.lint.standing import Inside, Standing
from workflows.lint.values import Values

Given = tuple[tuple[str, Any], ...]

START: Final = "start"
COMPLETE: Final = "complete"
TIMER: Final = "timer"
MESSAGE: Final = "message"
SIGNAL: Final = "signal"
CALLED: Final = "called"
"""A called process goes on."""
OTHERS: Final = "others"
"""Somebody outside the process sets a variable that it reads."""
NEWS: Final = "?"
"""Begins the name of a variable that others set: a called process is told, and does not act."""


class Label(NamedTuple):
    """What of a step is seen outside: variables that are set, and marks of duties passed."""

    given: Given = ()
    marks: tuple[int, ...] = ()


SILENT: Final = Label()


class Opening(NamedTuple):
    """One way in which a called process begins, or goes on."""

    label: Label
    state: int
    is_done: bool


ROUNDS: Final = 8
"""An element done more often than this in one step, with lists of two items, is in a circle."""
PASSED: Final = "passed"
ENTERED: Final = "entered"
INSIDE: Final = "inside"


class Event(NamedTuple):
    """Something that happened in a step: an element passed, a call entered or going on."""

    what: str
    element: str
    bits: int = 0
    """For an element: the duties that it counts for."""
    token: int = 0
    inside: Inside | None = None
    """For a call: how far it is now."""
    given: Given = ()
    is_done: bool = False
    """For a call: whether it has come to its end."""


@dataclass(frozen=True)
class Trouble:
    """What should not happen on any path."""

    name: str
    element: str
    facts: Values = field(default_factory=dict, hash=False)


class Taken(NamedTuple):
    """A step that was taken: where it leads, and what happened in it."""

    standing: Standing
    kind: str
    element: str
    events: tuple[Event, ...]
    given: Given
    troubles: tuple[Trouble, ...] = ()


class Summaries(Protocol):
    """What the walk asks about called processes."""

    def enter(self, process: str, variables: Values) -> tuple[int, Sequence[Opening]]:
        """Return the number of the summary and the ways in which the process begins."""
        ...

    def go_on(self, inside: Inside) -> Sequence[Opening]:
        """Return the ways in which a called process goes on."""
        ...

    def tell(self, inside: Inside, news: Given) -> Inside | None:
        """Return how far a called process is once it is told the news, None if it goes by none."""
        ...


class _Trail:
    """What has happened so far in the step that is being taken."""

    __slots__ = ("events", "given", "known", "troubles")

    def __init__(self) -> None:
        self.events: tuple[Event, ...] = ()
        self.given: Given = ()
        self.known: Mapping[int, int] = {}
        """How much of what is set a call knew already when it was entered."""
        self.troubles: tuple[Trouble, ...] = ()

    def rounds(self, element: str) -> int:
        """Return how often an element was passed, or begun and done, without any wait."""
        return sum(one.element == element for one in self.events)

    def copy(self) -> _Trail:
        """Return a trail that goes on by itself."""
        other = _Trail()
        other.events, other.given = self.events, self.given
        other.known, other.troubles = self.known, self.troubles
        return other


@dataclass
class Walk:
    """All steps of one process."""

    cut: Cut
    marks: Marks
    summaries: Summaries
    regions: Regions
    others: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    """The variables that somebody else may change while the process runs."""
    is_covered: Callable[[str], bool] = lambda element: False
    """Whether a quiet event has been tried already."""

    # Beginning

    def begin(self, starts: Sequence[int], variables: Values) -> Iterator[Taken]:
        """Yield every way in which the process begins at these start events."""
        first, *others = starts
        waiting = {
            1000 + number: Token(1000 + number, node, 1, MOVING)
            for number, node in enumerate(others)
        }
        instance = Instance(tokens=waiting, variables=variables)
        element = self.cut.program.nodes[first].id
        yield from self._take(
            Standing(instance), inputs.Start(first), {}, kind=START, element=element
        )

    # Going on

    def steps(self, standing: Standing) -> Iterator[Taken]:
        """Yield every step that the case can take from here."""
        if standing.failed:
            return
        for token in list(standing.instance.tokens.values()):
            if token.mode == WAITING and self.cut.program.nodes[token.node].op == p.USER:
                yield from self._work(standing, token)
        yield from self._events(standing)
        yield from self._set_by_others(standing)

    def _work(self, standing: Standing, token: Token) -> Iterator[Taken]:
        element = self.cut.program.nodes[token.node].id
        if element in self.cut.called:
            yield from self._go_on_inside(standing, token, element)
            return
        facts, variables = self.cut.facts, standing.instance.variables
        for given in facts.choices(element):
            if facts.is_refused(element, given, variables):
                continue
            yield from self._take(
                standing, inputs.Complete(token.id), given, kind=COMPLETE, element=element
            )

    def _go_on_inside(self, standing: Standing, token: Token, element: str) -> Iterator[Taken]:
        inside = standing.calls[token.id]
        for opening in self.summaries.go_on(inside):
            if is_news(opening.label):
                continue
            after = inside._replace(state=opening.state)
            given = opening.label.given
            trail = _Trail()
            trail.given = given
            trail.events = (Event(INSIDE, element, 0, token.id, after, given, opening.is_done),)
            if opening.is_done:
                yield from self._leave_call(standing, token.id, opening, trail, element)
                continue
            calls = {**standing.calls, token.id: after}
            instance = _with(standing.instance, opening.label.given)
            done = Standing(instance, standing.waits, calls)
            yield self._taken(done, trail, CALLED, element)

    def _leave_call(
        self, standing: Standing, token: int, opening: Opening, trail: _Trail, element: str
    ) -> Iterator[Taken]:
        calls = {number: one for number, one in standing.calls.items() if number != token}
        before = Standing(standing.instance, (), calls)
        given = dict(opening.label.given)
        yield from self._take(
            before, inputs.Complete(token), given, kind=CALLED, element=element, trail=trail
        )

    def _events(self, standing: Standing) -> Iterator[Taken]:
        told: set[tuple[str, str | None]] = set()
        for wait in standing.waits:
            event, element = wait.node.event, wait.node.id
            assert event is not None
            if event.kind == "timer":
                if not (element in self.cut.quiet and self.is_covered(element)):
                    given = inputs.Timer(wait.id)
                    yield from self._take(standing, given, {}, kind=TIMER, element=element)
                continue
            if (event.kind, event.name) in self.cut.thrown_inside:
                continue
            if (event.name, wait.item) in told or self.regions.is_busy(standing, wait):
                continue
            told.add((event.name, wait.item))
            yield from self._tell(standing, event, wait.item, element)

    def _tell(
        self, standing: Standing, event: p.Event, item: str | None, element: str
    ) -> Iterator[Taken]:
        if event.kind == "signal":
            yield from self._take(
                standing, inputs.Signal(event.name), {}, kind=SIGNAL, element=element
            )
            return
        for given in self.cut.facts.brought_by(event.name):
            message = inputs.Message(event.name, item)
            yield from self._take(standing, message, given, kind=MESSAGE, element=element)

    def _set_by_others(self, standing: Standing) -> Iterator[Taken]:
        for name, values in self.others.items():
            for value in values:
                trail = _Trail()
                trail.given = ((NEWS + name, value),)
                instance = _with(standing.instance, ((name, value),))
                done = Standing(instance, standing.waits, standing.calls)
                yield self._taken(done, trail, OTHERS, name)

    # One step, with every answer of every operation on the way

    def _take(
        self,
        standing: Standing,
        given: inputs.Input,
        values: Values,
        *,
        kind: str,
        element: str,
        trail: _Trail | None = None,
    ) -> Iterator[Taken]:
        trail = trail.copy() if trail else _Trail()
        trail.given += tuple((n, v) for n, v in values.items() if (n, v) not in trail.given)
        try:
            outcome = step(self.cut.program, standing.instance, given, values)
        except Conflict as error:
            trail.troubles += (Trouble("ambiguous", element, {"detail": error.key}),)
            yield self._taken(standing, trail, kind, element)
            return
        for after, calls, its_trail in self._run_on(outcome, standing.calls, trail):
            done = Standing(after.instance, after.waits, calls)
            yield self._taken(done, its_trail, kind, element)

    def _run_on(
        self, outcome: Outcome, calls: Mapping[int, Inside], trail: _Trail
    ) -> Iterator[tuple[Outcome, Mapping[int, Inside], _Trail]]:
        self._note(outcome, trail)
        if outcome.ask is not None and trail.rounds(outcome.ask.element) > ROUNDS:
            # Nobody is waited for in this circle: let it fail as it fails in the engine.
            answer = inputs.Answer(outcome.ask.token)
            stopped = step(self.cut.program, outcome.instance, answer, budget=0)
            yield from self._run_on(stopped, calls, trail)
            return
        if outcome.ask is not None:
            for given, values in self._answers(outcome, trail):
                more = trail.copy()
                more.given += tuple(values.items())
                later = step(
                    self.cut.program, outcome.instance, given, values, budget=outcome.budget
                )
                yield from self._run_on(later, calls, more)
            return
        token = self._entered(outcome.instance, calls)
        if token is None:
            here = {n: one for n, one in calls.items() if n in outcome.instance.tokens}
            yield outcome, here, trail
            return
        yield from self._enter(outcome, token, calls, trail)

    def _answers(self, outcome: Outcome, trail: _Trail) -> Iterator[tuple[inputs.Input, Values]]:
        ask = outcome.ask
        assert ask is not None
        gaps = find_needs(self.cut.facts, ask.element, outcome.instance.variables)
        trail.troubles += tuple(_gap(each) for each in gaps)
        for values in self.cut.facts.choices(ask.element):
            yield inputs.Answer(ask.token), values
        for code in self._raised(ask.element):
            yield inputs.Raised(ask.token, code, CaseworkError("error.raised")), {}

    def _raised(self, element: str) -> list[str]:
        """Return the errors that a step may end in: those that it declares or that are caught."""
        node = self.cut.program.nodes[self.cut.program.numbers[element]]
        codes = set(self.cut.facts.declared.operation(node.operation).raises)
        for number in node.boundaries:
            event = self.cut.program.nodes[number].event
            if event is not None and event.kind == "error":
                codes.add(event.name or "error")
        return sorted(codes)

    def _note(self, outcome: Outcome, trail: _Trail) -> None:
        """Write down what was passed, for which duties it counts, and what was read in vain."""
        names = {**outcome.instance.variables, "item": None}
        for passed in outcome.passed:
            bits = self.marks.of(passed.element, names)
            trail.events += (Event(PASSED, passed.element, bits),)
            gaps = find_gaps(self.cut.facts, self.cut.program, passed.element, names)
            trail.troubles += tuple(_gap(each) for each in gaps)
        for number, cause in outcome.causes.items():
            if number in outcome.instance.tokens:
                node = self.cut.program.nodes[outcome.instance.tokens[number].node]
                key = getattr(cause, "key", type(cause).__name__)
                trail.troubles += (Trouble("stuck", node.id, {"detail": str(key)}),)

    # Calls

    def _entered(self, instance: Instance, calls: Mapping[int, Inside]) -> Token | None:
        """Return a call that has just been entered."""
        for token in instance.tokens.values():
            is_new = token.mode == WAITING and token.id not in calls
            if is_new and self.cut.program.nodes[token.node].id in self.cut.called:
                return token
        return None

    def _enter(
        self, outcome: Outcome, token: Token, calls: Mapping[int, Inside], trail: _Trail
    ) -> Iterator[tuple[Outcome, Mapping[int, Inside], _Trail]]:
        node = self.cut.program.nodes[token.node]
        process = self.cut.called[node.id]
        if node.letter is not None and LETTER_KIND in self.cut.facts.kept:
            kind = self.cut.facts.domains.keep(LETTER_KIND, node.letter)
            trail.given += ((LETTER_KIND, kind),)
            outcome = outcome._replace(
                instance=_with(outcome.instance, ((LETTER_KIND, kind),)), passed=(), causes={}
            )
        number, openings = self.summaries.enter(process, outcome.instance.variables)
        for opening in openings:
            inside = Inside(number, opening.state)
            more = trail.copy()
            given = opening.label.given
            more.events += (Event(ENTERED, node.id, 0, token.id, inside, given, opening.is_done),)
            more.given += given
            more.known = {**more.known, token.id: len(more.given)}
            instance = _with(outcome.instance, given)
            here = outcome._replace(instance=instance, passed=(), causes={})
            if not opening.is_done:
                yield from self._run_on(here, {**calls, token.id: inside}, more)
                continue
            done = inputs.Complete(token.id)
            budget = 0 if more.rounds(node.id) > ROUNDS else max(outcome.budget, 1)
            later = step(self.cut.program, instance, done, budget=budget)
            yield from self._run_on(later, calls, more)

    def _taken(self, standing: Standing, trail: _Trail, kind: str, element: str) -> Taken:
        calls, events = dict(standing.calls), trail.events
        acting = {event.token for event in trail.events if event.what == INSIDE}
        for token in calls.keys() - acting:
            # What a call sets itself it knows; all that is set beside it is news.
            for name, value in trail.given[trail.known.get(token, 0) :]:
                news = ((NEWS + name.removeprefix(NEWS), value),)
                told = self.summaries.tell(calls[token], news)
                if told is not None:
                    calls[token] = told
                    call = self.cut.program.nodes[standing.instance.tokens[token].node].id
                    events = (*events, Event(INSIDE, call, 0, token, told, news))
        standing = Standing(standing.instance, standing.waits, calls)
        return Taken(standing, kind, element, events, trail.given, trail.troubles)


def is_news(label: Label) -> bool:
    """Return whether a called process is told something there, and does nothing."""
    return any(name.startswith(NEWS) for name, _ in label.given)


def _with(instance: Instance, given: Given) -> Instance:
    if not given:
        return instance
    return instance._replace(variables={**instance.variables, **dict(given)})


def _gap(gap: Gap) -> Trouble:
    return Trouble("unset", gap.element, {"variable": gap.variable})
