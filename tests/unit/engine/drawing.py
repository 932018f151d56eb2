"""Draws small diagrams in a few words, so that a test shows the pattern and not the XML."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from workflows.engine.bundle import Bundle

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:jiannuo="urn:jiannuo:bpmn:1" id="drawing" targetNamespace="urn:test">'
)


def draw(*processes: str, main: str = "main", **files: str) -> Bundle:
    """Return a bundle whose diagram holds these processes."""
    return Bundle(
        key=main,
        main_process=main,
        files={"main.bpmn": diagram(*processes).encode(), "forms/any.json": b"{}"}
        | {name.replace("__", "."): text.encode() for name, text in files.items()},
    )


def diagram(*processes: str) -> str:
    """Return the XML of a diagram; messages are declared as they are used."""
    body = "".join(processes)
    names = sorted({part.split('"')[0] for part in body.split('messageRef="m_')[1:]})
    messages = "".join(f'<bpmn:message id="m_{name}" name="{name}"/>' for name in names)
    return f'<?xml version="1.0" encoding="UTF-8"?>{HEAD}{messages}{body}</bpmn:definitions>'


def process(id: str, *parts: str) -> str:
    return f'<bpmn:process id="{id}" isExecutable="true">{"".join(parts)}</bpmn:process>'


def sub(id: str, *parts: str) -> str:
    return node("subProcess", id, "".join(parts))


def node(kind: str, id: str, inside: str = "", **attributes: str) -> str:
    written = "".join(
        f" {name.replace('__', ':')}={quoteattr(value)}" for name, value in attributes.items()
    )
    return f'<bpmn:{kind} id="{id}" name="{id}"{written}>{inside}</bpmn:{kind}>'


def start(id: str, message: str | None = None) -> str:
    return node("startEvent", id, _message(message))


def end(id: str, message: str | None = None, terminate: bool = False) -> str:
    return node(
        "endEvent", id, _message(message) + ("<bpmn:terminateEventDefinition/>" * terminate)
    )


def user(id: str, *, form: str = "any", per: str | None = None, **attributes: str) -> str:
    return node(
        "userTask", id, _per(per), jiannuo__form=form, jiannuo__role="handler", **attributes
    )


def service(id: str, operation: str | None = None, *, per: str | None = None) -> str:
    return node("serviceTask", id, _per(per), jiannuo__operation=operation or id)


def decision(id: str, file: str) -> str:
    return node("businessRuleTask", id, jiannuo__decision=file)


def call(id: str, called: str, *, per: str | None = None, **attributes: str) -> str:
    return node("callActivity", id, _per(per), calledElement=called, **attributes)


def xor(id: str, default: str | None = None) -> str:
    return node("exclusiveGateway", id, **({"default": f"{id}__{default}"} if default else {}))


def both(id: str) -> str:
    return node("parallelGateway", id)


def either(id: str) -> str:
    return node("eventBasedGateway", id)


def catch(id: str, *, message: str | None = None, timer: str | None = None) -> str:
    return node("intermediateCatchEvent", id, _message(message) + _timer(timer))


def throw(id: str, message: str) -> str:
    return node("intermediateThrowEvent", id, _message(message))


def boundary(
    id: str,
    on: str,
    *,
    message: str | None = None,
    timer: str | None = None,
    interrupting: bool = False,
) -> str:
    return node(
        "boundaryEvent",
        id,
        _message(message) + _timer(timer),
        attachedToRef=on,
        cancelActivity="true" if interrupting else "false",
    )


def path(*ids: str) -> str:
    """Draw flows from each element to the next."""
    return "".join(flow(source, target) for source, target in zip(ids, ids[1:], strict=False))


def flow(source: str, target: str, when: str | None = None) -> str:
    condition = (
        f"<bpmn:conditionExpression>{escape(when)}</bpmn:conditionExpression>" if when else ""
    )
    return (
        f'<bpmn:sequenceFlow id="{source}__{target}" sourceRef="{source}" targetRef="{target}">'
        f"{condition}</bpmn:sequenceFlow>"
    )


def table(*rules: tuple[str, str], policy: str = "UNIQUE", reads: str = "origin") -> str:
    """Draw a decision table with one input and the output ``source``."""
    rows = "".join(
        f'<rule id="r{number}"><inputEntry id="i{number}"><text>{escape(when)}</text></inputEntry>'
        f'<outputEntry id="o{number}"><text>{escape(then)}</text></outputEntry></rule>'
        for number, (when, then) in enumerate(rules)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" '
        'namespace="urn:test"><decision id="source" name="source">'
        f'<decisionTable id="t" hitPolicy="{policy}">'
        f'<input id="in"><inputExpression id="e" typeRef="string"><text>{reads}</text>'
        '</inputExpression></input><output id="out" name="source" typeRef="string"/>'
        f"{rows}</decisionTable></decision></definitions>"
    )


def _message(name: str | None) -> str:
    return f'<bpmn:messageEventDefinition messageRef="m_{name}"/>' if name else ""


def _timer(text: str | None) -> str:
    if not text:
        return ""
    date = f"<bpmn:timeDate>{text}</bpmn:timeDate>"
    return f"<bpmn:timerEventDefinition>{date}</bpmn:timerEventDefinition>"


def _per(collection: str | None) -> str:
    if collection is None:
        return ""
    return f'<bpmn:multiInstanceLoopCharacteristics jiannuo:collection="{collection}"/>'
