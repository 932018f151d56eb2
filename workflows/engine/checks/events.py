"""Refuses timers that the engine would compute itself, and events that could not happen."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.engine.checks.model import ACTIVITIES, Model, Node, Scope
from workflows.engine.findings import Finding
from workflows.engine.markup import children, tag
from workflows.engine.timers import split_timer
from workflows.errors import DiagramError

CHOICES = ("intermediateCatchEvent", "receiveTask")
"""What may stand behind an event gateway."""


def check_events(model: Model) -> Iterator[Finding]:
    """Yield a finding for every event that cannot happen, or would happen wrongly."""
    for scope in model.scopes.values():
        for node in scope.nodes.values():
            yield from _timer(node)
            yield from _message(model, node)
        for boundary in scope.of_kind("boundaryEvent"):
            yield from _attachment(scope, boundary)
        for gateway in scope.of_kind("eventBasedGateway"):
            yield from _choices(scope, gateway, CHOICES if model.support.is_wide else CHOICES[:1])


def _timer(node: Node) -> Iterator[Finding]:
    for definition in children(node.xml, "timerEventDefinition"):
        parts = [child for child in definition if tag(child).startswith("time")]
        if [tag(part) for part in parts] != ["timeDate"]:
            yield node.finding("timer_kind", rule="timer")
            continue
        try:
            split_timer(parts[0].text)
        except DiagramError:
            yield node.finding("timer", rule="timer", text=(parts[0].text or "").strip())


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
