"""What people entered, shown again with the questions' own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import url_for

from webapp.current import actor, desk, holder, office, reads
from webapp.forms.definition import Field, FormDefinition
from webapp.phrases import Words, phrase
from webapp.presenters.cases import Fact
from webapp.presenters.dispatch import LETTER_TASKS
from webapp.texts import say
from webapp.views.officer.declared_forms import choices_for, form_of_case
from webapp.views.officer.page_facts import kept_words
from workflows.engine.process_facts import process_facts
from workflows.errors import NotFound
from workflows.models import Answer, Case, Document, Task
from workflows.services.list_documents import list_files
from workflows.services.read_case import list_answers, list_people
from workflows.services.read_party import may_see_personal_data
from workflows.services.seal_answers import open_answers

FILING = "filing_"
SHORT_KEYS = ("return_reason", "opinion", "reasons", "facts", "remark", "approval_words")


@dataclass(frozen=True)
class Opinion:
    """What somebody said at a step: the outcome and the reason, with who and when."""

    who: str
    role: Words
    outcome: Words
    text: str
    at: datetime


def answers_on_letter(letter: Document) -> list[Answer]:
    """Return what was entered at a letter's steps, oldest first.

    A case writes several letters one after the other: this one's words came after it was begun.
    """
    return [
        answer
        for answer in list_answers(reads(), case_id=letter.case_id)
        if answer.element in LETTER_TASKS
        and answer.item == letter.item
        and answer.answered_at >= letter.drafted_at
    ]


def find_form(case: Case, answer_form: str) -> FormDefinition | None:
    """Return the definition of an answer's form, or None where none is declared."""
    name = answer_form
    if answer_form.startswith(FILING):
        bundle = desk().bundle(reads(), case.bundle_hash)
        name = process_facts(bundle).filing_form(answer_form.removeprefix(FILING))
    try:
        return form_of_case(case, name)
    except NotFound:
        return None


def answer_facts(
    case: Case, *, form: str, content: Mapping[str, Any], task: Task | None = None
) -> list[Fact]:
    """Return every answer with its question; personal data only for posts that need it."""
    definition = find_form(case, form)
    if definition is None:
        return _bare_facts(content)
    opened = _opened(case, content)
    facts: list[Fact] = []
    for question in definition.fields:
        value = content.get(question.key)
        if question.is_protected:
            value = opened.get(question.key, value)
        if value in (None, "", [], False):
            continue
        facts += _facts(case, question, value, task)
    return facts


def opinion_of(case: Case, answer: Answer, *, people: Mapping[str, str], role: str) -> Opinion:
    """Return an answer as an opinion in one line; its outcome is empty where none was chosen."""
    definition = find_form(case, answer.form)
    outcome = _outcome(definition, answer.content) if definition is not None else ""
    text = next((str(answer.content[key]) for key in SHORT_KEYS if answer.content.get(key)), "")
    return Opinion(
        who=people.get(answer.person_id or "", ""),
        role=phrase(f"role.{role}") if role else "",
        outcome=outcome,
        text=text,
        at=answer.answered_at,
    )


def people_of(answers: Sequence[Answer]) -> dict[str, str]:
    """Return the names of those who entered the answers."""
    return list_people(reads(), ids=[answer.person_id for answer in answers])


def _outcome(definition: FormDefinition, content: Mapping[str, Any]) -> str:
    for question in definition.fields:
        is_verdict = question.kind == "radio" and (
            question.variable or question.key == "conclusion"
        )
        if is_verdict and content.get(question.key):
            return _label(question, str(content[question.key]))
    return ""


def _opened(case: Case, content: Mapping[str, Any]) -> dict[str, str]:
    if not content.get("sealed") or not may_see_personal_data(actor()):
        return {}
    return open_answers(reads(), desk(), case_id=case.id, content=content)


def _facts(case: Case, question: Field, value: Any, task: Task | None) -> list[Fact]:
    label = question.label
    if question.kind == "filepicker":
        return _files(label, value, case)
    if question.kind == "checkbox":
        return [Fact(label, phrase("answer.ticked"))]
    if question.kind in ("radio", "select", "checklist"):
        values = value if isinstance(value, list) else [value]
        labels = [_label(question, str(each), case=case, task=task) for each in values]
        return [Fact(label, "、".join(labels))]
    if question.kind == "date":
        return [Fact(label, phrase("answer.day", on=_day(value)))]
    return [Fact(label, str(value), is_code="uscc" in question.checks)]


def _label(
    question: Field, value: str, *, case: Case | None = None, task: Task | None = None
) -> str:
    choices = question.choices
    if question.source and case is not None:
        choices = tuple(choices_for(question.source, case=case, task=task))
    return next((choice.label for choice in choices if choice.value == value), value)


def _files(label: str, value: Any, case: Case) -> list[Fact]:
    tokens = [str(each) for each in (value if isinstance(value, list) else [value])]
    rows = list_files(
        reads(), tokens=tokens, office_id=office().id, holder=holder(), case_id=case.id
    )
    return [Fact(label, row.name, url=url_for("officer.file", file_id=row.id)) for row in rows]


def _bare_facts(content: Mapping[str, Any]) -> list[Fact]:
    """Return what was entered in a form that is not declared beside the diagram."""
    found: list[Fact] = []
    for key, value in content.items():
        words = kept_words(f"{key}", family="answer.key")
        if value in (None, "", []) or isinstance(value, dict | bool):
            continue
        found.append(Fact(words, say(kept_words(str(value)))))
    return found


def _day(value: Any) -> date | str:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return str(value)
