"""The formal check names the record at once, and ends the clerk's own inner term (C1 step 2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import answer_of, text_of
from handlers.marks import answered
from handlers.operations.send_supplement_notice import missing_items
from handlers.stopping import stop_named_clock
from workflows.errors import InvalidAnswer
from workflows.services.desk import OperationContext
from workflows.services.identify_record import identify_record


@answered("formal_check")
def formal_check(context: OperationContext) -> Mapping[str, Any]:
    """Give the case its record and say where that record came from."""
    form = answer_of(context, "formal_check")
    outcome = str(form.get("formal_outcome") or context.variables.get("formal_outcome") or "")
    if outcome in ("supplement", "supplement_first") and not missing_items(form):
        raise InvalidAnswer(fields={"supplement_list": ["check.required"]})
    chosen = text_of(form, "record_id")
    if chosen:
        identify_record(context.work, case=context.case, record_id=chosen)
    stop_named_clock(context, "formal_check", reason="formal_check_done", evidence=outcome)
    record = context.case.record
    return {"record_origin": record.origin} if record else {}
