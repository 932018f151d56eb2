"""Open a case: number it, start its clock, give a receipt. Nothing is refused here (E).

A doubtful filing (unknown record, odd code, missing paper) is numbered and clocked like any other;
what is doubtful about it is kept for the person who examines it.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from workflows.clock.calendar import legal_date
from workflows.engine.bundle import Bundle
from workflows.engine.engine import Operations
from workflows.engine.process_facts import process_facts
from workflows.engine.values import Snapshot
from workflows.errors import InvalidAnswer, NotFound
from workflows.models import Sealed, Subject, new_id
from workflows.services.desk import Desk
from workflows.services.find_case import normal_code, normal_text
from workflows.services.move_case import move_case
from workflows.services.register_words import HIDDEN
from workflows.services.work_on_task import keep_answer
from workflows.storage.case_rows import CaseRow, open_row
from workflows.storage.filing_rows import (
    ADD_LINK,
    ADD_PARTY,
    ADD_SERIES,
    ADD_SUBJECT,
    BODY,
    CONTESTED,
    COUNT_ON,
    FILER,
    FILER_BY_ID,
    SERIES,
    TWIN,
    Contested,
    Filer,
)
from workflows.storage.unit_of_work import UnitOfWork

# Without look-alikes, so that a code can be read out on the telephone.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 10

OBJECTION = "objection"
REPORTER = "reporter"
# Every way in that some process knows; which of them, each says itself (process.json).
CHANNELS = (
    "portal",
    "window",
    "post",
    "hotline",
    "pushed",
    "transferred",
    "reopened",
    "court",
    "audit",
    "arrears",
    "ex_officio",
    "from_case",
)
# All numbers begin with two letters, so that the division in them is found at one place.
PREFIX_LETTERS = 2


@dataclass(frozen=True)
class Filing:
    """What came in. Dates are legal dates in Asia/Shanghai.

    ``kind`` is the process that handles it. ``received_on`` is the day of receipt per channel
    (O-2): submission, window stamp, the mail room's signature, or the first body's receipt for a
    transfer. ``party_role`` is what the filer is when neither the subject nor its agent: a reporter
    (R150). ``origin_case_id`` is the case that this one follows from, ``contests_case_id`` the one
    that a suit is about (R10), ``variables`` what the process may read of it from the start;
    ``subject_id`` is the subject where it is known, ``title`` what the case is called when it is
    about no record.
    """

    channel: str
    subject_name: str
    subject_code: str
    subject_kind: str
    record_number: str
    receiving_organisation_id: str
    received_on: date | None = None
    backdate_reason: str = ""
    backdate_evidence: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    contact_identity: str = ""
    contact_email: str = ""
    postal_address: str = ""
    is_agent: bool = False
    consents_to_electronic_service: bool = False
    party_role: str = ""
    reopened_from_id: str | None = None
    origin_case_id: str | None = None
    contests_case_id: str | None = None
    content: Mapping[str, Any] = field(default_factory=dict)
    variables: Mapping[str, Any] = field(default_factory=dict)
    subject_id: str = ""
    title: str = ""
    kind: str = OBJECTION

    @classmethod
    def about(cls, subject: Subject, *, record_number: str = "", **facts: Any) -> Filing:
        """Return a filing about a subject of the register, as the office itself begins a case."""
        return cls(
            subject_id=subject.id,
            subject_name=subject.name,
            subject_code=subject.credit_code or "",
            subject_kind=subject.kind,
            record_number=record_number,
            **facts,
        )


def open_case(work: UnitOfWork, desk: Desk, *, filing: Filing) -> dict[str, Any]:
    """Open a case for the filing and let its process begin.

    Returns case id and number. Raises InvalidAnswer for a date of receipt in the
    future or one dated back without reason and evidence.
    """
    received_on = _check_received_on(work, filing)
    record = _contested_by(work, filing)
    subject = _subject_of(work, desk, filing)
    if record is not None and record.subject_id != subject.id and record.is_of_natural_person:
        # Somebody else's number typed in must not print a person's record on a receipt (N23).
        record = None
    body = work.one(BODY, body_id=filing.receiving_organisation_id)
    if body is None:
        raise NotFound("error.organisation_not_found")
    case = _open_row(work, desk, filing, subject=subject, record=record, received_on=received_on)
    facts = process_facts(desk.bundle(work, case.bundle_hash))
    _add_party(work, desk, case, filing, subject=subject, role=filing.party_role or facts.filer)
    keep_answer(work, case=case, form=f"filing_{filing.channel}", content=filing.content)
    if filing.reopened_from_id:
        _link(work, case, filing.reopened_from_id, kind="reopened_from")
    if filing.origin_case_id:
        _link(work, case, filing.origin_case_id, kind="follows")
    if filing.contests_case_id:
        _link(work, case, filing.contests_case_id, kind="contests")
    twin_id = _find_twin(work, case, kind=filing.kind, subject=subject, record=record)
    if twin_id is not None:
        _link(work, case, twin_id, kind="duplicate")
    work.record(
        "case_opened",
        case_id=case.id,
        is_public=True,
        number=case.number,
        channel=filing.channel,
        received_on=received_on.isoformat(),
        dated_back=filing.backdate_reason,
        body=body.name,
    )
    variables = {
        "channel": filing.channel,
        "channel_body": body.kind,
        "record_origin": record.origin if record else "department",
        "record_identified": record is not None,
        "has_twin": twin_id is not None,
        **filing.variables,
    }
    _begin(work, desk, case, filing, variables)
    # The query code opens the case to whoever has it: it stands in the vault and nowhere else.
    return {"case_id": case.id, "number": case.number}


def _begin(
    work: UnitOfWork, desk: Desk, case: CaseRow, filing: Filing, variables: Mapping[str, Any]
) -> None:
    def move(bundle: Bundle, operations: Operations) -> Snapshot:
        return desk.engine.start(
            bundle=bundle,
            start_event=process_facts(bundle).start_event(filing.channel),
            variables=variables,
            operations=operations,
        )

    move_case(work, desk, case=case, move=move)


def _check_received_on(work: UnitOfWork, filing: Filing) -> date:
    today = legal_date(work.command.now)
    received_on = filing.received_on or today
    if received_on > today:
        raise InvalidAnswer(
            fields={"received_on": ["check.date_in_future"]}, received_on=received_on.isoformat()
        )
    if received_on < today and not (filing.backdate_reason and filing.backdate_evidence):
        raise InvalidAnswer(fields={"backdate_reason": ["check.backdate_needs_reason"]})
    return received_on


def _contested_by(work: UnitOfWork, filing: Filing) -> Contested | None:
    number = normal_text(filing.record_number)
    return work.one(CONTESTED, office_id=work.command.office_id, number=number) if number else None


def _subject_of(work: UnitOfWork, desk: Desk, filing: Filing) -> Filer:
    """Return the registered subject, or enter the filer as stated: no code refuses anybody."""
    code = normal_code(filing.subject_code)
    index = desk.vault.blind_index(code)
    office_id = work.command.office_id
    if filing.subject_id:
        return _get_filer(work, filing.subject_id)
    known = work.one(FILER, office_id=office_id, code=code, index=index) if code else None
    return known or _enter_subject(work, desk, filing)


def _get_filer(work: UnitOfWork, subject_id: str) -> Filer:
    found = work.one(FILER_BY_ID, subject_id=subject_id)
    if found is None:
        raise NotFound("error.subject_not_found")
    return found


def _enter_subject(work: UnitOfWork, desk: Desk, filing: Filing) -> Filer:
    office_id = work.command.office_id
    division = desk.office(work.session, office_id).division_code
    filer = Filer(id=new_id(), kind=filing.subject_kind, division_code=division)
    if filer.is_natural_person:
        said: dict[str, Any] = {
            "name": mask_name(filing.subject_name),
            "full_name": _sealed(work, desk, filer.id, filing.subject_name),
            "name_index": desk.vault.blind_index(normal_text(filing.subject_name)),
            "identity_number": _sealed(work, desk, filer.id, filing.subject_code),
            "identity_index": desk.vault.blind_index(filing.subject_code),
        }
    else:
        said = {
            "name": normal_text(filing.subject_name),
            "credit_code": normal_text(filing.subject_code).upper()[:18],
        }
    valid_from = legal_date(work.command.now)
    work.add(ADD_SUBJECT, office_id=office_id, valid_from=valid_from, **filer._asdict(), **said)
    return filer


def _open_row(
    work: UnitOfWork,
    desk: Desk,
    filing: Filing,
    *,
    subject: Filer,
    record: Contested | None,
    received_on: date,
) -> CaseRow:
    command = work.command
    office = desk.office(work.session, command.office_id)
    division = record.division_code if record else subject.division_code
    bundle = desk.active_bundle(work.session, office_id=office.id, key=filing.kind)
    pack = desk.rules(work.session, office.id).choose_pack(division=division, on=received_on)
    title = record.title if record else filing.title or filing.record_number or "—"
    if title == "—" and filing.kind != OBJECTION:
        title = process_facts(bundle).title.get("zh", title)
    case_id, query_code = new_id(), _query_code()
    prefix = process_facts(bundle).number_prefix
    return open_row(
        work,
        subject_kind=subject.kind,
        id=case_id,
        office_id=office.id,
        kind=filing.kind,
        number=_next_number(work, prefix=prefix, division=division, on=received_on),
        division_code=division,
        query_code=_sealed(work, desk, case_id, query_code) or Sealed(b""),
        query_code_index=desk.vault.blind_index(query_code),
        subject_id=subject.id,
        record_id=record.id if record else None,
        receiving_organisation_id=filing.receiving_organisation_id,
        title=title,
        channel=filing.channel,
        received_at=_received_at(command.now, received_on),
        received_on=received_on,
        registered_at=command.now,
        is_restricted=subject.is_natural_person,
        flags=_doubts(filing, subject=subject, record=record),
        bundle_hash=bundle.hash,
        pack_id=pack.id if pack else "",
        touched_at=command.now,
    )


def _received_at(now: datetime, received_on: date) -> datetime:
    """Return the instant of receipt: now, or the start of an earlier day known only by its date."""
    if received_on == legal_date(now):
        return now
    return datetime.combine(received_on, datetime.min.time(), now.tzinfo)


def _doubts(filing: Filing, *, subject: Filer, record: Contested | None) -> dict[str, Any]:
    """Return what the examiner should look at; none of it refuses the filing."""
    doubts: list[str] = []
    if record is None:
        # A case that names itself is about no record.
        is_about_record = filing.kind == OBJECTION or filing.record_number
        doubts += ["record_unknown"] if is_about_record and not filing.title else []
    elif record.subject_id != subject.id:
        doubts.append("not_record_subject")
    if filing.is_agent:
        doubts.append("agent_authority")
    doubts += [str(doubt) for doubt in filing.content.get("doubts", [])]
    return {"doubts": doubts, "backdate_reason": filing.backdate_reason} if doubts else {}


def _next_number(work: UnitOfWork, *, prefix: str, division: str, on: date) -> str:
    series = f"{prefix}-{division}-{on.year}"
    office_id = work.command.office_id
    # A lock needs the transaction that a session has begun.
    work.session.connection()
    row = work.one(SERIES, office_id=office_id, series=series)
    number = row.last_number + 1 if row else 1
    if row is None:
        work.add(ADD_SERIES, office_id=office_id, series=series, last_number=number)
    else:
        work.change(COUNT_ON, series_id=row.id, to=number)
    return f"{series}-{number:05d}"


def _query_code() -> str:
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def _add_party(
    work: UnitOfWork, desk: Desk, case: CaseRow, filing: Filing, *, subject: Filer, role: str
) -> None:
    party_id = new_id()
    work.add(
        ADD_PARTY,
        id=party_id,
        office_id=case.office_id,
        case_id=case.id,
        role=role or ("agent" if filing.is_agent else "applicant"),
        # A reporter is nobody of the body reported, and no trace leads from it there (R150).
        subject_id=None if role == REPORTER else subject.id,
        name=_sealed(work, desk, party_id, filing.contact_name),
        phone=_sealed(work, desk, party_id, filing.contact_phone),
        identity_number=_sealed(work, desk, party_id, filing.contact_identity),
        email=_sealed(work, desk, party_id, filing.contact_email),
        postal_address=_sealed(work, desk, party_id, filing.postal_address),
        consents_to_electronic_service=filing.consents_to_electronic_service,
        proof_index=proof_index(desk, phone=filing.contact_phone),
        valid_from=work.command.now,
    )


def proof_index(desk: Desk, *, phone: str) -> str:
    """Return the index of what the filer knows besides the query code: the phone on file (E)."""
    digits = "".join(sign for sign in normal_text(phone) if sign.isdigit())
    return desk.vault.blind_index(digits[-4:]) if len(digits) >= 4 else ""


def _find_twin(
    work: UnitOfWork, case: CaseRow, *, kind: str, subject: Filer, record: Contested | None
) -> str | None:
    """Return the case of the same subject and record that is open at another body, or None."""
    if record is None:
        return None
    return work.one(
        TWIN,
        office_id=case.office_id,
        kind=kind,
        record_id=record.id,
        subject_id=subject.id,
        other_than=case.id,
        other_body_than=case.receiving_organisation_id,
    )


def _link(work: UnitOfWork, case: CaseRow, other_case_id: str, *, kind: str) -> None:
    work.add(
        ADD_LINK,
        office_id=case.office_id,
        case_id=case.id,
        other_case_id=other_case_id,
        kind=kind,
        linked_at=work.command.now,
    )


def mask_name(name: str) -> str:
    """Return a natural person's name with all but the family name hidden."""
    plain = normal_text(name)
    return plain[:1] + HIDDEN * max(1, len(plain) - 1) if plain else ""


def _sealed(work: UnitOfWork, desk: Desk, owner_id: str, text: str) -> Sealed | None:
    if not text:
        return None
    return desk.vault.seal(work, office_id=work.command.office_id, owner_id=owner_id, text=text)
