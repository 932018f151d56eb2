"""The subject's letters: download them, prove that an objection is pending, verify a paper."""

from __future__ import annotations

import io

from flask import Response as FlaskResponse
from flask import redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from handlers.effects.letter_desk import DrawingDesk
from handlers.pending_certificate import issue_certificate
from notifications.letters.letter import LetterData
from notifications.letters.render import render_letter
from webapp.current import desk, note_read, now, office, parts, reads, run
from webapp.limits import GUESSES, limiter
from webapp.presenters.verified import verdict_of
from webapp.views.portal.door import my_case, pages
from workflows.errors import NotFound
from workflows.models import Document, StoredFile
from workflows.services.read_document import read_document
from workflows.services.read_portal import find_by_verification_code, find_letter_for_subject
from workflows.storage.unit_of_work import UnitOfWork

PDF = "application/pdf"


@pages.get("/portal/case/letters/<document_id>")
def letter(document_id: str) -> FlaskResponse:
    """Send a letter's PDF; the first opening is kept, and is not service."""
    document = _own_letter(document_id)
    content = pdf_of(document)
    _note_opened(document)
    # The file name carries the case number only: a title could hold a name.
    return _send(content, PDF, f"{my_case().number}-{document.kind}.pdf")


@pages.get("/portal/case/letters/<document_id>/original")
def original(document_id: str) -> FlaskResponse:
    """Send the scan of the stamped paper, where there is one."""
    document = _own_letter(document_id)
    if document.sealed_copy_id is None:
        raise NotFound("error.file_not_found")
    file = reads().get_one(StoredFile, document.sealed_copy_id)
    _note_opened(document)
    return _send(desk().files.get(file.sha256), file.media_type, file.name)


@pages.post("/portal/case/certificate")
def certificate() -> Response:
    """Issue the certificate that an objection is pending, for tenders and banks (E)."""
    case = my_case()
    # The installation's own address, never the one a request claims: it is printed on the paper.
    address = parts().settings.public_url.rstrip("/") + url_for("portal.verify")
    version = case.record.current_version if case.record else 0
    result = run(
        "issue_certificate",
        lambda work: issue_certificate(work, desk(), case_id=case.id, verify_at=address),
        case_id=case.id,
        once=f"{version}:{case.id}",
    )
    parts().tick()
    return redirect(url_for("portal.letter", document_id=str(result["document_id"])), 303)


@pages.get("/portal/verify")
@limiter.limit(GUESSES, exempt_when=lambda: not request.args.get("code"))
def verify() -> str | tuple[str, int]:
    """Say whether a paper with this code was issued here, and what that does not prove."""
    code = request.args.get("code", "").strip()
    if not code:
        return render_template("portal/verify.html", code="", verdict=None, at=now())
    found = find_by_verification_code(reads(), office_id=office().id, code=code)
    if found is None:
        return render_template("portal/verify.html", code=code, verdict=None, at=now()), 404
    document, case = found
    file = reads().get(StoredFile, document.pdf_id) if document.pdf_id else None
    verdict = verdict_of(document, case=case, digest=file.sha256 if file else "")
    return render_template("portal/verify.html", code=code, verdict=verdict, at=now())


def pdf_of(document: Document) -> bytes:
    """Return the letter's PDF: the stored one, or drawn now if it has not been drawn yet."""
    if document.pdf_id is not None:
        stored = reads().get_one(StoredFile, document.pdf_id)
        return desk().files.get(stored.sha256)
    drawing = DrawingDesk(sessions=parts().sessions, desk=desk(), clock=now)
    words = drawing.words_of(document)
    return render_letter(LetterData.from_mapping(words), fonts=parts().settings.fonts_dir)


def _own_letter(document_id: str) -> Document:
    case = my_case()
    document = find_letter_for_subject(reads(), case_id=case.id, document_id=document_id)
    if document is None:
        raise NotFound("error.document_not_found")
    return document


def _note_opened(document: Document) -> None:
    """Keep who looked; where this page is the agreed address, that is the addressee (N42)."""
    note_read(f"letter:{document.kind}", case_id=document.case_id)
    if document.read_at is not None:
        return
    is_addressee = document.service_method == "electronic"

    def work(unit: UnitOfWork) -> None:
        own = unit.session.get_one(Document, document.id)
        read_document(unit, document=own, by_addressee=is_addressee)

    if is_addressee:
        run("read_letter", work, case_id=document.case_id, once=document.id)


def _send(content: bytes, media_type: str, name: str) -> FlaskResponse:
    is_pdf = media_type == PDF
    # Only a PDF opens in the browser: what somebody scanned may not act as a page of ours.
    return send_file(
        io.BytesIO(content), mimetype=media_type, download_name=name, as_attachment=not is_pdf
    )
