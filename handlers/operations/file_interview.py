"""Enter a held interview in the case and in the subject's credit file (R45, R46)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import answer_of, day_of, files_of, text_of
from handlers.marks import operation
from handlers.rectification.ledger import note_on_case
from handlers.self_composed import compose_self
from handlers.sending import find_letter
from notifications.letters.kinds import get_kind
from workflows.services.desk import OperationContext
from workflows.services.receive_document import receive_document

INTERVIEWS = "interviews"


@operation("file_interview")
def file_interview(context: OperationContext) -> Mapping[str, Any]:
    """File the minutes of the interview, ``jiannuo:level`` reminder or warning.

    They belong to the subject's credit file; the subject gets its copy. An escalation asks whether
    a warning stands here (R53).
    """
    step = context.desk.blueprint(context.session, context.case).element(context.element)
    level = step.attributes["level"]
    kind = get_kind(f"{level}_interview_record")
    if find_letter(context, kind.kind) is not None:
        return {}
    form = answer_of(context, "hold_interview")
    letter = compose_self(context, kind, addressee=context.case.subject.name)
    scans = files_of(form, "signed_minutes")
    receive_document(
        context.work,
        case=context.case,
        kind=kind.kind,
        title=letter.title,
        sender=context.case.subject.name,
        number=text_of(form, "incoming_number"),
        document_on=day_of(form, "held_on") or context.today,
        arrived_on=context.today,
        scan_id=scans[0] if scans else None,
        letter=letter.to_mapping(),
        is_for_subject=True,
    )
    held_on = (day_of(form, "held_on") or context.today).isoformat()
    held = [*context.case.flags.get(INTERVIEWS, []), {"level": level, "held_on": held_on}]
    note_on_case(context.case, **{INTERVIEWS: held})
    context.work.record(
        "interview_held", case_id=context.case_id, is_public=True, level=level, held_on=held_on
    )
    return {}
