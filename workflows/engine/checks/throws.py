"""Refuses what is thrown and caught by nobody, and events drawn where they could not happen."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.engine.checks.model import ACTIVITIES, Model, Node, Scope
from workflows.engine.findings import Finding
from workflows.engine.markup import children

NAMED = {"signal": "signalRef", "error": "errorRef", "escalation": "escalationRef"}

# What can throw an error or escalation that an event attached to it catches.
SCOPES = frozenset({"subProcess", "transaction", "callActivity"})
THROWERS = {"error": SCOPES | {"serviceTask"}, "escalation": SCOPES}


def check_throws(model: Model) -> Iterator[Finding]:
    """Yield a finding for every error, cancel, link and compensation that leads nowhere."""
    for scope in model.scopes.values():
        yield from _links(scope)
        for node in scope.nodes.values():
            yield from _name(model, node)
            yield from _boundary(scope, node)
            yield from _event_subprocess(scope, node)
            if node.is_compensation:
                yield from _compensation(scope, node)
        for end in scope.of_kind("endEvent"):
            if end.event == "error" and not _is_caught(model, scope, code_of(model, end), ()):
                yield end.finding("error_uncaught", rule="event")
            if end.event == "cancel" and not _may_cancel(model, scope):
                yield end.finding("cancel_uncaught", rule="event")


def _name(model: Model, node: Node) -> Iterator[Finding]:
    """Yield a finding for a signal without a name; a code may be missing only where it catches."""
    if node.event not in NAMED:
        return
    throws = node.kind in ("endEvent", "intermediateThrowEvent")
    if not code_of(model, node) and (throws or node.event == "signal"):
        yield node.finding("nameless_event", rule="event", kind=node.event)


def code_of(model: Model, node: Node) -> str:
    """Return the name of the signal, or the code of the error or escalation."""
    root = model.roots[node.file]
    attribute = "name" if node.event == "signal" else f"{node.event}Code"
    for definition in children(node.xml, f"{node.event}EventDefinition"):
        wanted = definition.get(NAMED[node.event])
        for declared in children(root, node.event):
            if wanted and declared.get("id") == wanted:
                return str(declared.get(attribute, "")).strip()
    return ""


def _boundary(scope: Scope, node: Node) -> Iterator[Finding]:
    if node.kind != "boundaryEvent":
        return
    host = scope.nodes.get(node.xml.get("attachedToRef", ""))
    if node.event == "error" and not node.is_interrupting:
        yield node.finding("error_beside", rule="event")
    if host is not None and host.kind not in THROWERS.get(node.event, ACTIVITIES):
        yield node.finding("never_thrown", rule="event", kind=node.event, where=host.kind)
    if node.event == "cancel" and (host is None or host.kind != "transaction"):
        yield node.finding("cancel_elsewhere", rule="event")
    if node.event == "compensate" and (node.outgoing or _handler_of(scope, node) is None):
        yield node.finding("no_compensation", rule="S9")


def _handler_of(scope: Scope, boundary: Node) -> Node | None:
    for line in children(scope.xml, "association"):
        target = scope.nodes.get(line.get("targetRef", ""))
        if line.get("sourceRef") == boundary.id and target is not None and target.is_compensation:
            return target
    return None


def _compensation(scope: Scope, node: Node) -> Iterator[Finding]:
    used = any(
        _handler_of(scope, boundary) is node
        for boundary in scope.of_kind("boundaryEvent")
        if boundary.event == "compensate"
    )
    if not used or node.outgoing or node.kind not in ACTIVITIES:
        yield node.finding("loose_compensation", rule="S9")
    if node.boundaries or _marker(node):
        yield node.finding("busy_compensation", rule="S9")


def _marker(node: Node) -> bool:
    """Return whether the activity is to be repeated."""
    names = ("multiInstanceLoopCharacteristics", "standardLoopCharacteristics")
    return any(children(node.xml, name) for name in names)


def _event_subprocess(scope: Scope, node: Node) -> Iterator[Finding]:
    if not node.is_event_subprocess:
        return
    if node.outgoing or node.boundaries or _marker(node):
        yield node.finding("event_subprocess_flow", rule="S3")
    for child in children(node.xml, "startEvent"):
        kinds = [name for name in ("errorEventDefinition",) if children(child, name)]
        if kinds and str(child.get("isInterrupting", "true")).lower() != "true":
            yield node.finding("error_beside", rule="event")


def _links(scope: Scope) -> Iterator[Finding]:
    """Yield a finding for each link without its one other end (S8)."""
    catches = [one for one in scope.of_kind("intermediateCatchEvent") if one.link is not None]
    throws = [one for one in scope.of_kind("intermediateThrowEvent") if one.link is not None]
    for one in throws:
        if [other.link for other in catches].count(one.link) != 1 or one.outgoing:
            yield one.finding("loose_link", rule="S8", link=one.link)
    for one in catches:
        if one.link not in {other.link for other in throws}:
            yield one.finding("loose_link", rule="S8", link=one.link)


def _is_caught(model: Model, scope: Scope, code: str, path: tuple[str, ...]) -> bool:
    """Return whether an error thrown in the scope is caught, whoever the scope runs for."""
    if _catches(model, scope, code):
        return True
    holders = model.holders(scope)
    if not holders or scope.id in path or scope.id == model.bundle.main_process:
        return False
    return all(
        any(_takes(model, one, code) for one in holder.boundaries)
        or _is_caught(model, model.scopes[holder.scope], code, (*path, scope.id))
        for holder in holders
    )


def _catches(model: Model, scope: Scope, code: str) -> bool:
    """Return whether an event sub-process of the scope starts at the error."""
    inner = [model.scopes[one.id] for one in scope.nodes.values() if one.is_event_subprocess]
    starts = [start for one in inner for start in one.of_kind("startEvent")]
    return any(_takes(model, start, code) for start in starts)


def _takes(model: Model, node: Node, code: str) -> bool:
    return node.event == "error" and code_of(model, node) in ("", code)


def _may_cancel(model: Model, scope: Scope) -> bool:
    """Return whether the scope is a transaction with a cancel event attached."""
    return any(
        holder.kind == "transaction" and any(one.event == "cancel" for one in holder.boundaries)
        for holder in model.holders(scope)
    )
