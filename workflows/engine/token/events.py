"""What a case waits for, what happens when it comes, and how a thrown event finds its catcher.

BPMN 2.0, sections 13.5.1 to 13.5.4 and 13.5.6.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from workflows.engine.token.instance import (
    ARRIVED,
    FAILED,
    INSIDE,
    MANY,
    MOVING,
    UNDOING,
    Place,
    Token,
)
from workflows.engine.token.moves import finish, open_place
from workflows.engine.token.program import AWAITED, EVENT_GATE, Node
from workflows.engine.token.run import Run
from workflows.errors import Conflict


class Wait(NamedTuple):
    """One event that can happen: of a token, attached to its activity, or of a running scope."""

    node: Node
    """The event itself."""
    item: str | None
    token: Token | None = None
    place: Place | None = None
    handler: int = -1
    """For a running scope: the event sub-process that the event starts."""

    @property
    def id(self) -> str:
        """Return an id that stays the same while the event waits."""
        if self.token is None:
            assert self.place is not None
            return f"p{self.place.id}/{self.node.id}"
        if self.token.node == self.node.index:
            return str(self.token.id)
        return f"{self.token.id}/{self.node.id}"


def list_waits(run: Run) -> list[Wait]:
    """Return every timer, message and signal that the case waits for."""
    nodes, scopes = run.nodes, run.program.scopes
    waits: list[Wait] = []
    for token in run.tokens.values():
        offers = nodes[token.node].offers
        if offers and token.mode not in (MOVING, ARRIVED, UNDOING):
            waits += _offered(run, token, offers)
    for place in run.places.values():
        if scopes[place.scope].handlers and not place.is_interrupted:
            waits += _handled(run, place, AWAITED)
    return waits


def _offered(run: Run, token: Token, offers: Iterable[int]) -> Iterator[Wait]:
    node = run.nodes[token.node]
    item = run.item_of(token)
    for number in offers:
        event = run.nodes[number]
        if number in node.boundaries:
            # What is attached to an activity belongs to all of its repetitions together.
            if not token.whole and event.id not in token.fired:
                yield Wait(event, item, token)
        elif token.mode not in (MANY, FAILED):
            yield Wait(event, item, token)


def _handled(run: Run, place: Place, kinds: Iterable[str]) -> Iterator[Wait]:
    for handler, start in run.program.scopes[place.scope].handlers:
        event = run.nodes[start]
        if event.event is None or event.event.kind not in kinds:
            continue
        if not place.is_interrupted and event.id not in place.fired:
            yield Wait(event, place.item, None, place, handler)


def find_waits(run: Run, kind: str, name: str) -> list[Wait]:
    """Return the places that wait for an event of this kind and name."""
    return [
        wait
        for wait in list_waits(run)
        if (event := wait.node.event) is not None and (event.kind, event.name) == (kind, name)
    ]


def find_wait(run: Run, wait_id: str) -> Wait | None:
    """Return what waits under this id."""
    return next((wait for wait in list_waits(run) if wait.id == wait_id), None)


# Happening


def happen(run: Run, wait: Wait) -> None:
    """Let the event happen; what follows from it sets out and is handled next."""
    if wait.token is None:
        _start_handler(run, wait)
    elif wait.node.index in run.nodes[wait.token.node].boundaries:
        _happen_at_boundary(run, wait.node, wait.token)
    elif run.nodes[wait.token.node].op == EVENT_GATE:
        run.note(wait.token)
        run.drop(wait.token)
        finish(run, run.create(wait.node.index, wait.token.place, INSIDE))
    else:
        finish(run, wait.token)


def _happen_at_boundary(run: Run, event: Node, host: Token) -> None:
    """Interrupt the activity, or go on beside it (13.5.3).

    A timer fires once; anything else may happen again while the activity goes on.
    """
    if event.interrupting:
        run.cancel(host)
    elif event.event is not None and event.event.kind == "timer":
        run.tokens[host.id] = host._replace(fired=(*host.fired, event.id))
    finish(run, run.create(event.index, host.place, INSIDE))


def _start_handler(run: Run, wait: Wait) -> None:
    """Start an event sub-process: instead of what runs in its scope, or beside it (13.5.4)."""
    assert wait.place is not None
    place = wait.place
    if wait.node.interrupting:
        run.places[place.id] = place._replace(is_interrupted=True)
        run.empty(place.id)
    elif wait.node.event is not None and wait.node.event.kind == "timer":
        run.places[place.id] = place._replace(fired=(*place.fired, wait.node.id))
    token = run.create(wait.handler, place.id, INSIDE)
    inside = open_place(run, token, run.nodes[wait.handler].body)
    finish(run, run.create(wait.node.index, inside.id, INSIDE))


# Throwing


def throw_message(run: Run, token: Token, name: str) -> None:
    """Deliver a message to the one place in the case that waits for it, else send it out.

    Raises Conflict when nothing says which of several places is meant.
    """
    item = run.item_of(token)
    found = [wait for wait in find_waits(run, "message", name) if wait.item in (None, item)]
    if not found:
        run.sent.append(name)
    elif len(found) > 1:
        raise Conflict("error.engine.several_wait", message=name, count=len(found))
    else:
        happen(run, found[0])


def throw_signal(run: Run, name: str) -> None:
    """Let everything happen that waits for the signal now; it also leaves the case."""
    run.signalled.append(name)
    deliver_signal(run, name)


def deliver_signal(run: Run, name: str) -> None:
    """Let everything happen that waits for the signal now, unless an earlier part cancels it."""
    for wait in find_waits(run, "signal", name):
        if _still_waits(run, wait):
            happen(run, wait)


def _still_waits(run: Run, wait: Wait) -> bool:
    if wait.token is not None:
        known = run.tokens.get(wait.token.id)
        return known is not None and known.mode == wait.token.mode
    assert wait.place is not None
    place = run.places.get(wait.place.id)
    return place is not None and not place.is_interrupted


def find_catcher(run: Run, place: int, kind: str, name: str) -> Wait | None:
    """Return what catches an error or escalation, from the innermost scope outwards.

    A catcher that names the code goes before one that takes every code.
    """
    while True:
        here = run.places[place]
        found = _best(_handled(run, here, (kind,)), name)
        if found is not None or not here.owner:
            return found
        owner = run.tokens[here.owner]
        host = run.tokens[owner.whole] if owner.whole else owner
        found = catcher_at(run, host, kind, name)
        if found is not None:
            return found
        place = host.place


def catcher_at(run: Run, host: Token, kind: str, name: str) -> Wait | None:
    """Return the event attached to this activity that catches the error or escalation."""
    attached = (run.nodes[number] for number in run.nodes[host.node].boundaries)
    item = run.item_of(host)
    waits = (
        Wait(node, item, host)
        for node in attached
        if node.event is not None and node.event.kind == kind
    )
    return _best(waits, name)


def _best(waits: Iterable[Wait], name: str) -> Wait | None:
    found = [
        wait for wait in waits if wait.node.event is not None and wait.node.event.name in ("", name)
    ]
    return max(found, key=lambda wait: bool(wait.node.event and wait.node.event.name), default=None)
