"""Find the remedies that a letter must name: only rows the legal reviewer has signed (N25, E)."""

from __future__ import annotations

from notifications.letters.letter import Remedies
from notifications.letters.remedies import RowSignature, read_remedies
from workflows.errors import NotAllowed, RuleMissing
from workflows.services.consult_file import list_signed_rows
from workflows.services.desk import OperationContext


def find_remedies(context: OperationContext, *, decision: str) -> Remedies | None:
    """Return the signed remedies for this decision, subject and authority, or None."""
    try:
        return _signed(context, decision)
    except RuleMissing:
        return None


def get_remedies(context: OperationContext, *, decision: str) -> Remedies:
    """Return the signed remedies.

    Raises NotAllowed naming the row that the legal reviewer has to sign: no row, no letter.
    """
    try:
        return _signed(context, decision)
    except RuleMissing as missing:
        facts = {**missing.facts, "row": missing.facts.get("row", "—")}
        raise NotAllowed("error.remedy_missing", **facts) from missing


def authority_of(context: OperationContext) -> str:
    """Return which of the two competent doors answers: the platform or the department (R1)."""
    is_department = context.case.receiving_organisation.kind == "recognition"
    return "recognition_department" if is_department else "platform"


def _signed(context: OperationContext, decision: str) -> Remedies:
    table = read_remedies(division=context.case.receiving_organisation.division_code)
    rows = list_signed_rows(context.work, office_id=context.case.office_id)
    return table.get_signed(
        decision=decision,
        subject_kind=context.case.subject.kind,
        authority=authority_of(context),
        signatures=[
            RowSignature(
                row=row.row, row_hash=row.row_hash, signed_by=row.signed_by, signed_on=row.signed_on
            )
            for row in rows
        ],
    )
