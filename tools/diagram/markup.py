"""Writes the logic of a process as BPMN, in the order and form of the files in bpmn/."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from tools.diagram.outline import EVENTS, OWN, Arrow, Outline, Step
from tools.diagram.wording import wrap

NAMESPACES = (
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" '
    'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
    'xmlns:di="http://www.omg.org/spec/DD/20100524/DI" '
    'xmlns:jiannuo="urn:jiannuo:bpmn:1"'
)
FORMAL = 'xsi:type="bpmn:tFormalExpression"'
NOTE_WIDTH = 180


def markup_of(outline: Outline) -> str:
    """Return the file without its picture."""
    return "\n".join([*_Writer(outline).lines(), ""])


class _Writer:
    def __init__(self, outline: Outline) -> None:
        self.outline = outline
        self.steps = outline.all_steps()
        self.flows = [one for one in outline.arrows if not self._is_message(one)]
        self.ids = _flow_ids(self.flows)

    def lines(self) -> Iterator[str]:
        """Yield the file line by line."""
        one = self.outline
        yield '<?xml version="1.0" encoding="UTF-8"?>'
        where = f'id="definitions_{one.id}" targetNamespace="urn:jiannuo:{one.namespace}"'
        yield f"<bpmn:definitions {NAMESPACES} {where}>"
        yield from self._collaboration()
        yield from self._declared()
        name = f'name="{_text(one.name)}"'
        yield f'  <bpmn:process id="{one.id}" {name} isExecutable="true">'
        yield from self._lanes()
        yield from self._scope(one.steps, "    ")
        yield "  </bpmn:process>"
        yield "</bpmn:definitions>"

    def _is_message(self, arrow: Arrow) -> bool:
        return arrow.source in self.outline.pools or arrow.target in self.outline.pools

    def _collaboration(self) -> Iterator[str]:
        one = self.outline
        yield f'  <bpmn:collaboration id="collaboration_{one.id}">'
        pool = _attributes(id=f"pool_{one.id}", name=one.name, processRef=one.id)
        yield f"    <bpmn:participant{pool} />"
        for identity, name in one.pools.items():
            yield f"    <bpmn:participant{_attributes(id=identity, name=name)} />"
        for arrow in filter(self._is_message, one.arrows):
            identity = f"message_{arrow.source}_to_{arrow.target}"
            said = _attributes(
                id=identity, name=arrow.name, sourceRef=arrow.source, targetRef=arrow.target
            )
            yield f"    <bpmn:messageFlow{said} />"
        yield "  </bpmn:collaboration>"

    def _declared(self) -> Iterator[str]:
        """Yield the messages, signals, errors and escalations that events name."""
        for kind in EVENTS:
            names = [s.settings[kind] for s in self.steps.values() if kind in s.settings]
            for name in dict.fromkeys(names if kind != "timer" else []):
                code = {f"{kind}Code": name} if kind in ("error", "escalation") else {}
                said = _attributes(id=f"{kind}_{name}", name=name, **code)
                yield f"  <bpmn:{kind}{said} />"

    def _lanes(self) -> Iterator[str]:
        yield f'    <bpmn:laneSet id="lanes_{self.outline.id}">'
        for lane, (name, role) in self.outline.lanes.items():
            said = _attributes(id=lane, name=name, jiannuo_role=role)
            yield f"      <bpmn:lane{said}>"
            for step in self.outline.steps:
                if step.lane == lane:
                    yield f"        <bpmn:flowNodeRef>{step.id}</bpmn:flowNodeRef>"
            yield "      </bpmn:lane>"
        yield "    </bpmn:laneSet>"

    def _scope(self, steps: list[Step], pad: str) -> Iterator[str]:
        inside = {step.id for step in steps}
        for step in steps:
            yield from self._step(step, pad)
        for arrow in self.flows:
            if arrow.source in inside:
                yield from self._flow(arrow, pad)
        notes = [note for note in self.outline.notes if note[1] in inside]
        for identity, _, text in notes:
            broken = "\n".join(wrap(text, NOTE_WIDTH))
            yield f'{pad}<bpmn:textAnnotation id="{identity}">'
            yield f"{pad}  <bpmn:text>{_text(broken)}</bpmn:text>"
            yield f"{pad}</bpmn:textAnnotation>"
        for identity, on, _ in notes:
            said = _attributes(
                id=f"association_{identity}",
                associationDirection="None",
                sourceRef=on,
                targetRef=identity,
            )
            yield f"{pad}<bpmn:association{said} />"

    def _step(self, step: Step, pad: str) -> Iterator[str]:
        head = f"{pad}<bpmn:{step.kind}{self._head(step)}"
        yield f"{head}>"
        for word, end in (("incoming", "target"), ("outgoing", "source")):
            for arrow in self.flows:
                if getattr(arrow, end) == step.id:
                    yield f"{pad}  <bpmn:{word}>{self.ids[arrow]}</bpmn:{word}>"
        yield from (f"{pad}  {line}" for line in _event(step))
        yield from (f"{pad}  {line}" for line in _repeated(step))
        yield from self._scope(step.steps, f"{pad}  ")
        yield f"{pad}</bpmn:{step.kind}>"

    def _head(self, step: Step) -> str:
        said = {"id": step.id, "name": step.name}
        said |= self._special(step)
        for key, value in step.settings.items():
            if key in OWN or key.startswith("jiannuo:"):
                said[f"jiannuo_{key.removeprefix('jiannuo:')}"] = value
        for arrow in self.flows:
            if arrow.source == step.id and arrow.default:
                said["default"] = self.ids[arrow]
        return _attributes(**said)

    def _special(self, step: Step) -> dict[str, str]:
        """Return what only some kinds say of themselves."""
        stays = step.settings.get("interrupting", "yes") == "no"
        if step.word == "boundary":
            return {
                "cancelActivity": "false" if stays else "true",
                "attachedToRef": step.settings["on"],
            }
        if step.word == "start" and stays:
            return {"isInterrupting": "false"}
        if step.word == "event_sub":
            return {"triggeredByEvent": "true"}
        if step.word == "call":
            return {"calledElement": step.settings.get("calls", "")}
        if step.word in ("send", "receive") and "message" in step.settings:
            return {"messageRef": f"message_{step.settings['message']}"}
        return {}

    def _flow(self, arrow: Arrow, pad: str) -> Iterator[str]:
        said = _attributes(
            id=self.ids[arrow], name=arrow.name, sourceRef=arrow.source, targetRef=arrow.target
        )
        if not arrow.condition:
            yield f"{pad}<bpmn:sequenceFlow{said} />"
            return
        yield f"{pad}<bpmn:sequenceFlow{said}>"
        condition = f"<bpmn:conditionExpression {FORMAL}>{_text(arrow.condition)}"
        yield f"{pad}  {condition}</bpmn:conditionExpression>"
        yield f"{pad}</bpmn:sequenceFlow>"


def _event(step: Step) -> Iterator[str]:
    """Yield what the event waits for or does."""
    if step.word in ("send", "receive"):
        return
    identity = f'id="{step.id}_definition"'
    for kind in EVENTS:
        value = step.settings.get(kind)
        if value is None:
            continue
        if kind != "timer":
            yield f'<bpmn:{kind}EventDefinition {identity} {kind}Ref="{kind}_{value}" />'
            continue
        part = "timeDuration" if value.startswith("P") else "timeDate"
        written = f"<bpmn:{part} {FORMAL}>{_text(value)}</bpmn:{part}>"
        yield f"<bpmn:timerEventDefinition {identity}>{written}</bpmn:timerEventDefinition>"
    if step.word == "terminate":
        yield f"<bpmn:terminateEventDefinition {identity} />"


def _repeated(step: Step) -> Iterator[str]:
    collection = step.settings.get("each") or step.settings.get("in_turn")
    if not collection:
        return
    in_turn = "true" if "in_turn" in step.settings else "false"
    said = _attributes(isSequential=in_turn, jiannuo_collection=collection)
    until = step.settings.get("until")
    if not until:
        yield f"<bpmn:multiInstanceLoopCharacteristics{said} />"
        return
    yield f"<bpmn:multiInstanceLoopCharacteristics{said}>"
    yield f"  <bpmn:completionCondition {FORMAL}>{_text(until)}</bpmn:completionCondition>"
    yield "</bpmn:multiInstanceLoopCharacteristics>"


def _flow_ids(flows: list[Arrow]) -> dict[Arrow, str]:
    ids: dict[Arrow, str] = {}
    for arrow in flows:
        ends = (arrow.source.removeprefix("task_"), arrow.target.removeprefix("task_"))
        wanted = identity = f"flow_{ends[0]}_to_{ends[1]}"
        number = 2
        while identity in ids.values():
            identity, number = f"{wanted}_{number}", number + 1
        ids[arrow] = identity
    return ids


def _attributes(**said: str) -> str:
    """Return the attributes that have a value; ``jiannuo_form`` is written ``jiannuo:form``."""
    written = ((key.replace("jiannuo_", "jiannuo:", 1), value) for key, value in said.items())
    return "".join(f' {key}="{_text(value)}"' for key, value in written if value)


def _text(value: str) -> str:
    return escape(value, quote=False).replace('"', "&quot;")
