"""What a called process can do as its caller sees it: what it sets, which duties it meets, its end.

Everything else inside is forgotten. The rest is made deterministic, so that two insides that look
alike from outside are one.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from itertools import count

from workflows.lint.refined import BEGIN, Fine, Path, Refined
from workflows.lint.walking import NEWS, SILENT, Given, Label, Opening


class Summary:
    """The doings of a called process from one beginning."""

    def __init__(self, number: int, refined: Refined, exported: frozenset[str]) -> None:
        self.number, self.refined, self._exported = number, refined, exported
        self.states: list[frozenset[int]] = []
        self._numbers: dict[frozenset[int], int] = {}
        self._moves: dict[int, tuple[Opening, ...]] = {}
        self._begun: tuple[Opening, ...] | None = None
        self._seen: dict[Label, Label] = {}
        self._fitting: dict[int, dict[tuple[Given, bool], list[Opening]]] = {}

    def begin(self) -> tuple[Opening, ...]:
        """Return the ways in which the process begins."""
        if self._begun is None:
            self._begun = self._openings(frozenset({self.refined.begin}), is_begun=False)
        return self._begun

    def go_on(self, state: int) -> tuple[Opening, ...]:
        """Return the ways in which it goes on."""
        if state not in self._moves:
            self._moves[state] = self._openings(self.states[state], is_begun=True)
        return self._moves[state]

    def fitting(self, state: int, given: Given, is_done: bool) -> list[Opening]:
        """Return the ways on that set just these variables, and end or do not end with it."""
        if state not in self._fitting:
            table: dict[tuple[Given, bool], list[Opening]] = {}
            for one in self.begin() if state == BEGIN else self.go_on(state):
                table.setdefault((one.label.given, one.is_done), []).append(one)
            self._fitting[state] = table
        return self._fitting[state].get((given, is_done), [])

    def _openings(self, members: frozenset[int], *, is_begun: bool) -> tuple[Opening, ...]:
        leading: dict[Label, set[int]] = {}
        done: dict[Label, None] = {}
        for at in sorted(members):
            for fine in self.refined.edges(at):
                label = self.seen(fine)
                if self.refined.is_end(fine.target):
                    done[label] = None
                elif label != SILENT or not is_begun:
                    leading.setdefault(label, set()).add(fine.target)
        openings = [Opening(label, self._number(t), False) for label, t in leading.items()]
        return (*openings, *(Opening(label, -1, True) for label in done))

    def seen(self, fine: Fine) -> Label:
        """Return what of a step is seen outside."""
        label = fine.label
        if label not in self._seen:
            given = tuple(
                (name, each)
                for name, each in label.given
                if name in self._exported or name.startswith(NEWS)
            )
            self._seen[label] = Label(given, label.marks)
        return self._seen[label]

    def _number(self, targets: set[int]) -> int:
        closed = self._close(targets)
        if closed not in self._numbers:
            self._numbers[closed] = len(self.states)
            self.states.append(closed)
        return self._numbers[closed]

    def _close(self, targets: set[int]) -> frozenset[int]:
        """Return these ways to stand and all that are reached from them unseen."""
        found = set(targets)
        pending = list(targets)
        while pending:
            for fine in self.refined.edges(pending.pop()):
                is_new = fine.target not in found
                if is_new and self.seen(fine) == SILENT and not self.refined.is_end(fine.target):
                    found.add(fine.target)
                    pending.append(fine.target)
        return frozenset(found)

    def retell(self, labels: Sequence[Label], *, is_done: bool) -> list[Path]:
        """Return a shortest path inside for what was seen outside, in a piece for each label."""
        numbers = count()
        root = self.refined.begin
        queue: list[tuple[int, int, int, int]] = [(0, next(numbers), root, 0)]
        came: dict[tuple[int, int], tuple[int, Fine]] = {}
        best = {(root, 0): 0}
        while queue:
            cost, _, at, told = heapq.heappop(queue)
            if told == len(labels):
                return _pieces(came, at, told)
            must_end = is_done and told == len(labels) - 1
            for fine in self.refined.edges(at):
                after = self._told(fine, labels[told], told, must_end=must_end)
                total = cost + fine.weight
                if after >= 0 and total < best.get((fine.target, after), total + 1):
                    best[fine.target, after] = total
                    came[fine.target, after] = (told, fine)
                    heapq.heappush(queue, (total, next(numbers), fine.target, after))
        raise LookupError("what was seen outside was not done inside")

    def _told(self, fine: Fine, label: Label, told: int, *, must_end: bool) -> int:
        """Return how much has been told after this step, -1 where the step does not fit."""
        ends = self.refined.is_end(fine.target)
        seen = self.seen(fine)
        if seen == label and ends == must_end and (label != SILENT or told == 0 or ends):
            return told + 1
        return told if seen == SILENT and told > 0 and not ends else -1


def _pieces(came: dict[tuple[int, int], tuple[int, Fine]], at: int, told: int) -> list[Path]:
    pieces: list[Path] = [[] for _ in range(told)]
    while (at, told) in came:
        before, fine = came[at, told]
        pieces[min(before, len(pieces) - 1)].append(fine)
        at, told = fine.source, before
    return [piece[::-1] for piece in pieces]
