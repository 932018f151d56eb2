"""Compensation and the cancelling of transactions: what was done is undone, last thing first.

BPMN 2.0, section 13.5.5, and 13.3.4 for transactions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from workflows.engine.token.events import catcher_at, happen
from workflows.engine.token.instance import MOVING, UNDOING, Place, Token
from workflows.engine.token.moves import leave
from workflows.engine.token.run import Run
from workflows.errors import DiagramError


def compensate(run: Run, token: Token, undoes: int) -> None:
    """Undo one activity of the scope, or all that were completed in it."""
    place = _compensated_place(run, token)
    wanted = run.nodes[undoes].id if undoes >= 0 else None
    meant = [entry for entry in place.done if wanted in (None, entry[0])]
    kept = [entry for entry in place.done if wanted not in (None, entry[0])]
    run.places[place.id] = place._replace(done=tuple(kept))
    steps = list(_undoings(run, reversed(meant)))
    go_on(run, run.put(token, UNDOING, {"undo": steps}))


def _compensated_place(run: Run, token: Token) -> Place:
    """Return the scope whose activities are meant: an event sub-process undoes around itself."""
    place = run.places[token.place]
    while run.program.scopes[place.scope].is_event:
        place = run.places[run.tokens[place.owner].place]
    return place


def _undoings(run: Run, entries: Iterable[Any]) -> Iterator[list[Any]]:
    """Return the handlers to run, with the item each ran for, newest first."""
    for element, item, inside in entries:
        handler = run.nodes[run.program.numbers[element]].compensation
        if handler >= 0:
            yield [run.nodes[handler].id, item]
        else:
            yield from _undoings(run, reversed(inside))


def go_on(run: Run, token: Token) -> None:
    """Begin the next handler, or be done when all have ended."""
    steps = token.rest["undo"]
    if steps:
        element, item = steps[0]
        run.put(token, UNDOING, {"undo": steps[1:]})
        handler = run.program.numbers[element]
        run.create(handler, token.place, MOVING, whole=token.id, item=item)
        return
    event = run.nodes[token.node].event
    if event is not None and event.kind == "cancel":
        _leave_by_cancel(run, token)
        return
    leave(run, token)


def cancel_transaction(run: Run, token: Token) -> None:
    """Stop everything else in the transaction and undo what was done in it."""
    run.empty(token.place, but=token.id)
    compensate(run, token, -1)


def _leave_by_cancel(run: Run, token: Token) -> None:
    place = run.places[token.place]
    owner = run.tokens[place.owner] if place.owner else None
    host = run.tokens[owner.whole] if owner is not None and owner.whole else owner
    wait = catcher_at(run, host, "cancel", "") if host is not None else None
    if wait is None:
        run.fail(token, DiagramError("error.engine.cancel_uncaught"), after="undo")
        return
    happen(run, wait)
