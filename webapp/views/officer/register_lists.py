"""Pages of the lists and the commitments."""

from __future__ import annotations

from typing import Any

from flask import url_for
from werkzeug.wrappers import Response

from webapp.current import actor, desk, office, reads, run
from webapp.texts import t
from webapp.views.admin.returned import UNTOUCHED, Returned
from webapp.views.officer.door import pages
from webapp.views.officer.record_facts import word_choices, word_name
from webapp.views.officer.register_pages import (
    body_choices,
    draw,
    posted,
    posted_day,
    posted_day_or_none,
    posted_subject,
    submit,
)
from workflows.errors import NotFound
from workflows.models import CreditList
from workflows.models.lists import LIST_NEEDS
from workflows.services.find_registered import get_visible_subject
from workflows.services.keep_commitments import (
    NewCommitment,
    add_commitment,
    check_commitment,
    list_commitments,
    number_checks,
)
from workflows.services.keep_lists import (
    KINDS,
    NewEntry,
    NewList,
    decide_list,
    define_list,
    enter_on_list,
    leave_list,
    list_entries,
    list_lists,
)


@pages.get("/registers/lists")
def credit_lists() -> str:
    """Show the watch and sanction lists, and the form for a new one."""
    return _lists(UNTOUCHED)


@pages.post("/registers/lists")
def define_credit_list() -> Response | tuple[str, int]:
    """Put a list forward."""

    def act() -> dict[str, Any]:
        entry = NewList(
            kind=posted("kind"),
            name=posted("name"),
            keeper_id=posted("keeper_id"),
            valid_from=posted_day("valid_from"),
            **{name: posted(name) for name in LIST_NEEDS},
        )
        return run("define_list", lambda work: define_list(work, entry=entry))

    return submit(
        act,
        done="registers.list.proposed",
        where=lambda result: url_for("officer.credit_list", list_id=result["list_id"]),
        again=_lists,
    )


@pages.get("/registers/lists/<list_id>")
def credit_list(list_id: str) -> str:
    """Show a list with its five grounds and who stands on it."""
    return _list(_get_list(list_id), UNTOUCHED)


@pages.post("/registers/lists/<list_id>/decision")
def decide_credit_list(list_id: str) -> Response | tuple[str, int]:
    """Approve or refuse a list, as a second person."""
    row = _get_list(list_id)
    agrees = posted("decision") == "approve"
    return _on_list(
        row,
        lambda: run("decide_list", lambda w: decide_list(w, list_id=row.id, agrees=agrees)),
        done="registers.list.approved" if agrees else "registers.list.refused",
    )


@pages.post("/registers/lists/<list_id>/entries")
def enter_credit_list(list_id: str) -> Response | tuple[str, int]:
    """Put a subject on a list."""
    row = _get_list(list_id)

    def act() -> dict[str, Any]:
        entry = NewEntry(
            list_id=row.id,
            subject_id=posted_subject("subject_code").id,
            base_kind=posted("base_kind"),
            base_document=posted("base_document"),
            severity=posted("severity"),
            entered_on=posted_day("entered_on"),
            warned_on=posted_day_or_none("warned_on"),
        )
        return run("enter_on_list", lambda work: enter_on_list(work, desk(), entry=entry))

    return _on_list(row, act, done="registers.list.entered")


@pages.post("/registers/lists/<list_id>/entries/<entry_id>/leaving")
def leave_credit_list(list_id: str, entry_id: str) -> Response | tuple[str, int]:
    """Take a subject off a list."""
    row = _get_list(list_id)

    def act() -> dict[str, Any]:
        left_on = posted_day("left_on")
        return run(
            "leave_list",
            lambda work: leave_list(
                work,
                entry_id=entry_id,
                left_on=left_on,
                reason=posted("left_reason"),
                document=posted("left_document"),
            ),
        )

    return _on_list(row, act, done="registers.list.left")


@pages.get("/registers/commitments")
def commitments() -> str:
    """Show the commitments, those to be checked soonest first."""
    return _commitments(UNTOUCHED)


@pages.post("/registers/commitments")
def enter_commitment() -> Response | tuple[str, int]:
    """Enter a commitment."""

    def act() -> dict[str, Any]:
        entry = NewCommitment(
            number=posted("number"),
            subject_id=posted_subject("subject_code").id,
            kind=posted("kind"),
            promised=posted("promised"),
            received_by_id=posted("received_by_id"),
            approved_on=posted_day("approved_on"),
            approval_document=posted("approval_document"),
            check_due_on=posted_day_or_none("check_due_on"),
        )
        return run("add_commitment", lambda work: add_commitment(work, desk(), entry=entry))

    return submit(
        act,
        done="registers.commitment.entered",
        where=lambda _: url_for("officer.commitments"),
        again=_commitments,
    )


@pages.post("/registers/commitments/<commitment_id>/check")
def enter_check(commitment_id: str) -> Response | tuple[str, int]:
    """Enter what the check of a commitment found."""

    def act() -> dict[str, Any]:
        checked_on = posted_day("checked_on")
        return run(
            "check_commitment",
            lambda work: check_commitment(
                work,
                commitment_id=commitment_id,
                result=posted("result"),
                finding=posted("finding"),
                checked_on=checked_on,
                revocation_document=posted("revocation_document"),
            ),
        )

    return submit(
        act,
        done="registers.commitment.checked",
        where=lambda _: url_for("officer.commitments"),
        again=_commitments,
    )


def _lists(returned: Returned) -> str:
    return draw(
        "lists.html",
        section="credit_lists",
        returned=returned,
        rows=list_lists(reads(), office_id=office().id),
        kinds=[(kind, t(f"list.kind.{kind}")) for kind in KINDS],
        needs=LIST_NEEDS,
        bodies=body_choices(),
    )


def _list(row: CreditList, returned: Returned) -> str:
    reader: dict[str, Any] = {"actor": actor(), "office_id": office().id}
    entries = []
    for entry in list_entries(reads(), list_id=row.id):
        try:
            get_visible_subject(reads(), subject_id=entry.subject_id, **reader)
        except NotFound:
            continue
        entries.append((entry, word_name("listing_bases", entry.base_kind)))
    return draw(
        "list.html",
        section="credit_lists",
        returned=returned,
        row=row,
        needs=LIST_NEEDS,
        entries=entries,
        bases=word_choices("listing_bases"),
        may_decide=actor().role == "approver",
    )


def _commitments(returned: Returned) -> str:
    own = actor().organisation_id or "" if actor().role == "department_officer" else ""
    rows = list_commitments(reads(), office_id=office().id, received_by_id=own)
    return draw(
        "commitments.html",
        section="commitments",
        returned=returned,
        rows=[(row, word_name("commitment_kinds", row.kind)) for row in rows],
        cases=number_checks(reads(), commitments=rows),
        kinds=word_choices("commitment_kinds"),
        results=[(result, t(f"commitment.status.{result}")) for result in ("kept", "broken")],
        bodies=body_choices(),
    )


def _on_list(row: CreditList, act: Any, *, done: str) -> Response | tuple[str, int]:
    return submit(
        act,
        done=done,
        where=lambda _: url_for("officer.credit_list", list_id=row.id),
        again=lambda returned: _list(_get_list(row.id), returned),
    )


def _get_list(list_id: str) -> CreditList:
    row = reads().get(CreditList, list_id)
    if row is None or row.office_id != office().id:
        raise NotFound("error.list_not_found")
    return row
