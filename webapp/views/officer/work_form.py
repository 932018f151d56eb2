"""The form of one task: drawn with its draft, checked, and told what happens after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import url_for

from webapp.current import actor, calendar, desk, holder, note_read, office, reads, today
from webapp.forms.definition import Field, FormDefinition, Passage
from webapp.forms.rendering import Errors, FormFrame, FormLink, FormView, form_view
from webapp.phrases import Words, phrase
from webapp.presenters.dispatch import LETTER_TASKS
from webapp.views.officer.answers import FILING
from webapp.views.officer.declared_forms import (
    form_context,
    form_of_case,
    new_command_id,
    upload_frame,
)
from workflows.clock.terms import Term, Unit, deadline
from workflows.engine.next_posts import next_posts
from workflows.errors import CaseworkError
from workflows.models import Case, Task
from workflows.services.keep_drafts import find_draft, read_draft
from workflows.services.list_documents import find_letter_of_task
from workflows.services.read_case import list_answers, list_clocks, list_holders, list_parties
from workflows.services.read_party import may_see_personal_data, open_party

# More posts than these say nothing of whose turn it is.
MOST_NEXT = 2
MOST_NAMES = 3
LONGEST_LEAD = 25
LETTER_ROWS = 14
# What another case said when this one followed from it.
FROM_CASE = f"{FILING}from_case"
# Days that are today unless somebody says otherwise.
DONE_TODAY = ("dispatched_on", "sealed_on", "corrected_on")


@dataclass(frozen=True)
class FormState:
    """What a form shows besides its questions: what was sent, and what is wrong with it."""

    values: Mapping[str, Any] | None = None
    errors: Errors | None = None
    doubts: Errors | None = None
    is_kept: bool = False
    command_id: str = ""


def task_definition(case: Case, task: Task) -> FormDefinition:
    """Return the form of a task as the case's own definition declares it."""
    return form_of_case(case, task.form)


def task_form(
    case: Case, task: Task, *, state: FormState, definition: FormDefinition | None = None
) -> FormView:
    """Return the task's form: what was just sent, else the draft, else what is known already."""
    declared = definition or task_definition(case, task)
    shown, declared_effect = split_effect(declared)
    values, saved_at = state.values, None
    if values is None:
        values, saved_at = draft_of(task)
    if values is None:
        values = first_values(case, task, shown)
    shown = with_long_field(shown, "letter_body")
    frame = FormFrame(
        action=url_for("officer.complete", task_id=task.id),
        command_id=state.command_id or new_command_id(),
        submit=declared.submit or phrase("form.submit"),
        effect=effect_words(case, task, declared_effect),
        draft_url=url_for("officer.save_task_draft", task_id=task.id),
        draft_state=phrase("form.draft.saved", at=saved_at) if saved_at else "",
        upload=upload_frame(),
        link=_release_link(task),
        is_kept=state.is_kept,
    )
    return form_view(
        shown,
        frame=frame,
        context=form_context(shown, answers=values, case=case, task=task),
        values=values,
        errors=state.errors,
        doubts=state.doubts,
    )


def draft_of(task: Task) -> tuple[Mapping[str, Any] | None, Any]:
    """Return what this person had entered, and when it was kept."""
    draft = find_draft(reads(), holder=holder(), place=f"task:{task.id}")
    if draft is None:
        return None, None
    return read_draft(reads(), desk(), draft=draft), draft.saved_at


def first_values(case: Case, task: Task, definition: FormDefinition) -> dict[str, Any]:
    """Return what is known before anything is entered; a declaration is never ticked ahead."""
    values = {question.key: question.default for question in definition.fields}
    known = {
        **_known_of_case(case),
        **dict.fromkeys(DONE_TODAY, today()),
        "approval_medium": "in_system",
        "answered_by": "in_system" if actor().role == task.role else "paper",
    }
    if task.element in LETTER_TASKS:
        known |= _known_of_letter(task)
    if FILING in desk().blueprint(reads(), case).element(task.element).answers_to:
        known |= _known_of_origin(case)
    if "postal_address" in values:
        known["postal_address"] = _postal_address(case)
    return {**values, **{key: value for key, value in known.items() if key in values}}


def _known_of_origin(case: Case) -> dict[str, Any]:
    """Return what the case from which this one followed has established already (C4 S5)."""
    said = list_answers(reads(), case_id=case.id, forms=(FROM_CASE,))
    return {key: value for key, value in said[-1].content.items() if value} if said else {}


def _known_of_case(case: Case) -> dict[str, Any]:
    """Return what the case says; an organ's seal bears the organ's own name (E)."""
    known: dict[str, Any] = {"seal_name": case.receiving_organisation.name}
    if case.record is not None:
        known |= {"record_id": case.record_id, "ask_departments": [case.record.recogniser_id]}
    return known


def split_effect(definition: FormDefinition) -> tuple[FormDefinition, str]:
    """Return the form without its closing words on what follows, and those words."""
    if not definition.items or not isinstance(definition.items[-1], Passage):
        return definition, ""
    text = definition.items[-1].text
    for colon in ("：", ": "):
        head, found, rest = text.partition(colon)
        if found and len(head) <= LONGEST_LEAD:
            return replace(definition, items=definition.items[:-1]), rest.strip()
    return definition, ""


def without_fields(definition: FormDefinition, *keys: str) -> FormDefinition:
    """Return the form without these questions on the page; they still count when it is checked."""
    kept = tuple(
        item for item in definition.items if not (isinstance(item, Field) and item.key in keys)
    )
    return replace(definition, items=kept)


def with_long_field(definition: FormDefinition, key: str) -> FormDefinition:
    """Return the form with room for a whole letter in that question."""
    items = tuple(
        replace(item, rows=LETTER_ROWS) if isinstance(item, Field) and item.key == key else item
        for item in definition.items
    )
    return replace(definition, items=items)


def effect_words(case: Case, task: Task, declared: str) -> Words:
    """Return who gets it next and what does not move."""
    parts: list[Words] = [declared] if declared else []
    posts = next_posts(desk().blueprint(reads(), case), task.element)
    if 0 < len(posts) <= MOST_NEXT:
        parts.append(phrase("effect.next", who=_one_of([_holders(case, post) for post in posts])))
    if task.element == "task_approve_finding":
        report_due = _report_due(case)
        if report_due is not None:
            parts.append(phrase("effect.report_due", on=report_due))
    reply = next(
        (row for row in list_clocks(reads(), case_id=case.id) if row.name == "reply"), None
    )
    if reply is not None and reply.status == "running" and reply.due_on is not None:
        parts.append(phrase("effect.reply_stays", on=reply.due_on))
    return _joined(parts)


def _holders(case: Case, post: str) -> Words:
    """Return a post, and who holds it where it is known which body's it is."""
    people = (
        list_holders(
            reads(),
            office_id=office().id,
            role=post,
            on=today(),
            organisation_id=case.receiving_organisation_id,
        )
        if post != "department_officer"
        else []
    )
    words = phrase(f"role.{post}")
    names = "、".join(person.name for person in people[:MOST_NAMES])
    return phrase("effect.next.who", post=words, names=names) if names else words


def _one_of(words: list[Words]) -> Words:
    first, *rest = words
    return phrase("effect.next.or", first=first, second=_one_of(rest)) if rest else first


def _joined(parts: list[Words]) -> Words:
    if not parts:
        return ""
    first, *rest = parts
    return phrase("effect.joined", first=first, rest=_joined(rest)) if rest else first


def _release_link(task: Task) -> FormLink | None:
    return (
        FormLink(phrase("work.to_case"), url_for("officer.case", case_id=task.case_id))
        if task.case_id
        else None
    )


def _report_due(case: Case) -> date | None:
    """Return when the province would have to be told if the finding were approved today (R4)."""
    try:
        rule = (
            desk()
            .rules(reads(), case.office_id)
            .get(
                "obj.report.limit",
                division=case.division_code,
                on=case.received_on,
                subject_kind=case.subject.kind,
            )
        )
    except CaseworkError:
        return None
    term = Term(amount=int(rule.value), unit=Unit(str(rule.unit)))
    return deadline(start_on=today(), term=term, calendar=calendar()).due_on


def _postal_address(case: Case) -> str:
    """Return where the present party wants its post, for the posts that may know."""
    parties = [row for row in list_parties(reads(), case_id=case.id) if row.valid_to is None]
    if not parties or not may_see_personal_data(actor()):
        return ""
    party = open_party(reads(), desk(), case=case, party_id=parties[0].id, actor=actor())
    note_read("party:postal_address", case_id=case.id)
    return party.postal_address


def _known_of_letter(task: Task) -> dict[str, Any]:
    """Return the letter as composed from the case, for the drafter to work on."""
    letter = find_letter_of_task(reads(), desk(), task=task)
    if letter is None:
        return {}
    content = letter.letter
    return {
        "letter_title": content.get("title", ""),
        "main_recipient": content.get("addressee", ""),
        "letter_body": "\n".join(str(text) for text in content.get("paragraphs", [])),
        "letter_number": letter.number,
    }
