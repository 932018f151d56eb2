"""The subject's blueprint: everybody is a visitor here, and one case at a time is their own."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, g, make_response, render_template, request, session
from werkzeug.exceptions import HTTPException, TooManyRequests

from webapp.business_clock import machine_now
from webapp.current import office, reads
from webapp.errors import problem, status_of, wants_json, words_of
from webapp.phrases import Phrase, phrase
from workflows.errors import CaseworkError, NotAllowed
from workflows.models import Case

pages = Blueprint("portal", __name__)

# How long a proof stays good without a visit: a shared computer forgets soon.
PROOF_LASTS = timedelta(minutes=30)
# A form may bring several files along where the page's script does not run. A file too large
# among them is refused by itself; refusing the whole request would lose what was typed.
LARGEST_FORM = 300 * 1024 * 1024
FORMS = frozenset({"portal.submit", "portal.submit_supplement", "portal.submit_withdrawal"})


class ProofNeeded(NotAllowed):
    """The visitor has not shown whose case this is, or did so too long ago."""

    default_key = "portal.proof_needed"


@pages.url_value_preprocessor
def begin(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Treat whoever is at this door as a visitor, an officer's own log-in included.

    This runs before the form is read, so that large forms can be let in.
    """
    g.post = None
    if endpoint in FORMS:
        request.max_content_length = LARGEST_FORM


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


@pages.errorhandler(CaseworkError)
def say_what_to_do(error: CaseworkError) -> Response:
    """Answer an error in the portal's own frame."""
    return _problem(status_of(error), words_of(error))


@pages.errorhandler(TooManyRequests)
def say_wait(_error: HTTPException) -> Response:
    """Ask for patience where codes are being tried."""
    return _problem(429, phrase("portal.too_many"))


def _problem(status: int, words: Phrase) -> Response:
    if wants_json():
        return problem(status, words)
    return make_response(render_template("portal/problem.html", words=words), status)
