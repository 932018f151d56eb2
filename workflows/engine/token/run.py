"""The working copy of a case during one step: it is changed freely and then frozen again."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from workflows.engine.token.instance import (
    ARRIVED,
    ASKED,
    FAILED,
    MOVING,
    STANDING,
    UNDOING,
    Instance,
    Place,
    Token,
)
from workflows.engine.token.program import Flow, Program
from workflows.engine.values import PassedElement


class Run:
    """The tokens and places of a case while they move, and the record of what they did."""

    __slots__ = (
        "arrived",
        "asked",
        "budget",
        "busy",
        "causes",
        "ended",
        "next_id",
        "nodes",
        "passed",
        "places",
        "program",
        "queue",
        "sent",
        "signalled",
        "tokens",
        "variables",
    )

    def __init__(self, program: Program, instance: Instance, budget: int) -> None:
        """Copy the instance; what moves is handled in the order in which it set out."""
        self.program = program
        self.nodes = program.nodes
        self.next_id = instance.next_id
        self.tokens: dict[int, Token] = dict(instance.tokens)
        self.places: dict[int, Place] = dict(instance.places)
        self.variables: Mapping[str, Any] = instance.variables
        self.budget = budget
        self.queue: deque[int] = deque()
        self.asked: deque[int] = deque()
        self.busy: dict[int, int] = {}
        self.arrived: dict[tuple[int, int], list[int]] = {}
        self.passed: list[PassedElement] = []
        self.ended: list[str] = []
        self.sent: list[str] = []
        self.signalled: list[str] = []
        self.causes: dict[int, BaseException] = {}
        stirring = []
        for token in self.tokens.values():
            self.busy[token.place] = self.busy.get(token.place, 0) + 1
            if token.mode not in STANDING:
                stirring.append(token)
        if stirring:
            self._sort_in(stirring)

    def _sort_in(self, stirring: Sequence[Token]) -> None:
        """Sort in what goes on by itself, and what others may join."""
        for token in stirring:
            if token.mode == MOVING:
                self.queue.append(token.id)
            elif token.mode == ASKED:
                self.asked.append(token.id)
            elif token.mode == ARRIVED:
                self.arrived.setdefault((token.place, token.node), []).append(token.id)
        undoing = [token.id for token in stirring if token.mode == UNDOING]
        if undoing:
            # One whose handler is done was about to go on when another token asked.
            at_work = {token.whole for token in self.tokens.values()}
            self.queue.extend(number for number in undoing if number not in at_work)

    # Tokens

    def create(
        self, node: int, place: int, mode: str, *, whole: int = 0, item: str | None = None
    ) -> Token:
        """Put a new token on a node."""
        token = Token(self.next_id, node, place, mode, 0, whole, item)
        self.next_id += 1
        self.tokens[token.id] = token
        self.busy[place] = self.busy.get(place, 0) + 1
        if mode == MOVING:
            self.queue.append(token.id)
        return token

    def arrive(self, flow: Flow, place: int) -> None:
        """Put a token on a flow; it enters the node when its turn comes."""
        number = self.next_id
        self.next_id = number + 1
        self.tokens[number] = Token(number, flow.target, place, MOVING, flow.slot)
        self.busy[place] = self.busy.get(place, 0) + 1
        self.queue.append(number)

    def put(self, token: Token, mode: str, rest: Mapping[str, Any] | None = None) -> Token:
        """Let a token do something else where it stands."""
        number, node, place, _mode, via, whole, item, fired, kept = token
        kept = kept if rest is None else rest
        changed = Token(number, node, place, mode, via, whole, item, fired, kept)
        self.tokens[number] = changed
        return changed

    def drop(self, token: Token) -> None:
        """Take a token away; whatever belongs to it is the caller's to take away."""
        del self.tokens[token.id]
        self.busy[token.place] -= 1

    def cancel(self, token: Token) -> None:
        """Take a token away with everything inside it; nothing in it happens any more."""
        if token.id not in self.tokens:
            return
        self.drop(token)
        for place in [one for one in self.places.values() if one.owner == token.id]:
            self.cancel_place(place.id)
        for other in [one for one in self.tokens.values() if one.whole == token.id]:
            self.cancel(other)

    def cancel_place(self, place: int) -> None:
        """Leave a scope: its tokens and all that they wait for are gone."""
        del self.places[place]
        self.empty(place)

    def empty(self, place: int, *, but: int = 0) -> None:
        """Cancel the tokens of a scope, all but one."""
        for token in [one for one in self.tokens.values() if one.place == place]:
            if token.id != but:
                self.cancel(token)

    def fail(self, token: Token, cause: BaseException, *, after: str = "enter") -> None:
        """Let a token wait for a retry, which takes up again where it failed."""
        self.put(token, FAILED, {**token.rest, "after": after})
        self.causes[token.id] = cause

    def arrivals(self, place: int, node: int) -> Iterator[Token]:
        """Return the tokens that wait at a join."""
        for number in self.arrived.get((place, node), ()):
            token = self.tokens.get(number)
            if token is not None and token.mode == ARRIVED:
                yield token

    # Variables

    def item_of(self, token: Token) -> str | None:
        """Return the item whose repetition the token belongs to."""
        return token.item if token.item is not None else self.places[token.place].item

    def visible(self, token: Token) -> dict[str, Any]:
        """Return the variables as this token sees them: the case's, and the item of its branch."""
        return {**self.variables, "item": self.item_of(token)}

    def merge(self, variables: Mapping[str, Any]) -> None:
        """Set variables of the case."""
        if variables:
            self.variables = {**self.variables, **variables}

    # The record

    def note(self, token: Token) -> None:
        """Write down that the element was passed."""
        self.passed.append(PassedElement(self.nodes[token.node].id, self.item_of(token)))

    def freeze(self) -> Instance:
        """Return the case as a value again."""
        return Instance(self.next_id, self.tokens, self.places, self.variables)
