"""What may be done to a case beside its steps, and for which posts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for

from webapp.current import desk, reads
from webapp.phrases import Words, phrase
from webapp.texts import current_language
from workflows.engine.process_facts import OutsideEvent, find_form, process_facts
from workflows.events import Actor
from workflows.models import Case
from workflows.services.deliver import awaits_message

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
    label: Words
    url: str


def offered_actions(case: Case, actor: Actor) -> tuple[CaseAction, ...]:
    """Return what this post may do to the case now."""
    names = [*ACTIONS, *events_of(case)]
    return tuple(
        CaseAction(
            name,
            action_title(name, case),
            url_for("officer.case_action", case_id=case.id, action=name),
        )
        for name in names
        if is_offered(name, case, actor)
    )


def events_of(case: Case) -> Mapping[str, OutsideEvent]:
    """Return what the case's own process declares that people enter from outside its steps."""
    declared = process_facts(desk().bundle(reads(), case.bundle_hash)).events
    return {
        name: event
        for name, event in declared.items()
        if event.label and event.form and name not in ACTIONS
    }


def action_title(name: str, case: Case) -> Words:
    """Return what the page calls it, in the reader's language."""
    if name in ACTIONS:
        return phrase(f"action.{name}")
    label = events_of(case)[name].label
    return label.get(current_language()) or label["zh"]


def form_of_action(name: str, case: Case) -> str:
    """Return the form that is filled in for it, or an empty text for a page of its own."""
    return ACTIONS[name][0] if name in ACTIONS else events_of(case)[name].form


def is_offered(name: str, case: Case, actor: Actor) -> bool:
    """Say whether this post may do it to the case as it stands."""
    if name not in ACTIONS:
        return _is_awaited(events_of(case)[name], case, actor)
    form, roles, when_closed = ACTIONS[name]
    is_drawn = not form or find_form(desk().bundle(reads(), case.bundle_hash), form) is not None
    return is_drawn and actor.role in roles and (case.status == "open" or when_closed)


def _is_awaited(event: OutsideEvent, case: Case, actor: Actor) -> bool:
    if actor.role not in event.by:
        return False
    # Where a command was refused the case is of a session that has ended.
    current = reads().get(Case, case.id) or case
    return awaits_message(reads(), desk(), case=current, name=event.message)
