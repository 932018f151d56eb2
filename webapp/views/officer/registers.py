"""The registers: search, a subject with all that stands about it, a record with all it carries."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from webapp.current import actor, desk, note_read, now, office, reads, run, today
from webapp.phrases import phrase
from webapp.presenters.cases import Fact
from webapp.texts import t
from webapp.views.admin.returned import UNTOUCHED, Returned
from webapp.views.officer.case_frame import case_title
from webapp.views.officer.door import pages
from webapp.views.officer.ledger import standing_words
from webapp.views.officer.record_facts import (
    catalogue_facts,
    name_of,
    publicity_facts,
    view_of,
    word_choices,
)
from webapp.views.officer.register_pages import (
    body_choices,
    draw,
    get_record,
    get_subject,
    posted,
    submit,
)
from workflows.models import Case, CreditRecord, Organisation, Subject
from workflows.services.change_value import get_record as get_known_record
from workflows.services.find_registered import list_records_of, search_records, search_subjects
from workflows.services.keep_catalogue import list_measures
from workflows.services.keep_commitments import list_commitments
from workflows.services.keep_lists import list_entries
from workflows.services.log_query import log_query
from workflows.services.publish_record import find_waiting, list_publications
from workflows.services.read_case import list_people
from workflows.services.read_people import get_person
from workflows.services.read_register import has_stated_purpose, list_cases_of, list_subject_queries
from workflows.storage.unit_of_work import UnitOfWork


@pages.get("/registers")
def registers() -> str:
    """Find subjects and records by name, identifier or number."""
    text = request.args.get("q", "").strip()
    who: dict[str, Any] = {"actor": actor(), "office_id": office().id, "vault": desk().vault}
    subjects = search_subjects(reads(), text=text, **who) if text else []
    records = search_records(reads(), text=text, **who)
    note_read("registers:search")
    return draw("search.html", section="registers", text=text, subjects=subjects, records=records)


@pages.get("/registers/subjects/<subject_id>")
def register_subject(subject_id: str) -> str:
    """Show what stands about a subject: records, measures, lists, commitments, cases, queries."""
    found = get_subject(subject_id)
    note_read(f"subject:{found.id}")
    records = list_records_of(reads(), subject_id=found.id, actor=actor(), office_id=office().id)
    cases = list_cases_of(reads(), subject_id=found.id, actor=actor(), office_id=office().id)
    return draw(
        "subject.html",
        section="registers",
        subject=found,
        facts=_subject_facts(found),
        records=records,
        entries=list_entries(reads(), subject_id=found.id),
        commitments=list_commitments(reads(), office_id=office().id, subject_id=found.id),
        cases=_case_lines(cases),
        queries=list_subject_queries(reads(), record_ids=[row.id for row in records]),
    )


@pages.get("/registers/records/<record_id>")
def register_record(record_id: str) -> str:
    """Show a record: versions, publicity with its rule, measures, cases, who asked for it."""
    return record_page(get_record(record_id), UNTOUCHED)


@pages.post("/registers/records/<record_id>/queries")
def state_purpose(record_id: str) -> Response | tuple[str, int]:
    """Register a query with its purpose before or after the record is shown (R109)."""
    found = get_record(record_id)
    asker = posted("queried_by") or _own_name()

    def act() -> dict[str, object]:
        def work(unit: UnitOfWork) -> dict[str, str]:
            row = log_query(
                unit,
                record=get_known_record(unit, found.id),
                queried_by=asker,
                purpose=posted("purpose"),
                purpose_code=posted("purpose_code"),
            )
            return {"query_id": row.id}

        return run("log_query", work)

    return submit(
        act,
        done="registers.query.logged",
        where=lambda _: url_for("officer.register_record", record_id=found.id),
        again=lambda returned: record_page(found, returned),
    )


def record_page(record: CreditRecord, returned: Returned) -> str:
    """Return the page of a record; a person's stays closed until a purpose is stated today."""
    note_read(f"record:{record.number}")
    is_closed = record.subject.is_natural_person and not has_stated_purpose(
        reads(), record_id=record.id, person_id=actor().person_id or "", now=now()
    )
    if is_closed:
        return draw(
            "record_closed.html",
            section="registers",
            returned=returned,
            record=record,
            purposes=word_choices("purposes"),
        )
    cases = list_cases_of(
        reads(),
        subject_id=record.subject_id,
        record_id=record.id,
        actor=actor(),
        office_id=office().id,
    )
    proposals = list_publications(reads(), record_id=record.id)
    ids = [each for row in proposals for each in (row.proposed_by_id, row.decided_by_id)]
    return draw(
        "record.html",
        section="registers",
        returned=returned,
        record=view_of(record),
        row=record,
        catalogue=catalogue_facts(record),
        publicity=publicity_facts(record),
        cases=_case_lines(cases),
        waiting=find_waiting(reads(), record_id=record.id),
        proposals=proposals,
        people=list_people(reads(), ids=ids),
        purposes=word_choices("purposes"),
        **_choices(record),
        **_rights(record),
    )


def _choices(record: CreditRecord) -> dict[str, list[tuple[str, str]]]:
    subject = record.subject
    measures = [
        (each.key, name_of(each))
        for each in list_measures(reads(), office_id=office().id, on=today())
        if each.is_lawful and each.fits(subject_kind=subject.kind, division=subject.division_code)
    ]
    tiers = [(key, t(f"record.tier.{key}")) for key in ("minor", "general", "serious")]
    return {
        "measures": measures,
        "bodies": body_choices(),
        "ranks": word_choices("ranks"),
        "grounds": word_choices("exclusions"),
        "tiers": tiers,
    }


def _rights(record: CreditRecord) -> dict[str, bool]:
    who = actor()
    return {
        "may_change": who.organisation_id == record.changing_unit_id,
        "may_decide": who.role == "approver",
    }


def _subject_facts(subject: Subject) -> list[Fact]:
    facts = [
        Fact(phrase("fact.subject_kind"), phrase(f"subject.kind.{subject.kind}")),
        Fact(phrase("registers.code"), _code_of(subject), is_code=True),
        Fact(phrase("fact.division"), subject.division_code, is_code=True),
        Fact(phrase("registers.valid_from"), phrase("answer.day", on=subject.valid_from)),
    ]
    if subject.valid_to is not None:
        facts.append(Fact(phrase("registers.valid_to"), phrase("answer.day", on=subject.valid_to)))
    if subject.succeeded_by_id is not None:
        successor = reads().get(Subject, subject.succeeded_by_id)
        if successor is not None:
            url = url_for("officer.register_subject", subject_id=successor.id)
            facts.append(Fact(phrase("registers.successor"), successor.name, url=url))
    if subject.is_natural_person:
        facts.append(Fact(phrase("registers.protection"), phrase("registers.masked")))
    return facts


def _code_of(subject: Subject) -> str:
    """Return the public code of a body; a person's number is never shown on a page."""
    return subject.credit_code or ("******" if subject.identity_index else "—")


def _case_lines(cases: list[Case]) -> list[tuple[Case, object, object]]:
    return [(case, case_title(case), standing_words(case)) for case in cases]


def _own_name() -> str:
    """Return who asks: the person's name with the body, as the queried person may read it."""
    who = actor()
    body = reads().get(Organisation, who.organisation_id or "")
    person = get_person(reads(), person_id=who.person_id or "", office_id=office().id)
    return f"{body.name} {person.name}" if body else person.name
