"""Draws small diagrams in a few words, so that a test shows the pattern and not the XML."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from workflows.engine.bundle import Bundle

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:jiannuo="urn:jiannuo:bpmn:1" id="drawing" targetNamespace="urn:test">'
)


DECLARED = (
    ("message", "m", "jiannuo:note"),
    ("signal", "s", "jiannuo:note"),
    ("error", "er", "errorCode"),
    ("escalation", "es", "escalationCode"),
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
    """Return the XML of a diagram; messages, signals and codes are declared as they are used."""
    body = "".join(processes)
    declared = "".join(
        f'<bpmn:{kind} id="{prefix}_{name}" name="{name}" {code}="{name}"/>'
        for kind, prefix, code in DECLARED
        for name in sorted({one.split('"')[0] for one in body.split(f'{kind}Ref="{prefix}_')[1:]})
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>{HEAD}{declared}{body}</bpmn:definitions>'


def process(id: str, *parts: str) -> str:
    return f'<bpmn:process id="{id}" isExecutable="true">{"".join(parts)}</bpmn:process>'


def sub(id: str, *parts: str) -> str:
    return node("subProcess", id, "".join(parts))


def transaction(id: str, *parts: str) -> str:
    return node("transaction", id, "".join(parts))


def handler(id: str, *parts: str) -> str:
    """Draw an event sub-process."""
    return node("subProcess", id, "".join(parts), triggeredByEvent="true")


def on(id: str, event: str, *, interrupting: bool = True) -> str:
    """Draw the start event of an event sub-process."""
    return node("startEvent", id, event, isInterrupting="true" if interrupting else "false")


def event(kind: str, id: str, definition: str, **attributes: str) -> str:
    """Draw an event of this kind with this definition."""
    return node(kind, id, definition, **attributes)


def message(name: str) -> str:
    return f'<bpmn:messageEventDefinition messageRef="m_{name}"/>'


def signal(name: str) -> str:
    return f'<bpmn:signalEventDefinition signalRef="s_{name}"/>'


def error(code: str = "") -> str:
    return f'<bpmn:errorEventDefinition errorRef="er_{code}"/>' if code else ANY_ERROR


def escalation(code: str = "") -> str:
    return (
        f'<bpmn:escalationEventDefinition escalationRef="es_{code}"/>' if code else ANY_ESCALATION
    )


def timer(text: str) -> str:
    return _timer(text)


def link(name: str) -> str:
    return f'<bpmn:linkEventDefinition name="{name}"/>'


def undo(activity: str = "") -> str:
    ref = f' activityRef="{activity}"' if activity else ""
    return f"<bpmn:compensateEventDefinition{ref}/>"


ANY_ERROR = "<bpmn:errorEventDefinition/>"
ANY_ESCALATION = "<bpmn:escalationEventDefinition/>"
CANCEL = "<bpmn:cancelEventDefinition/>"


def ends(id: str, definition: str) -> str:
    return node("endEvent", id, definition)


def throws(id: str, definition: str) -> str:
    return node("intermediateThrowEvent", id, definition)


def catches(id: str, definition: str) -> str:
    return node("intermediateCatchEvent", id, definition)


def attached(id: str, on: str, definition: str, *, interrupting: bool = True) -> str:
    cancels = "true" if interrupting else "false"
    return node("boundaryEvent", id, definition, attachedToRef=on, cancelActivity=cancels)


def undone_by(activity: str, by: str) -> str:
    """Draw the compensation of an activity: the event on it, its handler, and the line between."""
    return (
        node("boundaryEvent", f"{activity}_undo", undo(), attachedToRef=activity)
        + node("serviceTask", by, isForCompensation="true", jiannuo__operation=by)
        + f'<bpmn:association id="{activity}_line" sourceRef="{activity}_undo" targetRef="{by}"/>'
    )


def some(id: str, default: str | None = None) -> str:
    """Draw an inclusive gateway."""
    return node("inclusiveGateway", id, **({"default": f"{id}__{default}"} if default else {}))


def times(*, sequential: bool = False, count: str = "", per: str = "", until: str = "") -> str:
    """Draw how often an activity is carried out."""
    inside = f"<bpmn:loopCardinality>{escape(count)}</bpmn:loopCardinality>" if count else ""
    if until:
        inside += f"<bpmn:completionCondition>{escape(until)}</bpmn:completionCondition>"
    attributes = f' jiannuo:collection="{per}"' if per else ""
    attributes += ' isSequential="true"' if sequential else ""
    name = "bpmn:multiInstanceLoopCharacteristics"
    return f"<{name}{attributes}>{inside}</{name}>"


def again(when: str = "", *, first: bool = False, most: int = 0) -> str:
    """Draw a standard loop; ``first`` asks before the first round."""
    inside = f"<bpmn:loopCondition>{escape(when)}</bpmn:loopCondition>" if when else ""
    attributes = ' testBefore="true"' if first else ""
    attributes += f' loopMaximum="{most}"' if most else ""
    name = "bpmn:standardLoopCharacteristics"
    return f"<{name}{attributes}>{inside}</{name}>"


def repeated(activity: str, how: str) -> str:
    """Return the activity with the mark of how often it is carried out."""
    return activity.replace(">", f">{how}", 1)


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
