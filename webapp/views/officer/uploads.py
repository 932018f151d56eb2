"""Take files in while a form is being filled, so that a broken line costs one file and no form."""

from __future__ import annotations

from flask import Response, jsonify, make_response, request

from webapp.errors import status_of, words_of
from webapp.phrases import phrase
from webapp.texts import say
from webapp.uploading import take_in
from webapp.views.officer.door import pages
from workflows.errors import InvalidAnswer


@pages.post("/uploads")
def upload() -> Response:
    """Stage one file and return its token, or a sentence that says what to do."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return make_response(jsonify(error=say(phrase("check.required_file"))), 422)
    try:
        staged = take_in(file)
    except InvalidAnswer as problem:
        return make_response(jsonify(error=say(words_of(problem))), status_of(problem))
    return make_response(jsonify(token=staged["token"], name=staged["name"]), 201)
