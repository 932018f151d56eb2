"""Keep commitments and check them in time: an unchecked promise is worth nothing (R111 to R121).

The term of the check comes from the rule in force on the day of approval; where none is, a person
sets the day, and the page says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.clock.calendar import legal_date
from workflows.clock.terms import deadline
from workflows.errors import Conflict, InvalidAnswer, NotFound
from workflows.models import Case, Commitment, Organisation, Subject
from workflows.rules.catalogue import read_words
from workflows.services.desk import Desk
from workflows.services.find_case import normal_text
from workflows.services.keep_subjects import check_may_enter, check_own_body, get_subject
from workflows.services.run_clock import start_clock, start_set_clock
from workflows.services.screen_content import refuse_forbidden
from workflows.storage.unit_of_work import UnitOfWork

OPEN, BROKEN = "open", "broken"
RESULTS = ("kept", BROKEN)
# The term of a check, and what stands for it where a person sets the day.
TERM, SET_TERM = "com.verify", "com.verify.deadline"


@dataclass(frozen=True)
class NewCommitment:
    """A commitment as it was received; ``check_due_on`` only where no rule gives the term."""

    number: str
    subject_id: str
    kind: str
    promised: str
    received_by_id: str
    approved_on: date
    approval_document: str = ""
    check_due_on: date | None = None


@dataclass(frozen=True)
class CheckResult:
    """What a check found; ``revocation_document`` only where an approval was revoked (R112)."""

    result: str
    finding: str
    checked_on: date
    revocation_document: str = ""


def add_commitment(work: UnitOfWork, desk: Desk, *, entry: NewCommitment) -> dict[str, Any]:
    """Enter a commitment with the day its check is due; the same again changes nothing.

    Raises InvalidAnswer naming each wrong field, also when neither rule nor person gives a day.
    """
    check_may_enter(work)
    check_own_body(work, entry.received_by_id)
    subject = get_subject(work, entry.subject_id)
    known = _find(work, entry.number)
    if known is not None:
        same = (known.subject_id, known.kind, known.approved_on)
        if same != (subject.id, entry.kind, entry.approved_on):
            raise InvalidAnswer(fields={"number": ["check.commitment_number_taken"]})
        return {"commitment_id": known.id}
    due_on, rule = _check_day(work, desk, entry=entry, subject=subject)
    wrong = _wrong_fields(work, entry)
    if due_on is None:
        wrong["check_due_on"] = ["check.no_rule_set_a_day"]
    if wrong or due_on is None:
        raise InvalidAnswer(fields=wrong)
    refuse_forbidden(texts=(entry.promised,), items=(), is_person=subject.is_natural_person)
    row = Commitment(
        office_id=work.command.office_id,
        number=normal_text(entry.number)[:40],
        subject_id=subject.id,
        kind=entry.kind,
        promised=entry.promised.strip()[:1000],
        received_by_id=entry.received_by_id,
        approval_document=entry.approval_document.strip()[:200],
        approved_on=entry.approved_on,
        check_due_on=due_on,
        check_rule=rule,
    )
    work.session.add(row)
    work.session.flush()
    work.record("commitment_entered", case_id=None, number=row.number, due_on=due_on.isoformat())
    return {"commitment_id": row.id, "check_due_on": due_on.isoformat()}


def check_commitment(
    work: UnitOfWork,
    *,
    commitment_id: str,
    result: str,
    finding: str,
    checked_on: date,
    revocation_document: str = "",
) -> dict[str, Any]:
    """Enter what the check found on the register's page. The same result again changes nothing.

    A broken commitment for an approval needs the document that revoked it (R112). One that a case
    checks is checked there.
    """
    check_may_enter(work)
    row = work.session.get(Commitment, commitment_id)
    if row is None or row.office_id != work.command.office_id:
        raise NotFound("error.commitment_not_found")
    check_own_body(work, row.received_by_id)
    if row.status == result:
        return {"commitment_id": row.id, "status": row.status}
    if row.status != OPEN:
        raise Conflict("error.commitment_checked")
    if row.case_id is not None:
        raise Conflict("error.commitment_in_case")
    found = CheckResult(result, finding, checked_on, revocation_document)
    wrong = _wrong_result(row, found, today=legal_date(work.command.now))
    if wrong:
        raise InvalidAnswer(fields=wrong)
    settle_commitment(work, commitment=row, found=found)
    return {"commitment_id": row.id, "status": row.status}


def needs_revocation(commitment: Commitment) -> bool:
    """Say whether a mismatch revokes what was granted on the commitment (R112)."""
    return commitment.kind == "approval"


def settle_commitment(
    work: UnitOfWork, *, commitment: Commitment, found: CheckResult, case_id: str | None = None
) -> None:
    """Note the result of a check once; it is a ground of later supervision (R121)."""
    if commitment.status != OPEN:
        return
    commitment.status = found.result
    commitment.finding = found.finding.strip()[:1000]
    commitment.checked_on = found.checked_on
    commitment.checked_by_id = work.command.actor.person_id
    commitment.revocation_document = found.revocation_document.strip()[:200]
    work.record(
        "commitment_checked", case_id=case_id, number=commitment.number, result=found.result
    )


def take_up_commitment(work: UnitOfWork, *, commitment_id: str, case_id: str) -> Commitment:
    """Let the case check this commitment; from now on it is checked there alone."""
    commitment = work.session.get_one(Commitment, commitment_id)
    commitment.case_id = case_id
    return commitment


def get_commitment_of_case(work: UnitOfWork, *, case_id: str) -> Commitment:
    """Return the commitment that this case checks. Raises NotFound for another case."""
    found = work.session.scalars(select(Commitment).where(Commitment.case_id == case_id)).first()
    if found is None:
        raise NotFound("error.commitment_not_found")
    return found


def start_check_clock(
    work: UnitOfWork, desk: Desk, *, case: Case, commitment: Commitment, name: str
) -> None:
    """Start the clock of the check from the day of the approval (R111).

    The rule is the one in force on that day; where none was, the day that a person set binds, and
    is shown as set (O-11).
    """
    if not commitment.check_rule.get("set_by_person"):
        start_clock(
            work,
            desk,
            case=case,
            name=name,
            parameter=TERM,
            start_on=commitment.approved_on,
            ruled_on=commitment.approved_on,
            reason=commitment.number,
            evidence=commitment.approval_document,
        )
        return
    # A check on the very day of the approval still has a day to run.
    begun_on = min(commitment.approved_on, commitment.check_due_on - timedelta(days=1))
    start_set_clock(
        work,
        desk,
        case=case,
        name=name,
        parameter=SET_TERM,
        start_on=begun_on,
        due_on=commitment.check_due_on,
        reason=commitment.number,
    )


def list_commitments(
    session: Session,
    *,
    office_id: str,
    subject_id: str = "",
    status: str = "",
    received_by_id: str = "",
    limit: int = 100,
) -> list[Commitment]:
    """Return commitments, those to be checked soonest first."""
    query = select(Commitment).where(Commitment.office_id == office_id)
    if subject_id:
        query = query.where(Commitment.subject_id == subject_id)
    if status:
        query = query.where(Commitment.status == status)
    if received_by_id:
        query = query.where(Commitment.received_by_id == received_by_id)
    order = (Commitment.status != "open", Commitment.check_due_on, Commitment.id)
    return list(session.scalars(query.order_by(*order).limit(limit)))


def number_checks(session: Session, *, commitments: Iterable[Commitment]) -> dict[str, str]:
    """Return the numbers of the cases that check these commitments, by the case's id."""
    ids = [row.case_id for row in commitments if row.case_id]
    if not ids:
        return {}
    found = session.execute(select(Case.id, Case.number).where(Case.id.in_(ids)))
    return {case_id: number for case_id, number in found}


def _check_day(
    work: UnitOfWork, desk: Desk, *, entry: NewCommitment, subject: Subject
) -> tuple[date | None, dict[str, Any]]:
    """Return the last day of the check with its rule, or the day a person set."""
    book = desk.rules(work.session, work.command.office_id)
    rule = book.find(
        TERM,
        division=subject.division_code,
        on=entry.approved_on,
        subject_kind=subject.kind,
    )
    if rule is None or not rule.unit.counts_time:
        return entry.check_due_on, {"set_by_person": True}
    calendar = desk.calendar(work.session, work.command.office_id)
    end = deadline(start_on=entry.approved_on, term=rule.term, calendar=calendar)
    cited: dict[str, Any] = {
        "document": rule.document,
        "clause": rule.clause,
        "rules": list(rule.rule_ids),
        "value": rule.value,
        "unit": rule.unit.value,
        "confirmed": rule.confirmed,
    }
    return end.due_on, {**cited, "provisional": end.provisional}


def _wrong_fields(work: UnitOfWork, entry: NewCommitment) -> dict[str, list[str]]:
    given = {"number": entry.number, "promised": entry.promised}
    wrong = {name: ["check.required"] for name, text in given.items() if not text.strip()}
    if entry.kind not in read_words("commitment_kinds"):
        wrong["kind"] = ["check.not_choice"]
    if entry.kind == "approval" and not entry.approval_document.strip():
        wrong["approval_document"] = ["check.required"]
    if entry.approved_on > legal_date(work.command.now):
        wrong["approved_on"] = ["check.date_in_future"]
    if entry.check_due_on is not None and entry.check_due_on < entry.approved_on:
        wrong["check_due_on"] = ["check.ends_before_it_begins"]
    body = work.session.get(Organisation, entry.received_by_id)
    if body is None or body.office_id != work.command.office_id:
        wrong["received_by_id"] = ["check.organisation_unknown"]
    return wrong


def _wrong_result(row: Commitment, found: CheckResult, *, today: date) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    if found.checked_on > today:
        wrong["checked_on"] = ["check.date_in_future"]
    elif found.checked_on < row.approved_on:
        wrong["checked_on"] = ["check.ends_before_it_begins"]
    if found.result not in RESULTS:
        wrong["result"] = ["check.not_choice"]
    if not found.finding.strip():
        wrong["finding"] = ["check.required"]
    if found.result == BROKEN and needs_revocation(row) and not found.revocation_document.strip():
        wrong["revocation_document"] = ["check.broken_needs_revocation"]
    return wrong


def _find(work: UnitOfWork, number: str) -> Commitment | None:
    query = select(Commitment).where(
        Commitment.office_id == work.command.office_id,
        Commitment.number == normal_text(number)[:40],
    )
    return work.session.scalars(query).first()
