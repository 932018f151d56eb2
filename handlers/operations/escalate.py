"""List the confirmed measures of an escalation, and send each to whom it goes (R48-R52, E)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import answer_of, text_of
from handlers.marks import operation
from handlers.self_composed import compose_self
from handlers.sending import find_letter, number_letter_out
from handlers.words import case_word
from notifications.letters.kinds import get_kind
from workflows.errors import NotAllowed
from workflows.lint.declared import ITEMS
from workflows.services.desk import OperationContext
from workflows.services.dispatch_document import dispatch_document
from workflows.services.rectification_measures import allowed_measures

# Measure -> the kind of letter that carries it; whatever else is referred (移送函).
LETTERS = {"superior": "superior_report", "public_criticism": "criticism_circular"}


@operation("prepare_measures", sets={"measures": ITEMS})
def prepare_measures(context: OperationContext) -> Mapping[str, Any]:
    """Set ``measures`` to what a person confirmed; what the pack has not is refused (R53, N26)."""
    chosen = [str(each) for each in answer_of(context, "propose_escalation").get("measures") or []]
    allowed = allowed_measures(context.work, context.desk, case=context.case)
    strange = [each for each in chosen if each not in allowed]
    if strange:
        raise NotAllowed("error.measure_not_in_pack", measure=strange[0])
    context.work.record("escalated", case_id=context.case_id, is_public=True, count=len(chosen))
    return {"measures": chosen}


@operation("send_referral")
def send_referral(context: OperationContext) -> Mapping[str, Any]:
    """Number and send the signed letter of this measure.

    A court or a discipline organ gets a referral like everybody else and is never supervised (E).
    """
    kind = get_kind(LETTERS.get(context.item or "", "referral_letter"))
    if find_letter(context, kind.kind, item=context.item) is not None:
        return {}
    form = answer_of(context, "draft_referral", item=context.item)
    letter = compose_self(
        context,
        kind,
        addressee=text_of(form, "addressee"),
        measure=case_word(f"measure.{context.item}"),
    )
    document = number_letter_out(context, letter, item=context.item)
    dispatch_document(context.work, context.desk, case=context.case, document=document, method="")
    return {}
