"""Ask once for everything that is missing; verification and the reply clock go on (R115, O-1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import answer_of, case_facts, find_parameter, find_term, office_facts
from handlers.marks import operation
from handlers.sending import find_letter, send_to_subject
from handlers.telling import tell_subject
from notifications.letters.compose.supplement_notice import (
    MissingItem,
    compose_supplement_notice,
)
from workflows.services.desk import OperationContext
from workflows.services.run_clock import start_clock
from workflows.services.supplement_clock import hold_reply_clock


@operation(
    "send_supplement_notice",
    sets={"supplement_used": True},
    starts={"supplement": "obj.supplement.limit"},
)
def send_supplement_notice(context: OperationContext) -> Mapping[str, Any]:
    """Send the one notice that lists every item, and start the office's term for the answer."""
    if find_letter(context, "supplement_notice") is None:
        letter = compose_supplement_notice(
            office=office_facts(context),
            case=case_facts(context),
            items=missing_items(answer_of(context, "formal_check")),
            term=find_term(context, "obj.supplement.limit"),
            clock_goes_on=_clock_goes_on(context),
            silence_provision=silence_provision(context),
        )
        send_to_subject(context, letter)
        tell_subject(context, "supplement_asked")
    start_clock(
        context.work,
        context.desk,
        case=context.case,
        name="supplement",
        parameter="obj.supplement.limit",
        start_on=context.today,
        reason="supplement_asked",
    )
    hold_reply_clock(context.work, context.desk, case=context.case)
    context.work.record("supplement_asked", case_id=context.case_id, is_public=True)
    return {"supplement_used": True}


def missing_items(form: Mapping[str, Any]) -> list[MissingItem]:
    """Return what the clerk listed: one item a line, its reason after a bar or a colon."""
    listed = form.get("supplement_list") or []
    lines = listed.splitlines() if isinstance(listed, str) else listed
    items = [_item(line) for line in lines]
    return [item for item in items if item.item]


def silence_provision(context: OperationContext) -> str:
    """Return the provision by which silence ends a case, if a confirmed rule cites one (E)."""
    rule = find_parameter(context, "obj.supplement.silence")
    if rule is None or not rule.confirmed or str(rule.value) != "given_up":
        return ""
    return f"{rule.document}{rule.clause}".strip()


def _clock_goes_on(context: OperationContext) -> bool:
    rule = find_parameter(context, "obj.supplement.clock")
    return rule is None or not rule.confirmed or str(rule.value) == "continue"


def _item(line: Any) -> MissingItem:
    if isinstance(line, Mapping):
        return MissingItem(
            item=str(line.get("item", "")).strip(), reason=str(line.get("reason", "")).strip()
        )
    text = str(line).strip()
    for bar in ("|", "｜", "：", ":"):
        item, found, reason = text.partition(bar)
        if found:
            return MissingItem(item=item.strip(), reason=reason.strip())
    return MissingItem(item=text, reason="")
