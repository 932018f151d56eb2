"""A finding of the lint: what breaks the law, where, by which rule, and the shortest way there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workflows.engine.findings import Finding
from workflows.lint.duty_file import FILE, Duty
from workflows.lint.facts import Facts


@dataclass(frozen=True)
class PathStep:
    """One element on the way to what is wrong, with what was answered or set there."""

    element: str
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)
    kind: str = ""
    given: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class LegalFinding(Finding):
    """One way in which a process breaks a duty, or could not be carried out."""

    rules: tuple[str, ...] = ()
    """The ids of the rules behind the duty, such as R2."""
    sentence: Mapping[str, str] = field(default_factory=dict, hash=False)
    """The duty in words, by language."""
    path: tuple[PathStep, ...] = field(default=(), hash=False)

    @property
    def problem(self) -> str:
        """Return the text key of what is wrong."""
        return f"lint.{self.name}"

    @property
    def remedy(self) -> str:
        """Return the text key of what to do about it."""
        return f"lint.{self.name}.remedy"

    @property
    def elements(self) -> tuple[str, ...]:
        """Return the elements on the path, so that a diagram can mark them."""
        return tuple(dict.fromkeys(step.element for step in self.path))


def find(
    facts: Facts,
    name: str,
    *,
    element: str = "",
    duty: Duty | None = None,
    path: tuple[PathStep, ...] = (),
    **more: Any,
) -> LegalFinding:
    """Return a finding about an element, or about the file of duties where none is named."""
    is_drawn = element in facts.plan.elements
    return LegalFinding(
        file=facts.file_of(element) if is_drawn else FILE,
        element=element,
        label=facts.label(element) if is_drawn else "",
        rule=", ".join(duty.rules) if duty else "lint",
        name=name,
        facts={**({"duty": duty.id} if duty else {}), **more},
        rules=duty.rules if duty else (),
        sentence=duty.sentence if duty else {},
        path=path,
    )
