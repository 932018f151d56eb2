"""Turns a diagram back into an outline, so that a shipped process can be read and begun from."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from tools.diagram.outline import EVENTS, KINDS, OWN
from workflows.engine.markup import JIANNUO, children, find_all, own_attribute, tag

WORDS = {kind: word for word, kind in reversed(KINDS.items())}


def outline_text(root: etree._Element) -> str:
    """Return the outline of the first process in a file."""
    return "\n".join([*_Speaker(root).lines(), ""])


class _Speaker:
    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.process = find_all(root, "process")[0]
        self.named = {
            str(one.get("id")): str(one.get("name"))
            for kind in EVENTS
            for one in children(root, kind)
        }
        self.lanes = {
            (reference.text or "").strip(): str(lane.get("id"))
            for lane in find_all(self.process, "lane")
            for reference in children(lane, "flowNodeRef")
        }

    def lines(self) -> Iterator[str]:
        """Yield the outline line by line."""
        namespace = self.root.get("targetNamespace", "").rpartition(":")[2]
        identity = self.process.get("id")
        yield f"process {identity} {_name(self.process)} namespace={namespace}"
        for pool in find_all(self.root, "participant"):
            if pool.get("processRef") != identity:
                yield f"pool {pool.get('id')} {_name(pool)}"
        for lane in find_all(self.process, "lane"):
            role = own_attribute(lane, "role") or ""
            yield f"lane {lane.get('id')} {_name(lane)} role={role}"
        yield from self._steps(self.process, "")
        yield ""
        for flow in find_all(self.process, "sequenceFlow"):
            yield self._arrow(flow)
        yield ""
        for flow in find_all(self.root, "messageFlow"):
            yield self._arrow(flow)
        for tie in find_all(self.process, "association"):
            note = next(
                one
                for one in find_all(self.process, "textAnnotation")
                if one.get("id") == tie.get("targetRef")
            )
            text = "".join("".join(note.itertext()).split("\n")).strip()
            yield f"note {note.get('id')} on {tie.get('sourceRef')}: {text}"

    def _steps(self, scope: etree._Element, pad: str) -> Iterator[str]:
        lane = ""
        for node in scope:
            if tag(node) not in WORDS:
                continue
            own = self.lanes.get(str(node.get("id")), lane)
            if own != lane:
                lane = own
                yield f"@{lane}"
            yield f"{pad or '  '}{self._step(node)}"
            yield from self._steps(node, f"{pad or '  '}  ")

    def _step(self, node: etree._Element) -> str:
        word = WORDS[tag(node)]
        if children(node, "terminateEventDefinition"):
            word = "terminate"
        if node.get("triggeredByEvent") == "true":
            word = "event_sub"
        said = [word, str(node.get("id")), _name(node)]
        said += [f"{key}={_quoted(value)}" for key, value in self._settings(node)]
        return " ".join(part for part in said if part)

    def _settings(self, node: etree._Element) -> Iterator[tuple[str, str]]:
        for key, name in (("on", "attachedToRef"), ("calls", "calledElement")):
            if node.get(name):
                yield key, str(node.get(name))
        if node.get("cancelActivity") == "false" or node.get("isInterrupting") == "false":
            yield "interrupting", "no"
        yield from self._event(node)
        for name, value in node.attrib.items():
            key = str(name).removeprefix(f"{{{JIANNUO}}}")
            if key != str(name):
                yield (key if key in OWN else f"jiannuo:{key}"), str(value)
        for loop in children(node, "multiInstanceLoopCharacteristics"):
            in_turn = loop.get("isSequential") == "true"
            yield "in_turn" if in_turn else "each", own_attribute(loop, "collection") or ""
            for until in children(loop, "completionCondition"):
                yield "until", (until.text or "").strip()

    def _event(self, node: etree._Element) -> Iterator[tuple[str, str]]:
        if node.get("messageRef"):
            yield "message", self.named[str(node.get("messageRef"))]
        for kind in EVENTS:
            for definition in children(node, f"{kind}EventDefinition"):
                reference = definition.get(f"{kind}Ref")
                said = self.named[reference] if reference else "".join(definition.itertext())
                yield kind, said.strip()

    def _arrow(self, flow: etree._Element) -> str:
        said = f"{flow.get('sourceRef')} -> {flow.get('targetRef')}"
        if flow.get("name"):
            said += f" : {_name(flow)}"
        for condition in children(flow, "conditionExpression"):
            said += f" if {(condition.text or '').strip()}"
        parent = flow.getparent()
        nodes = parent if parent is not None else ()
        if any(node.get("default") == flow.get("id") for node in nodes):
            said += " default"
        return said


def _name(element: etree._Element) -> str:
    return " ".join(element.get("name", "").split())


def _quoted(value: str) -> str:
    return f'"{value}"' if " " in value or not value else value
