"""What each kind of element does with a token that enters it.

BPMN 2.0: tasks 13.3.3, gateways 13.4.1 to 13.4.4, intermediate events 13.5.2, ends 13.5.6.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from workflows.engine.token import program as p
from workflows.engine.token.events import find_catcher, happen, throw_message, throw_signal
from workflows.engine.token.instance import ARRIVED, FAILED, INSIDE, MOVING, WAITING, Token
from workflows.engine.token.moves import begin, choose, finish, leave, move_on
from workflows.engine.token.run import Run
from workflows.engine.token.undo import cancel_transaction, compensate
from workflows.errors import CaseworkError, DiagramError


def _wait(run: Run, token: Token, node: p.Node) -> None:
    run.put(token, WAITING)


def _pass(run: Run, token: Token, node: p.Node) -> None:
    finish(run, token)


def _choice(run: Run, token: Token, node: p.Node) -> None:
    """Take the first flow whose condition holds, else the default (13.4.2)."""
    out = node.out
    if len(out) > 1:
        names = run.visible(token)
        try:
            taken = _first(node, names)
        except CaseworkError as cause:
            run.fail(token, cause)
            return
        run.note(token)
        run.drop(token)
        run.arrive(taken, token.place)
    else:
        finish(run, token)


def _first(node: p.Node, names: dict[str, object]) -> p.Flow:
    for at, flow in enumerate(node.out):
        if at != node.default and (flow.condition is None or flow.condition(names)):
            return flow
    if node.default >= 0:
        return node.out[node.default]
    raise DiagramError("error.engine.no_condition_true", element=node.id)


def _parallel(run: Run, token: Token, node: p.Node) -> None:
    """Go on once a token has arrived over every flow, and consume one of each (13.4.1, S15)."""
    if node.slots > 1:
        others: dict[int, Token] = {}
        for one in run.arrivals(token.place, node.index):
            others.setdefault(one.via, one)
        others.pop(token.via, None)
        if len(others) < node.slots - 1:
            run.put(token, ARRIVED)
            run.arrived.setdefault((token.place, node.index), []).append(token.id)
            return
        for one in others.values():
            run.drop(one)
    finish(run, token)


def _inclusive(run: Run, token: Token, node: p.Node) -> None:
    """Wait until nothing else can move by itself; see ``open_inclusive_join``."""
    if node.slots > 1:
        run.put(token, ARRIVED)
        run.arrived.setdefault((token.place, node.index), []).append(token.id)
    else:
        _split_inclusively(run, token)


def _split_inclusively(run: Run, token: Token) -> None:
    try:
        choose(run, token, run.nodes[token.node])
    except CaseworkError as cause:
        run.fail(token, cause, after="split")
        return
    finish(run, token)


def open_inclusive_join(run: Run) -> bool:
    """Let one inclusive join go on that nothing else can reach any more (13.4.3)."""
    for place, number in list(run.arrived):
        node = run.nodes[number]
        if node.op != p.INCLUSIVE or place not in run.places:
            continue
        here = {one.via: one for one in reversed(list(run.arrivals(place, number)))}
        if here and not _more_may_come(run, place, node, here):
            first, *others = here.values()
            for other in others:
                run.drop(other)
            _split_inclusively(run, run.put(first, INSIDE))
            return True
    return False


def _more_may_come(run: Run, place: int, node: p.Node, here: dict[int, Token]) -> bool:
    """Return whether a token may still come over an empty flow, and not over a filled one."""
    filled: frozenset[int] = frozenset().union(*(node.upstream[slot] for slot in here))
    empty: frozenset[int] = frozenset().union(
        *(nodes for slot, nodes in enumerate(node.upstream) if slot not in here)
    )
    awaited = empty - filled
    return any(
        token.node in awaited
        for token in run.tokens.values()
        if token.place == place and not token.whole
    )


def _throw(run: Run, token: Token, node: p.Node) -> None:
    """Throw the event, then go on unless that has cancelled the token (13.5.2, S6)."""
    if node.repeat is not None and not token.whole:
        begin(run, token, node)
    elif _throw_event(run, token, node):
        move_on(run, token)


def _throw_event(run: Run, token: Token, node: p.Node) -> bool:
    """Throw what the event throws; return whether the token is still there to go on."""
    # Noted first: what catches the event may take the whole scope away.
    run.note(token)
    try:
        _deliver(run, token, node)
    except CaseworkError as cause:
        run.passed.pop()
        run.fail(token, cause)
        return False
    return token.id in run.tokens and run.tokens[token.id].mode == MOVING


def _deliver(run: Run, token: Token, node: p.Node) -> None:
    event = node.event
    if event is None:
        return
    if event.kind == "compensate":
        compensate(run, token, node.undoes)
    elif event.kind == "message":
        throw_message(run, token, event.name)
    elif event.kind == "signal":
        throw_signal(run, event.name)
    elif event.kind == "escalation":
        caught = find_catcher(run, token.place, "escalation", event.name)
        if caught is not None:
            happen(run, caught)


def _end(run: Run, token: Token, node: p.Node) -> None:
    """Consume the token, after what the end event throws (13.5.6)."""
    kind = node.event.kind if node.event else ""
    if kind == "error":
        _end_with_error(run, token, node)
        return
    run.ended.append(node.id)
    is_left = _throw_event(run, token, node)
    if run.tokens.get(token.id, token).mode == FAILED:
        run.ended.pop()
    elif kind == "cancel":
        cancel_transaction(run, token)
    elif is_left:
        if kind == "terminate":
            run.empty(token.place, but=token.id)
        leave(run, token)


def _end_with_error(run: Run, token: Token, node: p.Node) -> None:
    code = node.event.name if node.event else ""
    caught = find_catcher(run, token.place, "error", code)
    if caught is None:
        cause = DiagramError("error.engine.error_uncaught", element=node.id, code=code)
        run.fail(token, cause)
        return
    run.note(token)
    run.ended.append(node.id)
    happen(run, caught)


RULES: Final[tuple[Callable[[Run, Token, p.Node], None], ...]] = (
    _pass,
    begin,
    begin,
    begin,
    begin,
    _wait,
    _choice,
    _parallel,
    _inclusive,
    begin,
    _throw,
    _end,
)
"""The rule of each kind of node, at the number that program.py gives it."""
