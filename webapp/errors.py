"""Map each branch of the error tree once to a status and a page in the reader's language."""

from __future__ import annotations

import secrets

import structlog
from flask import (
    Flask,
    Response,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Response as BaseResponse

from webapp.permissions import LoginNeeded
from webapp.phrases import Phrase
from webapp.texts import current_texts, say
from workflows.errors import (
    CalendarError,
    CaseworkError,
    Conflict,
    DiagramError,
    InvalidAnswer,
    NotAllowed,
    NotFound,
    OutsideServiceFailed,
    RuleMissing,
)

STATUS: dict[type[CaseworkError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    Conflict: 409,
    InvalidAnswer: 422,
    DiagramError: 422,
    CalendarError: 422,
    RuleMissing: 409,
    OutsideServiceFailed: 502,
}

log = structlog.get_logger("jiannuo.web")


def status_of(error: CaseworkError) -> int:
    """Return the HTTP status of the error's branch."""
    for branch in type(error).__mro__:
        if branch in STATUS:
            return STATUS[branch]
    return 500


def words_of(error: CaseworkError) -> Phrase:
    """Return the error as a phrase; a key without a text falls back to its branch."""
    key = error.key if current_texts().has(error.key) else type(error).default_key
    return Phrase(key, error.facts)


def install_errors(app: Flask) -> None:
    """Answer every error with a page that says what to do."""
    app.register_error_handler(LoginNeeded, _ask_to_log_in)
    app.register_error_handler(CaseworkError, _casework_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(RequestEntityTooLarge, _too_large)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unforeseen)


def wants_json() -> bool:
    """Say whether the asker is a script that reads JSON."""
    return request.accept_mimetypes.best == "application/json" or request.is_json


def problem(status: int, words: Phrase, *, number: str = "") -> Response:
    """Return the problem page, or its JSON for a script."""
    if wants_json():
        return make_response(jsonify(error=words.key, message=say(words)), status)
    page = render_template("errors/problem.html", status=status, words=words, number=number)
    return make_response(page, status)


def _ask_to_log_in(error: LoginNeeded) -> BaseResponse | Response:
    if wants_json() or request.headers.get("HX-Request"):
        return problem(401, Phrase("error.login_needed", {}))
    where = request.full_path if request.method == "GET" else request.referrer or "/"
    expired = int(request.method != "GET")
    return redirect(url_for("auth.login", next=where.rstrip("?"), expired=expired))


def _casework_error(error: CaseworkError) -> Response:
    return problem(status_of(error), words_of(error))


def _csrf_error(error: CSRFError) -> Response:
    return problem(400, Phrase("error.page_expired", {}))


def _too_large(error: RequestEntityTooLarge) -> Response:
    return problem(413, Phrase("error.request_too_large", {}))


def _http_error(error: HTTPException) -> Response:
    known = {404: "error.page_not_found", 405: "error.method", 429: "error.too_many"}
    code = error.code or 500
    response = problem(code, Phrase(known.get(code, "error.casework"), {}))
    if error.code == 405 and getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(error.valid_methods)  # type: ignore[attr-defined]
    return response


def _unforeseen(error: Exception) -> Response:
    number = secrets.token_hex(4).upper()
    # The endpoint and the type only: a message could hold personal data.
    log.error(
        "unforeseen",
        number=number,
        endpoint=request.endpoint,
        type=type(error).__name__,
        exc_info=error if request.environ.get("jiannuo.debug") else None,
    )
    return problem(500, Phrase("error.unforeseen_page", {}), number=number)
