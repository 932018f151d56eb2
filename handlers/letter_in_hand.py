"""Find the letter that the dispatch sheet of this case is about right now."""

from __future__ import annotations

from handlers.sending import find_letter
from workflows.errors import NotFound
from workflows.services.desk import OperationContext
from workflows.storage.document_rows import DocumentRow

KIND = "letter_kind"


def get_letter_in_hand(context: OperationContext) -> DocumentRow:
    """Return the letter of the kind being issued, or raise NotFound."""
    kind = str(context.variables.get(KIND) or _kind_of_case(context))
    for candidate in (kind, "reply", "non_acceptance"):
        document = find_letter(context, candidate, item=context.item) if candidate else None
        if document is not None:
            return document
    raise NotFound("error.document_not_found")


def _kind_of_case(context: OperationContext) -> str:
    """Return the kind that the case is issuing; a form that acts brings its own answers only."""
    known = context.desk.engine.read_variables(state=context.case.engine_state)
    return str(known.get(KIND) or "")
