"""What every service needs, introduced to each other once by the composition root."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.clock.calendar import WorkingCalendar, legal_date, read_notice
from workflows.engine.blueprint import Blueprint, blueprint
from workflows.engine.bundle import Bundle
from workflows.engine.engine import CaseEngine
from workflows.engine.recent import RecentlyUsed
from workflows.errors import NotFound
from workflows.models import (
    CalendarNotice,
    Case,
    Deployment,
    Office,
    RuleConfirmation,
    StoredBundle,
)
from workflows.rules.packs import RuleBook, RulePack, read_pack
from workflows.storage.files import FileStore
from workflows.storage.kept import keep
from workflows.storage.unit_of_work import CommandBus, UnitOfWork
from workflows.storage.vault import Vault

DEFAULT_SETTINGS: dict[str, Any] = {"opening": "09:00", "closing": "17:00", "at_risk_days": 3}


@dataclass(frozen=True)
class OperationContext:
    """What an operation called by a diagram may use. Operations may rerun and must not mind."""

    work: UnitOfWork
    desk: Desk
    case: Case
    element: str
    item: str | None
    variables: Mapping[str, Any]

    @property
    def session(self) -> Session:
        """Return the session of the running transaction."""
        return self.work.session

    @property
    def now(self) -> datetime:
        """Return the business instant of the command."""
        return self.work.command.now

    @property
    def today(self) -> date:
        """Return the legal date of the command in Asia/Shanghai."""
        return legal_date(self.work.command.now)


Operation = Callable[[OperationContext], Mapping[str, Any]]


@dataclass(frozen=True)
class Desk:
    """The parts that services work with; holds no state of its own beyond caches."""

    bus: CommandBus
    engine: CaseEngine
    vault: Vault
    files: FileStore
    operations: Mapping[str, Operation]
    answers: Mapping[str, Operation] = field(default_factory=dict)
    """What an answered form does at once, by form, before the case moves on."""

    def office(self, session: Session, office_id: str) -> Office:
        """Return the office, or raise NotFound."""
        office = keep(session, ("office", office_id), lambda: session.get(Office, office_id))
        if office is None:
            raise NotFound("error.office_not_found")
        return office

    def setting(self, session: Session, office_id: str, name: str) -> Any:
        """Return an office setting or its shipped default."""
        settings = self.office(session, office_id).settings
        return settings.get(name, DEFAULT_SETTINGS.get(name))

    def opening(self, session: Session, office_id: str) -> time:
        """Return the hour at which reminders go out."""
        return time.fromisoformat(self.setting(session, office_id, "opening"))

    def calendar(self, session: Session, office_id: str) -> WorkingCalendar:
        """Return the calendar made of the notices loaded in this office."""
        return keep(
            session, ("calendar", office_id), lambda: self._read_calendar(session, office_id)
        )

    def _read_calendar(self, session: Session, office_id: str) -> WorkingCalendar:
        query = select(CalendarNotice.id).where(CalendarNotice.office_id == office_id)
        in_order = query.order_by(CalendarNotice.issued_on, CalendarNotice.id)
        ids = tuple(session.scalars(in_order))
        return _CALENDARS.get(key=ids, make=lambda: _make_calendar(session, ids))

    def rules(self, session: Session, office_id: str) -> RuleBook:
        """Return the office's active packs with what its legal reviewer has confirmed."""
        return keep(session, ("rules", office_id), lambda: self._read_rules(session, office_id))

    def _read_rules(self, session: Session, office_id: str) -> RuleBook:
        in_force = select(Deployment.id).where(
            Deployment.office_id == office_id,
            Deployment.kind == "pack",
            Deployment.status == "active",
        )
        confirmed = select(RuleConfirmation.pack_id, RuleConfirmation.parameter_hash).where(
            RuleConfirmation.office_id == office_id, RuleConfirmation.withdrawn_at.is_(None)
        )
        ids = tuple(session.scalars(in_force.order_by(Deployment.id)))
        pairs = frozenset((row.pack_id, row.parameter_hash) for row in session.execute(confirmed))
        return _BOOKS.get(key=(ids, pairs), make=lambda: _make_book(session, ids, pairs))

    def active_bundle(self, session: Session, *, office_id: str, key: str) -> Bundle:
        """Return the bundle that new cases of this kind start with."""
        row = session.scalars(
            select(Deployment).where(
                Deployment.office_id == office_id,
                Deployment.kind == "bundle",
                Deployment.key == key,
                Deployment.status == "active",
            )
        ).first()
        if row is None:
            raise NotFound("error.no_active_definition", process=key)
        return self.bundle(session, row.content_hash)

    def bundle(self, session: Session, bundle_hash: str) -> Bundle:
        """Return a stored bundle, read from the database once per process."""
        if bundle_hash not in _BUNDLES:
            row = session.get(StoredBundle, bundle_hash)
            if row is None:
                raise NotFound("error.definition_not_found")
            _BUNDLES[bundle_hash] = _unpack(row.content)
        return _BUNDLES[bundle_hash]

    def blueprint(self, session: Session, case: Case) -> Blueprint:
        """Return what the case's diagrams say about each element."""
        return blueprint(self.bundle(session, case.bundle_hash))


_BUNDLES: dict[str, Bundle] = {}
# Notices and packs never change once they are in; the ids that are in force say which book it is.
_CALENDARS: RecentlyUsed[WorkingCalendar] = RecentlyUsed(limit=32)
_BOOKS: RecentlyUsed[RuleBook] = RecentlyUsed(limit=32)


def store_bundle(session: Session, bundle: Bundle) -> None:
    """Keep the bundle by its content hash; keeping it twice changes nothing."""
    if session.get(StoredBundle, bundle.hash) is None:
        row = StoredBundle(hash=bundle.hash, key=bundle.key, content=_pack(bundle))
        session.add(row)


def list_stages(bundle: Bundle) -> list[dict[str, Any]]:
    """Return the stages that a process declares for the subject's view, in order."""
    declared = bundle.files.get("process.json")
    stages: list[dict[str, Any]] = json.loads(declared)["stages"] if declared else []
    return stages


def _make_calendar(session: Session, ids: tuple[str, ...]) -> WorkingCalendar:
    rows = session.scalars(select(CalendarNotice).where(CalendarNotice.id.in_(ids)))
    texts = {row.id: row.content for row in rows}
    return WorkingCalendar([read_notice(texts[each], source="database") for each in ids])


def _make_book(
    session: Session, ids: tuple[str, ...], confirmed: frozenset[tuple[str, str]]
) -> RuleBook:
    rows = session.scalars(select(Deployment).where(Deployment.id.in_(ids)).order_by(Deployment.id))
    packs = [read_pack(row.content.encode(), source="database") for row in rows]
    return RuleBook([_with_confirmed(pack, confirmed) for pack in packs])


def _with_confirmed(pack: RulePack, confirmed: frozenset[tuple[str, str]]) -> RulePack:
    parameters = tuple(
        replace(parameter, confirmed=True)
        if (pack.id, parameter.content_hash) in confirmed
        else parameter
        for parameter in pack.parameters
    )
    return replace(pack, parameters=parameters)


def _pack(bundle: Bundle) -> bytes:
    files = {name: base64.b64encode(text).decode() for name, text in bundle.files.items()}
    content = {"key": bundle.key, "main_process": bundle.main_process, "files": files}
    return json.dumps(content, sort_keys=True).encode()


def _unpack(content: bytes) -> Bundle:
    stored = json.loads(content)
    files = {name: base64.b64decode(text) for name, text in stored["files"].items()}
    return Bundle(key=stored["key"], main_process=stored["main_process"], files=files)
