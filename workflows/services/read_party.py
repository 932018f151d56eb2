"""Open the personal data of a party, for the posts that need it and for nobody else (N23)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from workflows.errors import NotAllowed, NotFound
from workflows.events import Actor
from workflows.models import Case, CaseParty
from workflows.services.desk import Desk
from workflows.services.open_case import REPORTER

# Who serves letters and talks with the filer; everybody else works with the masked name.
SEES_PERSONAL_DATA = ("window_clerk", "handler")


@dataclass(frozen=True)
class PartyDetails:
    """What the filer left, in plain words."""

    party_id: str
    name: str
    phone: str
    identity_number: str
    email: str
    postal_address: str
    subject_name: str = ""


def may_see_personal_data(actor: Actor) -> bool:
    """Say whether this post may ask for a party's personal data."""
    return actor.role in SEES_PERSONAL_DATA


def open_party(
    session: Session, desk: Desk, *, case: Case, party_id: str, actor: Actor
) -> PartyDetails:
    """Return the personal data of a party. Raises NotAllowed for a post that does not need it.

    A reporter answers only to the body that took the complaint in (R150).
    """
    if not may_see_personal_data(actor):
        raise NotAllowed("error.personal_data_not_needed")
    party = session.get(CaseParty, party_id)
    if party is None or party.case_id != case.id:
        raise NotFound("error.party_not_found")
    if party.role == REPORTER and actor.organisation_id != case.receiving_organisation_id:
        raise NotAllowed("error.personal_data_not_needed")
    fields = ("name", "phone", "identity_number", "email", "postal_address")
    plain = {
        field: desk.vault.open(session, owner_id=party.id, value=getattr(party, field))
        for field in fields
    }
    full_name = desk.vault.open(session, owner_id=case.subject_id, value=case.subject.full_name)
    return PartyDetails(party_id=party.id, subject_name=full_name, **plain)
