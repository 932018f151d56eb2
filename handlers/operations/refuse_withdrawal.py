"""Say that the withdrawal does not count; handling goes on and no clock moved (ESP1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.marks import operation
from handlers.telling import tell_subject
from workflows.services.desk import OperationContext


@operation("refuse_withdrawal")
def refuse_withdrawal(context: OperationContext) -> Mapping[str, Any]:
    """Tell the subject that it was refused; the reason stays in the answer, where it is read."""
    context.work.record("withdrawal_refused", case_id=context.case_id, is_public=True)
    tell_subject(context, "withdrawal_refused", key=context.now.isoformat())
    return {}
