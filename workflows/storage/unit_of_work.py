"""One transaction, one commit, in one place: the only module that commits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session, undefer
from sqlalchemy.orm.exc import StaleDataError

from workflows.errors import Conflict, NotFound
from workflows.events import SYSTEM, Command, Fact
from workflows.models import Case, CommandRecord, Event, Outbox
from workflows.storage.audit import append_entry
from workflows.storage.databases import Sessions, reading

Work = Callable[["UnitOfWork"], "Mapping[str, Any] | None"]


@dataclass
class UnitOfWork:
    """What one command reads and writes before its single commit."""

    session: Session
    command: Command
    audit: dict[str, Any] = field(default_factory=dict)
    facts: list[tuple[str | None, Fact]] = field(default_factory=list)

    def get_case(self, case_id: str) -> Case:
        """Return the case of this office, guarded by its version, or raise NotFound."""
        case = self.session.get(Case, case_id, options=[undefer(Case.engine_state)])
        if case is None or case.office_id != self.command.office_id:
            raise NotFound("error.case_not_found")
        # Touching the row makes the version guard bite for every command on the case.
        case.touched_at = self.command.now
        return case

    def record(
        self, kind: str, /, *, case_id: str | None, is_public: bool = False, **facts: Any
    ) -> None:
        """Note something that happened, for the timeline and the audit entry."""
        self.facts.append((case_id, Fact(kind=kind, facts=facts, is_public=is_public)))

    def send(self, *, kind: str, key: str, payload: dict[str, Any], case_id: str | None) -> Outbox:
        """Put an effect into the outbox; the same key is put there once."""
        query = self.session.query(Outbox).filter(Outbox.key == key)
        found = query.one_or_none()
        if found is not None:
            return found
        effect = Outbox(
            office_id=self.command.office_id,
            case_id=case_id,
            kind=kind,
            key=key,
            payload=payload,
            due_at=self.command.now,
            created_at=self.command.now,
        )
        self.session.add(effect)
        self.session.flush()
        return effect


class CommandBus:
    """Runs commands: once per id, in one guarded transaction, retried once after a lost race."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def run(self, command: Command, work: Work) -> dict[str, Any]:
        """Carry out the command and return its result.

        Raises Conflict when the case changed twice under it; whatever ``work`` raises passes
        through and leaves nothing behind.
        """
        for is_last in (False, True):
            try:
                return self._run_once(command, work)
            except (StaleDataError, IntegrityError, OperationalError) as error:
                if is_last:
                    raise Conflict("error.somebody_was_faster") from error
        raise AssertionError("unreachable")

    def note(self, work: Work, *, office_id: str, now: datetime) -> None:
        """Write rows that are no command: a read, a delivery state. They leave no audit entry."""
        command = Command(id="", name="note", actor=SYSTEM, now=now, office_id=office_id)
        with self._sessions() as session:
            work(UnitOfWork(session=session, command=command))
            session.commit()

    def _run_once(self, command: Command, work: Work) -> dict[str, Any]:
        with self._sessions() as session:
            done = session.get(CommandRecord, command.id)
            if done is not None:
                return dict(done.result)
            unit = UnitOfWork(session=session, command=command)
            result = dict(work(unit) or {})
            self._write_trail(unit, result)
            session.commit()
            return result

    def _write_trail(self, unit: UnitOfWork, result: dict[str, Any]) -> None:
        command = unit.command
        if unit.facts:
            # One statement for all of them: nobody needs these rows as objects.
            unit.session.execute(insert(Event), [_event(command, *each) for each in unit.facts])
        content = {"facts": [[fact.kind, dict(fact.facts)] for _, fact in unit.facts], **unit.audit}
        case_id = command.case_id or result.get("case_id")
        stream = f"case:{case_id}" if case_id else f"office:{command.office_id}"
        append_entry(unit.session, command=command, stream=stream, content=content)
        unit.session.add(
            CommandRecord(
                id=command.id,
                office_id=command.office_id,
                name=command.name,
                result=result,
                done_at=command.now,
            )
        )


def _event(command: Command, case_id: str | None, fact: Fact) -> dict[str, Any]:
    return {
        "office_id": command.office_id,
        "case_id": case_id,
        "kind": fact.kind,
        "facts": dict(fact.facts),
        "person_id": command.actor.person_id,
        "is_public": fact.is_public,
        "at": command.now,
    }


def read_session(sessions: Sessions) -> Session:
    """Return a session for reading only; close it, never commit it."""
    return reading(sessions())
