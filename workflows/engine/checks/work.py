"""Refuses work that nobody could do: steps without a form or role, operations nobody wrote."""

from __future__ import annotations

import json
from collections.abc import Iterator, Set

from workflows.engine.blueprint import Blueprint
from workflows.engine.checks.model import Model, Node, label, lane_roles
from workflows.engine.findings import Finding
from workflows.engine.markup import own_attribute
from workflows.engine.process_facts import find_form

# Answers that no form of the diagrams asks for: a filing by whatever way it came in, and what the
# province's platform says.
ENTERED_ELSEWHERE = frozenset({"filing_", "report_answer"})


def check_work(
    model: Model, *, plan: Blueprint, operations: Set[str], roles: Set[str]
) -> Iterator[Finding]:
    """Yield a finding for every step that lacks its form, role, operation or called process."""
    yield from _files(model)
    yield from _lanes(model, roles)
    for node in model.nodes:
        if node.kind == "userTask":
            yield from _form(model, node)
            yield from _role(plan, node, roles)
            yield from _second_person(plan, node)
            yield from _answered_forms(model, plan, node)
        if node.kind == "serviceTask":
            yield from _operation(node, operations)
        if node.kind == "callActivity":
            yield from _called(model, node)


def _files(model: Model) -> Iterator[Finding]:
    main = model.processes.get(model.bundle.main_process)
    if main is None:
        yield Finding(
            "", model.bundle.main_process, "", "main", "no_main", {"key": model.bundle.main_process}
        )
    for scope in model.processes.values():
        if scope.xml.get("isExecutable") != "true":
            yield scope.finding("not_executable", rule="main")
    for file in model.bundle.list_files(".json"):
        try:
            json.loads(model.bundle.files[file])
        except ValueError as error:
            yield Finding(file, "", "", "json", "not_json", {"detail": str(error)})


def _lanes(model: Model, roles: Set[str]) -> Iterator[Finding]:
    for scope in model.processes.values():
        for lane, role in lane_roles(scope.xml).items():
            if role is None:
                yield Finding(scope.file, lane, label(scope.xml), "role", "lane_without_role")
            elif role not in roles:
                yield Finding(
                    scope.file, lane, label(scope.xml), "role", "unknown_role", {"role": role}
                )


def _form(model: Model, node: Node) -> Iterator[Finding]:
    form = own_attribute(node.xml, "form")
    if form is None:
        yield node.finding("no_form", rule="form")
    elif not _has_form(model, form):
        yield node.finding("unknown_form", rule="form", form=form)


def _has_form(model: Model, form: str) -> bool:
    return find_form(model.bundle, form) is not None


def _answered_forms(model: Model, plan: Blueprint, node: Node) -> Iterator[Finding]:
    element = plan.elements.get(node.id)
    for form in element.answers_to if element is not None else ():
        if form not in ENTERED_ELSEWHERE and not _has_form(model, form):
            yield node.finding("unknown_form", rule="form", form=form)


def _role(plan: Blueprint, node: Node, roles: Set[str]) -> Iterator[Finding]:
    element = plan.elements.get(node.id)
    role = element.role if element is not None else None
    if role is None:
        yield node.finding("no_role", rule="role")
    elif role not in roles:
        yield node.finding("unknown_role", rule="role", role=role)


def _second_person(plan: Blueprint, node: Node) -> Iterator[Finding]:
    element = plan.elements.get(node.id)
    for step in sorted(element.not_by if element is not None else ()):
        if step not in plan.elements or plan.elements[step].kind != "userTask":
            yield node.finding("unknown_first_person", rule="role", step=step)


def _operation(node: Node, operations: Set[str]) -> Iterator[Finding]:
    operation = own_attribute(node.xml, "operation")
    if operation is None:
        yield node.finding("no_operation", rule="operation")
    elif operation not in operations:
        yield node.finding("unknown_operation", rule="operation", operation=operation)


def _called(model: Model, node: Node) -> Iterator[Finding]:
    called = node.xml.get("calledElement", "")
    if called not in model.processes:
        yield node.finding("unknown_process", rule="call", process=called)
