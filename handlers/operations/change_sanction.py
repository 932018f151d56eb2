"""Ask a department to suspend, restore or lighten its measure, and enter what it did (R123, N9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import answer_of, day_of, files_of, find_term, text_of
from handlers.marks import operation
from handlers.places import get_item_sanction
from handlers.self_composed import compose_self
from handlers.sending import find_letter, send_to_body
from handlers.stopping import stop_named_clock
from handlers.words import case_word
from notifications.letters.kinds import get_kind
from notifications.letters.words import chinese_date
from workflows.models import Sanction
from workflows.services.change_sanction import change_sanction
from workflows.services.desk import OperationContext
from workflows.services.receive_document import receive_document
from workflows.services.run_clock import start_clock
from workflows.services.sign_supervision_letter import moot_supervision_letters

NOTICE, TERM, CLOCK = "sanction_change_notice", "sanction.lift.limit", "lift"


@operation("send_change_notice", needs=["sanction_change"], starts={CLOCK: TERM})
def send_change_notice(context: OperationContext) -> Mapping[str, Any]:
    """Send the notice for the sanction of this branch and start the office's inner term (O-4).

    The variable ``sanction_change`` says what is asked: suspend, restore, lighter,
    reduced_or_waived or exempted. The same case may ask twice: suspend, and later restore.
    """
    sanction = get_item_sanction(context)
    change = str(context.variables.get("sanction_change") or "")
    start_clock(
        context.work,
        context.desk,
        case=context.case,
        name=CLOCK,
        parameter=TERM,
        start_on=context.today,
        item=context.item,
        reason="change_asked",
    )
    place = _place(context, change)
    if find_letter(context, NOTICE, item=place) is None:
        _send(context, sanction, change=change, place=place)
    return {}


@operation("record_change", reads=["sanction_change"])
def record_change(context: OperationContext) -> Mapping[str, Any]:
    """Enter the department's answer; one that cannot be changed stays, with its reasons."""
    sanction = get_item_sanction(context)
    form = answer_of(context, "confirm_change", item=context.item)
    change = str(context.variables.get("sanction_change") or "")
    if form.get("change_result") != "not_done":
        apply_change(context, sanction, form, change=change)
    _file_answer(context, sanction, form, change=change)
    stop_named_clock(
        context,
        CLOCK,
        reason="change_confirmed",
        evidence=text_of(form, "change_document", "change_result"),
        item=context.item,
    )
    moot_supervision_letters(
        context.work,
        case=context.case,
        item=f"{CLOCK}:{context.item}",
        reason="change_confirmed",
    )
    return {}


def apply_change(
    context: OperationContext, sanction: Sanction, form: dict[str, Any], *, change: str
) -> None:
    """Bring the sanction into the state that the department entered."""
    change_sanction(
        context.work,
        case=context.case,
        sanction=sanction,
        change="exempted" if form.get("change_result") == "ended" else change,
        changed_on=day_of(form, "changed_on") or context.today,
        document=text_of(form, "change_document", "incoming_number", "change_result"),
        new_measure=text_of(form, "new_measure"),
    )


def _place(context: OperationContext, change: str) -> str:
    return f"{context.item}:{change}"[:64]


def _send(context: OperationContext, sanction: Sanction, *, change: str, place: str) -> None:
    term = find_term(context, TERM)
    letter = compose_self(
        context,
        get_kind(NOTICE),
        addressee=sanction.department.name,
        department=sanction.department.name,
        measure=sanction.measure,
        basis=sanction.legal_basis,
        since=chinese_date(sanction.imposed_on),
        change=case_word(f"sanction_change.{change}"),
        why=case_word(f"sanction_change_why.{context.case.kind}.{change}"),
        term=term.words if term else "",
    )
    send_to_body(
        context,
        letter,
        body=sanction.department,
        item=place,
        message="letter_to_body",
        facts={"title": letter.title},
    )
    context.work.record(
        "sanction_change_asked",
        case_id=context.case_id,
        is_public=True,
        department=sanction.department.name,
        measure=sanction.measure,
        change=change,
    )


def _file_answer(
    context: OperationContext, sanction: Sanction, form: dict[str, Any], *, change: str
) -> None:
    scans = files_of(form, "incoming_scan") or files_of(form, "change_proof")
    title = case_word("sanction_change_answer", change=case_word(f"sanction_change.{change}"))
    receive_document(
        context.work,
        case=context.case,
        kind="sanction_change_answer",
        title=case_word("lifting.title", title=title, body=sanction.department.name),
        sender=sanction.department.name,
        sender_id=sanction.department_id,
        number=text_of(form, "incoming_number", "change_document"),
        document_on=day_of(form, "document_date"),
        arrived_on=day_of(form, "arrived_on") or context.today,
        scan_id=scans[0] if scans else None,
        item=_place(context, change),
    )
