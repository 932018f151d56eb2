"""Gather what letters may name about an office and a case; only confirmed terms may print."""

from __future__ import annotations

import json
from datetime import date
from functools import lru_cache
from typing import Any

from handlers.words import case_word
from notifications.letters.compose.facts import (
    CaseFacts,
    Office,
    PrintableTerm,
    printable_term,
)
from notifications.letters.kinds import SHIPPED
from workflows.rules.packs import Parameter
from workflows.services.consult_file import newest_answer
from workflows.services.desk import OperationContext
from workflows.services.read_office import find_contact
from workflows.services.run_clock import parameter_for


def office_facts(context: OperationContext) -> Office:
    """Return who writes: the body that received the objection, never one of its sections."""
    settings = context.desk.office(context.session, context.case.office_id).settings
    return Office(
        name=context.case.receiving_organisation.name,
        joint_conference_office=str(
            settings.get("joint_conference_office") or _conference_office(context)
        ),
        contact=_contact_line(context),
        look_up_at=str(settings.get("look_up_at") or case_word("look_up")),
        verify_at=str(settings.get("verify_at", "")),
    )


def _contact_line(context: OperationContext) -> str:
    """Return whom to ring about a letter, as its last line says it (GB/T 9704 附注)."""
    found = find_contact(context.desk.office(context.session, context.case.office_id))
    if found is None:
        return ""
    return case_word("contact", desk=found.desk, phone=found.phone, address=found.address)


def case_facts(context: OperationContext) -> CaseFacts:
    """Return what every letter of the case may name; natural persons stand with masked names."""
    case = context.case
    return CaseFacts(
        number=case.number,
        subject=case.subject.name,
        subject_kind=case.subject.kind,
        received_on=case.received_on,
        record=case.record.title if case.record else case.title,
        record_number=case.record.number if case.record else "",
    )


def parameter(context: OperationContext, key: str) -> Parameter:
    """Return the rule that binds this case. Raises RuleMissing when the pack has none."""
    return parameter_for(context.work, context.desk, case=context.case, key=key)


def find_parameter(context: OperationContext, key: str) -> Parameter | None:
    """Return the rule that binds this case, or None."""
    return context.desk.rules(context.session, context.case.office_id).find(
        key,
        division=context.case.division_code,
        on=context.case.received_on,
        subject_kind=context.case.subject.kind,
    )


def find_term(context: OperationContext, key: str) -> PrintableTerm | None:
    """Return the term for a letter, or None while the legal reviewer has not confirmed it (E)."""
    rule = find_parameter(context, key)
    return printable_term(rule) if rule is not None and rule.confirmed else None


def answer_of(context: OperationContext, form: str, *, item: str | None = None) -> dict[str, Any]:
    """Return what was entered last in a form of this case, or an empty mapping."""
    answer = newest_answer(context.work, case_id=context.case_id, form=form, item=item)
    return dict(answer.content) if answer else {}


def text_of(content: dict[str, Any], *names: str) -> str:
    """Return the first of these fields that holds text."""
    for name in names:
        value = content.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""


def day_of(content: dict[str, Any], *names: str) -> date | None:
    """Return the first of these fields that holds a date."""
    text = text_of(content, *names)
    return date.fromisoformat(text[:10]) if text else None


def files_of(content: dict[str, Any], name: str) -> list[str]:
    """Return the ids of the files in a field, whether it takes one file or several."""
    value = content.get(name) or []
    return [value] if isinstance(value, str) else [str(each) for each in value]


@lru_cache(maxsize=1)
def _conference_offices() -> dict[str, str]:
    """Return who chairs the joint conference, by the beginning of a division's code."""
    table = json.loads((SHIPPED / "remedies.json").read_text(encoding="utf-8"))
    names: dict[str, str] = table["fill"]["joint_conference_office"]
    return names


def _conference_office(context: OperationContext) -> str:
    names = _conference_offices()
    division = context.desk.office(context.session, context.case.office_id).division_code
    fitting = [prefix for prefix in names if division.startswith(prefix)]
    return names[max(fitting, key=len)] if fitting else ""
