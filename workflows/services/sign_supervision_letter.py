"""Sign a drafted supervision letter (督办函): only a person signs and sends one (R57, R128, E)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from workflows.errors import NotAllowed, NotFound
from workflows.models import Case, Organisation
from workflows.services.consult_file import find_body_of_kind
from workflows.services.desk import Desk
from workflows.services.dispatch_document import dispatch_document
from workflows.services.draft_document import check_status, freeze, get_document
from workflows.services.inform_people import holders_of, inform_people, mail_organisation
from workflows.services.number_document import SUPERVISION_SERIES, number_document
from workflows.storage.document_rows import DRAFTS_OF_ITEM, SET_ASIDE, DocumentRow
from workflows.storage.unit_of_work import UnitOfWork

KIND = "supervision_letter"
TOLD = "supervision_received"
# Courts and discipline organs are no addressees of supervision between peers (E).
BARRED = Path(__file__).resolve().parents[2] / "bpmn" / "letters" / "never_supervised.json"


def may_be_supervised(organisation: Organisation) -> bool:
    """Say whether a supervision letter may go to this body at all."""
    barred = _barred()
    if organisation.kind in barred["kinds"]:
        return False
    return not any(word in organisation.name for word in barred["words"])


@lru_cache(maxsize=1)
def _barred() -> dict[str, Any]:
    barred: dict[str, Any] = json.loads(BARRED.read_text(encoding="utf-8"))
    return barred


def sign_supervision_letter(
    work: UnitOfWork,
    desk: Desk,
    *,
    document_id: str,
    paragraphs: Sequence[str] | None = None,
    given_number: str = "",
) -> dict[str, Any]:
    """Sign, number and send a drafted supervision letter, with the signer's own words if any.

    Raises NotAllowed for another post than the supervisor's or a body that is never supervised,
    and Conflict when the draft has become moot or is signed already.
    """
    document = get_document(work, document_id)
    check_status(document, ("draft",))
    case = work.get_case(document.case_id)
    if work.command.actor.role != "supervisor":
        raise NotAllowed("error.not_your_post")
    addressee = _addressee(work, document)
    if not may_be_supervised(addressee):
        raise NotAllowed("error.never_supervised", organisation=addressee.name)
    if paragraphs is not None:
        freeze(document, {**document.letter, "paragraphs": list(paragraphs)})
    lead = lead_organisation(work, case=case)
    number_document(
        work,
        document=document,
        organisation=lead,
        series=SUPERVISION_SERIES,
        given_number=given_number,
    )
    dispatch_document(work, desk, case=case, document=document, method="electronic")
    _tell(work, case, document, addressee)
    work.record(
        "supervision_signed",
        case_id=case.id,
        number=document.number,
        organisation=addressee.name,
        title=document.title,
    )
    return {"case_id": case.id, "document_id": document.id, "number": document.number}


def moot_supervision_letters(work: UnitOfWork, *, case: Case, item: str, reason: str) -> list[str]:
    """Set aside drafts that nobody needs to sign any more, because what they ask for came in."""
    drafts = work.all(DRAFTS_OF_ITEM, case_id=case.id, kind=KIND, item=item)
    for document_id, title in drafts:
        work.change(SET_ASIDE, document_id=document_id)
        work.record("supervision_moot", case_id=case.id, title=title, reason=reason)
    return [document_id for document_id, _ in drafts]


def lead_organisation(work: UnitOfWork, *, case: Case) -> Organisation:
    """Return the lead department, in whose house the joint conference has its office (R128)."""
    lead = find_body_of_kind(work, office_id=case.office_id, kind="lead")
    return lead or case.receiving_organisation


def _addressee(work: UnitOfWork, document: DocumentRow) -> Organisation:
    found = work.session.get(Organisation, document.addressee_id or "")
    if found is None:
        raise NotFound("error.organisation_not_found")
    return found


def _tell(work: UnitOfWork, case: Case, document: DocumentRow, addressee: Organisation) -> None:
    facts = {"number": document.number, "title": document.title}
    key = f"{document.id}:signed"
    mail_organisation(
        work, case=case, organisation=addressee, kind=TOLD, key=document.id, facts=facts
    )
    for role in ("department_officer", "handler"):
        inform_people(
            work,
            case=case,
            kind=TOLD,
            key=key,
            people=holders_of(
                work, office_id=case.office_id, role=role, organisation_id=addressee.id
            ),
            facts=facts,
        )
