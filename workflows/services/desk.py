"""What every service needs, introduced to each other once by the composition root."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    SQLColumnExpression,
    Text,
    bindparam,
    func,
    literal,
    select,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import Session

from workflows.clock.calendar import WorkingCalendar, legal_date, read_notice
from workflows.engine.blueprint import Blueprint, blueprint
from workflows.engine.bundle import Bundle
from workflows.engine.engine import CaseEngine
from workflows.engine.recent import RecentlyUsed
from workflows.errors import NotFound
from workflows.lint.declared import Declarations
from workflows.models import (
    CalendarNotice,
    Case,
    Deployment,
    Office,
    RuleConfirmation,
    StoredBundle,
)
from workflows.rules.packs import RuleBook, RulePack, read_pack
from workflows.storage.case_rows import AnyCase
from workflows.storage.files import FileStore
from workflows.storage.kept import keep
from workflows.storage.reading import Source, read_all, read_one
from workflows.storage.statements import Query
from workflows.storage.unit_of_work import CommandBus, UnitOfWork
from workflows.storage.vault import Vault

DEFAULT_SETTINGS: dict[str, Any] = {"opening": "09:00", "closing": "17:00", "at_risk_days": 3}
# Between the ids that a query puts together.
LINE, SPACE = "\n", " "


class OfficeRow(NamedTuple):
    """The office as services need it; who holds the row does not change its settings."""

    id: str
    division_code: str
    settings: Mapping[str, Any]


@dataclass(frozen=True)
class OperationContext:
    """What an operation called by a diagram may use. Operations may rerun and must not mind."""

    work: UnitOfWork
    desk: Desk
    case_id: str
    element: str
    item: str | None
    variables: Mapping[str, Any]

    @property
    def case(self) -> Case:
        """Return the case as an object, guarded by its version."""
        return self.work.get_case(self.case_id)

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
    declared: Declarations = Declarations()
    """What operations and forms say of themselves, for the legal lint."""

    def office(self, source: Source, office_id: str) -> OfficeRow:
        """Return the office, or raise NotFound."""
        division_code = _binding(source, office_id).division_code
        return OfficeRow(office_id, division_code, self._settings(source, office_id))

    def setting(self, source: Source, office_id: str, name: str) -> Any:
        """Return an office setting or its shipped default."""
        return self._settings(source, office_id).get(name, DEFAULT_SETTINGS.get(name))

    def _settings(self, source: Source, office_id: str) -> Mapping[str, Any]:
        return keep(source, ("settings", office_id), lambda: _read_settings(source, office_id))

    def opening(self, source: Source, office_id: str) -> time:
        """Return the hour at which reminders go out."""
        return time.fromisoformat(self.setting(source, office_id, "opening"))

    def calendar(self, source: Source, office_id: str) -> WorkingCalendar:
        """Return the calendar made of the notices loaded in this office."""
        return keep(source, ("calendar", office_id), lambda: _read_calendar(source, office_id))

    def rules(self, source: Source, office_id: str) -> RuleBook:
        """Return the office's active packs with what its legal reviewer has confirmed."""
        return keep(source, ("rules", office_id), lambda: _read_rules(source, office_id))

    def active_bundle(self, source: Source, *, office_id: str, key: str) -> Bundle:
        """Return the bundle that new cases of this kind start with."""
        found = self._in_force(source, office_id).get(key)
        if found is None:
            raise NotFound("error.no_active_definition", process=key)
        return self.bundle(source, found)

    def active_bundles(self, source: Source, office_id: str) -> dict[str, Bundle]:
        """Return what new cases of the office may start with, by the key of the process."""
        in_force = self._in_force(source, office_id)
        return {key: self.bundle(source, found) for key, found in in_force.items()}

    def active_kinds(self, source: Source, office_id: str) -> frozenset[str]:
        """Return the key of every process that new cases of the office may start with."""
        return frozenset(self._in_force(source, office_id))

    def _in_force(self, source: Source, office_id: str) -> dict[str, str]:
        """Return the hash of each bundle in force, by its key and in their order."""
        return keep(
            source,
            ("active", office_id),
            lambda: dict(read_all(source, ACTIVE_BUNDLES, office_id=office_id)),
        )

    def bundle(self, source: Source, bundle_hash: str) -> Bundle:
        """Return a stored bundle, read from the database once per process."""
        if bundle_hash not in _BUNDLES:
            content = read_one(source, BUNDLE_CONTENT, hash=bundle_hash)
            if content is None:
                raise NotFound("error.definition_not_found")
            _BUNDLES[bundle_hash] = _unpack(content)
        return _BUNDLES[bundle_hash]

    def blueprint(self, source: Source, case: AnyCase) -> Blueprint:
        """Return what the case's diagrams say about each element."""
        return blueprint(self.bundle(source, case.bundle_hash))


def _first(values: Sequence[Any]) -> Any:
    return values[0]


def _pair(values: Sequence[Any]) -> tuple[Any, Any]:
    return values[0], values[1]


BUNDLE_CONTENT: Query[bytes] = Query(
    select(StoredBundle.content).where(StoredBundle.hash == bindparam("hash")), _first
)
ACTIVE_BUNDLES: Query[tuple[str, str]] = Query(
    select(Deployment.key, Deployment.content_hash)
    .where(
        Deployment.office_id == bindparam("office_id"),
        Deployment.kind == "bundle",
        Deployment.status == "active",
    )
    .order_by(Deployment.key),
    _pair,
)
_NOTICES = CalendarNotice.office_id == bindparam("office_id")
_BY_DATE = (CalendarNotice.issued_on, CalendarNotice.id)
NOTICE_CONTENTS: Query[Any] = Query(
    select(CalendarNotice.content).where(_NOTICES).order_by(*_BY_DATE), _first
)
_ACTIVE_PACKS = (
    Deployment.office_id == bindparam("office_id"),
    Deployment.kind == "pack",
    Deployment.status == "active",
)
PACK_CONTENTS: Query[str] = Query(
    select(Deployment.content).where(*_ACTIVE_PACKS).order_by(Deployment.id), _first
)


class Binding(NamedTuple):
    """What binds an office now, each kind as one text: the same text means the same rules."""

    division_code: str
    settings: str
    notices: str | None
    packs: str | None
    confirmed: str | None


def _together(ids: SQLColumnExpression[str], *conditions: ColumnElement[bool]) -> ScalarSelect[Any]:
    return select(func.aggregate_strings(ids, LINE)).where(*conditions).scalar_subquery()


BINDING = Query(
    select(
        Office.division_code,
        sql_cast(Office.settings, Text),
        _together(CalendarNotice.id, _NOTICES),
        _together(Deployment.id, *_ACTIVE_PACKS),
        _together(
            RuleConfirmation.pack_id + literal(SPACE) + RuleConfirmation.parameter_hash,
            RuleConfirmation.office_id == bindparam("office_id"),
            RuleConfirmation.withdrawn_at.is_(None),
        ),
    ).where(Office.id == bindparam("office_id")),
    Binding._make,
)

_BUNDLES: dict[str, Bundle] = {}
# Notices and packs never change once they are in; the ids that are in force say which book it is.
_SETTINGS: RecentlyUsed[dict[str, Any]] = RecentlyUsed(limit=32)
_CALENDARS: RecentlyUsed[WorkingCalendar] = RecentlyUsed(limit=32)
_BOOKS: RecentlyUsed[RuleBook] = RecentlyUsed(limit=32)
_STAGES: RecentlyUsed[list[dict[str, Any]]] = RecentlyUsed(limit=64)


def store_bundle(session: Session, bundle: Bundle) -> None:
    """Keep the bundle by its content hash; keeping it twice changes nothing."""
    if session.get(StoredBundle, bundle.hash) is None:
        row = StoredBundle(hash=bundle.hash, key=bundle.key, content=_pack(bundle))
        session.add(row)


def list_stages(bundle: Bundle) -> list[dict[str, Any]]:
    """Return the stages that a process declares for the subject's view, in order."""
    return _STAGES.get(key=bundle.hash, make=lambda: _read_stages(bundle))


def _read_stages(bundle: Bundle) -> list[dict[str, Any]]:
    declared = bundle.files.get("process.json")
    stages: list[dict[str, Any]] = json.loads(declared)["stages"] if declared else []
    return stages


def _binding(source: Source, office_id: str) -> Binding:
    """Return what binds the office now; all of it is read at once."""
    found = keep(
        source, ("binding", office_id), lambda: read_one(source, BINDING, office_id=office_id)
    )
    if found is None:
        raise NotFound("error.office_not_found")
    return found


def _read_settings(source: Source, office_id: str) -> dict[str, Any]:
    text = _binding(source, office_id).settings
    return _SETTINGS.get(key=text, make=lambda: json.loads(text))


def _read_calendar(source: Source, office_id: str) -> WorkingCalendar:
    notices = _binding(source, office_id).notices
    return _CALENDARS.get(key=notices, make=lambda: _make_calendar(source, office_id))


def _make_calendar(source: Source, office_id: str) -> WorkingCalendar:
    contents = read_all(source, NOTICE_CONTENTS, office_id=office_id)
    return WorkingCalendar([read_notice(each, source="database") for each in contents])


def _read_rules(source: Source, office_id: str) -> RuleBook:
    found = _binding(source, office_id)
    return _BOOKS.get(
        key=(found.packs, found.confirmed),
        make=lambda: _make_book(source, office_id, found.confirmed or ""),
    )


def _make_book(source: Source, office_id: str, binding: str) -> RuleBook:
    confirmed = frozenset(
        (pack_id, rule)
        for pack_id, _, rule in (line.rpartition(SPACE) for line in binding.splitlines())
    )
    contents = read_all(source, PACK_CONTENTS, office_id=office_id)
    packs = [read_pack(each.encode(), source="database") for each in contents]
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
