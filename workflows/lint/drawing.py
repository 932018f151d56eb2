"""Changes a diagram as text: takes elements out, leads flows elsewhere, tidies up what is left."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

from lxml import etree

from workflows.engine.blueprint import FLOW_NODES
from workflows.engine.bundle import Bundle
from workflows.engine.markup import BPMN, JIANNUO, children, is_bpmn, read_markup, tag

SCOPES = ("process", "subProcess", "transaction")


class Drawing:
    """One diagram file that is being changed."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root

    @classmethod
    def read(cls, bundle: Bundle, file: str) -> Drawing:
        """Read a diagram of a bundle."""
        return cls(read_markup(bundle.files[file], file=file))

    def copy(self) -> Drawing:
        """Return a drawing that can be changed by itself."""
        return Drawing(deepcopy(self.root))

    def text(self) -> bytes:
        """Return the diagram as it is saved."""
        return bytes(etree.tostring(self.root, encoding="utf-8", xml_declaration=True))

    # Looking

    def nodes(self, *kinds: str) -> list[etree._Element]:
        """Return the elements of these kinds, of all kinds where none is named."""
        wanted = kinds or tuple(FLOW_NODES)
        return [
            one for one in self.root.iter(f"{{{BPMN}}}*") if is_bpmn(one) and tag(one) in wanted
        ]

    def flows(self) -> list[etree._Element]:
        """Return all sequence flows."""
        return [one for one in self.root.iter(f"{{{BPMN}}}sequenceFlow")]

    def get(self, id: str) -> etree._Element:
        """Return an element or flow by its id."""
        return next(one for one in self.root.iter(f"{{{BPMN}}}*") if one.get("id") == id)

    def into(self, node: str) -> list[etree._Element]:
        """Return the flows that lead to an element."""
        return [flow for flow in self.flows() if flow.get("targetRef") == node]

    def out_of(self, node: str) -> list[etree._Element]:
        """Return the flows that lead away from it."""
        return [flow for flow in self.flows() if flow.get("sourceRef") == node]

    def beside(self, node: str) -> list[etree._Element]:
        """Return the events attached to an activity."""
        return [one for one in self.nodes("boundaryEvent") if one.get("attachedToRef") == node]

    # Changing

    def drop(self, element: etree._Element) -> None:
        """Take an element out."""
        element.getparent().remove(element)

    def drop_flow(self, flow: etree._Element) -> None:
        """Take a flow out with what the boxes at its ends say of it."""
        for node in self.nodes():
            for name in ("incoming", "outgoing"):
                for reference in children(node, name):
                    if (reference.text or "").strip() == flow.get("id"):
                        node.remove(reference)
        self.drop(flow)

    def drop_node(self, node: str) -> None:
        """Take a box out with its flows and what is attached to it."""
        for event in self.beside(node):
            self.drop_node(event.get("id"))
        for flow in [*self.into(node), *self.out_of(node)]:
            self.drop_flow(flow)
        for reference in list(self.root.iter(f"{{{BPMN}}}flowNodeRef")):
            if (reference.text or "").strip() == node:
                reference.getparent().remove(reference)
        for line in list(self.root.iter(f"{{{BPMN}}}association", f"{{{BPMN}}}messageFlow")):
            if node in (line.get("sourceRef"), line.get("targetRef")):
                line.getparent().remove(line)
        self.drop(self.get(node))

    def lead(self, flow: etree._Element, target: str) -> None:
        """Lead a flow to another box."""
        for node in (self.get(flow.get("targetRef")), self.get(target)):
            for reference in children(node, "incoming"):
                if (reference.text or "").strip() == flow.get("id"):
                    node.remove(reference)
        flow.set("targetRef", target)

    def plain(self, flow: etree._Element) -> None:
        """Take the condition off a flow."""
        for condition in children(flow, "conditionExpression"):
            flow.remove(condition)

    def ask(self, flow: etree._Element, text: str) -> None:
        """Put a condition on a flow."""
        self.plain(flow)
        condition = etree.SubElement(flow, f"{{{BPMN}}}conditionExpression")
        condition.text = text

    def tidy(self) -> None:
        """Take out every box that no flow leads to any more."""
        while True:
            lost = next(self._lost(), None)
            if lost is None:
                return
            self.drop_node(lost)

    def _lost(self) -> Iterator[str]:
        for node in self.nodes():
            is_begun = tag(node) in ("startEvent", "boundaryEvent")
            is_own = node.get("triggeredByEvent") == "true" or node.get("isForCompensation")
            is_link = any(tag(one) == "linkEventDefinition" for one in node)
            if not (is_begun or is_own or is_link or self.into(node.get("id"))):
                yield node.get("id")


def own(name: str) -> str:
    """Return the full name of one of our own attributes."""
    return f"{{{JIANNUO}}}{name}"
