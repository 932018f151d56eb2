"""What comes to a simulated office from outside: records, objections, papers and withdrawals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from webapp.simulation.plan_office import DIVISION, credit_code
from workflows.models import CreditRecord, RecordQuery, RecordVersion, Sanction, Subject, new_id
from workflows.services.open_case import Filing
from workflows.storage.unit_of_work import UnitOfWork

PREFIX_OF = {"government_body": "11", "public_institution": "12", "social_organisation": "51"}
ENTERPRISE_PREFIX = "91"
GROUNDS = ("error", "omission", "over_period", "differs", "not_public")
LEGAL_BASIS = "中办国办《关于健全社会信用体系的意见》(2025)"


@dataclass(frozen=True)
class Bodies:
    """The organisations of the office by what they do, as ids."""

    lead: str
    departments: tuple[str, ...]
    elsewhere: str


def enter_record(
    work: UnitOfWork, *, number: str, bodies: Bodies, habits: Mapping[str, Any], dice: Random
) -> tuple[Subject, CreditRecord]:
    """Put a subject with one record, its sanctions and a query into the registers."""
    office_id, now = work.command.office_id, work.command.now
    decided_on = now.date() - timedelta(days=dice.randint(20, 400))
    kind = draw(habits["subject_kinds"], dice)
    subject = Subject(
        id=new_id(),
        office_id=office_id,
        kind=kind,
        name=f"模拟主体{number}",
        credit_code=credit_code(dice, prefix=PREFIX_OF.get(kind, ENTERPRISE_PREFIX)),
        division_code=DIVISION,
        valid_from=decided_on,
    )
    record = CreditRecord(
        id=new_id(),
        office_id=office_id,
        number=number,
        subject_id=subject.id,
        recogniser_id=dice.choice(bodies.departments),
        catalogue_item="penalty",
        area="procurement",
        title="未按期履行行政处罚决定",
        source_kind="penalty",
        base_document=f"模罚决〔{decided_on.year}〕{dice.randint(1, 900)}号",
        base_document_on=decided_on,
        lawful_basis="《中华人民共和国行政处罚法》",
        is_published=True,
        published_on=decided_on + timedelta(days=7),
    )
    work.session.add(subject)
    work.session.flush()
    work.session.add(record)
    work.session.flush()
    work.session.add_all(_hanging_on(work, record, bodies=bodies, habits=habits, dice=dice))
    return subject, record


def _hanging_on(
    work: UnitOfWork,
    record: CreditRecord,
    *,
    bodies: Bodies,
    habits: Mapping[str, Any],
    dice: Random,
) -> list[Any]:
    office_id, now = record.office_id, work.command.now
    count = int(draw(habits["sanctions_on_record"], dice))
    first = RecordVersion(
        office_id=office_id,
        record_id=record.id,
        version=1,
        content={"title": record.title, "items": [{"name": "金额", "value": "逾期未付"}]},
        status="active",
        recorded_at=now,
        reason="初次记录",
    )
    query = RecordQuery(
        office_id=office_id,
        record_id=record.id,
        queried_by="模拟银行",
        purpose="授信审查",
        queried_at=now - timedelta(days=3),
        version_seen=1,
    )
    sanctions = [
        Sanction(
            office_id=office_id,
            record_id=record.id,
            department_id=department,
            measure="限制参加评优评先",
            legal_basis=LEGAL_BASIS,
            list_item="全国失信惩戒措施基础清单(2024年版) 限制评优评先",
            imposed_on=record.base_document_on + timedelta(days=14),
        )
        for department in dice.sample(bodies.departments, k=min(count, len(bodies.departments)))
    ]
    return [first, query, *sanctions]


def draw_filing(
    subject: Subject,
    record: CreditRecord,
    *,
    bodies: Bodies,
    habits: Mapping[str, Any],
    dice: Random,
    on: date,
) -> Filing:
    """Return the objection as it comes in: by the portal, over the counter, by post or hotline."""
    channel = draw(habits["channels"], dice)
    details: dict[str, Any] = {}
    if channel == "post":
        # The mail room signs days before the window registers (part E of the rules).
        details = {
            "received_on": on - timedelta(days=dice.choice(habits["post_days"])),
            "backdate_reason": "收发室先行签收",
            "backdate_evidence": "签收登记簿",
        }
    return Filing(
        channel=channel,
        subject_name=subject.name,
        subject_code=subject.credit_code or "",
        subject_kind=subject.kind,
        record_number=record.number,
        receiving_organisation_id=bodies.lead,
        contact_name="模拟联系人",
        contact_phone=f"1380{dice.randint(0, 9_999_999):07d}",
        contact_email="contact@example.invalid",
        content={"grounds": [dice.choice(GROUNDS)], "statement": "记录与实际情况不符。"},
        **details,
    )


def draw(shares: Mapping[str, int], dice: Random) -> str:
    """Return one of the names, drawn by its share."""
    [name] = dice.choices(list(shares), weights=list(shares.values()))
    return name
