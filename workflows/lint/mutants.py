"""Spoils a process in every way that a slip of the hand might, to measure what the lint notices.

A mutant that the lint lets pass either breaks no duty, and ``equivalents.json`` says why, or the
lint, or the duties, have a gap.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Final

from lxml import etree

from workflows.engine.blueprint import blueprint
from workflows.engine.bundle import Bundle
from workflows.engine.markup import BPMN, children, own_attribute, tag
from workflows.engine.process_facts import process_facts
from workflows.engine.token.compiler import program_of
from workflows.lint.drawing import Drawing, own

EQUIVALENTS: Final = Path(__file__).with_name("equivalents.json")
ACTIVITIES: Final = ("userTask", "serviceTask", "businessRuleTask", "callActivity", "sendTask")
GATEWAYS: Final = ("exclusiveGateway", "parallelGateway", "eventBasedGateway", "inclusiveGateway")


Change = Callable[[Drawing], None]
Operator = Callable[[Drawing], Iterator[tuple[str, Change]]]


@dataclass(frozen=True)
class Mutant:
    """A spoilt process, with what was done to it."""

    operator: str
    place: str
    file: str
    make: Callable[[], Bundle] = field(repr=False)

    @property
    def id(self) -> str:
        """Return operator and place in one word."""
        return f"{self.operator}:{self.place}"

    @property
    def near(self) -> frozenset[str]:
        """Return the elements that are drawn in the same file, those that were touched if known."""
        elements = blueprint(self.bundle).elements.values()
        here = [one.id for one in elements if one.file == self.file]
        touched = [one for one in here if one.partition("_")[2] in self.place]
        return frozenset(touched or here)

    @cached_property
    def bundle(self) -> Bundle:
        """Return the spoilt process."""
        return self.make()


def list_mutants(bundle: Bundle) -> Iterator[Mutant]:
    """Yield every mutant of a process, diagram by diagram and then form by form.

    Shared parts that it does not call are left alone: nothing of it could break.
    """
    diagrams, forms = _called(bundle)
    for file in diagrams:
        drawing = Drawing.read(bundle, file)
        for name, operator in OPERATORS.items():
            for place, change in operator(drawing):
                yield Mutant(name, place, file, partial(_spoil, bundle, file, drawing, change))
    for file in bundle.list_files(".dmn"):
        for number, content in _without_row(bundle, file):
            make = partial(_with, bundle, file, content)
            yield Mutant("drop_row", f"{file}/{number}", file, make)
    for file in bundle.list_files(".json"):
        folder, _, name = file.rpartition("/")
        if folder.endswith("forms") and name.removesuffix(".json") in forms:
            yield from _form_mutants(bundle, file)


def _called(bundle: Bundle) -> tuple[list[str], set[str]]:
    """Return the diagrams of the process, and the forms of what it calls or takes in."""
    numbers = program_of(bundle).numbers
    called = [one for one in blueprint(bundle).elements.values() if one.id in numbers]
    facts = process_facts(bundle)
    events = {event.form for event in facts.events.values()}
    forms = {one.form for one in called if one.form} | events | set(facts.start_forms.values())
    return sorted({one.file for one in called}), {form for form in forms if form}


def read_equivalents() -> Mapping[str, Mapping[str, str]]:
    """Return for each process the mutants that break nothing, with the reason.

    Those of shared parts are given once and hold for every process that calls the part.
    """
    content = json.loads(EQUIVALENTS.read_text(encoding="utf-8"))
    return {
        process: _reasons([*groups, *content["shared"]])
        for process, groups in content["processes"].items()
    }


def _reasons(groups: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    return {mutant: group["why"] for group in groups for mutant in group["mutants"]}


def _spoil(bundle: Bundle, file: str, drawing: Drawing, change: Change) -> Bundle:
    spoilt = drawing.copy()
    change(spoilt)
    return _with(bundle, file, spoilt.text())


def _with(bundle: Bundle, file: str, content: bytes) -> Bundle:
    files = {**bundle.files, file: content}
    return Bundle(key=bundle.key, main_process=bundle.main_process, files=files)


# Events


def _remove_event(drawing: Drawing) -> Iterator[tuple[str, Change]]:
    for event in drawing.nodes("boundaryEvent"):
        name = event.get("id")

        def change(spoilt: Drawing, name: str = name) -> None:
            spoilt.drop_node(name)
            spoilt.tidy()

        yield name, change


def _flip_interrupting(drawing: Drawing) -> Iterator[tuple[str, Change]]:
    for event in drawing.nodes("boundaryEvent"):
        name = event.get("id")

        def change(spoilt: Drawing, name: str = name) -> None:
            here = spoilt.get(name)
            ends = here.get("cancelActivity", "true") == "true"
            here.set("cancelActivity", "false" if ends else "true")

        yield name, change


def _move_timer(drawing: Drawing) -> Iterator[tuple[str, Change]]:
    for event in drawing.nodes("boundaryEvent", "intermediateCatchEvent"):
        for text in event.iter(f"{{{BPMN}}}timeDate"):
            name, (clock, _, point) = event.get("id"), (text.text or "").partition("@")
            moved = f"{clock}@{'due' if point == 'overdue' else 'overdue'}"

            def change(spoilt: Drawing, name: str = name, moved: str = moved) -> None:
                for one in spoilt.get(name).iter(f"{{{BPMN}}}timeDate"):
                    one.text = moved

            yield name, change


def _plain_end(drawing: Drawing) -> Iterator[tuple[str, Change]]:
    """Take away what an end event throws, or that it ends everything."""
    for event in drawing.nodes("endEvent"):
        if any(tag(one).endswith("EventDefinition") for one in event):
            name = event.get("id")

            def change(spoilt: Drawing, name: str = name) -> None:
                here = spoilt.get(name)
                for one in [one for one in here if tag(one).endswith("EventDefinition")]:
                    here.remove(one)

            yield name, change


# Gateways


def _swap_gateway(drawing: Drawing) -> Iterator[tuple[str, Change]]:
    for gateway in drawing.nodes("exclusiveGateway", "parallelGateway"):
        name = gateway.get("id")

        def change(spoilt: Drawing, name: str = name) -> None:
            here, out = spoilt.get(name), spoilt.out_of(name)
            if tag(here) == "exclusiveGateway":
                here.tag = f"{{{BPMN}}}parallelGateway"
                here.attrib.pop("default", None)
                for flow in out:
                    spoilt.plain(flow)
                return
            here.tag = f"{{{BPMN}}}exclusiveGateway"
            if len(out) > 1:
                here.set("default", out[0].get("id"))
                for flow in out[1:]:
                    spoilt.ask(flow, "1 == 1")

        yield name, change


def _drop_branch(drawing: Drawing) -> Iterator[tuple[str, Change]]:
    for gateway in drawing.nodes(*GATEWAYS):
        out = drawing.out_of(gateway.get("id"))
        if len(out) < 2:
            continue
        for flow in out:
            name, place = gateway.get("id"), flow.get("id")

            def change(spoilt: Drawing, name: str = name, place: str = place) -> None:
                spoilt.drop_flow(spoilt.get(place))
                _close_gap(spoilt, spoilt.get(name), dropped=place)
                spoilt.tidy()

            yield place, change


def _close_gap(spoilt: Drawing, gateway: etree._Element, *, dropped: str) -> None:
    """Let what is left of a gateway be drawn rightly, so that only the branch is missing."""
    name, left = gateway.get("id"), spoilt.out_of(gateway.get("id"))
    if tag(gateway) == "exclusiveGateway":
        if gateway.get("default") in (dropped, None):
            gateway.set("default", left[-1].get("id"))
        spoilt.plain(spoilt.get(gateway.get("default")))
    if len(left) == 1:
        gateway.attrib.pop("default", None)
    if tag(gateway) == "eventBasedGateway" and len(left) == 1:
        # A gateway with one event is no choice; the event stands for itself.
        for entering in spoilt.into(name):
            spoilt.lead(entering, left[0].get("targetRef"))
        spoilt.drop_node(name)


def _swap_targets(drawing: Drawing) -> Iterator[tuple[str, Change]]:
    for gateway in drawing.nodes("exclusiveGateway"):
        out = drawing.out_of(gateway.get("id"))
        if len(out) < 2:
            continue
        name = gateway.get("id")

        def change(spoilt: Drawing, name: str = name) -> None:
            first, second = spoilt.out_of(name)[:2]
            ends = first.get("targetRef"), second.get("targetRef")
            spoilt.lead(first, ends[1])
            spoilt.lead(second, ends[0])

        yield name, change


def _negate(drawing: Drawing) -> Iterator[tuple[str, Change]]:
    for flow in drawing.flows():
        for condition in children(flow, "conditionExpression"):
            name, text = flow.get("id"), (condition.text or "").strip()

            def change(spoilt: Drawing, name: str = name, text: str = text) -> None:
                spoilt.ask(spoilt.get(name), f"not ({text})")

            yield name, change


# Steps


def _remove_step(drawing: Drawing) -> Iterator[tuple[str, Change]]:
    for step in drawing.nodes(*ACTIVITIES):
        name, out = step.get("id"), drawing.out_of(step.get("id"))
        if len(out) != 1 or not drawing.into(name):
            continue

        def change(spoilt: Drawing, name: str = name) -> None:
            behind = spoilt.out_of(name)[0].get("targetRef")
            for flow in spoilt.into(name):
                spoilt.lead(flow, behind)
            spoilt.drop_node(name)
            spoilt.tidy()

        yield name, change


def _end_early(drawing: Drawing) -> Iterator[tuple[str, Change]]:
    """Lead what goes to a step to an end instead."""
    for step in drawing.nodes(*ACTIVITIES):
        name, scope = step.get("id"), step.getparent()
        ends = [one for one in drawing.nodes("endEvent") if one.getparent() is scope]
        if not ends or not drawing.into(name):
            continue
        end = ends[-1].get("id")

        def change(spoilt: Drawing, name: str = name, end: str = end) -> None:
            for flow in spoilt.into(name):
                spoilt.lead(flow, end)
            spoilt.tidy()

        yield name, change


def _swap_steps(drawing: Drawing) -> Iterator[tuple[str, Change]]:
    """Change the order of two steps that follow one another."""
    for step in drawing.nodes(*ACTIVITIES):
        out = drawing.out_of(step.get("id"))
        behind = drawing.get(out[0].get("targetRef")) if len(out) == 1 else None
        if behind is None or tag(behind) not in ACTIVITIES:
            continue
        name, other = step.get("id"), behind.get("id")
        if len(drawing.into(other)) != 1 or len(drawing.out_of(other)) != 1:
            continue

        def change(spoilt: Drawing, name: str = name, other: str = other) -> None:
            between, after = spoilt.out_of(name)[0], spoilt.out_of(other)[0]
            target = after.get("targetRef")
            for flow in spoilt.into(name):
                spoilt.lead(flow, other)
            between.set("sourceRef", other)
            spoilt.lead(between, name)
            after.set("sourceRef", name)
            spoilt.lead(after, target)
            for node in (spoilt.get(name), spoilt.get(other)):
                for reference in [*children(node, "incoming"), *children(node, "outgoing")]:
                    node.remove(reference)

        yield name, change


def _rewire(drawing: Drawing) -> Iterator[tuple[str, Change]]:
    """Lead a flow out of a step to the step after the next."""
    for flow in drawing.flows():
        source = drawing.get(flow.get("sourceRef"))
        beyond = drawing.out_of(flow.get("targetRef"))
        if _only_merges(drawing, flow.get("targetRef")):
            # What goes round it goes the same way.
            continue
        if tag(source) not in (*ACTIVITIES, "startEvent") or not beyond:
            continue
        name, target = flow.get("id"), beyond[-1].get("targetRef")
        if target == flow.get("sourceRef"):
            continue

        def change(spoilt: Drawing, name: str = name, target: str = target) -> None:
            spoilt.lead(spoilt.get(name), target)
            spoilt.tidy()

        yield name, change


def _only_merges(drawing: Drawing, name: str) -> bool:
    """Return whether a gateway leads all that comes to it, one by one, over its one flow."""
    is_choice = tag(drawing.get(name)) == "exclusiveGateway"
    return is_choice and len(drawing.out_of(name)) == 1 and len(drawing.into(name)) > 1


def _change_operation(drawing: Drawing) -> Iterator[tuple[str, Change]]:
    for step in drawing.nodes("serviceTask"):
        name, operation = step.get("id"), own_attribute(step, "operation")
        other = "remind" if operation != "remind" else "close_case"

        def change(spoilt: Drawing, name: str = name, other: str = other) -> None:
            spoilt.get(name).set(own("operation"), other)

        yield name, change


def _change_letter(drawing: Drawing) -> Iterator[tuple[str, Change]]:
    for call in drawing.nodes("callActivity"):
        letter, name = own_attribute(call, "letter"), call.get("id")
        if letter is None:
            continue
        other = "non_acceptance" if letter != "non_acceptance" else "reply"

        def change(spoilt: Drawing, name: str = name, other: str = other) -> None:
            spoilt.get(name).set(own("letter"), other)

        yield name, change


def _drop_repetition(drawing: Drawing) -> Iterator[tuple[str, Change]]:
    """Carry out once what was to be carried out for each item, or stop after the first."""
    for step in drawing.nodes():
        for loop in children(step, "multiInstanceLoopCharacteristics"):
            name, is_named = step.get("id"), own_attribute(loop, "collection")

            def once(spoilt: Drawing, name: str = name) -> None:
                here = spoilt.get(name)
                for one in children(here, "multiInstanceLoopCharacteristics"):
                    here.remove(one)

            def first_only(spoilt: Drawing, name: str = name) -> None:
                for one in children(spoilt.get(name), "multiInstanceLoopCharacteristics"):
                    until = etree.SubElement(one, f"{{{BPMN}}}completionCondition")
                    until.text = "nrOfCompletedInstances >= 1"

            yield name, once
            if is_named:
                yield f"{name}/first_only", first_only


def _change_post(drawing: Drawing) -> Iterator[tuple[str, Change]]:
    for lane in drawing.root.iter(f"{{{BPMN}}}lane"):
        role, name = own_attribute(lane, "role"), lane.get("id")
        process = lane.getparent().getparent().get("id")
        other = "handler" if role != "handler" else "window_clerk"

        def change(spoilt: Drawing, name: str = name, other: str = other) -> None:
            spoilt.get(name).set(own("role"), other)

        yield f"{process}.{name}", change


def _forget_doers(drawing: Drawing) -> Iterator[tuple[str, Change]]:
    """Let the same person do two steps that two people have to do."""
    for step in drawing.nodes("userTask"):
        name = step.get("id")
        if own_attribute(step, "not_by") is None:
            continue

        def change(spoilt: Drawing, name: str = name) -> None:
            del spoilt.get(name).attrib[own("not_by")]

        yield name, change


OPERATORS: Final[Mapping[str, Operator]] = {
    "remove_event": _remove_event,
    "flip_interrupting": _flip_interrupting,
    "move_timer": _move_timer,
    "plain_end": _plain_end,
    "swap_gateway": _swap_gateway,
    "drop_branch": _drop_branch,
    "swap_targets": _swap_targets,
    "negate_condition": _negate,
    "remove_step": _remove_step,
    "end_early": _end_early,
    "swap_steps": _swap_steps,
    "rewire": _rewire,
    "change_operation": _change_operation,
    "change_letter": _change_letter,
    "drop_repetition": _drop_repetition,
    "change_post": _change_post,
    "forget_doers": _forget_doers,
}


# Tables and forms


def _without_row(bundle: Bundle, file: str) -> Iterator[tuple[int, bytes]]:
    drawing = Drawing.read(bundle, file)
    for number, _ in enumerate(drawing.root.iter("{*}rule"), 1):
        spoilt = drawing.copy()
        row = list(spoilt.root.iter("{*}rule"))[number - 1]
        spoilt.drop(row)
        yield number, spoilt.text()


def _form_mutants(bundle: Bundle, file: str) -> Iterator[Mutant]:
    """Yield a form that forgets to set a variable, and one for each choice that is missing."""
    content = json.loads(bundle.files[file])
    for path, question in _fields(content, ()):
        variable = question["properties"]["variable"]
        place = f"{file}/{variable}"
        spoilt = json.loads(bundle.files[file])
        del _at(spoilt, path)["properties"]["variable"]
        yield Mutant("unset_field", place, file, partial(_with, bundle, file, _dump(spoilt)))
        for number, choice in enumerate(question.get("values") or ()):
            spoilt = json.loads(bundle.files[file])
            del _at(spoilt, path)["values"][number]
            name = f"{place}/{choice['value']}"
            yield Mutant("drop_choice", name, file, partial(_with, bundle, file, _dump(spoilt)))


Path_ = tuple[int, ...]


def _fields(content: Mapping[str, object], path: Path_) -> Iterator[tuple[Path_, dict]]:  # type: ignore[type-arg]
    components = content.get("components") or ()
    assert isinstance(components, list | tuple)
    for number, each in enumerate(components):
        if (each.get("properties") or {}).get("variable"):
            yield (*path, number), each
        yield from _fields(each, (*path, number))


def _at(content: dict, path: Path_) -> dict:  # type: ignore[type-arg]
    for number in path:
        content = content["components"][number]
    return content


def _dump(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()
