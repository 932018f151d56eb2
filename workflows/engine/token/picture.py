"""Turns a case into the values that leave the engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from workflows.engine.token.events import Wait
from workflows.engine.token.instance import FAILED, MOVING, WAITING, Instance, Token, save
from workflows.engine.token.program import USER, Program
from workflows.engine.values import (
    FailedOperation,
    MessageWait,
    OpenStep,
    PassedElement,
    SignalWait,
    Snapshot,
    TimerWait,
)


class Record:
    """What happened in a move, gathered over its steps."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.passed: list[tuple[str, str | None]] = []
        self.ended: list[str] = []
        self.sent: list[str] = []
        self.signalled: list[str] = []
        self.causes: dict[int, BaseException] = {}


def take_snapshot(
    program: Program, instance: Instance, waits: Sequence[Wait], record: Record
) -> Snapshot:
    """Return the case after a move."""
    return Snapshot(
        state=save(instance, program),
        steps=tuple(_steps(program, instance)),
        timers=tuple(_timers(waits)),
        messages=tuple(_messages(waits)),
        failed=tuple(_failed(program, instance, record.causes)),
        passed=tuple(PassedElement(element, item) for element, item in record.passed),
        ended=tuple(record.ended),
        is_finished=instance.is_finished,
        active=_active(program, instance),
        sent=tuple(record.sent),
        signals=tuple(_signals(waits)),
        signalled=tuple(record.signalled),
    )


def _item(instance: Instance, token: Token) -> str | None:
    return token.item if token.item is not None else instance.places[token.place].item


def _steps(program: Program, instance: Instance) -> Iterable[OpenStep]:
    nodes = program.nodes
    for token in instance.tokens.values():
        if token.mode == WAITING and nodes[token.node].op == USER:
            yield OpenStep(str(token.id), nodes[token.node].id, _item(instance, token))


def _timers(waits: Sequence[Wait]) -> Iterable[TimerWait]:
    for wait in waits:
        event = wait.node.event
        if event is not None and event.kind == "timer":
            yield TimerWait(wait.id, wait.node.id, event.name, event.point, wait.item)


def _messages(waits: Sequence[Wait]) -> Iterable[MessageWait]:
    for wait in waits:
        event = wait.node.event
        if event is not None and event.kind == "message":
            yield MessageWait(wait.node.id, event.name, wait.item)


def _signals(waits: Sequence[Wait]) -> Iterable[SignalWait]:
    for wait in waits:
        event = wait.node.event
        if event is not None and event.kind == "signal":
            yield SignalWait(wait.node.id, event.name, wait.item)


def _failed(
    program: Program, instance: Instance, causes: Mapping[int, BaseException]
) -> Iterable[FailedOperation]:
    for token in instance.tokens.values():
        if token.mode == FAILED:
            node = program.nodes[token.node]
            yield FailedOperation(
                id=str(token.id),
                element=node.id,
                operation=node.operation,
                item=_item(instance, token),
                cause=causes.get(token.id),
            )


def _active(program: Program, instance: Instance) -> tuple[str, ...]:
    """Return the elements that hold a token, outermost first."""
    nodes = program.nodes
    return tuple(
        dict.fromkeys(
            nodes[token.node].id for token in instance.tokens.values() if token.mode != MOVING
        )
    )
