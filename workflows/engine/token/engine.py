"""The second engine behind the facade: it runs the pure step and carries operations out between."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows.engine.bundle import Bundle
from workflows.engine.engine import Operations
from workflows.engine.plain import plain
from workflows.engine.token import inputs
from workflows.engine.token.compiler import program_of
from workflows.engine.token.instance import Instance, load, read_content
from workflows.engine.token.picture import take_snapshot
from workflows.engine.token.program import Program
from workflows.engine.token.step import Ask, look, step
from workflows.engine.values import HeldToken, RaisedError, Snapshot
from workflows.errors import Conflict, NotFound


class TokenEngine:
    """Implements ``CaseEngine``; holds no state, so one serves all threads."""

    name = "token"

    def start(
        self,
        *,
        bundle: Bundle,
        start_event: str,
        variables: Mapping[str, Any],
        operations: Operations,
    ) -> Snapshot:
        """Start a case at one of the start events of the main process.

        Raises NotFound when the process has no such start event.
        """
        program = program_of(bundle)
        if start_event not in program.starts:
            raise NotFound("error.engine.no_such_start", element=start_event)
        given = inputs.Start(program.starts[start_event])
        return _move(program, Instance(), given, variables, operations)

    def complete(
        self,
        *,
        bundle: Bundle,
        state: str,
        step_id: str,
        variables: Mapping[str, Any],
        operations: Operations,
    ) -> Snapshot:
        """Complete an open step. Raises Conflict when it is no longer open."""
        program = program_of(bundle)
        given = inputs.Complete(_number(step_id, "error.engine.step_gone"))
        return _move(program, load(state, program), given, variables, operations)

    def deliver_message(
        self,
        *,
        bundle: Bundle,
        state: str,
        name: str,
        item: str | None = None,
        variables: Mapping[str, Any],
        operations: Operations,
    ) -> Snapshot:
        """Deliver a message to the one receiver that waits for it (S13).

        Raises Conflict when nobody waits, or when several do and ``item`` does not decide.
        """
        program = program_of(bundle)
        given = inputs.Message(name, item)
        return _move(program, load(state, program), given, variables, operations)

    def deliver_signal(
        self,
        *,
        bundle: Bundle,
        state: str,
        name: str,
        variables: Mapping[str, Any],
        operations: Operations,
    ) -> Snapshot:
        """Deliver a signal to all that wait for it in this case; that may be nobody."""
        program = program_of(bundle)
        given = inputs.Signal(name)
        return _move(program, load(state, program), given, variables, operations)

    def fire_timer(
        self, *, bundle: Bundle, state: str, timer_id: str, operations: Operations
    ) -> Snapshot:
        """Fire a waiting timer. Raises Conflict when it no longer waits."""
        program = program_of(bundle)
        given = inputs.Timer(timer_id)
        return _move(program, load(state, program), given, {}, operations)

    def retry(
        self, *, bundle: Bundle, state: str, failed_id: str, operations: Operations
    ) -> Snapshot:
        """Try a failed automatic step again. Raises Conflict when it no longer waits."""
        program = program_of(bundle)
        given = inputs.Retry(_number(failed_id, "error.engine.failed_gone"))
        return _move(program, load(state, program), given, {}, operations)

    def move(
        self, *, bundle: Bundle, state: str, token_id: str, element: str, operations: Operations
    ) -> Snapshot:
        """Put a token on another element.

        Raises NotFound when there is no such element, Conflict when the token is gone or cannot be
        put there.
        """
        program = program_of(bundle)
        if element not in program.numbers:
            raise NotFound("error.engine.no_such_element", element=element)
        number = _number(token_id, "error.engine.step_gone")
        given = inputs.MoveTo(number, program.numbers[element])
        return _move(program, load(state, program), given, {}, operations)

    def cancel(
        self, *, bundle: Bundle, state: str, token_id: str = "", operations: Operations
    ) -> Snapshot:
        """Take a token away with all that runs inside it, or end the case when none is named.

        Raises Conflict when the token is gone.
        """
        program = program_of(bundle)
        given = inputs.Cancel(_number(token_id or "0", "error.engine.step_gone"))
        return _move(program, load(state, program), given, {}, operations)

    def list_tokens(self, *, bundle: Bundle, state: str) -> tuple[HeldToken, ...]:
        """Return every token with its element, for those who move or cancel one."""
        program = program_of(bundle)
        instance = load(state, program)
        return tuple(
            HeldToken(
                id=str(token.id),
                element=program.nodes[token.node].id,
                scope=program.scopes[instance.places[token.place].scope].id,
                item=token.item if token.item is not None else instance.places[token.place].item,
            )
            for token in instance.tokens.values()
        )

    def look(self, *, bundle: Bundle, state: str) -> Snapshot:
        """Return what waits in this state, without moving anything."""
        program = program_of(bundle)
        instance = load(state, program)
        return take_snapshot(program, look(program, instance))

    def read_variables(self, *, state: str) -> Mapping[str, Any]:
        """Return the variables of the case that gateways and handlers read."""
        return dict(read_content(state)["variables"])


def _number(text: str, gone: str) -> int:
    """Return the number of a token. Raises Conflict with the key ``gone`` when it is none."""
    if not text.isdecimal():
        raise Conflict(gone)
    return int(text)


def _move(
    program: Program,
    instance: Instance,
    given: inputs.Input,
    variables: Mapping[str, Any],
    operations: Operations,
) -> Snapshot:
    """Step, carry out what the case asks for, and step again, until it waits."""
    outcome = step(program, instance, given, plain(variables))
    while outcome.ask is not None:
        answer, changes = _carry_out(outcome.instance, outcome.ask, operations)
        later = step(program, outcome.instance, answer, changes, budget=outcome.budget)
        outcome = outcome.then(later)
    return take_snapshot(program, outcome)


def _carry_out(
    instance: Instance, ask: Ask, operations: Operations
) -> tuple[inputs.Input, Mapping[str, Any]]:
    """Return the answer to what the case asks for, and the variables that it sets.

    Whatever goes wrong is kept as it was raised, and the step waits for a retry with it.
    """
    try:
        changes = operations.run(
            operation=ask.operation,
            element=ask.element,
            item=ask.item,
            variables={**instance.variables, "item": ask.item},
        )
        return inputs.Answer(ask.token), plain(changes or {})
    except RaisedError as cause:
        return inputs.Raised(ask.token, cause.code, cause), {}
    except Exception as cause:
        return inputs.Failure(ask.token, cause), {}
