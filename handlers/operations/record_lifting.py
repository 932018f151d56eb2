"""Enter a department's confirmation that it lifted the sanction, with day and document (R5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import answer_of, case_facts, day_of, files_of, text_of
from handlers.marks import operation
from handlers.places import get_item_sanction
from handlers.sending import find_letter
from handlers.stopping import stop_named_clock
from handlers.telling import tell_subject
from handlers.words import case_word
from notifications.letters.compose.lifting import SanctionInForce, compose_lifting_receipt
from workflows.models import Sanction
from workflows.services.desk import OperationContext
from workflows.services.lift_sanction import lift_sanction
from workflows.services.receive_document import receive_document
from workflows.services.sign_supervision_letter import moot_supervision_letters


@operation("record_lifting")
def record_lifting(context: OperationContext) -> Mapping[str, Any]:
    """Lift the sanction in the register, file the receipt for the subject, stop the clock."""
    sanction = get_item_sanction(context)
    form = answer_of(context, "confirm_lifting", item=context.item)
    lift_from_form(context, sanction, form)
    lifted_on = sanction.lifted_on or context.today
    tell_subject(
        context,
        "sanction_lifted",
        key=sanction.id,
        department=sanction.department.name,
        lifted_on=lifted_on.isoformat(),
    )
    _file_receipt(context, sanction, form)
    stop_named_clock(
        context,
        "lift",
        reason="lifting_confirmed",
        evidence=sanction.lifted_document,
        item=context.item,
    )
    moot_supervision_letters(
        context.work, case=context.case, item=f"lift:{context.item}", reason="lifting_confirmed"
    )
    return {}


def lift_from_form(context: OperationContext, sanction: Sanction, form: dict[str, Any]) -> None:
    """Lift the sanction as the form says; a measure that ended or never applied counts the same."""
    lift_sanction(
        context.work,
        case=context.case,
        sanction=sanction,
        lifted_on=day_of(form, "lifted_on") or context.today,
        document=text_of(form, "lifting_document", "incoming_number", "lifting_result"),
    )


def _file_receipt(context: OperationContext, sanction: Sanction, form: dict[str, Any]) -> None:
    notice = find_letter(context, "lifting_notice", item=context.item)
    lifted_on = sanction.lifted_on or context.today
    letter = compose_lifting_receipt(
        department=sanction.department.name,
        case=case_facts(context),
        notice_number=notice.number if notice else "",
        sanction=SanctionInForce(
            measure=sanction.measure, legal_basis=sanction.legal_basis, since=sanction.imposed_on
        ),
        lifted_on=lifted_on,
        document=sanction.lifted_document,
        handler=sanction.department.name,
    )
    scans = files_of(form, "incoming_scan") or files_of(form, "lifting_proof")
    receive_document(
        context.work,
        case=context.case,
        kind="lifting_receipt",
        title=case_word("lifting.title", title=letter.title, body=sanction.department.name),
        sender=sanction.department.name,
        sender_id=sanction.department_id,
        number=text_of(form, "incoming_number", "lifting_document"),
        document_on=day_of(form, "document_date"),
        arrived_on=day_of(form, "arrived_on") or context.today,
        scan_id=scans[0] if scans else None,
        item=context.item,
        letter=letter.to_mapping(),
        # The subject downloads each department's receipt (E, "Trust of an enterprise").
        is_for_subject=True,
    )
