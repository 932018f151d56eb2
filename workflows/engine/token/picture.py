"""Turns a case into the values that leave the engine."""

from __future__ import annotations

from collections.abc import Sequence

from workflows.engine.token.events import Wait
from workflows.engine.token.instance import FAILED, WAITING, Instance, Token, save
from workflows.engine.token.program import USER, Program
from workflows.engine.token.step import Outcome
from workflows.engine.values import (
    FailedOperation,
    MessageWait,
    OpenStep,
    SignalWait,
    Snapshot,
    TimerWait,
)


def take_snapshot(program: Program, outcome: Outcome) -> Snapshot:
    """Return the case after a move."""
    instance = outcome.instance
    timers, messages, signals = _awaited(outcome.waits)
    steps, failed, active = _standing(program, outcome)
    return Snapshot(
        state=save(instance, program),
        steps=tuple(steps),
        timers=tuple(timers),
        messages=tuple(messages),
        failed=tuple(failed),
        passed=outcome.passed,
        ended=outcome.ended,
        is_finished=instance.is_finished,
        active=active,
        sent=outcome.sent,
        signals=tuple(signals),
        signalled=outcome.signalled,
    )


def _standing(
    program: Program, outcome: Outcome
) -> tuple[list[OpenStep], list[FailedOperation], tuple[str, ...]]:
    """Return the open steps, what failed, and the elements that hold a token, outermost first."""
    nodes, instance = program.nodes, outcome.instance
    steps, failed, active = [], [], {}
    for token in instance.tokens.values():
        node = nodes[token.node]
        active[node.id] = True
        if token.mode == WAITING and node.op == USER:
            steps.append(OpenStep(str(token.id), node.id, _item(instance, token)))
        elif token.mode == FAILED:
            cause = outcome.causes.get(token.id)
            item = _item(instance, token)
            failed.append(FailedOperation(str(token.id), node.id, node.operation, item, cause))
    return steps, failed, tuple(active)


def _item(instance: Instance, token: Token) -> str | None:
    return token.item if token.item is not None else instance.places[token.place].item


def _awaited(
    waits: Sequence[Wait],
) -> tuple[list[TimerWait], list[MessageWait], list[SignalWait]]:
    """Return what the case waits for, by kind."""
    timers, messages, signals = [], [], []
    for wait in waits:
        node, event, item = wait.node, wait.node.event, wait.item
        assert event is not None
        if event.kind == "timer":
            timers.append(TimerWait(wait.id, node.id, event.name, event.point, item))
        elif event.kind == "message":
            messages.append(MessageWait(node.id, event.name, item))
        else:
            signals.append(SignalWait(node.id, event.name, item))
    return timers, messages, signals
