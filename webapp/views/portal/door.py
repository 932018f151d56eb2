"""The subject's blueprint, and the one case a visitor has proved to be their own."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Blueprint, session

from webapp.business_clock import machine_now
from webapp.current import office, reads
from workflows.errors import NotAllowed
from workflows.models import Case

pages = Blueprint("portal", __name__)

# How long a proof stays good without a visit: a shared computer forgets soon.
PROOF_LASTS = timedelta(minutes=30)


class ProofNeeded(NotAllowed):
    """The visitor has not shown whose case this is, or did so too long ago."""

    default_key = "portal.proof_needed"


def open_case_for_visitor(case_id: str) -> None:
    """Let this browser see the case from now on, for a while."""
    session["portal_case"] = case_id
    session["portal_until"] = (machine_now() + PROOF_LASTS).isoformat()


def close_case_for_visitor() -> None:
    """Forget whose case this browser may see."""
    session.pop("portal_case", None)
    session.pop("portal_until", None)


def my_case() -> Case:
    """Return the case this visitor has proved to be their own, or raise ProofNeeded."""
    case_id, until = session.get("portal_case"), session.get("portal_until")
    if not case_id or not until or datetime.fromisoformat(until) < machine_now():
        raise ProofNeeded
    case = reads().get(Case, case_id)
    if case is None or case.office_id != office().id:
        raise ProofNeeded
    open_case_for_visitor(case_id)
    return case
