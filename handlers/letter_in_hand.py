"""Find the letter that the dispatch sheet of this case is about right now."""

from __future__ import annotations

from handlers.sending import find_letter
from workflows.errors import NotFound
from workflows.services.desk import OperationContext
from workflows.storage.document_rows import DocumentRow


def get_letter_in_hand(context: OperationContext) -> DocumentRow:
    """Return the letter of the kind being issued, or raise NotFound."""
    kind = str(context.variables.get("letter_kind") or "")
    for candidate in (kind, "reply", "non_acceptance"):
        document = find_letter(context, candidate, item=context.item) if candidate else None
        if document is not None:
            return document
    raise NotFound("error.document_not_found")
