"""Send the approved notice and suspend display where the approver said so; no clock stops (O-1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from handlers.case_facts import answer_of, case_facts, office_facts, text_of
from handlers.marks import operation
from handlers.operations.draft_progress_notice import silent_departments
from handlers.sending import find_letter, send_to_subject
from handlers.telling import tell_subject
from notifications.letters.compose.progress_notice import compose_progress_notice
from workflows.services.change_record import suspend_display
from workflows.services.desk import OperationContext


@operation("send_progress_notice")
def send_progress_notice(context: OperationContext) -> Mapping[str, Any]:
    """Tell the subject how the matter stands; the reply clock runs on."""
    form = answer_of(context, "progress_notice")
    suspends = form.get("display") == "suspend" and context.case.record is not None
    if suspends and context.case.record is not None:
        suspend_display(
            context.work,
            case=context.case,
            record=context.case.record,
            reason=text_of(form, "display_reason"),
        )
    known = find_letter(context, "progress_notice")
    if known is not None and known.status != "draft":
        return {}
    letter = compose_progress_notice(
        office=office_facts(context),
        case=case_facts(context),
        silent_departments=silent_departments(context),
        suspended_on=context.today if suspends else None,
    )
    added = text_of(form, "notice_text")
    if added:
        # The last paragraph says that no clock stops; it stays, whatever is added.
        letter = replace(letter, paragraphs=(*letter.paragraphs[:-1], added, letter.paragraphs[-1]))
    send_to_subject(context, letter)
    tell_subject(context, "progress_told")
    context.work.record(
        "progress_notice_sent", case_id=context.case_id, is_public=True, suspended=suspends
    )
    return {}
