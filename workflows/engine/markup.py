"""Diagrams come from outside, so they are read from bytes, without entities or the network."""

from __future__ import annotations

from lxml import etree

from workflows.errors import DiagramError

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
JIANNUO = "urn:jiannuo:bpmn:1"
MAXIMUM_BYTES = 5_000_000
"""The largest of the drawings we know is a tenth of this."""
NAMESPACES = {"bpmn": BPMN, "jiannuo": JIANNUO}


def read_markup(content: bytes, *, file: str) -> etree._Element:
    """Parse a diagram or decision table, whatever encoding its first line declares.

    Raises DiagramError when it is larger than ``MAXIMUM_BYTES``, is not well formed or too deeply
    nested, or carries a DOCTYPE or entities.
    """
    if len(content) > MAXIMUM_BYTES:
        raise DiagramError("error.engine.too_large", file=file, limit=MAXIMUM_BYTES // 1_000_000)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise DiagramError("error.engine.not_xml", file=file, detail=str(error)) from error
    if root.getroottree().docinfo.doctype or root.getroottree().docinfo.internalDTD is not None:
        raise DiagramError("error.engine.doctype", file=file)
    return root


def tag(element: etree._Element) -> str:
    """Return the element's name without its namespace; instructions and comments have none."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def is_bpmn(element: etree._Element) -> bool:
    """Return whether the element belongs to the BPMN model."""
    return isinstance(element.tag, str) and etree.QName(element).namespace == BPMN


def own_attribute(element: etree._Element, name: str) -> str | None:
    """Return one of our own attributes, None when it is missing or blank."""
    value = element.get(f"{{{JIANNUO}}}{name}")
    return value.strip() or None if value is not None else None


def find_all(element: etree._Element, name: str) -> list[etree._Element]:
    """Return all BPMN elements of this name below the given one."""
    return list(element.iter(f"{{{BPMN}}}{name}"))


def children(element: etree._Element, name: str) -> list[etree._Element]:
    """Return the direct BPMN children of this name."""
    return list(element.findall(f"{{{BPMN}}}{name}"))
