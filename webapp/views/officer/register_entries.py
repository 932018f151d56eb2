"""Forms of the registers: a subject, a record, a value, a measure, publicity."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from webapp.current import desk, office, reads, run, today
from webapp.texts import t
from webapp.views.admin.returned import UNTOUCHED, Returned
from webapp.views.officer.door import pages
from webapp.views.officer.ledger import KINDS
from webapp.views.officer.record_facts import name_of, word_choices
from webapp.views.officer.register_pages import (
    body_choices,
    draw,
    get_record,
    get_subject,
    posted,
    posted_day,
    posted_day_or_none,
    posted_items,
    submit,
)
from webapp.views.officer.registers import record_page
from workflows.models import CreditRecord, Subject
from workflows.services.add_sanction import NewSanction, add_sanction, lift_by_hand
from workflows.services.change_value import change_value
from workflows.services.enter_record import NewRecord, enter_record
from workflows.services.keep_catalogue import list_items
from workflows.services.keep_subjects import NewSubject, enter_subject
from workflows.services.publish_record import (
    PublicationRequest,
    decide_publication,
    end_publication,
    propose_publication,
)
from workflows.storage.unit_of_work import UnitOfWork

Work = Callable[[UnitOfWork], Mapping[str, Any]]


@pages.get("/registers/subjects/new")
def new_subject() -> str:
    """Show the form for a subject."""
    return _subject_form(UNTOUCHED)


@pages.post("/registers/subjects/new")
def enter_new_subject() -> Response | tuple[str, int]:
    """Enter a subject."""

    def act() -> dict[str, Any]:
        entry = NewSubject(
            kind=posted("kind"),
            name=posted("name"),
            code=posted("code"),
            division_code=posted("division_code"),
            employer_code=posted("employer_code"),
            is_minor=posted("is_minor") == "yes",
        )
        return run("enter_subject", lambda work: enter_subject(work, desk(), entry=entry))

    return submit(
        act,
        done="registers.subject.entered",
        where=lambda result: url_for("officer.register_subject", subject_id=result["subject_id"]),
        again=_subject_form,
    )


@pages.get("/registers/subjects/<subject_id>/records/new")
def new_record(subject_id: str) -> str:
    """Show the form for a record of a subject."""
    return _record_form(get_subject(subject_id), UNTOUCHED)


@pages.post("/registers/subjects/<subject_id>/records/new")
def enter_new_record(subject_id: str) -> Response | tuple[str, int]:
    """Enter a record; what may not be collected comes back with its rule."""
    subject = get_subject(subject_id)

    def act() -> dict[str, Any]:
        entry = NewRecord(
            number=posted("number"),
            subject_id=subject.id,
            recogniser_id=posted("recogniser_id"),
            catalogue_item=posted("catalogue_item"),
            area=posted("area"),
            title=posted("title"),
            source_kind=posted("source_kind"),
            base_document=posted("base_document"),
            base_document_on=posted_day("base_document_on"),
            lawful_basis=posted("lawful_basis"),
            items=posted_items(),
            default_type=posted("default_type"),
            tier=posted("tier"),
            misconduct_ended_on=posted_day_or_none("misconduct_ended_on"),
        )
        return run("enter_record", lambda work: enter_record(work, desk(), entry=entry))

    return submit(
        act,
        done="registers.record.entered",
        where=lambda result: url_for("officer.register_record", record_id=result["record_id"]),
        again=lambda returned: _record_form(subject, returned),
    )


@pages.post("/registers/records/<record_id>/values")
def change_record_value(record_id: str) -> Response | tuple[str, int]:
    """Change what a record says, as its source unit."""
    record = get_record(record_id)
    return _on_record(
        record,
        "change_value",
        lambda: (
            lambda work: change_value(
                work,
                record_id=record.id,
                title=posted("title"),
                items=posted_items(),
                reason=posted("reason"),
            )
        ),
        done="registers.value.changed",
    )


@pages.post("/registers/records/<record_id>/sanctions")
def impose_sanction(record_id: str) -> Response | tuple[str, int]:
    """Enter a department's measure."""
    record = get_record(record_id)

    def order() -> Work:
        entry = NewSanction(
            record_id=record.id,
            department_id=posted("department_id"),
            measure_key=posted("measure_key"),
            legal_basis=posted("legal_basis"),
            basis_rank=posted("basis_rank"),
            document=posted("document"),
            imposed_on=posted_day("imposed_on"),
            ends_on=posted_day_or_none("ends_on"),
        )
        return lambda work: add_sanction(work, entry=entry)

    return _on_record(record, "add_sanction", order, done="registers.sanction.entered")


@pages.post("/registers/records/<record_id>/sanctions/<sanction_id>/lifting")
def lift_sanction_by_hand(record_id: str, sanction_id: str) -> Response | tuple[str, int]:
    """Enter that a measure was lifted."""
    record = get_record(record_id)

    def order() -> Work:
        lifted_on = posted_day("lifted_on")
        return lambda work: lift_by_hand(
            work, sanction_id=sanction_id, lifted_on=lifted_on, document=posted("lifted_document")
        )

    return _on_record(record, "lift_sanction", order, done="registers.sanction.lifted")


@pages.post("/registers/records/<record_id>/publication")
def put_forward_publication(record_id: str) -> Response | tuple[str, int]:
    """Put a record forward for publicity with the secrecy check."""
    record = get_record(record_id)

    def order() -> Work:
        wanted = PublicationRequest(
            record_id=record.id,
            exclusions={key: posted(key) for key, _ in word_choices("exclusions")},
            basis=posted("basis"),
            basis_rank=posted("basis_rank"),
            tier=posted("tier"),
            assessment=posted("assessment"),
        )
        return lambda work: propose_publication(work, desk(), request=wanted)

    return _on_record(record, "propose_publication", order, done="registers.publication.proposed")


@pages.post("/registers/records/<record_id>/publication/<publication_id>")
def decide_on_publication(record_id: str, publication_id: str) -> Response | tuple[str, int]:
    """Approve or refuse publicity, as a second person."""
    record = get_record(record_id)
    agrees = posted("decision") == "approve"
    return _on_record(
        record,
        "decide_publication",
        lambda: (
            lambda work: decide_publication(
                work,
                desk(),
                publication_id=publication_id,
                agrees=agrees,
                note=posted("note"),
            )
        ),
        done="registers.publication.approved" if agrees else "registers.publication.refused",
    )


@pages.post("/registers/records/<record_id>/publication/end")
def end_publicity(record_id: str) -> Response | tuple[str, int]:
    """Take a record from the public."""
    record = get_record(record_id)
    return _on_record(
        record,
        "end_publication",
        lambda: lambda work: end_publication(work, record_id=record.id, reason=posted("reason")),
        done="registers.publication.ended",
    )


def _on_record(
    record: CreditRecord, name: str, order: Callable[[], Work], *, done: str
) -> Response | tuple[str, int]:
    return submit(
        lambda: run(name, order()),
        done=done,
        where=lambda _: url_for("officer.register_record", record_id=record.id),
        again=lambda returned: record_page(get_record(record.id), returned),
    )


def _subject_form(returned: Returned) -> str:
    return draw(
        "new_subject.html",
        section="registers",
        returned=returned,
        kinds=[(kind, t(f"subject.kind.{kind}")) for kind in KINDS],
        name=request.args.get("name", ""),
    )


def _record_form(subject: Subject, returned: Returned) -> str:
    division = subject.division_code
    items = [
        (each.key, name_of(each))
        for each in list_items(reads(), office_id=office().id, on=today())
        if each.is_confirmed and each.fits(subject_kind=subject.kind, division=division)
    ]
    return draw(
        "new_record.html",
        section="registers",
        returned=returned,
        subject=subject,
        items=items,
        areas=word_choices("areas", division=division),
        source_kinds=word_choices("source_kinds", division=division),
        default_types=[
            ("", t("registers.none")),
            *word_choices("default_types", division=division),
        ],
        tiers=[("", t("record.tier.none"))]
        + [(key, t(f"record.tier.{key}")) for key in ("minor", "general", "serious")],
        bodies=body_choices(),
    )
