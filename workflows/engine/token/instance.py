"""A running case as a value: its tokens, the scopes they are in, and its variables; no history.

Saved as JSON that a person can read: elements by their ids in the diagram, everything else by
small numbers that are never given twice in a case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import orjson

from workflows.engine.token.program import Program
from workflows.errors import DiagramError

FORMAT: Final = "jiannuo-token-1"

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


@dataclass(frozen=True, slots=True)
class Instance:
    """A case at rest, or in the middle of a move that waits for an operation's answer."""

    next_id: int = 1
    tokens: Mapping[int, Token] = field(default_factory=dict)
    places: Mapping[int, Place] = field(default_factory=dict)
    variables: Mapping[str, Any] = field(default_factory=dict)

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
    row: list[Any] = [token.id, element, token.place, token.mode]
    more: dict[str, Any] = dict(token.rest) if token.rest else {}
    if token.via:
        more["via"] = token.via
    if token.whole:
        more["of"] = token.whole
    if token.item is not None:
        more["item"] = token.item
    if token.fired:
        more["fired"] = token.fired
    if more:
        row.append(more)
    return row


def _place_row(place: Place, scope: str) -> list[Any]:
    row: list[Any] = [place.id, scope, place.owner]
    more: dict[str, Any] = {}
    if place.item is not None:
        more["item"] = place.item
    if place.is_interrupted:
        more["interrupted"] = True
    if place.fired:
        more["fired"] = place.fired
    if place.done:
        more["done"] = place.done
    if more:
        row.append(more)
    return row


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
        tokens = [_token(row, program) for row in content["tokens"]]
        places = [_place(row, program) for row in content["places"]]
        return Instance(
            next_id=content["next"],
            tokens={token.id: token for token in tokens},
            places={place.id: place for place in places},
            variables=content["variables"],
        )
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise DiagramError("error.engine.state_unreadable") from error


def _token(row: list[Any], program: Program) -> Token:
    number, element, place, mode = row[:4]
    node = program.numbers[element]
    if len(row) == 4:
        return Token(number, node, place, mode)
    more = row[4]
    return Token(
        number,
        node,
        place,
        mode,
        more.pop("via", 0),
        more.pop("of", 0),
        more.pop("item", None),
        tuple(more.pop("fired", ())),
        more,
    )


def _place(row: list[Any], program: Program) -> Place:
    number, scope, owner = row[:3]
    more = row[3] if len(row) > 3 else {}
    return Place(
        number,
        program.scope_numbers[scope],
        owner,
        more.get("item"),
        more.get("interrupted", False),
        tuple(more.get("fired", ())),
        tuple(more.get("done", ())),
    )
