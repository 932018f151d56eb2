"""Show some of each register in the demo: lists, commitments, publicity that waits, an import.

Everything goes through the same commands as an officer's click, each with an id of its own, so that
an interrupted set-up goes on where it stopped.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from webapp.importing.run_imports import ImportRunner
from workflows.clock.calendar import legal_date
from workflows.events import Actor, Command
from workflows.models import Organisation, Subject
from workflows.rules.catalogue import read_words
from workflows.services.desk import Desk
from workflows.services.enter_record import NewRecord, enter_record
from workflows.services.find_case import find_subject
from workflows.services.keep_commitments import NewCommitment, add_commitment, check_commitment
from workflows.services.keep_lists import NewEntry, NewList, decide_list, define_list, enter_on_list
from workflows.services.publish_record import PublicationRequest, propose_publication
from workflows.services.read_people import list_bodies, list_logins, list_posts
from workflows.services.run_import import start_import
from workflows.storage.databases import Sessions
from workflows.storage.reading import read_session
from workflows.storage.unit_of_work import UnitOfWork

DATA = Path(__file__).with_name("registers.json")
Work = Callable[[UnitOfWork], Mapping[str, Any]]


@dataclass(frozen=True)
class _Office:
    """Who acts in the demo, and upon what."""

    sessions: Sessions
    desk: Desk
    office_id: str
    now: datetime
    people: Mapping[str, Actor]
    bodies: Mapping[str, Organisation]

    def run(self, name: str, who: str, work: Work) -> dict[str, Any]:
        """Carry out a command of a person, once."""
        command = Command(
            id=f"demo-register:{name}",
            name="fill_registers",
            actor=self.people[who],
            now=self.now,
            office_id=self.office_id,
        )
        return self.desk.bus.run(command, work)

    def subject(self, code: str) -> Subject:
        """Return a subject of the demo by its code."""
        with read_session(self.sessions) as session:
            found = find_subject(
                session, office_id=self.office_id, code=code, vault=self.desk.vault
            )
        if found is None:
            raise LookupError(code)
        return found

    def day(self, days: int) -> date:
        """Return the day so many days from today."""
        return legal_date(self.now) + timedelta(days=days)


def fill_registers(sessions: Sessions, desk: Desk, *, office_id: str, now: datetime) -> None:
    """Fill the registers of the demo office; doing it again changes nothing."""
    office = _open(sessions, desk, office_id=office_id, now=now)
    data = json.loads(DATA.read_text(encoding="utf-8"))
    for number, row in enumerate(data["lists"]):
        _add_list(office, f"list:{number}", row)
    for row in data["commitments"]:
        _add_commitment(office, row)
    for row in data["records"]:
        _add_waiting_record(office, row)
    _add_import(office, data["import"])


def _open(sessions: Sessions, desk: Desk, *, office_id: str, now: datetime) -> _Office:
    with read_session(sessions) as session:
        names = {row.person_id: row.username for row in list_logins(session, office_id=office_id)}
        people = {
            names[post.person_id]: Actor(
                kind="person",
                person_id=post.person_id,
                post_id=post.id,
                role=post.role,
                organisation_id=post.organisation_id,
                origin="demo",
            )
            for post in list_posts(session, office_id=office_id)
            if post.person_id in names
        }
        bodies = {row.code: row for row in list_bodies(session, office_id=office_id)}
    return _Office(sessions, desk, office_id, now, people, bodies)


def _add_list(office: _Office, name: str, row: Mapping[str, Any]) -> None:
    details = {key: row[key] for key in ("kind", "name", "basis", "standard", "procedure")}
    entry = NewList(
        keeper_id=office.bodies[row["keeper"]].id,
        objection_route=row["objection_route"],
        exit_rule=row["exit_rule"],
        valid_from=office.day(-90),
        **details,
    )
    list_id = office.run(name, "wangmin", lambda work: define_list(work, entry=entry))["list_id"]
    if not row["is_approved"]:
        return
    office.run(
        f"{name}:approved",
        "chenlixin",
        lambda work: decide_list(work, list_id=list_id, agrees=True),
    )
    for number, listed in enumerate(row["entries"]):
        found = NewEntry(
            list_id=list_id,
            subject_id=office.subject(listed["subject"]).id,
            base_kind=listed["base_kind"],
            base_document=listed["base_document"],
            severity=listed["severity"],
            warned_on=office.day(listed["warned"]),
            entered_on=office.day(listed["entered"]),
        )

        def enter(work: UnitOfWork, found: NewEntry = found) -> Mapping[str, Any]:
            return enter_on_list(work, office.desk, entry=found)

        office.run(f"{name}:entry:{number}", "wangmin", enter)


def _add_commitment(office: _Office, row: Mapping[str, Any]) -> None:
    given = row.get("approved_on")
    entry = NewCommitment(
        number=row["number"],
        subject_id=office.subject(row["subject"]).id,
        kind=row["kind"],
        promised=row["promised"],
        received_by_id=office.bodies[row["body"]].id,
        approved_on=date.fromisoformat(given) if given else office.day(row["approved"]),
        approval_document=row["document"],
        check_due_on=None if given else office.day(row["due"]),
    )
    name = f"commitment:{row['number']}"
    result = office.run(
        name, "wangmin", lambda work: add_commitment(work, office.desk, entry=entry)
    )
    if "result" in row:
        office.run(
            f"{name}:checked",
            "wangmin",
            lambda work: check_commitment(
                work,
                commitment_id=result["commitment_id"],
                result=row["result"],
                finding=row["finding"],
                checked_on=office.day(-30),
                revocation_document=row.get("revocation", ""),
            ),
        )


def _add_waiting_record(office: _Office, row: Mapping[str, Any]) -> None:
    subject = office.subject(row["subject"])
    entry = NewRecord(
        number=row["number"],
        subject_id=subject.id,
        recogniser_id=office.bodies[row["recogniser"]].id,
        catalogue_item=row["catalogue_item"],
        area=row["area"],
        title=row["title"],
        source_kind=row["source_kind"],
        base_document=row["base_document"],
        base_document_on=office.day(row["decided"]),
        lawful_basis=row["lawful_basis"],
        items=row["items"],
        tier=row["tier"],
    )
    name = f"record:{row['number']}"
    record_id = office.run(
        name, "wangmin", lambda work: enter_record(work, office.desk, entry=entry)
    )["record_id"]
    if not row["is_proposed"]:
        return
    wanted = PublicationRequest(
        record_id=record_id,
        exclusions=dict.fromkeys(read_words("exclusions"), "clear"),
        basis=row["publicity_basis"],
        basis_rank=row["publicity_rank"],
        tier=row["tier"],
    )
    office.run(
        f"{name}:proposed",
        "wangmin",
        lambda work: propose_publication(work, office.desk, request=wanted),
    )


def _add_import(office: _Office, row: Mapping[str, Any]) -> None:
    content = "\n".join(",".join(line) for line in row["lines"]).encode()
    digest = office.desk.files.put(content)
    office.run(
        "import",
        "wangmin",
        lambda work: start_import(
            work,
            kind=row["kind"],
            file_name=row["file_name"],
            sha256=digest,
            media_type="text/plain",
            size=len(content),
        ),
    )
    ImportRunner(office.sessions, office.desk, now=lambda: office.now).run(seconds=30)
