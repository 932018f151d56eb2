"""What a step is about: the facts its form speaks of, and what others have said before it."""

from __future__ import annotations

from collections.abc import Mapping

from flask import url_for

from webapp.current import reads
from webapp.phrases import Phrase, Words, phrase
from webapp.presenters.branches import branch_name
from webapp.presenters.cases import Fact
from webapp.views.officer.answers import FILING, Opinion, answer_facts, opinion_of, people_of
from webapp.views.officer.page_facts import kept_words
from workflows.engine.blueprint import Blueprint
from workflows.models import Answer, Case, Task
from workflows.services.list_documents import find_notice
from workflows.services.open_case import OBJECTION
from workflows.services.read_case import list_answers
from workflows.services.read_record import list_sanctions
from workflows.services.rectification_ledger import find_item

# What was entered before that this step answers to.
ANSWERS_TO: Mapping[str, tuple[str, ...]] = {
    "task_formal_check": (FILING,),
    "task_review_supplement": ("supplement_portal",),
    "task_approve_rejection": ("formal_check",),
    "task_confirm_withdrawal": ("withdrawal_portal",),
    "task_approve_base_change": ("base_revoked",),
    "task_repair_report": ("report_answer",),
    "task_correct_record": ("propose_finding",),
    "task_correct_stored_record": ("propose_finding",),
    "task_approve_finding": ("propose_finding",),
    "task_review_finding": ("propose_finding",),
    "task_legal_review": ("propose_finding",),
    "task_check_complaint": (FILING,),
    "task_conclude_complaint": ("verify_complaint",),
    "task_approve_complaint": ("conclude_complaint",),
    "task_review_complaint": ("review_request",),
    "task_propose_reward": ("conclude_complaint",),
    "task_approve_reward": ("propose_reward",),
    "task_record_collection": ("propose_reward",),
    "task_register_matter": (FILING,),
    "task_approve_no_default": ("register_matter",),
    "task_legal_tolerance": ("propose_tolerance",),
    "task_approve_tolerance": ("propose_tolerance",),
    "task_review_plan": ("explain",),
    "task_verify_item": ("report_item",),
    "task_legal_escalation": ("propose_escalation",),
    "task_confirm_escalation": ("propose_escalation",),
    "task_sign_referral": ("draft_referral",),
    "task_opine_extension": ("extension_request",),
    "task_approve_extension": ("opine_extension", "extension_request"),
    "task_approve_ground_gone": ("ground_gone",),
    "task_approve_publication": ("conclude_rectification",),
}
# Steps whose answers are opinions on the finding, in the order they are heard.
OPINION_FORMS = (
    "self_check",
    "verify",
    "propose_finding",
    "review_finding",
    "legal_review",
    "approve_finding",
)
LETTER_OPINIONS = ("draft_letter", "check_letter", "legal_check_letter", "sign_letter")
SHORTENED = ("identity_checked", "authority_checked")


def matter_facts(case: Case, task: Task) -> list[Fact]:
    """Return what the step is about, from the general to the particular."""
    whose = "matter.subject" if case.kind == OBJECTION else "fact.subject"
    facts = [Fact(phrase(whose), case.subject.name)]
    if case.record is not None:
        facts += [
            Fact(
                phrase("matter.record"),
                phrase("record.choice", number=case.record.number, title=case.record.title),
                url=url_for("officer.case_tab", case_id=case.id, tab="overview"),
            ),
            Fact(phrase("matter.base_document"), case.record.base_document),
        ]
    facts += _doubts(case, task)
    facts += _request_letter(case, task)
    facts += _sanction(case, task)
    facts += _ledger_item(case, task)
    facts += _answered(case, task)
    return facts


def opinions(case: Case, *, diagrams: Blueprint, forms: tuple[str, ...]) -> list[Opinion]:
    """Return what was said so far in these forms, newest first."""
    answers = list_answers(reads(), case_id=case.id, forms=forms)
    people = people_of(answers)
    return [
        opinion_of(case, answer, people=people, role=role_of(answer, diagrams))
        for answer in reversed(answers)
    ]


def role_of(answer: Answer, diagrams: Blueprint) -> str:
    """Return the role of the step that an answer was given in."""
    element = diagrams.elements.get(answer.element)
    return element.role or "" if element is not None else ""


def doubt_words(case: Case) -> list[Words]:
    """Return what is doubtful about a filing; none of it has refused it (E, "Intake")."""
    return [kept_words(str(doubt), family="doubt") for doubt in case.flags.get("doubts", [])]


def _doubts(case: Case, task: Task) -> list[Fact]:
    if task.element != "task_formal_check":
        return []
    return [Fact(phrase("matter.doubt"), words) for words in doubt_words(case)]


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


def _answered(case: Case, task: Task) -> list[Fact]:
    forms = ANSWERS_TO.get(task.element, ())
    if not forms:
        return []
    answers = [
        answer
        for answer in list_answers(reads(), case_id=case.id)
        if any(answer.form.startswith(form) for form in forms) and answer.item in (None, task.item)
    ]
    if not answers:
        return []
    newest = answers[-1]
    facts = answer_facts(case, form=newest.form, content=newest.content)
    return [fact for fact in facts if not _is_declaration(fact)]


def _is_declaration(fact: Fact) -> bool:
    """A declaration binds who made it; it says nothing about the matter."""
    return isinstance(fact.value, Phrase) and fact.value.key == "answer.ticked"
