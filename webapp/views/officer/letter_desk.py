"""The letter a step works on: its sheet, its steps and its paper, live while it is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for

from notifications.letters.kinds import get_kind
from webapp.current import actor, desk, office, reads, today
from webapp.phrases import Words, phrase
from webapp.presenters.dispatch import (
    LETTER_TASKS,
    SheetFacts,
    Signature,
    filled_letter,
    letter_steps,
    paper_of,
    sheet_rows,
)
from webapp.presenters.draft_changes import Line, compare, text_of
from webapp.presenters.letters import Paper, SheetRow, Step
from webapp.texts import current_language, moment
from webapp.views.officer.answers import answers_on_letter, opinion_of, people_of
from webapp.views.officer.door import pages
from webapp.views.officer.page_facts import case_blueprint
from workflows.errors import NotFound
from workflows.models import Answer, Case, Document, Task
from workflows.services.list_documents import find_letter_of_task
from workflows.services.read_case import get_task, list_holders

RED_HEAD = ("letter",)
# Steps whose line on the sheet names who will sign it.
AWAITED = frozenset(
    {"task_draft_letter", "task_check_letter", "task_legal_check_letter", "task_sign_letter"}
)


@dataclass(frozen=True)
class LetterDesk:
    """A letter in work as its page shows it."""

    document: Document
    kind_name: str
    steps: list[Step]
    rows: list[SheetRow]
    paper: Paper
    links: tuple[tuple[Words, str], ...]
    changes: tuple[Line, ...] = ()


def letter_of(task: Task) -> Document | None:
    """Return the letter that a step works on; None for any other step, or before it is begun."""
    is_on_letter = task.element in LETTER_TASKS
    return find_letter_of_task(reads(), desk(), task=task) if is_on_letter else None


def letter_desk(case: Case, task: Task) -> LetterDesk | None:
    """Return the letter that a step works on as its page shows it, or None where there is none."""
    document = letter_of(task)
    if document is None:
        return None
    kind = get_kind(document.kind)
    name = letter_name(document.kind)
    answers = answers_on_letter(document)
    signatures = _signatures(case, answers)
    facts = SheetFacts(
        signatures=signatures,
        awaited=_awaited(case, signatures),
        kind_name=name,
        needs_legal="task_legal_check_letter" in signatures
        or task.element == "task_legal_check_letter",
        organisation=case.receiving_organisation.name,
    )
    page = url_for("officer.document", document_id=document.id)
    pdf = url_for("officer.document_pdf", document_id=document.id)
    return LetterDesk(
        document=document,
        kind_name=name,
        steps=letter_steps(task.element, revision=document.revision),
        rows=sheet_rows(document, facts),
        paper=paper_of(
            document.letter, kind_is_red=kind.form in RED_HEAD, revision=document.revision
        ),
        links=((phrase("letter.page"), page), (phrase("letter.pdf"), pdf)),
        changes=_changes(answers),
    )


def _changes(answers: Sequence[Answer]) -> tuple[Line, ...]:
    """Return what the newest draft changed in the one before; nothing for a first draft."""
    drafts = [answer for answer in answers if answer.form == "draft_letter"]
    if len(drafts) < 2:
        return ()
    before, after = (text_of(answer.content) for answer in drafts[-2:])
    return tuple(compare(before, after))


@pages.post("/tasks/<task_id>/preview")
def preview_letter(task_id: str) -> str:
    """Return the paper with the words as they stand in the form."""
    task, _ = get_task(reads(), task_id=task_id, actor=actor(), office_id=office().id)
    document = letter_of(task)
    if document is None:
        raise NotFound("error.document_not_found")
    kind = get_kind(document.kind)
    body = [line.strip() for line in request.form.get("letter_body", "").splitlines()]
    letter = filled_letter(
        document.letter,
        title=request.form.get("letter_title") or None,
        body=[line for line in body if line] or None,
    )
    paper = paper_of(letter, kind_is_red=kind.form in RED_HEAD, revision=document.revision)
    return render_template("officer/paper_fragment.html", paper=paper)


def letter_name(kind: str) -> str:
    """Return what kind of letter it is, in the reader's language."""
    found = get_kind(kind)
    return found.english_name if current_language() == "en" else found.name


def _signatures(case: Case, answers: Sequence[Answer]) -> dict[str, Signature]:
    """Return what stands on the sheet: the newest word of each step."""
    people = people_of(answers)
    found: dict[str, Signature] = {}
    for answer in answers:
        said = opinion_of(case, answer, people=people, role="")
        found[answer.element] = Signature(
            person=said.who,
            outcome=said.outcome or phrase("letter.sheet.done"),
            at_words=moment(said.at),
            remark=said.text,
        )
    return found


def _awaited(case: Case, signatures: Mapping[str, Any]) -> dict[str, Words]:
    found: dict[str, Words] = {}
    elements = case_blueprint(case).elements
    for element in AWAITED - signatures.keys():
        role = elements[element].role or ""
        people = list_holders(
            reads(),
            office_id=case.office_id,
            role=role,
            on=today(),
            organisation_id=case.receiving_organisation_id,
        )
        names = "、".join(person.name for person in people[:2])
        found[element] = names or phrase(f"role.{role}")
    return found
