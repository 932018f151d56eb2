"""What a step is about: the facts its form speaks of, and what others have said before it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for

from webapp.current import reads
from webapp.phrases import Phrase, Words, phrase
from webapp.presenters.branches import branch_name
from webapp.presenters.cases import Fact
from webapp.presenters.dispatch import LETTER_TASKS
from webapp.views.officer.answers import FILING, Opinion, answer_facts, opinion_of, people_of
from webapp.views.officer.page_facts import kept_words
from workflows.engine.blueprint import Blueprint
from workflows.models import Answer, Case, Task
from workflows.services.list_documents import find_notice
from workflows.services.read_case import list_answers
from workflows.services.read_record import list_sanctions
from workflows.services.rectification_ledger import find_item


def matter_facts(case: Case, task: Task, *, answers_to: Sequence[str]) -> list[Fact]:
    """Return what the step is about, from the general to the particular.

    ``answers_to`` names the forms whose newest answers the step speaks of, as the diagram says.
    """
    facts = [Fact(phrase("fact.subject"), case.subject.name)]
    if case.record is not None:
        facts += [
            Fact(
                phrase("matter.record"),
                phrase("record.choice", number=case.record.number, title=case.record.title),
                url=url_for("officer.case_tab", case_id=case.id, tab="overview"),
            ),
            Fact(phrase("matter.base_document"), case.record.base_document),
        ]
    facts += _request_letter(case, task)
    facts += _sanction(case, task)
    facts += _ledger_item(case, task)
    facts += _answered(case, task, answers_to)
    return facts


def answers_on_matter(case: Case) -> list[Answer]:
    """Return what was entered at the case's steps, those of its letters left out, oldest first."""
    return [
        answer
        for answer in list_answers(reads(), case_id=case.id)
        if answer.element and answer.element not in LETTER_TASKS
    ]


def opinions(case: Case, answers: Sequence[Answer], *, diagrams: Blueprint) -> list[Opinion]:
    """Return what was decided in these answers, newest first."""
    people = people_of(answers)
    found = (
        opinion_of(case, answer, people=people, role=role_of(answer, diagrams))
        for answer in reversed(answers)
    )
    return [each for each in found if each.outcome]


def role_of(answer: Answer, diagrams: Blueprint) -> str:
    """Return the role of the step that an answer was given in."""
    element = diagrams.elements.get(answer.element)
    return element.role or "" if element is not None else ""


def doubt_words(case: Case) -> list[Words]:
    """Return what is doubtful about a filing; none of it has refused it (E, "Intake")."""
    return [kept_words(str(doubt), family="doubt") for doubt in case.flags.get("doubts", [])]


def _request_letter(case: Case, task: Task) -> list[Fact]:
    if task.form != "verify":
        return []
    letter = find_notice(reads(), case_id=case.id, kind="verification_request", item=task.item)
    if letter is None:
        return []
    number = letter.number or letter.title
    return [
        Fact(
            phrase("matter.request"), number, url=url_for("officer.document", document_id=letter.id)
        )
    ]


def _sanction(case: Case, task: Task) -> list[Fact]:
    if task.form != "confirm_lifting" or case.record_id is None:
        return []
    for sanction in list_sanctions(reads(), record_id=case.record_id):
        if sanction.id == task.item:
            return [
                Fact(phrase("matter.measure"), sanction.measure, note=sanction.legal_basis),
                Fact(phrase("matter.imposed_on"), phrase("answer.day", on=sanction.imposed_on)),
            ]
    return []


def _ledger_item(case: Case, task: Task) -> list[Fact]:
    """Return what is to be rectified, by which standard, and where the ledger has it (R59)."""
    row = find_item(case, task.item)
    if row is None:
        measure = branch_name(task.item)
        return [Fact(phrase("matter.measure_of"), measure)] if measure else []
    return [
        Fact(phrase("matter.item"), str(row["item"])),
        Fact(phrase("matter.standard"), str(row["standard"])),
        Fact(phrase("matter.item.state"), phrase(f"ledger.state.{row['state']}")),
    ]


def _answered(case: Case, task: Task, answers_to: Sequence[str]) -> list[Fact]:
    answers = list_answers(reads(), case_id=case.id) if answers_to else []
    facts: list[Fact] = []
    for form in answers_to:
        newest = next((each for each in reversed(answers) if _speaks_of(each, form, task)), None)
        if newest is not None:
            facts += answer_facts(case, form=newest.form, content=newest.content)
    return [fact for fact in facts if not _is_declaration(fact)]


def _speaks_of(answer: Answer, form: str, task: Task) -> bool:
    entered_here = answer.form == form or (form == FILING and answer.form.startswith(FILING))
    return entered_here and answer.item in (None, task.item)


def _is_declaration(fact: Fact) -> bool:
    """A declaration binds who made it; it says nothing about the matter."""
    return isinstance(fact.value, Phrase) and fact.value.key == "answer.ticked"
