"""One tree of errors, so that every layer names a situation and only the edge words it.

An error carries a text key and the facts that fill it. Nothing below ``webapp`` knows HTTP numbers
or languages; ``webapp/errors.py`` maps each branch once. Facts never hold personal data.
"""

from __future__ import annotations

from typing import Any


class CaseworkError(Exception):
    """The casework could not be done as asked."""

    default_key = "error.casework"

    def __init__(self, key: str | None = None, **facts: Any) -> None:
        self.key = key or self.default_key
        self.facts = facts
        super().__init__(self._plain_text())

    def _plain_text(self) -> str:
        """Return a line for logs: the situation, the key and the facts."""
        summary = (type(self).__doc__ or "").strip().splitlines()[0]
        facts = ", ".join(f"{name}={value!r}" for name, value in sorted(self.facts.items()))
        return f"{summary} [{self.key}]" + (f" {facts}" if facts else "")


class NotFound(CaseworkError):
    """The thing asked for does not exist or is out of sight for this person."""

    default_key = "error.not_found"


class NotAllowed(CaseworkError):
    """This person, post, state or rule pack does not permit the act."""

    default_key = "error.not_allowed"


class Conflict(CaseworkError):
    """Somebody else was faster, or the case has moved on."""

    default_key = "error.conflict"


class InvalidAnswer(CaseworkError):
    """What was entered cannot be accepted; the fields say why."""

    default_key = "error.invalid_answer"

    def __init__(
        self,
        key: str | None = None,
        *,
        fields: dict[str, list[str]] | None = None,
        **facts: Any,
    ) -> None:
        self.fields = fields or {}
        super().__init__(key, **facts)


class DiagramError(CaseworkError):
    """A diagram, decision table or form cannot be run safely."""

    default_key = "error.diagram"


class RuleMissing(CaseworkError):
    """A rule pack lacks a parameter that the casework needs."""

    default_key = "error.rule_missing"


class CalendarError(CaseworkError):
    """A holiday notice is incomplete or contradicts itself."""

    default_key = "error.calendar"


class OutsideServiceFailed(CaseworkError):
    """Another system did not answer, refused, or answered nonsense."""

    default_key = "error.outside_service"
