"""What may be done to a case beside its steps, and for which posts."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from webapp.phrases import Phrase, phrase
from workflows.events import Actor
from workflows.models import Case

# Action -> (form declared beside the diagram, or "" for one of the page's own; posts; still allowed
# once the case is closed).
ACTIONS: dict[str, tuple[str, frozenset[str], bool]] = {
    "supplement": ("supplement_portal", frozenset({"window_clerk"}), False),
    "withdrawal": ("withdrawal_portal", frozenset({"window_clerk"}), False),
    "receipt_date": ("", frozenset({"window_clerk", "handler"}), False),
    "base_change": ("base_revoked", frozenset({"handler", "legal_reviewer"}), False),
    "party": ("party_change", frozenset({"handler", "window_clerk"}), False),
    "litigation": ("litigation_note", frozenset({"handler", "legal_reviewer"}), True),
    "report_receipt": ("record_receipt_by_hand", frozenset({"platform_operator"}), False),
}


@dataclass(frozen=True)
class CaseAction:
    """One thing that may be done to the case, as a link."""

    name: str
    label: Phrase
    url: str


def offered_actions(case: Case, actor: Actor) -> tuple[CaseAction, ...]:
    """Return what this post may do to the case now."""
    return tuple(
        CaseAction(
            name,
            phrase(f"action.{name}"),
            url_for("officer.case_action", case_id=case.id, action=name),
        )
        for name in ACTIONS
        if is_offered(name, case, actor)
    )


def is_offered(name: str, case: Case, actor: Actor) -> bool:
    """Say whether this post may do it to the case as it stands."""
    _, roles, when_closed = ACTIONS[name]
    return actor.role in roles and (case.status == "open" or when_closed)
