"""Find the body or the sanction that a branch of the process is about."""

from __future__ import annotations

from workflows.errors import NotFound
from workflows.models import Organisation, Sanction
from workflows.services.consult_file import find_organisation
from workflows.services.desk import OperationContext
from workflows.services.lift_sanction import get_sanction


def get_item_body(context: OperationContext) -> Organisation:
    """Return the body of this branch, or raise NotFound."""
    body = find_organisation(
        context.work, office_id=context.case.office_id, text=context.item or ""
    )
    if body is None:
        raise NotFound("error.organisation_not_found")
    return body


def get_item_sanction(context: OperationContext) -> Sanction:
    """Return the sanction of this branch, or raise NotFound."""
    return get_sanction(context.work, context.item or "")
