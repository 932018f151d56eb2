"""The subject's letters: download them, prove that an objection is pending, verify a paper."""

from __future__ import annotations

import io

from flask import render_template, request, send_file
from werkzeug.wrappers import Response

from handlers.effects.letter_desk import DrawingDesk
from notifications.letters.letter import LetterData
from notifications.letters.render import render_letter
from webapp.current import desk, note_read, office, parts, reads, run
from webapp.limits import GUESSES, limiter
from webapp.views.portal.door import my_case, pages
from workflows.errors import Conflict, NotFound
from workflows.models import Document, StoredFile
from workflows.services.read_document import read_document
from workflows.services.read_portal import find_by_verification_code, find_letter_for_subject
from workflows.storage.unit_of_work import UnitOfWork


@pages.get("/portal/case/letters/<document_id>")
def letter(document_id: str) -> Response:
    """Send a letter's PDF; the first opening is kept, and is not service."""
    case = my_case()
    document = find_letter_for_subject(reads(), case_id=case.id, document_id=document_id)
    if document is None:
        raise NotFound("error.document_not_found")
    content = pdf_of(document)

    def work(unit: UnitOfWork) -> None:
        own = unit.session.get_one(Document, document_id)
        read_document(unit, document=own, by_addressee=True)

    if document.read_at is None:
        run("read_letter", work, case_id=case.id, once=document_id)
    note_read(f"letter:{document.kind}", case_id=case.id)
    # The file name carries the case number only: a title could hold a name.
    name = f"{case.number}-{document.kind}.pdf"
    return send_file(io.BytesIO(content), mimetype="application/pdf", download_name=name)


@pages.get("/portal/case/certificate")
def certificate() -> Response:
    """Send the certificate that an objection is pending, for tenders and banks (E)."""
    case = my_case()
    if case.status != "open" or case.record is None or not case.record.is_disputed:
        raise Conflict("portal.no_certificate")
    from handlers.pending_certificate import issue_certificate

    result = run(
        "issue_certificate",
        lambda work: issue_certificate(work, desk(), case_id=case.id),
        case_id=case.id,
        once=f"certificate:{case.id}",
    )
    document = reads().get_one(Document, str(result["document_id"]))
    content = pdf_of(document)
    name = f"{case.number}-certificate.pdf"
    return send_file(io.BytesIO(content), mimetype="application/pdf", download_name=name)


@pages.route("/portal/verify", methods=["GET"])
@limiter.limit(GUESSES)
def verify() -> str:
    """Say whether a paper with this code was issued here, and what that does not prove."""
    code = request.args.get("code", "")
    found = (
        find_by_verification_code(reads(), office_id=office().id, code=code) if code else None
    )
    return render_template("portal/verify.html", code=code, found=found)


def pdf_of(document: Document) -> bytes:
    """Return the letter's PDF: the stored one, or drawn now if it has not been drawn yet."""
    if document.pdf_id is not None:
        stored = reads().get_one(StoredFile, document.pdf_id)
        return desk().files.get(stored.sha256)
    here = parts()
    drawing = DrawingDesk(sessions=here.sessions, desk=here.desk, clock=here.clock.now)
    letter = LetterData.from_mapping(drawing.words_of(document))
    return render_letter(letter, fonts=here.settings.fonts_dir)
