"""Every message the product sends and the facts it needs, so that none is half told.

A message has three texts in each language: the line shown inside the product, and subject and body
of the mail. Facts hold no personal data: a case number is told, a person's name never is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from workflows.errors import NotFound, RuleMissing

TEXTS = Path(__file__).resolve().parent / "texts"
LANGUAGES = ("zh", "en")
PARTS = ("notice", "subject", "body")


@dataclass(frozen=True)
class MessageKind:
    """A message, whom it is for and the facts it cannot do without."""

    kind: str
    reader: str  # officer | department | subject | querier
    facts: tuple[str, ...] = ()


_OFFICER = (
    MessageKind("task_assigned", "officer", ("case_number", "step")),
    MessageKind("task_reassigned", "officer", ("case_number", "step")),
    MessageKind("reminder", "officer", ("case_number", "matter")),
    MessageKind("subject_reminds", "officer", ("case_number",)),
    MessageKind("due_today", "officer", ("case_number", "matter", "due_on")),
    MessageKind("overdue", "officer", ("case_number", "matter", "due_on")),
    MessageKind("department_silent", "officer", ("case_number", "department")),
    MessageKind("supervision_drafted", "officer", ("case_number", "matter", "department")),
    MessageKind("report_acknowledged", "officer", ("case_number", "receipt")),
    MessageKind("report_rejected", "officer", ("case_number", "reason")),
    MessageKind("incident", "officer", ("case_number", "number", "operation")),
    MessageKind("date_moved", "officer", ("case_number", "matter", "why")),
    MessageKind("base_revoked", "officer", ("case_number", "due_on")),
    MessageKind("finding_shared", "officer", ("case_number", "other_number")),
    MessageKind("supplement_received", "officer", ("case_number",)),
    MessageKind("subject_reminds", "officer", ("case_number",)),
    MessageKind("notice_loaded", "officer", ("year", "document", "count")),
)
_DEPARTMENT = (
    MessageKind("supervision_received", "department", ("case_number", "number", "title")),
    MessageKind("verification_requested", "department", ("case_number",)),
    MessageKind("lifting_requested", "department", ("case_number",)),
    MessageKind("letter_to_body", "department", ("case_number", "title")),
    MessageKind("correction_told", "querier", ("case_number",)),
    MessageKind("repair_told", "querier", ("case_number", "record")),
)
_SUBJECT = (
    MessageKind("filing_received", "subject", ("case_number", "received_on")),
    MessageKind("supplement_asked", "subject", ("case_number",)),
    MessageKind("accepted", "subject", ("case_number",)),
    MessageKind("transferred", "subject", ("case_number", "to")),
    MessageKind("progress_told", "subject", ("case_number",)),
    MessageKind("letter_served", "subject", ("case_number", "title", "served_on")),
    MessageKind("withdrawal_confirmed", "subject", ("case_number",)),
    MessageKind("withdrawal_refused", "subject", ("case_number",)),
    MessageKind("sanction_lifted", "subject", ("case_number", "department", "lifted_on")),
    MessageKind("case_closed", "subject", ("case_number",)),
)
MESSAGES: Mapping[str, MessageKind] = {
    each.kind: each for each in (*_OFFICER, *_DEPARTMENT, *_SUBJECT)
}


def get_message(kind: str) -> MessageKind:
    """Return a registered message. Raises NotFound."""
    if kind not in MESSAGES:
        raise NotFound("error.message_kind_unknown", kind=kind)
    return MESSAGES[kind]


def check_facts(*, kind: str, facts: Mapping[str, Any]) -> None:
    """Refuse a message that lacks a fact, before it is put into the outbox. Raises RuleMissing."""
    for name in get_message(kind).facts:
        if not is_known(facts.get(name)):
            raise RuleMissing("error.message_fact_missing", kind=kind, fact=name)


def is_known(value: object) -> bool:
    """Say whether a fact is told: nothing and an empty text are not."""
    return value is not None and value != ""


def template(*, kind: str, part: str, language: str) -> str:
    """Return the template of one part of a message."""
    get_message(kind)
    text: str = _texts(language)["messages"][kind][part]
    return text


def footer(language: str) -> str:
    """Return the template of the line under every mail."""
    text: str = _texts(language)["footer"]
    return text


def days_template(*, state: str, language: str) -> str:
    """Return how days left, due today or days late are said: never as nought days."""
    text: str = _texts(language)["days"][state]
    return text


@lru_cache(maxsize=len(LANGUAGES))
def _texts(language: str) -> Mapping[str, Any]:
    if language not in LANGUAGES:
        raise NotFound("error.language_unknown", language=language)
    texts: Mapping[str, Any] = json.loads((TEXTS / f"{language}.json").read_text(encoding="utf-8"))
    return texts
