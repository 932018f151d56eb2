"""Publish a record: a secrecy check by one person, the decision by another, and a period by rule.

R21 names four grounds that exclude publicity. A natural person is published only with a cited law
or regulation and an impact assessment, by no rule pack alone (R102 to R105, N18, N23).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.clock.calendar import legal_date
from workflows.clock.terms import add_months
from workflows.errors import Conflict, InvalidAnswer, NotAllowed, NotFound
from workflows.models import CreditRecord, Publication
from workflows.rules.catalogue import read_words
from workflows.rules.packs import Parameter, RuleBook
from workflows.rules.parameters import Rank
from workflows.services.change_record import current_version
from workflows.services.change_value import add_version, get_record
from workflows.services.desk import Desk
from workflows.services.keep_catalogue import LAWFUL_RANKS, find_item
from workflows.services.keep_subjects import check_may_enter
from workflows.storage.unit_of_work import UnitOfWork

NATIONAL = (Rank.LAW, Rank.REGULATION)
EXCLUDED, CLEAR = "excluded", "clear"
SHORTEST_ASSESSMENT = 20
ENDS = ("handler", "platform_operator", "approver")
GOVERNMENT = ("government_body", "public_institution", "civil_servant")


@dataclass(frozen=True)
class PublicationRequest:
    """What whoever puts a record forward has checked: each ground is clear or excluded."""

    record_id: str
    exclusions: Mapping[str, str]
    basis: str
    basis_rank: str
    tier: str = ""
    assessment: str = ""
    note: str = ""


@dataclass(frozen=True)
class Period:
    """From when to when a record is shown, and the rules that say so; None where none does."""

    starts_on: date
    min_on: date | None
    ends_on: date | None
    rules: tuple[Parameter, ...]

    @property
    def is_confirmed(self) -> bool:
        """Say whether every rule it rests on is confirmed."""
        return all(rule.confirmed for rule in self.rules)

    @property
    def facts(self) -> dict[str, Any]:
        """Return the rules as they are kept with the record."""
        cited = [
            {
                "key": rule.key,
                "value": rule.value,
                "document": rule.document,
                "clause": rule.clause,
                "rules": list(rule.rule_ids),
                "confirmed": rule.confirmed,
            }
            for rule in self.rules
        ]
        return {"rules": cited, "confirmed": self.is_confirmed}


def propose_publication(
    work: UnitOfWork, desk: Desk, *, request: PublicationRequest
) -> dict[str, Any]:
    """Put a record forward for publicity; a proposal that waits is returned as it is.

    Raises InvalidAnswer while a ground is unchecked or excludes it, NotAllowed where the law or
    the catalogue keeps the record from the public.
    """
    check_may_enter(work)
    record = get_record(work, request.record_id)
    waiting = find_waiting(work.session, record_id=record.id)
    if waiting is not None:
        return {"publication_id": waiting.id}
    if record.is_published:
        raise Conflict("error.already_published", number=record.number)
    _check_request(request)
    _check_may_be_public(work, desk, record=record, request=request)
    row = Publication(
        office_id=record.office_id,
        record_id=record.id,
        status="proposed",
        exclusions=dict(request.exclusions),
        basis=request.basis.strip()[:400],
        basis_rank=request.basis_rank,
        assessment=request.assessment.strip()[:1000],
        tier=request.tier,
        note=request.note.strip()[:400],
        proposed_at=work.command.now,
        proposed_by_id=work.command.actor.person_id,
    )
    work.session.add(row)
    work.session.flush()
    work.record("publication_proposed", case_id=None, record=record.number)
    return {"publication_id": row.id}


def decide_publication(
    work: UnitOfWork, desk: Desk, *, publication_id: str, agrees: bool, note: str = ""
) -> dict[str, Any]:
    """Approve or refuse publicity; only a second person in the approver's post may.

    Approval shows the record, reckons its period and keeps the rules it rests on.
    """
    row = work.session.get(Publication, publication_id)
    if row is None or row.office_id != work.command.office_id:
        raise NotFound("error.publication_not_found")
    actor = work.command.actor
    if actor.role != "approver" or actor.person_id == row.proposed_by_id:
        raise NotAllowed("error.four_eyes")
    if row.status != "proposed":
        raise Conflict("error.already_decided")
    row.status = "approved" if agrees else "refused"
    row.decided_at = work.command.now
    row.decided_by_id = actor.person_id
    if note.strip():
        row.note = note.strip()[:400]
    record = row.record
    if agrees:
        # What the record is may have changed since it was put forward.
        _check_may_be_public(work, desk, record=record, request=_request_of(row))
        _show(work, desk, record=record, tier=row.tier)
    work.record("publication_decided", case_id=None, record=record.number, agrees=agrees)
    return {"record_id": record.id, "status": row.status}


def end_publication(
    work: UnitOfWork, *, record_id: str, reason: str, on: date | None = None
) -> dict[str, Any]:
    """Take a record from the public with the day and the reason; ending it again does nothing."""
    actor = work.command.actor
    if actor.kind == "person" and actor.role not in ENDS:
        raise NotAllowed("error.not_for_your_post")
    record = get_record(work, record_id)
    if not record.is_published:
        return {"record_id": record.id, "is_ended": False}
    if not reason.strip():
        raise InvalidAnswer(fields={"reason": ["check.reason_needed"]})
    record.is_published = False
    record.publicity_ended_on = on or legal_date(work.command.now)
    content = dict(current_version(work, record).content)
    add_version(work, record=record, content=content, mark="unpublish", reason=reason)
    work.record("publication_ended", case_id=None, record=record.number, reason=reason.strip())
    return {"record_id": record.id, "is_ended": True}


def end_expired(work: UnitOfWork, *, limit: int = 100) -> dict[str, Any]:
    """Take records from the public whose longest period is over; return how many (N2)."""
    today = legal_date(work.command.now)
    query = select(CreditRecord).where(
        CreditRecord.office_id == work.command.office_id,
        CreditRecord.is_published.is_(True),
        CreditRecord.publicity_ends_on < today,
    )
    found = list(work.session.scalars(query.order_by(CreditRecord.publicity_ends_on).limit(limit)))
    for record in found:
        end_publication(work, record_id=record.id, reason="publicity_over")
    return {"ended": len(found)}


def list_expired(session: Session, *, office_id: str, today: date) -> int:
    """Return how many records are shown after the end of their longest period, at most one."""
    query = select(CreditRecord.id).where(
        CreditRecord.office_id == office_id,
        CreditRecord.is_published.is_(True),
        CreditRecord.publicity_ends_on < today,
    )
    return len(session.scalars(query.limit(1)).all())


def period_of(book: RuleBook, *, record: CreditRecord, tier: str, published_on: date) -> Period:
    """Return the publicity period of a tier by the rules in force (N2, N12, N18).

    While the rule on the start is unconfirmed, the longest period is counted from the earlier of
    the two days: nothing is shown longer than any reading of the rule allows.
    """
    place: dict[str, Any] = {"division": record.subject.division_code, "on": published_on}
    kind = record.subject.kind
    rules: list[Parameter] = []

    def find(key: str) -> Parameter | None:
        rule = book.find(key, subject_kind=kind, **place)
        if rule is not None:
            rules.append(rule)
        return rule

    if not tier:
        return Period(published_on, None, _latest_day(find, record), tuple(rules))
    start = find("rep.periodStart")
    by_penalty = start is not None and start.value == "penalty_date"
    starts_on = record.base_document_on if by_penalty else published_on
    is_sure = start is not None and start.confirmed
    counted_from = starts_on if is_sure else min(record.base_document_on, published_on)
    shortest, longest = find(f"rep.tier.{tier}.min"), find(f"rep.tier.{tier}.max")
    ends = [_end(longest, counted_from), _latest_day(find, record)]
    known = [day for day in ends if day is not None]
    return Period(
        starts_on=starts_on,
        min_on=_end(shortest, starts_on),
        ends_on=min(known) if known else None,
        rules=tuple(rules),
    )


def find_waiting(session: Session, *, record_id: str) -> Publication | None:
    """Return the proposal of a record that nobody has decided yet, or None."""
    query = select(Publication).where(
        Publication.record_id == record_id, Publication.status == "proposed"
    )
    return session.scalars(query).first()


def list_publications(session: Session, *, record_id: str) -> list[Publication]:
    """Return every proposal of a record, newest first."""
    query = select(Publication).where(Publication.record_id == record_id)
    return list(session.scalars(query.order_by(Publication.proposed_at.desc())))


def _check_request(request: PublicationRequest) -> None:
    wrong: dict[str, list[str]] = {}
    for ground in read_words("exclusions"):
        answer = request.exclusions.get(ground, "")
        if answer == EXCLUDED:
            wrong[ground] = ["check.publicity_excluded"]
        elif answer != CLEAR:
            wrong[ground] = ["check.ground_unchecked"]
    if not request.basis.strip():
        wrong["basis"] = ["check.required"]
    if request.basis_rank not in read_words("ranks"):
        wrong["basis_rank"] = ["check.not_choice"]
    if request.tier not in ("", "minor", "general", "serious"):
        wrong["tier"] = ["check.not_choice"]
    if wrong:
        raise InvalidAnswer(fields=wrong)


def _check_may_be_public(
    work: UnitOfWork, desk: Desk, *, record: CreditRecord, request: PublicationRequest
) -> None:
    today = legal_date(work.command.now)
    if record.status == "revoked" or record.is_protected:
        key = "error.minor_not_public" if record.is_protected else "error.revoked_not_public"
        raise NotAllowed(key, rule="R22" if record.is_protected else "N24")
    item = find_item(work.session, office_id=record.office_id, key=record.catalogue_item, on=today)
    if item is not None and item.publicity == "internal":
        raise NotAllowed("error.item_not_public", rule="R110")
    book = desk.rules(work.session, record.office_id)
    _check_kind(book, record=record, today=today)
    if record.subject.is_natural_person:
        _check_person(book, record=record, request=request, today=today)


def _check_kind(book: RuleBook, *, record: CreditRecord, today: date) -> None:
    """Refuse a kind of government subject that the province does not publish (R102 to R105)."""
    kind = record.subject.kind
    if kind not in GOVERNMENT:
        return
    rule = book.find("pub.subjectKinds", division=record.subject.division_code, on=today)
    allowed = ("government_body",) if rule is None else tuple(rule.value)
    # What an institution is counted to is the departments' clause (R103).
    counted_as = "government_body" if kind == "public_institution" else kind
    if counted_as not in allowed:
        source = rule.document if rule else ""
        raise NotAllowed("error.kind_not_public", rule="R102 - R105", source=source)


def _check_person(
    book: RuleBook, *, record: CreditRecord, request: PublicationRequest, today: date
) -> None:
    """Refuse a natural person without a cited law and an assessment, or against a statute."""
    if request.basis_rank not in LAWFUL_RANKS:
        raise InvalidAnswer(fields={"basis_rank": ["check.person_needs_law"]})
    if len(request.assessment.strip()) < SHORTEST_ASSESSMENT:
        raise InvalidAnswer(fields={"assessment": ["check.person_needs_assessment"]})
    rule = book.find("pub.naturalPersons", division=record.subject.division_code, on=today)
    if rule is None or rule.value or rule.label != "statutory":
        return
    # The statute itself leaves room for national law: "法律、行政法规规定", "国家另有规定的除外".
    if Rank(request.basis_rank) not in NATIONAL:
        raise NotAllowed("error.person_not_public", rule=rule.rule_ids[0], source=rule.document)


def _show(work: UnitOfWork, desk: Desk, *, record: CreditRecord, tier: str) -> None:
    today = legal_date(work.command.now)
    book = desk.rules(work.session, record.office_id)
    period = period_of(book, record=record, tier=tier, published_on=today)
    if period.ends_on is not None and period.ends_on < today:
        raise NotAllowed("error.publicity_is_over", on=period.ends_on)
    record.tier = tier or record.tier
    record.is_published = True
    record.published_on = today
    record.publicity_ended_on = None
    record.publicity_starts_on = period.starts_on
    record.publicity_min_on = period.min_on
    record.publicity_ends_on = period.ends_on
    record.publicity_rule = period.facts
    content = dict(current_version(work, record).content)
    add_version(work, record=record, content=content, mark="publish", reason="")


def _request_of(row: Publication) -> PublicationRequest:
    return PublicationRequest(
        record_id=row.record_id,
        exclusions=row.exclusions,
        basis=row.basis,
        basis_rank=row.basis_rank,
        tier=row.tier,
        assessment=row.assessment,
    )


def _end(rule: Parameter | None, start: date) -> date | None:
    if rule is None or not rule.unit.counts_time or rule.value is None:
        return None
    return add_months(start, int(rule.value))


def _latest_day(find: Any, record: CreditRecord) -> date | None:
    """Return the last day a statute allows from the end of the misconduct (N18 article 38)."""
    if record.misconduct_ended_on is None:
        return None
    return _end(find("pub.disclosure.max"), record.misconduct_ended_on)
