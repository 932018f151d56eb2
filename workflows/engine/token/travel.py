"""Two verbs that no diagram draws: put a token elsewhere, and take a token away."""

from __future__ import annotations

from workflows.engine.token.instance import INSIDE, MOVING, Token
from workflows.engine.token.moves import open_place, settle
from workflows.engine.token.program import PASS, SCOPE
from workflows.engine.token.run import Run
from workflows.errors import Conflict

NOWHERE = frozenset({PASS})
"""A start or an attached event is where tokens come from, not where one can be put."""


def move_to(run: Run, number: int, target: int) -> None:
    """Take a token from where it stands and let it enter another element.

    Scopes between the two are left, with all that runs in them, or opened. Raises Conflict when the
    token is gone, or no way leads there: into a called process, a repetition or an attached event.
    """
    token = run.tokens.get(number)
    if token is None:
        raise Conflict("error.engine.step_gone")
    node = run.nodes[target]
    if node.op in NOWHERE:
        raise Conflict("error.engine.cannot_move", element=node.id)
    inwards = _embedding(run, target)
    standing: Token | None = token
    while standing is not None:
        here = run.places[standing.place]
        if standing.whole == 0 and here.scope in inwards:
            run.cancel(standing)
            _enter(run, here.id, inwards[: inwards.index(here.scope)][::-1], target)
            return
        owner = run.tokens.get(standing.whole) if standing.whole else run.tokens.get(here.owner)
        standing = owner
    raise Conflict("error.engine.cannot_move", element=node.id)


def _embedding(run: Run, target: int) -> list[int]:
    """Return the scopes around an element, from the inside out, as far as they are embedded."""
    scopes = [run.nodes[target].scope]
    while True:
        holder = next(
            (
                node
                for node in run.nodes
                if node.op == SCOPE
                and node.body == scopes[-1]
                and node.id == run.program.scopes[node.body].id
                and node.repeat is None
            ),
            None,
        )
        if holder is None:
            return scopes
        scopes.append(holder.scope)


def _enter(run: Run, place: int, scopes: list[int], target: int) -> None:
    """Open the scopes on the way in, then put a token on the element."""
    for scope in scopes:
        holder = next(
            node
            for node in run.nodes
            if node.op == SCOPE and node.body == scope and node.id == run.program.scopes[scope].id
        )
        token = run.create(holder.index, place, INSIDE)
        place = open_place(run, token, scope).id
    run.create(target, place, MOVING)


def cancel(run: Run, number: int) -> None:
    """Take a token away with all that runs inside it; 0 ends the whole case.

    The path ends there: the scope around it ends with it when nothing else runs in it.
    Raises Conflict when the token is gone.
    """
    if number == 0:
        for place in [one for one in run.places.values() if not one.owner]:
            run.cancel_place(place.id)
        return
    token = run.tokens.get(number)
    if token is None or token.whole:
        raise Conflict("error.engine.step_gone")
    run.cancel(token)
    settle(run, token.place)
