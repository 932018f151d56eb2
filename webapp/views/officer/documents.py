"""Letters and files: look at them, take them along, hand a letter over and note that it arrived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import quote

from flask import Response as FlaskResponse
from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from handlers.effects.letter_desk import DrawingDesk
from notifications.letters.kinds import get_kind
from notifications.letters.letter import LetterData
from notifications.letters.render import render_letter
from webapp.current import actor, desk, holder, note_read, now, office, parts, reads, run
from webapp.errors import status_of, words_of
from webapp.phrases import Words
from webapp.presenters.dispatch import paper_of
from webapp.schemas.letter_service import Dispatch, SentAgain, Service
from webapp.schemas.receipt_date import read_schema
from webapp.texts import t
from webapp.views.officer.case_frame import crumbs_of
from webapp.views.officer.declared_forms import new_command_id
from webapp.views.officer.door import pages
from webapp.views.officer.letter_desk import RED_HEAD, letter_name
from webapp.views.officer.page_facts import looked_at
from workflows.errors import CaseworkError, NotAllowed, NotFound
from workflows.models import Case, Document, StoredFile
from workflows.services.dispatch_document import CAME_BACK, METHODS
from workflows.services.hand_over_letter import (
    hand_over_letter,
    note_service,
    send_letter_again,
)
from workflows.services.list_documents import (
    get_visible_document,
    get_visible_file,
    letters_with_steps,
)
from workflows.services.read_party import may_see_personal_data

SERVES = ("window_clerk", "handler")
# These show in a page of ours without harm; anything else is only ever saved.
SHOWN_INLINE = ("application/pdf", "image/png", "image/jpeg")


@pages.get("/documents/<document_id>")
def document(document_id: str) -> str:
    """Show a letter on paper with its three instants, and what may be done with it."""
    found, case = seen_document(document_id)
    looked_at(f"document:{found.kind}", case)
    return _page(found, case)


@pages.get("/documents/<document_id>.pdf")
def document_pdf(document_id: str) -> FlaskResponse:
    """Return the letter as PDF: the one that was drawn, or the draft as it stands."""
    found, case = seen_document(document_id)
    looked_at(f"document_pdf:{found.kind}", case)
    if found.direction == "in":
        return _stored(_scan_of(found))
    if found.pdf_id and _may_see_drawn(found, case) and not _is_draft(found):
        return _stored(_file(found.pdf_id))
    return _send(_drawn_now(found, case), f"{letter_name(found.kind)}.pdf", "application/pdf")


@pages.get("/documents/<document_id>/sealed")
def sealed_copy(document_id: str) -> FlaskResponse:
    """Return the sealed copy, which is the original."""
    found, case = seen_document(document_id)
    looked_at(f"sealed_copy:{found.kind}", case)
    return _stored(_scan_of(found))


@pages.get("/files/<file_id>")
def file(file_id: str) -> FlaskResponse:
    """Return a file of a case, or one that one has just sent."""
    found = get_visible_file(
        reads(), file_id=file_id, actor=actor(), office_id=office().id, holder=holder()
    )
    if found.case_id:
        note_read(f"file:{found.id}", case_id=found.case_id)
    return _stored(found)


@pages.post("/documents/<document_id>/dispatch")
def dispatch(document_id: str) -> Response | FlaskResponse:
    """Note that a letter which no step sends has left the office."""
    found, case = seen_document(document_id)
    _check_may_serve(found, case)
    answer, bad = read_schema(Dispatch(), request.form)
    if bad:
        return make_response(_page(found, case, bad=bad), 422)
    return _act(
        found,
        case,
        name="hand_over_letter",
        act=lambda work: hand_over_letter(
            work, desk(), document_id=found.id, method=answer["method"]
        ),
    )


@pages.post("/documents/<document_id>/served")
def served(document_id: str) -> Response | FlaskResponse:
    """Note that the addressee has the letter, on what evidence."""
    found, case = seen_document(document_id)
    _check_may_serve(found, case)
    answer, bad = read_schema(Service(), request.form)
    if bad:
        return make_response(_page(found, case, bad=bad), 422)
    served_on: date = answer["served_on"]
    return _act(
        found,
        case,
        name="note_service",
        act=lambda work: note_service(
            work,
            desk(),
            document_id=found.id,
            served_on=served_on,
            evidence=answer["evidence"],
        ),
    )


@pages.post("/documents/<document_id>/again")
def sent_again(document_id: str) -> Response | FlaskResponse:
    """Note that a letter came back, and that it goes out again by another way."""
    found, case = seen_document(document_id)
    if not _may_send_again(found, case):
        raise NotAllowed("error.document_not_yours_to_serve", title=found.title)
    answer, bad = read_schema(SentAgain(), request.form)
    if bad:
        return make_response(_page(found, case, bad=bad), 422)
    return _act(
        found,
        case,
        name="send_letter_again",
        act=lambda work: send_letter_again(
            work,
            desk(),
            document_id=found.id,
            method=answer["method"],
            reason=answer["reason"],
        ),
    )


def seen_document(document_id: str) -> tuple[Document, Case]:
    """Return a letter with its case if this post may see it."""
    return get_visible_document(
        reads(), document_id=document_id, actor=actor(), office_id=office().id
    )


def _act(found: Document, case: Case, *, name: str, act: object) -> Response | FlaskResponse:
    try:
        run(name, act, case_id=case.id)  # type: ignore[arg-type]
    except CaseworkError as problem:
        fresh, case = seen_document(found.id)
        return make_response(_page(fresh, case, problem=words_of(problem)), status_of(problem))
    flash(t(f"document.done.{name}"), "act")
    return redirect(url_for("officer.document", document_id=found.id))


def _page(
    found: Document,
    case: Case,
    *,
    bad: dict[str, Words] | None = None,
    problem: Words | None = None,
) -> str:
    kind = get_kind(found.kind)
    return render_template(
        "officer/document.html",
        document=found,
        case=case,
        kind_name=letter_name(found.kind),
        paper=paper_of(found.letter, kind_is_red=kind.form in RED_HEAD, revision=found.revision)
        if found.direction == "out"
        else None,
        has_pdf=found.direction == "out" or bool(found.sealed_copy_id),
        may_serve=_may_serve(found, case),
        may_send_again=_may_send_again(found, case),
        ways=METHODS,
        reasons=CAME_BACK,
        bad=bad or {},
        problem=problem,
        values=request.form,
        command_id=new_command_id(),
        crumbs=crumbs_of(case, letter_name(found.kind)),
    )


def _may_serve(found: Document, case: Case) -> bool:
    """Letters with steps of their own are sent by those steps; the others by the window."""
    return (
        _hands_over(found, case)
        and found.kind not in letters_with_steps(reads(), desk(), case=case)
        and found.status in ("numbered", "sealed", "dispatched")
    )


def _may_send_again(found: Document, case: Case) -> bool:
    """Any letter may come back, those with steps of their own too."""
    return _hands_over(found, case) and found.status == "dispatched"


def _hands_over(found: Document, case: Case) -> bool:
    who = actor()
    return (
        who.role in SERVES
        and who.organisation_id == case.receiving_organisation_id
        and found.direction == "out"
        and get_kind(found.kind).served
    )


def _check_may_serve(found: Document, case: Case) -> None:
    if not _may_serve(found, case):
        raise NotAllowed("error.document_not_yours_to_serve", title=found.title)


def _is_draft(found: Document) -> bool:
    return found.status in ("draft", "signed")


def _may_see_drawn(found: Document, case: Case) -> bool:
    """A drawn letter may carry a query code or a full name: only for posts that need these."""
    is_private = found.is_for_subject and (
        found.kind == "receipt" or case.subject.is_natural_person
    )
    return may_see_personal_data(actor()) or not is_private


def _drawn_now(found: Document, case: Case) -> bytes:
    """Return the letter drawn from its frozen data, for drafts and before the outbox drew it."""
    words: Mapping[str, Any] = found.letter
    if _may_see_drawn(found, case):
        words = DrawingDesk(sessions=parts().sessions, desk=desk(), clock=now).words_of(found)
    letter = LetterData.from_mapping(words)
    if _is_draft(found):
        letter = replace(letter, draft=found.revision)
    return render_letter(letter, fonts=parts().settings.fonts_dir)


def _scan_of(found: Document) -> StoredFile:
    if not found.sealed_copy_id:
        raise NotFound("error.file_not_found")
    return _file(found.sealed_copy_id)


def _file(file_id: str) -> StoredFile:
    row = reads().get(StoredFile, file_id)
    if row is None or row.office_id != office().id:
        raise NotFound("error.file_not_found")
    return row


def _stored(row: StoredFile) -> FlaskResponse:
    return _send(desk().files.get(row.sha256), row.name, row.media_type)


def _send(content: bytes, name: str, media_type: str) -> FlaskResponse:
    response = make_response(content)
    response.headers["Content-Type"] = media_type
    how = "inline" if media_type in SHOWN_INLINE else "attachment"
    response.headers["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(name)}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
