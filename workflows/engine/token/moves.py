"""How a token leaves a node, how an activity begins and is done, and how a scope comes to its end.

BPMN 2.0, sections 13.3.1 (flows), 13.3.2 (activities), 13.3.4 (sub-processes and calls), 13.3.6
(loops) and 13.3.7 (multi-instance activities).
"""

from __future__ import annotations

from typing import Any

from workflows.engine.decisions import decide
from workflows.engine.plain import plain
from workflows.engine.token.instance import (
    ASKED,
    FAILED,
    INSIDE,
    MANY,
    MOVING,
    UNDOING,
    WAITING,
    Place,
    Token,
)
from workflows.engine.token.program import RULE, SCOPE, USER, WORK, Flow, Node, Repeat
from workflows.engine.token.run import Run
from workflows.errors import CaseworkError, DiagramError

LETTER_KIND = "letter_kind"


def leave(run: Run, token: Token) -> None:
    """Move on over the flows of the node, several at once where several apply (13.3.1)."""
    node = run.nodes[token.node]
    out = node.out
    if len(out) == 1 and out[0].condition is None:
        run.drop(token)
        run.arrive(out[0], token.place)
        return
    try:
        chosen = choose(run, token, node)
    except CaseworkError as cause:
        run.fail(token, cause, after="leave")
        return
    run.drop(token)
    for flow in chosen:
        run.arrive(flow, token.place)
    if not chosen:
        settle(run, token.place)


def choose(run: Run, token: Token, node: Node) -> list[Flow]:
    """Return the flows without a condition and those whose condition holds, else the default.

    Raises DiagramError when there are flows and none applies (S10).
    """
    names = run.visible(token)
    chosen = [
        flow
        for at, flow in enumerate(node.out)
        if at != node.default and (flow.condition is None or flow.condition(names))
    ]
    if not chosen and node.default >= 0:
        return [node.out[node.default]]
    if not chosen and node.out:
        raise DiagramError("error.engine.no_condition_true", element=node.id)
    return chosen


def settle(run: Run, place: int) -> None:
    """Complete the scope when no token is left in it: a path may end without an end event."""
    if run.busy.get(place) or place not in run.places:
        return
    ended = run.places.pop(place)
    if not ended.owner:
        return
    owner = run.tokens[ended.owner]
    if ended.done and _is_undone_inside(run, ended, owner):
        remember(run, owner, ended.done)
    finish(run, owner)


def _is_undone_inside(run: Run, ended: Place, owner: Token) -> bool:
    """Return whether undoing the scope means undoing what was done in it, one by one."""
    is_event = run.program.scopes[ended.scope].is_event
    return not is_event and run.nodes[owner.node].compensation < 0


def remember(run: Run, token: Token, inside: tuple[Any, ...] = ()) -> None:
    """Note a completed activity that can be undone, in the order of completion (13.5.5)."""
    place = run.places[token.place]
    entry = (run.nodes[token.node].id, run.item_of(token), inside)
    run.places[place.id] = place._replace(done=(*place.done, entry))


# Activities


def begin(run: Run, token: Token, node: Node) -> None:
    """Begin an activity: once, or as often as it is to be repeated."""
    if node.repeat is None or token.whole:
        begin_one(run, token, node)
    elif node.repeat.is_loop:
        _go_round(run, run.put(token, MANY, {"round": 0}), node.repeat, is_first=True)
    else:
        _begin_many(run, token, node, node.repeat)


def begin_one(run: Run, token: Token, node: Node) -> None:
    """Begin one activity: wait for a person or event, ask for an operation, or open a scope."""
    if node.op == USER:
        run.put(token, WAITING)
    elif node.op == WORK:
        run.put(token, ASKED)
        run.asked.append(token.id)
    elif node.op == RULE:
        _decide(run, token, node)
    elif node.op == SCOPE:
        open_scope(run, token, node)
    else:
        run.put(token, WAITING)


def _decide(run: Run, token: Token, node: Node) -> None:
    try:
        outputs = decide(node.table, file=node.operation, variables=run.visible(token))
        run.merge(plain(outputs))
    except CaseworkError as cause:
        run.fail(token, cause)
        return
    finish(run, token)


def open_scope(run: Run, token: Token, node: Node) -> Place:
    """Begin a sub-process, transaction or called process at its start, and return its place."""
    token = run.put(token, INSIDE)
    if node.letter is not None:
        run.merge({LETTER_KIND: node.letter})
    place = open_place(run, token, node.body)
    for start in run.program.scopes[node.body].starts:
        run.create(start, place.id, MOVING)
    settle(run, place.id)
    return place


def open_place(run: Run, token: Token, scope: int) -> Place:
    """Open a scope that runs for this token."""
    place = Place(run.next_id, scope, token.id, run.item_of(token))
    run.next_id += 1
    run.places[place.id] = place
    return place


def finish(run: Run, token: Token) -> None:
    """Complete an activity or event, and move on."""
    run.note(token)
    move_on(run, token)


def move_on(run: Run, token: Token) -> None:
    """Leave the node; one of several repetitions leaves it to the activity as a whole."""
    if run.nodes[token.node].compensation >= 0:
        remember(run, token)
    if not token.whole:
        leave(run, token)
        return
    run.drop(token)
    whole = run.tokens[token.whole]
    if whole.mode == UNDOING:
        run.queue.append(whole.id)
        return
    repeat = run.nodes[whole.node].repeat
    assert repeat is not None
    if repeat.is_loop:
        _go_round(run, whole, repeat, is_first=False)
    else:
        go_on_with(run, run.put(whole, whole.mode, _one_more(whole)), repeat)


def _one_more(whole: Token) -> dict[str, Any]:
    rest = {name: value for name, value in whole.rest.items() if name != "after"}
    return {**rest, "made": whole.rest.get("made", 0) + 1}


# Loops (13.3.6)


def _go_round(run: Run, whole: Token, repeat: Repeat, *, is_first: bool) -> None:
    """Carry the activity out again while the condition holds and the maximum is not reached."""
    rounds = whole.rest.get("round", 0)
    try:
        again = _goes_on(run, whole, repeat, rounds, is_first=is_first)
    except CaseworkError as cause:
        run.fail(whole, cause, after="loop")
        return
    if not again:
        _finish_whole(run, whole)
        return
    whole = run.put(whole, MANY, {"round": rounds + 1})
    run.create(whole.node, whole.place, MOVING, whole=whole.id)


def _goes_on(run: Run, whole: Token, repeat: Repeat, rounds: int, *, is_first: bool) -> bool:
    if repeat.maximum and rounds >= repeat.maximum:
        return False
    if repeat.condition is None or (is_first and not repeat.test_before):
        return True
    return bool(repeat.condition({**run.visible(whole), "loopCounter": rounds}))


# Multi-instance activities (13.3.7)


def _begin_many(run: Run, token: Token, node: Node, repeat: Repeat) -> None:
    """Begin once per item: all at the same time, or one after the other."""
    try:
        items = _items(run, token, node, repeat)
    except CaseworkError as cause:
        run.fail(token, cause)
        return
    begun = items[:1] if repeat.sequential else items
    rest: dict[str, Any] = {"all": len(items)}
    if repeat.sequential:
        rest["left"] = items[1:]
    whole = run.put(token, MANY, rest)
    if not items:
        _finish_whole(run, whole)
        return
    for item in begun:
        run.create(node.index, token.place, MOVING, whole=whole.id, item=item)


def _items(run: Run, token: Token, node: Node, repeat: Repeat) -> list[str]:
    if repeat.cardinality is not None:
        count = repeat.cardinality(run.visible(token))
        if not isinstance(count, int) or isinstance(count, bool) or count < 0:
            raise DiagramError("error.engine.not_a_count", element=node.id)
        return [str(number) for number in range(1, count + 1)]
    items = run.variables.get(repeat.collection)
    if not isinstance(items, list | tuple) or not all(isinstance(one, str) for one in items):
        raise DiagramError("error.engine.not_a_list", element=node.id, variable=repeat.collection)
    return list(dict.fromkeys(items))


def go_on_with(run: Run, whole: Token, repeat: Repeat) -> None:
    """After one repetition: stop early, begin the next, wait for the others, or be done."""
    left = list(whole.rest.get("left", ()))
    made, planned = whole.rest.get("made", 0), whole.rest.get("all", 0)
    try:
        is_enough = repeat.until is not None and repeat.until(
            {
                **run.visible(whole),
                "nrOfInstances": planned,
                "nrOfCompletedInstances": made,
                "nrOfActiveInstances": 0 if repeat.sequential else planned - made,
            }
        )
    except CaseworkError as cause:
        run.fail(whole, cause, after="many")
        return
    if is_enough or made >= planned:
        _finish_whole(run, whole)
    elif left:
        whole = run.put(whole, MANY, {**whole.rest, "left": left[1:]})
        run.create(whole.node, whole.place, MOVING, whole=whole.id, item=left[0])
    elif whole.mode == FAILED:
        run.put(whole, MANY)


def _finish_whole(run: Run, whole: Token) -> None:
    """End the activity as a whole; repetitions that still run are no longer needed."""
    for one in [one for one in run.tokens.values() if one.whole == whole.id]:
        run.cancel(one)
    run.note(whole)
    leave(run, whole)


def take_up_again(run: Run, token: Token) -> None:
    """Go on where a token failed."""
    after = token.rest.get("after")
    rest = {name: value for name, value in token.rest.items() if name != "after"}
    repeat = run.nodes[token.node].repeat
    if after == "leave":
        leave(run, run.put(token, INSIDE, rest))
    elif after == "many" and repeat is not None:
        go_on_with(run, run.put(token, FAILED, rest), repeat)
    elif after == "loop" and repeat is not None:
        _go_round(run, run.put(token, MANY, rest), repeat, is_first=rest.get("round", 0) == 0)
    else:
        run.put(token, MOVING, rest)
        run.queue.append(token.id)
