"""Register service from the receipt of service; remedies run from here (N42)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import answer_of, day_of, files_of, text_of
from handlers.letter_in_hand import get_letter_in_hand
from handlers.marks import operation
from handlers.words import case_word
from workflows.errors import InvalidAnswer
from workflows.services.consult_file import list_file_names
from workflows.services.desk import OperationContext
from workflows.services.serve_document import serve_document


@operation("record_service", needs=["letter_kind"])
def record_service(context: OperationContext) -> Mapping[str, Any]:
    """Register the day of service and its proof; registering again changes nothing."""
    document = get_letter_in_hand(context)
    form = answer_of(context, "register_service")
    served_on = day_of(form, "served_on")
    if document.status == "served":
        return {}
    if served_on is None:
        raise InvalidAnswer(fields={"served_on": ["check.required"]})
    if form.get("service_result") == "returned":
        raise InvalidAnswer(fields={"service_result": ["check.letter_came_back"]})
    proofs = list_file_names(context.work, file_ids=files_of(form, "service_proof"))
    evidence = "；".join([_result_words(form), *proofs]).strip("；")
    serve_document(
        context.work,
        context.desk,
        case=context.case,
        document=document,
        served_on=served_on,
        evidence=evidence or "register_service",
    )
    return {}


def _result_words(form: dict[str, Any]) -> str:
    result = text_of(form, "service_result")
    return case_word(f"service.{result}") if result else ""
