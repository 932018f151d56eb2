"""One step of a case: a pure function from a value and an input to a value and what happened.

It reads no clock, no file and no database. At an automatic task it stops and asks; whoever runs it
gives the answer as the next input. So a service can carry the operation out in its transaction, and
a proof over all paths can try every answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from workflows.engine.token import inputs
from workflows.engine.token.events import (
    Wait,
    catcher_at,
    deliver_signal,
    find_catcher,
    find_wait,
    find_waits,
    happen,
    list_waits,
)
from workflows.engine.token.instance import (
    ASKED,
    FAILED,
    MOVING,
    UNDOING,
    WAITING,
    Instance,
    Place,
    Token,
)
from workflows.engine.token.moves import finish, take_up_again
from workflows.engine.token.program import USER, Program
from workflows.engine.token.rules import RULES, open_inclusive_join
from workflows.engine.token.run import Run
from workflows.engine.token.travel import cancel, move_to
from workflows.engine.token.undo import go_on
from workflows.engine.values import PassedElement
from workflows.errors import Conflict, DiagramError

BUDGET: Final = 5_000
"""More elements than this in one move can only be a loop that never waits (S18)."""


class Ask(NamedTuple):
    """An operation that the case needs carried out before it goes on."""

    token: int
    element: str
    operation: str
    item: str | None


class Outcome(NamedTuple):
    """The case after a step: its value, what it asks for and waits for, and what happened."""

    instance: Instance
    ask: Ask | None = None
    waits: Sequence[Wait] = ()
    """Every timer, message and signal that the case waits for, once it asks for nothing."""
    passed: tuple[PassedElement, ...] = ()
    ended: tuple[str, ...] = ()
    sent: tuple[str, ...] = ()
    signalled: tuple[str, ...] = ()
    causes: Mapping[int, BaseException] = {}
    """The errors behind the tokens that failed."""
    budget: int = BUDGET

    def then(self, later: Outcome) -> Outcome:
        """Return the outcome of both steps, of which the other came later."""
        return Outcome(
            later.instance,
            later.ask,
            later.waits,
            self.passed + later.passed,
            self.ended + later.ended,
            self.sent + later.sent,
            self.signalled + later.signalled,
            {**self.causes, **later.causes},
            later.budget,
        )


def step(
    program: Program,
    instance: Instance,
    given: inputs.Input,
    variables: Mapping[str, Any] | None = None,
    *,
    budget: int = BUDGET,
) -> Outcome:
    """Give the case an input and let it move until every branch waits, or asks for an operation.

    ``variables`` are set before anything moves. ``budget`` is how many elements may be passed.
    Raises Conflict when what the input names is no longer there.
    """
    run = Run(program, instance, budget)
    if variables:
        run.merge(variables)
    _APPLY[type(given)](run, given)
    ask = _run_on(run)
    return Outcome(
        run.freeze(),
        ask,
        list_waits(run) if ask is None else (),
        tuple(run.passed),
        tuple(run.ended),
        tuple(run.sent),
        tuple(run.signalled),
        run.causes,
        run.budget,
    )


def look(program: Program, instance: Instance) -> Outcome:
    """Return what the case waits for, without moving anything."""
    return Outcome(instance, waits=list_waits(Run(program, instance, 0)))


def _run_on(run: Run) -> Ask | None:
    """Move what is on its way, in the order in which it set out, until all waits or one asks."""
    while True:
        if run.asked:
            ask = _next_ask(run)
            if ask is not None:
                return ask
        if run.queue:
            _enter_next(run)
        elif not run.arrived or not open_inclusive_join(run):
            return None


def _next_ask(run: Run) -> Ask | None:
    while run.asked:
        token = run.tokens.get(run.asked[0])
        if token is not None and token.mode == ASKED:
            node = run.nodes[token.node]
            return Ask(token.id, node.id, node.operation, run.item_of(token))
        run.asked.popleft()
    return None


def _enter_next(run: Run) -> None:
    token = run.tokens.get(run.queue.popleft())
    if token is None:
        return
    if token.mode == UNDOING:
        go_on(run, token)
    elif token.mode == MOVING:
        run.budget -= 1
        if run.budget < 0:
            run.fail(token, DiagramError("error.engine.endless_loop", limit=BUDGET))
            return
        node = run.nodes[token.node]
        RULES[node.op](run, token, node)


# What each input does


def _start(run: Run, given: inputs.Start) -> None:
    place = Place(run.next_id, run.nodes[given.node].scope, 0)
    run.next_id += 1
    run.places[place.id] = place
    run.create(given.node, place.id, MOVING)


def _complete(run: Run, given: inputs.Complete) -> None:
    token = run.tokens.get(given.token)
    if token is None or token.mode != WAITING or run.nodes[token.node].op != USER:
        raise Conflict("error.engine.step_gone")
    finish(run, token)


def _message(run: Run, given: inputs.Message) -> None:
    found = [
        wait
        for wait in find_waits(run, "message", given.name)
        if given.item is None or wait.item == given.item
    ]
    if not found:
        raise Conflict("error.engine.nobody_waits", message=given.name)
    if len(found) > 1:
        raise Conflict("error.engine.several_wait", message=given.name, count=len(found))
    happen(run, found[0])


def _signal(run: Run, given: inputs.Signal) -> None:
    deliver_signal(run, given.name)


def _timer(run: Run, given: inputs.Timer) -> None:
    wait = find_wait(run, given.wait)
    if wait is None or wait.node.event is None or wait.node.event.kind != "timer":
        raise Conflict("error.engine.timer_gone")
    happen(run, wait)


def _retry(run: Run, given: inputs.Retry) -> None:
    token = run.tokens.get(given.token)
    if token is None or token.mode != FAILED:
        raise Conflict("error.engine.failed_gone")
    take_up_again(run, token)


def _answer(run: Run, given: inputs.Answer) -> None:
    finish(run, _asked(run, given.token))


def _failure(run: Run, given: inputs.Failure) -> None:
    run.fail(_asked(run, given.token), given.cause)


def _raised(run: Run, given: inputs.Raised) -> None:
    """Let the error be caught where the task stands, or further out, else it has failed."""
    token = _asked(run, given.token)
    host = run.tokens[token.whole] if token.whole else token
    caught = catcher_at(run, host, "error", given.code)
    caught = caught or find_catcher(run, token.place, "error", given.code)
    if caught is None:
        run.fail(token, given.cause)
    else:
        happen(run, caught)


def _asked(run: Run, number: int) -> Token:
    token = run.tokens.get(number)
    if token is None or token.mode != ASKED:
        raise Conflict("error.engine.failed_gone")
    return token


def _move(run: Run, given: inputs.MoveTo) -> None:
    move_to(run, given.token, given.node)


def _cancel(run: Run, given: inputs.Cancel) -> None:
    cancel(run, given.token)


_APPLY: Mapping[type, Callable[[Run, Any], None]] = {
    inputs.Start: _start,
    inputs.Complete: _complete,
    inputs.Message: _message,
    inputs.Signal: _signal,
    inputs.Timer: _timer,
    inputs.Retry: _retry,
    inputs.Answer: _answer,
    inputs.Failure: _failure,
    inputs.Raised: _raised,
    inputs.MoveTo: _move,
    inputs.Cancel: _cancel,
}
