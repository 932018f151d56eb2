"""Say that the withdrawal does not count, and why; handling goes on and no clock moved (ESP1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import answer_of, text_of
from handlers.marks import operation
from handlers.telling import tell_subject
from workflows.services.desk import OperationContext


@operation("refuse_withdrawal")
def refuse_withdrawal(context: OperationContext) -> Mapping[str, Any]:
    """Show the subject the reason on the progress page."""
    reason = text_of(answer_of(context, "confirm_withdrawal"), "refusal_reason")
    context.work.record(
        "withdrawal_refused", case_id=context.case.id, is_public=True, reason=reason
    )
    tell_subject(context, "withdrawal_refused", key=context.now.isoformat(), reason=reason or None)
    return {}
