"""A running case as a value: its tokens, the scopes they are in, and its variables; no history.

Saved as JSON that a person can read: elements by their ids in the diagram, everything else by
small numbers that are never given twice in a case.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import orjson

from workflows.engine.token.program import Program
from workflows.errors import DiagramError

FORMAT: Final = "jiannuo-token-1"
FIRST_WORDS: Final = f'{{"format":"{FORMAT}",'
"""How every state begins as ``save`` writes it."""

# What a token does where it stands.
MOVING: Final = "move"
"""On its way into the node, to be handled in this move."""
WAITING: Final = "wait"
"""Waits for a person, an event, or one of several events."""
INSIDE: Final = "in"
"""Stands for a scope that runs inside this activity."""
MANY: Final = "many"
"""Stands for an activity that is carried out several times."""
ARRIVED: Final = "join"
"""Has arrived at a join and waits for the others."""
ASKED: Final = "ask"
"""Has asked for an operation, and gets its answer in this move."""
FAILED: Final = "fail"
"""Could not go on, and waits for a retry."""
UNDOING: Final = "undo"
"""Waits until what it compensates is undone."""
STANDING: Final = frozenset({WAITING, INSIDE, MANY, FAILED})
"""Stays where it is until something happens to it."""


class Token(NamedTuple):
    """One token; a token of a repetition names the token of the whole activity."""

    id: int
    node: int
    place: int
    mode: str
    via: int = 0
    """The flow it came over, as its slot among those into the node."""
    whole: int = 0
    item: str | None = None
    fired: tuple[str, ...] = ()
    """The attached timers that have fired and do not fire again."""
    rest: Mapping[str, Any] = {}
    """What only a few tokens need: items left, rounds made, what is still to be undone."""


class Place(NamedTuple):
    """A running scope; ``owner`` is the token that stands for it, 0 for the main process."""

    id: int
    scope: int
    owner: int
    item: str | None = None
    is_interrupted: bool = False
    """An interrupting event sub-process has taken over; no other may start."""
    fired: tuple[str, ...] = ()
    """The event sub-processes whose timer has fired."""
    done: tuple[Any, ...] = ()
    """Completed activities that can be undone: element, item, and what was done inside it."""


class Instance(NamedTuple):
    """A case at rest, or in the middle of a move that waits for an operation's answer."""

    next_id: int = 1
    tokens: Mapping[int, Token] = {}
    places: Mapping[int, Place] = {}
    variables: Mapping[str, Any] = {}

    @property
    def is_finished(self) -> bool:
        """Return whether the case has come to its end."""
        return not self.places


def save(instance: Instance, program: Program) -> str:
    """Return the instance as JSON, with its format and the definition it runs on."""
    nodes, scopes = program.nodes, program.scopes
    content = {
        "format": FORMAT,
        "definition": program.hash,
        "next": instance.next_id,
        "variables": instance.variables,
        "places": [_place_row(one, scopes[one.scope].id) for one in instance.places.values()],
        "tokens": [_token_row(one, nodes[one.node].id) for one in instance.tokens.values()],
    }
    return orjson.dumps(content).decode()


def _token_row(token: Token, element: str) -> list[Any]:
    number, _node, place, mode, via, whole, item, fired, rest = token
    more: dict[str, Any] = dict(rest) if rest else {}
    if via:
        more["via"] = via
    if whole:
        more["of"] = whole
    if item is not None:
        more["item"] = item
    if fired:
        more["fired"] = fired
    return [number, element, place, mode, more] if more else [number, element, place, mode]


def _place_row(place: Place, scope: str) -> list[Any]:
    number, _scope, owner, item, is_interrupted, fired, done = place
    more: dict[str, Any] = {}
    if item is not None:
        more["item"] = item
    if is_interrupted:
        more["interrupted"] = True
    if fired:
        more["fired"] = fired
    if done:
        more["done"] = done
    return [number, scope, owner, more] if more else [number, scope, owner]


def read_content(state: str) -> dict[str, Any]:
    """Return the saved state as a dictionary. Raises DiagramError when it is not one of ours."""
    try:
        content = orjson.loads(state)
    except orjson.JSONDecodeError as error:
        raise DiagramError("error.engine.state_unreadable") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise DiagramError("error.engine.state_unreadable")
    return content


def load(state: str, program: Program) -> Instance:
    """Return the instance of a saved state.

    Raises DiagramError when the state is not of this format, or belongs to another definition.
    """
    content = read_content(state)
    if content.get("definition") != program.hash:
        raise DiagramError("error.engine.state_of_other_definition")
    try:
        return Instance(
            content["next"],
            {row[0]: _token(row, program) for row in content["tokens"]},
            {row[0]: _place(row, program) for row in content["places"]},
            content["variables"],
        )
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise DiagramError("error.engine.state_unreadable") from error


def _token(row: list[Any], program: Program) -> Token:
    if len(row) == 4:
        number, element, place, mode = row
        return Token(number, program.numbers[element], place, mode)
    number, element, place, mode, more = row
    return Token(
        number,
        program.numbers[element],
        place,
        mode,
        more.pop("via", 0),
        more.pop("of", 0),
        more.pop("item", None),
        tuple(more.pop("fired", ())),
        more,
    )


def _place(row: list[Any], program: Program) -> Place:
    if len(row) == 3:
        number, scope, owner = row
        return Place(number, program.scope_numbers[scope], owner)
    number, scope, owner, more = row
    return Place(
        number,
        program.scope_numbers[scope],
        owner,
        more.get("item"),
        more.get("interrupted", False),
        tuple(more.get("fired", ())),
        tuple(more.get("done", ())),
    )
