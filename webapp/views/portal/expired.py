"""A page that lay open too long: its form is shown again with everything that was typed."""

from __future__ import annotations

from flask import Response as FlaskResponse
from flask import make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response

from webapp.errors import problem, wants_json
from webapp.phrases import phrase
from webapp.views.portal import acts, filing
from webapp.views.portal.door import ProofNeeded, pages, say_what_to_do
from webapp.views.portal.enter import WAY_OF_FORM, ask_for_proof
from workflows.errors import CaseworkError


@pages.errorhandler(CSRFError)
def show_again(_error: CSRFError) -> Response | FlaskResponse:
    """Let the same form be sent once more; nothing was carried out and nothing is lost."""
    words = phrase("portal.page_expired")
    if wants_json():
        return problem(400, words)
    name = (request.endpoint or "").rpartition(".")[2]
    try:
        if name == "submit":
            return make_response(filing.show_again(), 400)
        if name in WAY_OF_FORM:
            return make_response(acts.show_again(WAY_OF_FORM[name]), 400)
    except ProofNeeded as error:
        return ask_for_proof(error)
    except CaseworkError as error:
        return say_what_to_do(error)
    return make_response(render_template("portal/problem.html", words=words), 400)
