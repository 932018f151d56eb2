"""Cases that a visitor of the demo may look at as their subject would; nothing of a real office."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.current import desk, reads
from webapp.demo.play_cases import PHONE
from workflows.models import Case
from workflows.services.open_case import proof_index
from workflows.services.read_portal import list_cases_of_proof

SHOWN = 12


@dataclass(frozen=True)
class ShownCase:
    """A case of the demo with what opens it."""

    number: str
    subject: str
    code: str
    proof: str


def list_shown_cases(office_id: str) -> list[ShownCase]:
    """Return some cases of the demo's portal with code and proof."""
    index = proof_index(desk(), phone=PHONE)
    rows = list_cases_of_proof(reads(), office_id=office_id, proof_index=index, limit=SHOWN)
    return [ShownCase(case.number, case.subject.name, _code(case), PHONE[-4:]) for case in rows]


def _code(case: Case) -> str:
    return desk().vault.open(reads(), owner_id=case.id, value=case.query_code)
