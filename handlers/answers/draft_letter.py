"""The drafter's words enter the letter at once; the fixed parts and the remedies stay (E, 拟稿)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import answer_of, files_of, text_of
from handlers.letter_in_hand import get_letter_in_hand
from handlers.marks import answered
from handlers.sending import keep_draft
from notifications.letters.letter import LetterData, revise
from workflows.models import Organisation
from workflows.services.consult_file import list_file_names
from workflows.services.desk import OperationContext


@answered("draft_letter", reads=["letter_kind"])
def draft_letter(context: OperationContext) -> Mapping[str, Any]:
    """Revise the draft with title and text of the form; empty fields change nothing."""
    form = answer_of(context, "draft_letter")
    document = get_letter_in_hand(context)
    body = text_of(form, "letter_body")
    attached = list_file_names(context.work, file_ids=files_of(form, "attachments"))
    letter = revise(
        letter=LetterData.from_mapping(document.letter),
        title=text_of(form, "letter_title") or None,
        paragraphs=paragraphs_of(body) if body else None,
        attachments=tuple(attached) if attached else None,
        cc=_copies(context, form),
    )
    keep_draft(context, letter, item=document.item)
    return {}


def paragraphs_of(text: str) -> tuple[str, ...]:
    """Return the paragraphs of a text: one a line, without empty ones."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _copies(context: OperationContext, form: dict[str, Any]) -> tuple[str, ...] | None:
    chosen = form.get("cc")
    if not chosen:
        return None
    bodies = [context.session.get(Organisation, str(each)) for each in chosen]
    return tuple(
        body.name if body else str(each) for body, each in zip(bodies, chosen, strict=True)
    )
