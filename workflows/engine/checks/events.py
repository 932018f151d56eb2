"""Refuses timers that the engine would compute itself, and events that could not happen."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.engine.checks.model import ACTIVITIES, Model, Node, Scope
from workflows.engine.findings import Finding
from workflows.engine.markup import children, tag
from workflows.engine.timers import ELAPSED, split_timer
from workflows.errors import DiagramError

CHOICES = ("intermediateCatchEvent", "receiveTask")
"""What may stand behind an event gateway."""


def check_events(model: Model) -> Iterator[Finding]:
    """Yield a finding for every event that cannot happen, or would happen wrongly."""
    for scope in model.scopes.values():
        for node in scope.nodes.values():
            yield from _timer(node, is_wide=model.support.is_wide)
            yield from _message(model, node)
        for boundary in scope.of_kind("boundaryEvent"):
            yield from _attachment(scope, boundary)
        for gateway in scope.of_kind("eventBasedGateway"):
            yield from _choices(scope, gateway, CHOICES if model.support.is_wide else CHOICES[:1])


def _timer(node: Node, *, is_wide: bool) -> Iterator[Finding]:
    allowed = ("timeDate", "timeDuration") if is_wide else ("timeDate",)
    for definition in children(node.xml, "timerEventDefinition"):
        parts = [child for child in definition if tag(child).startswith("time")]
        if len(parts) != 1 or tag(parts[0]) not in allowed:
            yield node.finding("timer_kind_wide" if is_wide else "timer_kind", rule="timer")
        elif not _is_timer(parts[0].text, is_wide=is_wide):
            text = (parts[0].text or "").strip()
            yield node.finding("timer_wide" if is_wide else "timer", rule="timer", text=text)


def _is_timer(text: str | None, *, is_wide: bool) -> bool:
    try:
        clock, _ = split_timer(text)
    except DiagramError:
        return False
    return is_wide or clock != ELAPSED


def _message(model: Model, node: Node) -> Iterator[Finding]:
    speaks = node.event == "message" or node.kind in ("sendTask", "receiveTask")
    if speaks and not model.message_of(node):
        yield node.finding("nameless_message", rule="message")


def _attachment(scope: Scope, boundary: Node) -> Iterator[Finding]:
    host = scope.nodes.get(boundary.xml.get("attachedToRef", ""))
    if host is None or host.kind not in ACTIVITIES:
        yield boundary.finding("not_attached", rule="event")


def _choices(scope: Scope, gateway: Node, kinds: tuple[str, ...]) -> Iterator[Finding]:
    if len(gateway.outgoing) < 2:
        yield gateway.finding("few_choices", rule="event")
    for target in gateway.successors:
        choice = scope.nodes[target]
        if choice.kind not in kinds or choice.event == "link" or choice.boundaries:
            yield gateway.finding("not_an_event", rule="event", target=target)
        elif len(choice.incoming) > 1:
            yield choice.finding("shared_choice", rule="event")
