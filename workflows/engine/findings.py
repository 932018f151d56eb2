"""A finding tells the author of a diagram what is wrong, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Finding:
    """One reason why a bundle may not be deployed.

    ``rule`` is the trap it guards against (``S1`` to ``S18``) or the name of our own rule.
    ``problem`` and ``remedy`` are text keys; ``facts`` fill them.
    """

    file: str
    element: str
    label: str
    rule: str
    name: str
    facts: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def problem(self) -> str:
        """Return the text key of what is wrong."""
        return f"finding.{self.name}"

    @property
    def remedy(self) -> str:
        """Return the text key of what to do about it."""
        return f"finding.{self.name}.remedy"
