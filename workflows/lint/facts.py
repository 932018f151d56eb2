"""Everything the lint knows about a process: its program, and what each element reads and sets."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from workflows.engine.blueprint import Blueprint, blueprint
from workflows.engine.bundle import Bundle
from workflows.engine.checks.model import Model, Node, read_model
from workflows.engine.expressions import compile_expression, names_in
from workflows.engine.markup import children
from workflows.engine.token.compiler import program_of
from workflows.engine.token.program import Program
from workflows.errors import DiagramError
from workflows.lint.declared import VALUE, Declarations, Declared
from workflows.lint.duty_file import DutyFile
from workflows.lint.forms import answers, read_fields
from workflows.lint.values import Domains, Values, combine

LETTER_KIND = "letter_kind"


@dataclass(frozen=True)
class Reading:
    """What an element reads."""

    must: frozenset[str] = frozenset()
    """Needed for its work: blank counts as missing."""
    may: frozenset[str] = frozenset()
    """Looked at; blank will do, but it has to be there."""
    asked: frozenset[str] = frozenset()
    """Read by its conditions, as far as they go."""
    told: frozenset[str] = frozenset()
    """Read by a duty once the element is passed, so after what it sets itself."""

    @property
    def all(self) -> frozenset[str]:
        """Return everything that is read."""
        return self.must | self.may | self.asked | self.told


@dataclass
class Facts:
    """A process as the lint sees it."""

    bundle: Bundle
    declared: Declarations
    duties: DutyFile
    messages_by_form: Mapping[str, str] = field(default_factory=dict)
    """The form whose answer comes with a message, from process.json."""

    @cached_property
    def program(self) -> Program:
        """Return the engine's own program."""
        return program_of(self.bundle)

    @cached_property
    def plan(self) -> Blueprint:
        """Return what the diagrams say about each element that this process calls.

        Shared parts that it does not call are in its bundle all the same.
        """
        whole = blueprint(self.bundle)
        called = {id_: one for id_, one in whole.elements.items() if id_ in self.program.numbers}
        return replace(whole, elements=called)

    @cached_property
    def model(self) -> Model:
        """Return scopes, nodes and flows."""
        return read_model(self.bundle)[0]

    @cached_property
    def nodes(self) -> Mapping[str, Node]:
        """Return every node of the diagrams by its id."""
        return {node.id: node for node in self._called}

    @cached_property
    def _called(self) -> tuple[Node, ...]:
        return tuple(node for node in self.model.nodes if node.id in self.program.numbers)

    # Conditions

    @cached_property
    def conditions(self) -> Mapping[str, tuple[str, ...]]:
        """Return the conditions that each element evaluates."""
        return {node.id: tuple(_conditions(node)) for node in self._called}

    @cached_property
    def collections(self) -> Mapping[str, str]:
        """Return the list that each repeated element goes through."""
        return {one.id: one.collection for one in self.plan.elements.values() if one.collection}

    @cached_property
    def domains(self) -> Domains:
        """Return the values that conditions and duties tell apart."""
        texts = [text for each in self.conditions.values() for text in each]
        texts += [text for _, text in self.duties.conditions]
        texts += [name for one in self.plan.elements for *_, name in self._refusals(one)]
        return Domains(texts, [*self.collections.values(), *self.duties.lists])

    # What is read

    def reading(self, element: str) -> Reading:
        """Return what an element reads."""
        return self._readings.get(element, Reading())

    @cached_property
    def _readings(self) -> Mapping[str, Reading]:
        return {element: self._read(element) for element in self.plan.elements}

    def _read(self, element: str) -> Reading:
        asked = {name for text in self.conditions[element] for name in names_in(text)}
        told = {
            name
            for where, text in self.duties.conditions
            if where == element
            for name in names_in(text)
        }
        declared = self.said_of(element)
        must = set(declared.needs)
        table = self._table(element)
        if table is not None:
            must |= {n for column in table.inputs for n in names_in(column.expression or "")}
        # An operation of many processes looks at what some of them never have.
        may = {name for name in declared.reads if name in self._settable}
        may |= {*filter(None, [self.collections.get(element)])}
        may |= {name for *_, name in self._refusals(element)}
        return Reading(
            frozenset(must), frozenset(may), frozenset(asked - IN_BRANCH), frozenset(told)
        )

    @cached_property
    def _settable(self) -> frozenset[str]:
        """Return the variables that something in this process may set."""
        found: set[str] = set(self.duties.given_at_start)
        for one in self.plan.elements.values():
            found |= set(self.said_of(one.id).sets)
            found |= set(self.declared.answer(one.form).sets) if one.form else set()
            found |= {each.variable for each in read_fields(self.bundle, one.form or "")}
        return frozenset(found)

    @cached_property
    def kept(self) -> frozenset[str]:
        """Return the variables that somebody reads; the others are left out."""
        read = {name for each in self._readings.values() for name in each.all}
        return frozenset(read | self.duties.lists)

    def said_of(self, element: str) -> Declared:
        """Return what is said of the operation of an element, by its handler and by the drawing."""
        one = self.plan.elements[element]
        said = self.declared.operation(one.operation)
        return replace(
            said,
            sets={**said.sets, **one.drawn_sets},
            starts={**said.starts, **one.drawn_clock},
        )

    def _refusals(self, element: str) -> tuple[tuple[str, Any, str], ...]:
        one = self.plan.elements[element]
        return self.declared.answer(one.form).refuses if one.kind == "userTask" else ()

    def is_refused(self, element: str, given: Values, variables: Values) -> bool:
        """Return whether an answer is turned down in a case with these variables."""
        return any(
            name in given and given[name] == value and variables.get(guard)
            for name, value, guard in self._refusals(element)
        )

    # What is set

    def choices(self, element: str) -> tuple[Values, ...]:
        """Return what an element may set when it is done: one entry for each way it may go."""
        if element not in self._choices:
            self._choices[element] = self._choose(element) or ({},)
        return self._choices[element]

    @cached_property
    def _choices(self) -> dict[str, tuple[Values, ...]]:
        return {}

    def _choose(self, element: str) -> tuple[Values, ...]:
        one = self.plan.elements[element]
        if one.kind == "userTask":
            fields = read_fields(self.bundle, one.form or "")
            return answers(fields, self.declared.answer(one.form), self.domains, self.kept)
        if one.kind == "serviceTask":
            return combine(self.said_of(element).sets, self.domains, self.kept)
        if one.kind == "businessRuleTask":
            return self._outputs(element)
        return self.brought_by(one.message) if one.message else ()

    def _table(self, element: str) -> Any:
        # A process that nobody calls is drawn, and not part of the program.
        number = self.program.numbers.get(element)
        return self.program.nodes[number].table if number is not None else None

    def _outputs(self, element: str) -> tuple[Values, ...]:
        table = self._table(element)
        found: list[Values] = []
        for rule in table.rules if table is not None else ():
            given = {
                one.output.name or one.output.label: (_literal(one.text),)
                for one in rule.outputEntries
            }
            found += [one for one in combine(given, self.domains, self.kept) if one not in found]
        return tuple(found)

    def brought_by(self, message: str) -> tuple[Values, ...]:
        """Return what a message from outside may set."""
        given = self.duties.given_by_message.get(message, {})
        fields = read_fields(self.bundle, self.messages_by_form.get(message, ""))
        brought = Declared(sets=given)
        return answers(fields, brought, self.domains, self.kept) or ({},)

    @cached_property
    def beginnings(self) -> tuple[Values, ...]:
        """Return what a case may know when it begins."""
        return combine(self.duties.given_at_start, self.domains, self.kept) or ({},)

    def writes(self, element: str) -> Mapping[str, tuple[Any, ...]]:
        """Return the variables that an element may set, with their values."""
        found: dict[str, list[Any]] = {}
        for given in self.choices(element):
            for name, value in given.items():
                values = found.setdefault(name, [])
                if value not in values:
                    values.append(value)
        letter = self.plan.elements[element].attributes.get("letter")
        if letter and LETTER_KIND in self.kept:
            found[LETTER_KIND] = [self.domains.keep(LETTER_KIND, letter)]
        return {name: tuple(values) for name, values in found.items()}

    def must_write(self, element: str) -> frozenset[str]:
        """Return the variables that an element sets whichever way it goes."""
        choices = self.choices(element)
        return frozenset(choices[0]).intersection(*choices[1:]) if choices else frozenset()

    def label(self, element: str, language: str = "zh") -> str:
        """Return the name of an element, or its id where it has none."""
        return self.plan.label(element, language)

    def file_of(self, element: str) -> str:
        """Return the file that an element is drawn in."""
        return self.plan.elements[element].file


IN_BRANCH = frozenset(
    {"item", "loopCounter", "nrOfInstances", "nrOfCompletedInstances", "nrOfActiveInstances"}
)
"""What a branch knows of itself; no step sets it."""


def _conditions(node: Node) -> Iterator[str]:
    yield from (flow.condition for flow in node.outgoing if flow.condition)
    for loop in children(node.xml, "multiInstanceLoopCharacteristics"):
        yield from _texts(loop, "loopCardinality", "completionCondition")
    for loop in children(node.xml, "standardLoopCharacteristics"):
        yield from _texts(loop, "loopCondition")


def _texts(loop: Any, *names: str) -> Iterator[str]:
    for name in names:
        for each in children(loop, name):
            text = "".join(each.itertext()).strip()
            if text:
                yield text


def _literal(text: str | None) -> Any:
    if not (text or "").strip():
        return ""
    try:
        return ast.literal_eval(compile_expression(str(text)))
    except (ValueError, DiagramError):
        return VALUE


def subtree(facts: Facts, process: str) -> frozenset[str]:
    """Return every element of a process and of all that it calls."""
    found: set[str] = set()
    pending, known = [process], {process}
    while pending:
        here = pending.pop()
        for element in elements_of(facts, here):
            found.add(element)
            called = facts.plan.elements[element].calls
            if called and called not in known:
                known.add(called)
                pending.append(called)
    return frozenset(found)


def elements_of(facts: Facts, process: str) -> list[str]:
    """Return the elements drawn in a process, those of its sub-processes too."""
    return [one.id for one in facts.plan.elements.values() if one.process == process]
