"""Open the dispatch sheet of a letter: its first draft, composed from the file (R2, N25)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from handlers.case_facts import answer_of, case_facts, office_facts, text_of
from handlers.grounds import is_credit_reporting
from handlers.letter_facts import letter_facts
from handlers.marks import operation
from handlers.remedies import find_remedies
from handlers.self_composed import compose_self
from handlers.sending import addressed_as, find_letter, keep_draft
from handlers.words import case_word
from notifications.letters.compose.non_acceptance import compose_non_acceptance
from notifications.letters.compose.reply import ReplyItem, compose_reply
from notifications.letters.kinds import LetterKind, get_kind, shipped_kinds
from notifications.letters.letter import LetterData, Remedies
from workflows.errors import InvalidAnswer
from workflows.lint.declared import KEPT
from workflows.services.desk import OperationContext

ADDRESSEE = "addressee"
# Stands in while composing; no letter is numbered with it (E, "Remedies").
UNSIGNED = Remedies(row="", paragraphs=(), signed_by="", signed_on=date(2000, 1, 1))


@operation(
    "open_letter",
    needs=["letter_kind"],
    reads=["finding", "disagree"],
    sets={"letter_kind": KEPT, "letter_needs_legal": [True, False]},
)
def open_letter(context: OperationContext) -> Mapping[str, Any]:
    """Compose the draft of the reply or the notice, and say whether it needs legal review."""
    kind = letter_kind(context)
    if find_letter(context, kind) is None:
        keep_draft(context, _compose(context, kind))
    finding = str(context.variables.get("finding") or "")
    needs_legal = (
        kind == "non_acceptance"
        or get_kind(kind).legal_review
        or finding == "revoke"
        or bool(context.variables.get("disagree"))
    )
    return {"letter_kind": kind, "letter_needs_legal": needs_legal}


def letter_kind(context: OperationContext) -> str:
    """Return the kind that the diagram names on this step, or that this branch writes."""
    element = context.desk.blueprint(context.session, context.case).element(context.element)
    kind = element.attributes.get("letter") or str(context.variables.get("letter_kind") or "")
    if kind not in COMPOSERS and not (kind in shipped_kinds() and get_kind(kind).composes_itself):
        raise InvalidAnswer("error.letter_kind_unknown", kind=kind)
    return kind


def _compose(context: OperationContext, kind: str) -> LetterData:
    if kind in COMPOSERS:
        return COMPOSERS[kind](context)
    return compose_self(context, get_kind(kind), addressee=_addressee(context, get_kind(kind)))


def _addressee(context: OperationContext, kind: LetterKind) -> str:
    """Return the addressee that the letter's file names by a fact, else as it always is."""
    named = letter_facts(context, kind).get(ADDRESSEE) if ADDRESSEE in kind.facts else ""
    return named if isinstance(named, str) and named else addressed_as(context, kind)


def _compose_reply(context: OperationContext) -> LetterData:
    proposal = answer_of(context, "propose_finding")
    finding = context.case.finding or str(context.variables.get("finding") or "")
    case = case_facts(context)
    item = ReplyItem(
        finding=finding,
        record=case.record,
        facts=_sentence(text_of(proposal, "facts") or _facts_of_base_change(context)),
        evidence=text_of(proposal, "legal_basis").rstrip("。"),
    )
    remedies = find_remedies(context, decision=finding)
    letter = compose_reply(
        office=office_facts(context), case=case, items=[item], remedies=remedies or UNSIGNED
    )
    return replace(letter, remedies=remedies)


def _compose_non_acceptance(context: OperationContext) -> LetterData:
    check = answer_of(context, "formal_check")
    reason = text_of(check, "rejection_reason") or case_word(
        f"rejection.{check.get('rejection_ground')}"
    )
    remedies = find_remedies(context, decision="not_accepted")
    letter = compose_non_acceptance(
        office=office_facts(context),
        case=case_facts(context),
        reasons=[line.strip() for line in reason.splitlines() if line.strip()],
        remedies=remedies or UNSIGNED,
        is_credit_reporting=is_credit_reporting(check),
    )
    return replace(letter, remedies=remedies)


COMPOSERS: Mapping[str, Callable[[OperationContext], LetterData]] = {
    "reply": _compose_reply,
    "non_acceptance": _compose_non_acceptance,
}


def _facts_of_base_change(context: OperationContext) -> str:
    return text_of(answer_of(context, "approve_base_change"), "published_reason")


def _sentence(text: str) -> str:
    return text if not text or text.endswith(("。", "；", "，")) else f"{text}。"
