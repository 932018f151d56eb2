"""The formal check names the record at once, and ends the clerk's own inner term (C1 step 2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import answer_of, text_of
from handlers.grounds import is_credit_reporting
from handlers.marks import answered
from handlers.operations.send_supplement_notice import missing_items
from handlers.stopping import stop_named_clock
from workflows.errors import InvalidAnswer
from workflows.lint.declared import KEPT, VALUE
from workflows.models import Organisation
from workflows.services.desk import OperationContext
from workflows.services.identify_record import identify_record

# What may be decided of a matter under another law: it is not accepted, or handed over (N22).
ELSEWHERE = ("reject", "transfer")


@answered(
    "formal_check",
    reads=["formal_outcome"],
    sets={"record_origin": [VALUE, KEPT]},
    refuses=[
        ("formal_outcome", "supplement", "supplement_used"),
        ("formal_outcome", "supplement_first", "supplement_used"),
    ],
)
def formal_check(context: OperationContext) -> Mapping[str, Any]:
    """Give the case its record and say where that record came from."""
    form = answer_of(context, "formal_check")
    outcome = str(form.get("formal_outcome") or context.variables.get("formal_outcome") or "")
    if is_credit_reporting(form) and outcome not in ELSEWHERE:
        raise InvalidAnswer(fields={"regime": ["check.other_regime"]})
    if outcome in ("supplement", "supplement_first") and not missing_items(form):
        raise InvalidAnswer(fields={"supplement_list": ["check.required"]})
    if outcome in ("supplement", "supplement_first"):
        _check_asked_once(context)
    chosen = text_of(form, "record_id")
    if chosen:
        identify_record(context.work, case=context.case, record_id=chosen)
    if outcome == "transfer":
        _check_not_competent(context, text_of(form, "transfer_to"))
    stop_named_clock(context, "formal_check", reason="formal_check_done", evidence=outcome)
    record = context.case.record
    return {"record_origin": record.origin} if record else {}


def _check_asked_once(context: OperationContext) -> None:
    """Refuse a second request for papers: one notice lists everything (R115, R119)."""
    known = context.desk.engine.read_variables(state=context.case.engine_state)
    if known.get("supplement_used"):
        raise InvalidAnswer(fields={"formal_outcome": ["check.supplement_once"]})


def _check_not_competent(context: OperationContext, body_id: str) -> None:
    """Refuse to send a subject from one competent body to the other (R1)."""
    body = context.session.get(Organisation, body_id)
    record = context.case.record
    is_recogniser = record is not None and record.recogniser_id == body_id
    if body is None or is_recogniser or body.kind in ("lead", "platform"):
        raise InvalidAnswer(fields={"transfer_to": ["check.competent_body"]})
