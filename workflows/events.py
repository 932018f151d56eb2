"""Values that services share: who acts, what was ordered, and what happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple


@dataclass(frozen=True)
class Actor:
    """Who acts: a person in a post, a subject at the portal, another system, or the system."""

    kind: str  # person | subject | outside | system
    person_id: str | None = None
    post_id: str | None = None
    role: str = ""
    organisation_id: str | None = None
    origin: str = ""
    on_behalf_of: str = ""


SYSTEM = Actor(kind="system", origin="system")


@dataclass(frozen=True)
class Command:
    """An order to write: repeating the same id gives the same answer and no second effect.

    ``now`` is the business clock's instant, aware UTC. ``case_id`` is None for office commands.
    """

    id: str
    name: str
    actor: Actor
    now: datetime
    office_id: str
    case_id: str | None = None
    reason: str = ""


class Fact(NamedTuple):
    """Something that happened in a case, for its timeline and for whoever reads events.

    ``facts`` fill the text ``event.<kind>``; they never hold personal data.
    """

    kind: str
    facts: Mapping[str, Any] = {}
    is_public: bool = False
