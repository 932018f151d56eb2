"""Put a composed letter into the case's file and on its way, as far as no person has to act."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.telling import tell_body, tell_post, tell_subject
from handlers.words import case_word, told
from notifications.letters.kinds import LetterKind, get_kind
from notifications.letters.letter import LetterData
from notifications.letters.render import template_hash
from notifications.letters.words import chinese_date
from workflows.clock.calendar import SHANGHAI
from workflows.clock.terms import legal_date
from workflows.models import Organisation
from workflows.services.desk import OperationContext
from workflows.services.dispatch_document import dispatch_document, has_consented
from workflows.services.draft_document import draft_document, find_document
from workflows.services.number_document import number_document
from workflows.services.serve_document import serve_document
from workflows.services.sign_supervision_letter import lead_organisation
from workflows.storage.document_rows import DocumentRow


def keep_draft(
    context: OperationContext,
    letter: LetterData,
    *,
    item: str | None = None,
    addressee: Organisation | None = None,
) -> DocumentRow:
    """Keep the letter as a draft of this case; composing the same again changes nothing."""
    return draft_document(
        context.work,
        case=context.case,
        kind=letter.kind,
        title=letter.title,
        letter=letter.to_mapping(),
        template_hash=template_hash(letter.kind),
        addressee=letter.addressee,
        addressee_id=addressee.id if addressee else None,
        item=item,
        is_for_subject=get_kind(letter.kind).addressee == "subject",
    )


def find_letter(
    context: OperationContext, kind: str, *, item: str | None = None
) -> DocumentRow | None:
    """Return the letter of that kind which this case already has, or None."""
    return find_document(context.work, case_id=context.case_id, kind=kind, item=item)


def issuer_of(context: OperationContext, kind: LetterKind) -> Organisation:
    """Return the body in whose name and series a kind of letter goes out."""
    if kind.issuer == "joint_conference_office":
        return lead_organisation(context.work, case=context.case)
    return context.case.receiving_organisation


def send_to_subject(
    context: OperationContext, letter: LetterData, *, item: str | None = None
) -> DocumentRow:
    """Number the letter and serve it electronically, where the subject has agreed to that (N42).

    Where not, it waits, numbered, for the window to hand it over, and the window is told.
    """
    document = number_letter_out(context, letter, item=item, addressee=None)
    if not get_kind(letter.kind).served:
        dispatch_document(
            context.work, context.desk, case=context.case, document=document, method=""
        )
    elif has_consented(context.work, context.case):
        arrive_electronically(context, document)
    else:
        _tell_window(context, document)
    return document


def arrive_electronically(context: OperationContext, document: DocumentRow) -> DocumentRow:
    """Dispatch and serve in one instant: arrival in the addressee's system is service (N42)."""
    work, desk, case = context.work, context.desk, context.case
    if document.status == "served":
        return document
    dispatch_document(work, desk, case=case, document=document, method="electronic")
    serve_document(
        work,
        desk,
        case=case,
        document=document,
        served_on=legal_date(context.now),
        served_at=context.now,
        evidence=case_word("arrival", at=_local_words(context)),
    )
    served_on = legal_date(context.now).isoformat()
    tell_subject(
        context, "letter_served", key=document.id, title=document.title, served_on=served_on
    )
    return document


def send_to_body(
    context: OperationContext,
    letter: LetterData,
    *,
    body: Organisation,
    item: str | None = None,
    message: str = "",
    facts: Mapping[str, Any] | None = None,
) -> DocumentRow:
    """Number the letter, send it to a body inside the system, and tell its people by message."""
    document = number_letter_out(context, letter, item=item, addressee=body)
    dispatch_document(
        context.work, context.desk, case=context.case, document=document, method="electronic"
    )
    if message:
        tell_body(context, message, body=body, key=document.id, facts=facts or {})
    return document


def number_letter_out(
    context: OperationContext,
    letter: LetterData,
    *,
    item: str | None = None,
    addressee: Organisation | None = None,
) -> DocumentRow:
    """Keep the letter and give it the next number of the body in whose name it goes out."""
    kind = get_kind(letter.kind)
    document = keep_draft(context, letter, item=item, addressee=addressee)
    return number_document(
        context.work,
        document=document,
        organisation=issuer_of(context, kind),
        series=kind.series if kind.numbered else "",
    )


def _tell_window(context: OperationContext, document: DocumentRow) -> None:
    step = told("step.serve", title=document.title)
    tell_post(context, "task_assigned", role="window_clerk", key=document.id, facts={"step": step})


def _local_words(context: OperationContext) -> str:
    here = context.now.astimezone(SHANGHAI)
    return f"{chinese_date(here.date())}{here:%H:%M}"
