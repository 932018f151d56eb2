"""Walks a case through its diagrams, straight or saved and reloaded between all steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from workflows.engine.bundle import Bundle
from workflows.engine.engine import CaseEngine, MovingEngine
from workflows.engine.spiff import definition as spiff_definition
from workflows.engine.spiff.engine import SpiffEngine
from workflows.engine.token import compiler
from workflows.engine.token.engine import TokenEngine
from workflows.engine.values import OpenStep, Snapshot, TimerWait

Answer = Mapping[str, Any] | Exception | Callable[[str | None], Mapping[str, Any]]


ENGINES: Mapping[str, CaseEngine] = {"token": TokenEngine(), "spiff": SpiffEngine()}


class RecordedOperations:
    """Notes every call, and answers with what the test prepared for that operation."""

    def __init__(self, answers: Mapping[str, Answer] | None = None) -> None:
        """Begin without calls."""
        self.answers: dict[str, Answer] = dict(answers or {})
        self.calls: list[tuple[str, str | None]] = []
        self.seen: list[dict[str, Any]] = []

    def run(
        self, *, operation: str, element: str, item: str | None, variables: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Note the call and give the prepared answer; a prepared error is raised."""
        self.calls.append((operation, item))
        self.seen.append(dict(variables))
        answer = self.answers.get(operation, {})
        if isinstance(answer, Exception):
            raise answer
        return answer(item) if callable(answer) else answer

    @property
    def names(self) -> list[str]:
        """Return the operations called so far, in order."""
        return [name for name, _ in self.calls]


class Walker:
    """Speaks about a case in the words of its diagram.

    With ``reload`` the definition is parsed again before every move, so that nothing but the
    saved state carries over, as after a restart of the program.
    """

    def __init__(
        self,
        bundle: Bundle,
        *,
        reload: bool = False,
        answers: Mapping[str, Answer] | None = None,
        engine: CaseEngine | None = None,
    ) -> None:
        """Begin before the start event."""
        self.bundle = bundle
        self.reload = reload
        self.operations = RecordedOperations(answers)
        self.engine: CaseEngine = engine or TokenEngine()
        self.now = Snapshot(state="")
        self.passed: list[str] = []
        self.ended: list[str] = []
        self.sent: list[str] = []

    def start(self, start_event: str, **variables: Any) -> Walker:
        """Start at this start event."""
        return self._move(self.engine.start, start_event=start_event, variables=variables)

    def complete(self, element: str, *, item: str | None = None, **variables: Any) -> Walker:
        """Complete the one open step of this element (and item)."""
        step = self.step(element, item=item)
        return self._move(
            self.engine.complete, state=self.now.state, step_id=step.id, variables=variables
        )

    def fire(self, timer: str, *, item: str | None = None, element: str | None = None) -> Walker:
        """Fire the one waiting timer ``clock@point`` (of this item or element)."""
        wait = self.timer(timer, item=item, element=element)
        return self._move(self.engine.fire_timer, state=self.now.state, timer_id=wait.id)

    def deliver(self, name: str, *, item: str | None = None, **variables: Any) -> Walker:
        """Deliver a message."""
        return self._move(
            self.engine.deliver_message,
            state=self.now.state,
            name=name,
            item=item,
            variables=variables,
        )

    def signal(self, name: str, **variables: Any) -> Walker:
        """Deliver a signal."""
        return self._move(
            self.moving.deliver_signal, state=self.now.state, name=name, variables=variables
        )

    def move(self, element: str, to: str, *, item: str | None = None) -> Walker:
        """Put the one token on this element (and item) on another."""
        token = self.token(element, item=item)
        return self._move(self.moving.move, state=self.now.state, token_id=token, element=to)

    def cancel(self, element: str = "", *, item: str | None = None) -> Walker:
        """Take the one token on this element away, or end the case."""
        token = self.token(element, item=item) if element else ""
        return self._move(self.moving.cancel, state=self.now.state, token_id=token)

    def token(self, element: str, *, item: str | None = None) -> str:
        """Return the id of the one token on this element (and item)."""
        held = self.moving.list_tokens(bundle=self.bundle, state=self.now.state)
        found = [one.id for one in held if (one.element, one.item) == (element, item)]
        assert len(found) == 1, f"{element} {item}: tokens are {held}"
        return found[0]

    @property
    def moving(self) -> MovingEngine:
        """Return the engine as one that moves tokens."""
        return cast(MovingEngine, self.engine)

    @property
    def signals(self) -> list[str]:
        """Return the names of the signals that are waited for, sorted."""
        return sorted(wait.name for wait in self.now.signals)

    def retry(self, element: str, *, item: str | None = None) -> Walker:
        """Try the failed operation of this element again."""
        found = [one.id for one in self.now.failed if (one.element, one.item) == (element, item)]
        assert len(found) == 1, f"{element} {item}: failed are {self.now.failed}"
        return self._move(self.engine.retry, state=self.now.state, failed_id=found[0])

    def step(self, element: str, *, item: str | None = None) -> OpenStep:
        """Return the one open step of this element (and item)."""
        found = [step for step in self.now.steps if step.element == element]
        if item is not None:
            found = [step for step in found if step.item == item]
        assert len(found) == 1, f"{element} {item}: open are {self.steps}"
        return found[0]

    def timer(
        self, timer: str, *, item: str | None = None, element: str | None = None
    ) -> TimerWait:
        """Return the one waiting timer ``clock@point``."""
        found = [wait for wait in self.now.timers if f"{wait.clock}@{wait.point}" == timer]
        if item is not None:
            found = [wait for wait in found if wait.item == item]
        if element is not None:
            found = [wait for wait in found if wait.element == element]
        assert len(found) == 1, f"{timer} {item} {element}: waiting are {self.now.timers}"
        return found[0]

    @property
    def steps(self) -> list[str]:
        """Return the open steps, sorted, as ``element`` or ``element:item``."""
        return sorted(
            step.element if step.item is None else f"{step.element}:{step.item}"
            for step in self.now.steps
        )

    @property
    def timers(self) -> list[str]:
        """Return the waiting timers, sorted, as ``clock@point`` or ``clock@point:item``."""
        return sorted(
            f"{wait.clock}@{wait.point}" + ("" if wait.item is None else f":{wait.item}")
            for wait in self.now.timers
        )

    @property
    def messages(self) -> list[str]:
        """Return the names of the messages that are waited for, sorted."""
        return sorted(wait.name for wait in self.now.messages)

    @property
    def variables(self) -> Mapping[str, Any]:
        """Return the variables of the case."""
        return self.engine.read_variables(state=self.now.state)

    @property
    def is_finished(self) -> bool:
        """Return whether the case has come to its end."""
        return self.now.is_finished

    def _move(self, verb: Callable[..., Snapshot], **facts: Any) -> Walker:
        if self.reload:
            spiff_definition.forget_all()
            compiler.forget_all()
        self.now = verb(bundle=self.bundle, operations=self.operations, **facts)
        looked = self.engine.look(bundle=self.bundle, state=self.now.state)
        assert _waiting(looked) == _waiting(self.now), "looking must show what the move returned"
        self.passed += [passed.element for passed in self.now.passed]
        self.ended += self.now.ended
        self.sent += self.now.sent
        return self


def _waiting(snapshot: Snapshot) -> tuple[Any, ...]:
    """Return what waits, without the causes: those live only in the move that met them."""
    failed = [(one.id, one.element, one.operation, one.item) for one in snapshot.failed]
    return (
        snapshot.state,
        snapshot.steps,
        snapshot.timers,
        snapshot.messages,
        failed,
        snapshot.is_finished,
        snapshot.active,
    )
