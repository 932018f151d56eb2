"""Find the case of a visitor who has its query code and knows something that is not public (E)."""

from __future__ import annotations

import hmac

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.models import Case, CaseParty
from workflows.services.desk import Desk
from workflows.services.find_case import normal_text
from workflows.services.open_case import proof_index

PROOF_LENGTH = 4


def find_own_case(
    session: Session, desk: Desk, *, office_id: str, code: str, proof: str
) -> str | None:
    """Return the id of the case whose code and proof both fit; neither alone says anything.

    The proof is the last four digits of the phone on file or of the filer's own identity number,
    never a public code of an organisation.
    """
    plain = plain_code(code)
    tail = _tail(proof)
    if not plain or len(tail) < PROOF_LENGTH:
        return None
    query = (
        select(Case.id, CaseParty)
        .join(CaseParty, CaseParty.case_id == Case.id)
        .where(
            Case.office_id == office_id,
            Case.query_code_index == desk.vault.blind_index(plain),
            CaseParty.valid_to.is_(None),
        )
    )
    for case_id, party in session.execute(query):
        if _is_proved(session, desk, party, proof=proof, tail=tail):
            return str(case_id)
    return None


def plain_code(code: str) -> str:
    """Return a query code as it is kept, however it was typed: 7k3m-q9td becomes 7K3MQ9TD."""
    return "".join(sign for sign in normal_text(code).upper() if sign.isalnum())


def _is_proved(session: Session, desk: Desk, party: CaseParty, *, proof: str, tail: str) -> bool:
    index = proof_index(desk, phone=proof)
    if index and party.proof_index and hmac.compare_digest(index, party.proof_index):
        return True
    if party.identity_number is None:
        return False
    known = desk.vault.open(session, owner_id=party.id, value=party.identity_number)
    kept = _tail(known)
    return len(kept) == PROOF_LENGTH and hmac.compare_digest(kept.encode(), tail.encode())


def _tail(text: str) -> str:
    signs = [sign for sign in normal_text(text).upper() if sign.isdigit() or sign == "X"]
    return "".join(signs)[-PROOF_LENGTH:]
