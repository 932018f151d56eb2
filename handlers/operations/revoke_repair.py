"""Revoke a repair for false material or a broken commitment, and enter the breach (R121)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import answer_of, day_of, text_of
from handlers.marks import operation
from handlers.words import case_word
from workflows.errors import InvalidAnswer
from workflows.lint.declared import ITEMS
from workflows.services import repair_record
from workflows.services.desk import OperationContext


@operation(
    "revoke_repair",
    sets={"outcome": "revoked", "sanctions": ITEMS, "sanction_change": "restore"},
)
def revoke_repair(context: OperationContext) -> Mapping[str, Any]:
    """Restore publicity for what was left of the period and list the sanctions that come back.

    The order's own consequence was not read (B5): what is restored is what a person decided.
    """
    record = context.case.record
    if record is None:
        raise InvalidAnswer("error.repair_needs_record", number=context.case.number)
    lifted = repair_record.list_sanctions_lifted(context.work, record=record)
    examined = answer_of(context, "examine_breach")
    proposal = answer_of(context, "propose_revocation")
    repair_record.revoke_repair(
        context.work,
        case=context.case,
        record=record,
        breach={
            "kind": text_of(examined, "breach_kind"),
            "facts": text_of(examined, "facts"),
            "case": context.case.number,
            "on": context.today.isoformat(),
        },
        publish_until=day_of(proposal, "publish_until"),
        reason=case_word("repair_words.revoked"),
    )
    context.work.record("repair_revoked", case_id=context.case_id, is_public=True)
    return {
        "outcome": "revoked",
        "sanctions": [each.id for each in lifted],
        "sanction_change": "restore",
    }
