"""Where a case stands, and when two cases stand alike although their tokens bear other numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from workflows.engine.token.events import Wait
from workflows.engine.token.instance import (
    ARRIVED,
    FAILED,
    INSIDE,
    MANY,
    UNDOING,
    WAITING,
    Instance,
    Place,
    Token,
)
from workflows.lint.cutting import Cut
from workflows.lint.values import freeze

MODES: Final = {WAITING: 0, INSIDE: 1, MANY: 2, ARRIVED: 3, FAILED: 4, UNDOING: 5}


class Inside(NamedTuple):
    """How far a called process is: its summary, and the state in it."""

    summary: int
    state: int


class Standing(NamedTuple):
    """A case at rest: its value, what it waits for, and how far each call is, by token."""

    instance: Instance = Instance()
    waits: Sequence[Wait] = ()
    calls: Mapping[int, Inside] = {}

    @property
    def is_finished(self) -> bool:
        """Return whether the process has come to its end."""
        return self.instance.is_finished

    @property
    def failed(self) -> list[Token]:
        """Return the tokens that could not go on."""
        return [token for token in self.instance.tokens.values() if token.mode == FAILED]


class Likeness:
    """Gives every way to stand one key: tokens without their numbers, variables that matter."""

    def __init__(self, cut: Cut) -> None:
        self._cut = cut
        self._live = cut.live
        self._numbers: dict[Any, int] = {}
        quiet = cut.quiet
        self._fired = {
            node.id: -1 if node.id in quiet else node.index for node in cut.program.nodes
        }

    def live(self, standing: Standing) -> frozenset[str]:
        """Return the variables that may still be read."""
        tokens = standing.instance.tokens.values()
        return frozenset().union(*{self._live[token.node] for token in tokens})

    def key(self, standing: Standing) -> tuple[Any, ...]:
        """Return what two cases that stand alike have in common."""
        instance = standing.instance
        if instance.is_finished:
            return ("end",)
        by_place: dict[int, list[Token]] = {}
        by_whole: dict[int, list[Token]] = {}
        for token in instance.tokens.values():
            table, owner = (by_whole, token.whole) if token.whole else (by_place, token.place)
            table.setdefault(owner, []).append(token)
        inner = {place.owner: place for place in instance.places.values()}
        shape = self._place(inner[0], by_place, by_whole, inner, standing)
        live = self.live(standing)
        values = {name: each for name, each in instance.variables.items() if name in live}
        return (shape, freeze(values))

    def slots(self, standing: Standing) -> tuple[int, ...]:
        """Return the tokens of the calls, in an order that is the same in all cases alike."""
        calls = standing.calls
        if len(calls) < 2:
            return tuple(calls)
        tokens, places = standing.instance.tokens, standing.instance.places

        def order(number: int) -> tuple[Any, ...]:
            chain = [tokens[number]]
            while chain[-1].whole or places[chain[-1].place].owner:
                chain.append(tokens[chain[-1].whole or places[chain[-1].place].owner])
            heights = [(each.node, MODES[each.mode]) for each in reversed(chain)]
            return (heights, *calls[number], tokens[number].place, number)

        return tuple(sorted(calls, key=order))

    def _place(self, place: Place, *tables: Any) -> tuple[Any, ...]:
        by_place = tables[0]
        tokens = sorted(self._token(token, *tables) for token in by_place.get(place.id, ()))
        fired = tuple(sorted(self._number(each) for each in place.fired))
        state = (place.scope, int(place.is_interrupted), fired, self._number(place.done))
        return (state, tuple(tokens))

    def _token(self, token: Token, *tables: Any) -> tuple[Any, ...]:
        by_place, by_whole, inner, standing = tables
        fired = tuple(sorted(n for each in token.fired if (n := self._fired[each]) >= 0))
        inside = standing.calls.get(token.id)
        place = inner.get(token.id)
        parts = tuple(sorted(self._token(one, *tables) for one in by_whole.get(token.id, ())))
        return (
            token.node,
            MODES[token.mode],
            token.via if token.mode == ARRIVED else 0,
            fired,
            self._number(inside) if inside else 0,
            self._rest(token),
            parts,
            self._place(place, *tables) if place is not None else (),
        )

    def _rest(self, token: Token) -> tuple[int, int, int, int]:
        rest = token.rest
        repeat = self._cut.program.nodes[token.node].repeat
        rounds = rest.get("round", 0) if repeat is not None and repeat.maximum else 0
        left, planned = len(rest.get("left", ())), rest.get("all", 0)
        return (planned, rest.get("made", 0), left, rounds)

    def _number(self, thing: Any) -> int:
        """Return a number that stands for the thing, because numbers can be put in order."""
        if not thing:
            return 0
        return self._numbers.setdefault(thing, len(self._numbers) + 1)
