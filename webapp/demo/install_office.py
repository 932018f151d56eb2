"""Set up an office from data: bodies, people with posts, subjects, records, rules and calendars."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher

from notifications.letters.remedies import read_remedies
from workflows.clock.calendar import read_notice
from workflows.engine.bundle import list_processes, read_bundle
from workflows.events import SYSTEM, Command
from workflows.models import (
    CalendarNotice,
    CreditRecord,
    Login,
    Office,
    Organisation,
    Person,
    Post,
    RecordQuery,
    RecordVersion,
    RemedySignature,
    RuleConfirmation,
    Sanction,
    Subject,
    new_id,
)
from workflows.rules.packs import read_rule_book
from workflows.services.agree_rules import install_shipped
from workflows.services.desk import Desk
from workflows.services.open_case import mask_name
from workflows.services.publish_record import period_of
from workflows.services.read_office import find_office
from workflows.services.read_people import list_posts
from workflows.storage.databases import Sessions
from workflows.storage.reading import read_session
from workflows.storage.unit_of_work import UnitOfWork

DATA = Path(__file__).with_name("office.json")
BPMN = Path(__file__).resolve().parents[2] / "bpmn"
PASSWORD = "jiannuo"
SINCE = date(2021, 1, 4)

MEASURES = (
    ("限制参加评优评先", "中办国办《关于健全社会信用体系的意见》(2025)", "限制评优评先", "awards"),
    (
        "限制申报财政资金项目",
        "中办国办《关于健全社会信用体系的意见》(2025)",
        "限制享受财政资金支持",
        "fiscal_funds",
    ),
)
PROMISED = "本机关服务承诺（演示）"
# What the demo's legal reviewer has confirmed besides the promises, and against which text.
CONFIRMED = {
    "obj.reply.stop": "吉政办发〔2017〕75号 二(十)，经本机关法制审核岗会商按送达计（演示）",
    "obj.supplement.limit": "本机关异议处理工作规程，补正期限（演示）",
}
BASES = {
    "government": "中共中央办公厅、国务院办公厅关于健全社会信用体系的意见 二(一)",
    "market": "信用修复管理办法（国家发展改革委令第36号）第四条",
    "person": "吉政办发〔2017〕75号 二(二)",
}
QUERIERS = (
    ("通化市公共资源交易中心", "投标资格审查"),
    ("吉林澄江农村商业银行", "授信审查"),
)


def install_office(
    sessions: Sessions, desk: Desk, *, now: datetime, data: Mapping[str, Any] | None = None
) -> str:
    """Set up an office once and return its id; doing it again changes nothing.

    Without ``data`` it is the demo office.
    """
    data = data or json.loads(DATA.read_text(encoding="utf-8"))
    with read_session(sessions) as session:
        found = find_office(session, code=data["office"]["code"])
    if found is not None:
        return found.id
    office_id = new_id()
    command = Command(
        id=f"install:{data['office']['code']}",
        name="install_office",
        actor=SYSTEM,
        now=now,
        office_id=office_id,
    )
    desk.bus.run(command, lambda work: _install(work, desk, data))
    return office_id


def _install(work: UnitOfWork, desk: Desk, data: Mapping[str, Any]) -> dict[str, Any]:
    office = data["office"]
    work.session.add(
        Office(
            id=work.command.office_id,
            code=office["code"],
            name=office["name"],
            name_en=office["name_en"],
            division_code=office["division_code"],
            settings={
                "letter_words": office["letter_series"],
                "promise_days": 10,
                "contact": office["contact"],
            },
        )
    )
    work.session.flush()
    bodies = _add_organisations(work, data["organisations"])
    _add_people(work, data["people"], bodies)
    subjects = _add_subjects(work, desk, data["subjects"], bodies)
    add_shipped_rules(work, desk)
    for row in data["records"]:
        _add_record(work, desk, row, subjects, bodies)
    _sign_remedies(work, data)
    _confirm_rules(work)
    return {"office_id": work.command.office_id}


def add_shipped_rules(work: UnitOfWork, desk: Desk) -> None:
    """Put the shipped process, rule packs and holiday notices into force in the office."""
    packs = {path.name: path.read_bytes() for path in sorted((BPMN / "rules").glob("*.json"))}
    packs.pop("required.json", None)
    bundles = [read_bundle(BPMN, key=key) for key in list_processes(BPMN)]
    install_shipped(work, desk, bundles=bundles, packs=packs)
    for path in sorted((BPMN / "calendars").glob("*.json")):
        content = path.read_text(encoding="utf-8")
        if "holidays" not in json.loads(content):
            continue
        notice = read_notice(content, source=path.name)
        work.session.add(
            CalendarNotice(
                office_id=work.command.office_id,
                year=notice.year,
                document=notice.document,
                issued_on=notice.issued_on,
                content=content,
                loaded_at=work.command.now,
            )
        )


def _sign_remedies(work: UnitOfWork, data: Mapping[str, Any]) -> None:
    """Sign the remedies table as the demo's legal reviewer, so that its letters can go out."""
    signer = _legal_reviewer(work)
    signed: set[tuple[str, str]] = set()
    places = [*data["organisations"], *data["subjects"]]
    for division in sorted({row["division_code"] for row in places}):
        for row in read_remedies(division=division).rows:
            if (row.id, row.hash) in signed:
                continue
            signed.add((row.id, row.hash))
            work.session.add(
                RemedySignature(
                    office_id=work.command.office_id,
                    row_key=row.id,
                    row_hash=row.hash,
                    signed_at=work.command.now,
                    signed_by_id=signer,
                )
            )


def _confirm_rules(work: UnitOfWork) -> None:
    """Confirm the office's promised terms, its own word, and what its cases cannot do without.

    Others are left unconfirmed, so that a visitor can see what that means and confirm them.
    """
    signer = _legal_reviewer(work)
    for pack in read_rule_book().packs:
        for parameter in pack.parameters:
            text = PROMISED if parameter.label == "promise" else CONFIRMED.get(parameter.key)
            if text is None or parameter.confirmed:
                continue
            work.session.add(
                RuleConfirmation(
                    office_id=work.command.office_id,
                    pack_id=pack.id,
                    parameter=parameter.key,
                    parameter_hash=parameter.content_hash,
                    against_text=text,
                    confirmed_at=work.command.now,
                    confirmed_by_id=signer,
                )
            )


def _legal_reviewer(work: UnitOfWork) -> str:
    posts = list_posts(work.session, office_id=work.command.office_id, role="legal_reviewer")
    return posts[0].person_id


def _add_organisations(work: UnitOfWork, rows: list[dict[str, Any]]) -> dict[str, Organisation]:
    bodies: dict[str, Organisation] = {}
    for row in rows:
        bodies[row["code"]] = Organisation(
            id=new_id(),
            office_id=work.command.office_id,
            name=row["name"],
            name_en=row["name_en"],
            code=row["code"],
            credit_code=row["credit_code"],
            division_code=row["division_code"],
            kind=row["kind"],
            email=f"{row['code'].lower()}@example.invalid",
            valid_from=SINCE,
        )
    work.session.add_all(bodies.values())
    work.session.flush()
    for code, body in bodies.items():
        if code.startswith("TH"):
            body.superior_id = bodies["JLDRC"].id
    return bodies


def _add_people(
    work: UnitOfWork, rows: list[dict[str, Any]], bodies: Mapping[str, Organisation]
) -> None:
    # Every demo log-in has the same password; hashing it once keeps the set-up quick.
    password_hash = PasswordHasher().hash(PASSWORD)
    office_id = work.command.office_id
    for row in rows:
        person = Person(id=new_id(), office_id=office_id, name=row["name"], name_en=row["name_en"])
        work.session.add(person)
        work.session.flush()
        for post in row["posts"]:
            work.session.add(
                Post(
                    office_id=office_id,
                    person_id=person.id,
                    organisation_id=bodies[post["organisation"]].id,
                    role=post["role"],
                    valid_from=SINCE,
                )
            )
        work.session.add(
            Login(
                office_id=office_id,
                person_id=person.id,
                username=row["username"],
                password_hash=password_hash,
            )
        )


def _add_subjects(
    work: UnitOfWork,
    desk: Desk,
    rows: list[dict[str, Any]],
    bodies: Mapping[str, Organisation],
) -> dict[str, Subject]:
    return {row["key"]: _add_subject(work, desk, row, bodies) for row in rows}


def _add_subject(
    work: UnitOfWork, desk: Desk, row: dict[str, Any], bodies: Mapping[str, Organisation]
) -> Subject:
    office_id = work.command.office_id
    subject = Subject(
        id=new_id(),
        office_id=office_id,
        kind=row["kind"],
        name=row["name"],
        credit_code=row.get("credit_code"),
        division_code=row["division_code"],
        valid_from=SINCE,
    )
    number = row.get("identity_number")
    if number:
        seal = desk.vault.seal
        owner = {"office_id": office_id, "owner_id": subject.id}
        subject.name = mask_name(row["name"])
        subject.full_name = seal(work.session, text=row["name"], **owner)
        subject.name_index = desk.vault.blind_index(row["name"])
        subject.identity_number = seal(work.session, text=number, **owner)
        subject.identity_index = desk.vault.blind_index(number)
        subject.employer_id = bodies[row["employer"]].id
    work.session.add(subject)
    work.session.flush()
    return subject


def _add_record(
    work: UnitOfWork,
    desk: Desk,
    row: dict[str, Any],
    subjects: Mapping[str, Subject],
    bodies: Mapping[str, Organisation],
) -> None:
    office_id = work.command.office_id
    decided_on = date.fromisoformat(row["base_document_on"])
    subject = subjects[row["subject"]]
    record = CreditRecord(
        id=new_id(),
        office_id=office_id,
        number=row["number"],
        subject_id=subject.id,
        recogniser_id=bodies[row["recogniser"]].id,
        catalogue_item=_catalogue_item(subject, row),
        lawful_basis=BASES["person" if subject.is_natural_person else _side(subject)],
        source_unit_id=bodies[row["recogniser"]].id,
        tier="general" if _side(subject) == "market" else "",
        area=row["area"],
        title=row["title"],
        source_kind=row["source_kind"],
        base_document=row["base_document"],
        base_document_on=decided_on,
        origin=row["origin"],
        is_published=not subject.is_natural_person,
        published_on=None if subject.is_natural_person else decided_on + timedelta(days=7),
    )
    work.session.add(record)
    work.session.flush()
    if record.tier and record.published_on is not None:
        _set_period(work, desk, record, subject)
    content = {"title": row["title"], "items": row["items"]}
    work.session.add(
        RecordVersion(
            office_id=office_id,
            record_id=record.id,
            version=1,
            content=content,
            status="active",
            recorded_at=work.command.now,
            reason="初次记录",
        )
    )
    for number, code in enumerate(row["sanctions_by"]):
        measure, basis, item, key = MEASURES[number % len(MEASURES)]
        work.session.add(
            Sanction(
                office_id=office_id,
                record_id=record.id,
                department_id=bodies[code].id,
                measure=measure,
                measure_key=key,
                legal_basis=basis,
                list_item=f"全国失信惩戒措施基础清单(2024年版) {item}",
                imposed_on=decided_on + timedelta(days=14),
            )
        )
    _add_queries(work, record)


def _side(subject: Subject) -> str:
    is_market = subject.kind in ("enterprise", "social_organisation")
    return "market" if is_market else "government"


def _catalogue_item(subject: Subject, row: Mapping[str, Any]) -> str:
    """Return the item of the catalogue under which a demo record stands."""
    if subject.is_natural_person:
        return "official.record"
    if _side(subject) == "market":
        return "judgment" if row["source_kind"] == "judgment" else "penalty"
    if row["area"] == "ppp":
        return "ppp.default"
    by_kind = {"judgment": "gov.judgment", "penalty": "gov.penalty"}
    return by_kind.get(row["source_kind"], "gov.accountability")


def _set_period(work: UnitOfWork, desk: Desk, record: CreditRecord, subject: Subject) -> None:
    record.subject = subject
    book = desk.rules(work.session, record.office_id)
    shown_on = record.published_on or record.base_document_on
    period = period_of(book, record=record, tier=record.tier, published_on=shown_on)
    record.publicity_starts_on = period.starts_on
    record.publicity_min_on = period.min_on
    record.publicity_ends_on = period.ends_on
    record.publicity_rule = period.facts


def _add_queries(work: UnitOfWork, record: CreditRecord) -> None:
    for number, (asker, purpose) in enumerate(QUERIERS):
        work.session.add(
            RecordQuery(
                office_id=record.office_id,
                record_id=record.id,
                queried_by=asker,
                purpose=purpose,
                queried_at=work.command.now - timedelta(days=20 + 6 * number),
                version_seen=1,
            )
        )
