"""One transaction, one commit, in one place: the only module that commits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine, insert
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session, undefer
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from workflows.errors import CaseworkError, Conflict, NotFound, OutsideServiceFailed
from workflows.events import SYSTEM, Command, Fact
from workflows.models import Case, CommandRecord, Event, Outbox
from workflows.storage.audit import append_entry
from workflows.storage.databases import Sessions, assert_in_transaction, is_sqlite, reading
from workflows.storage.jobs import JobQueue, SweptQueue
from workflows.storage.turns import Turn, Turns

SWEPT = SweptQueue()
Work = Callable[["UnitOfWork"], "Mapping[str, Any] | None"]
Claim = Callable[[Session], Sequence[tuple[Command, Work]]]
Result = TypeVar("Result")


@dataclass
class UnitOfWork:
    """What one command reads and writes before its single commit."""

    session: Session
    command: Command
    queue: JobQueue = SWEPT
    audit: dict[str, Any] = field(default_factory=dict)
    facts: list[tuple[str | None, Fact]] = field(default_factory=list)

    def get_case(self, case_id: str) -> Case:
        """Return the case of this office, guarded by its version, or raise NotFound."""
        case = self.session.get(Case, case_id, options=[undefer(Case.engine_state)])
        if case is None or case.office_id != self.command.office_id:
            raise NotFound("error.case_not_found")
        # Touching the row makes the version guard bite for every command on the case, also for a
        # second one at the same instant, when the value itself does not change.
        case.touched_at = self.command.now
        flag_modified(case, "touched_at")
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
        self.queue.announce(self.session, effect_id=effect.id)
        return effect


@dataclass(frozen=True)
class Outcome:
    """What became of one claimed command: its result, or what it raised."""

    command: Command
    result: Mapping[str, Any] = field(default_factory=dict)
    error: Exception | None = None


class CommandBus:
    """Runs commands: once per id, in one guarded transaction, retried once after a lost race.

    On SQLite the commands of all threads share commits; elsewhere each has a connection of its own.
    """

    def __init__(self, sessions: Sessions, queue: JobQueue = SWEPT) -> None:
        self._sessions = sessions
        self._queue = queue
        self._engine: Engine = sessions.kw["bind"]
        self._turns = Turns(self._commit_together) if is_sqlite(self._engine) else None

    def run(self, command: Command, work: Work) -> dict[str, Any]:
        """Carry out the command and return its result once it is on the disk.

        Raises Conflict when the case changed twice under it, OutsideServiceFailed when the database
        failed twice; whatever ``work`` raises passes through and leaves nothing behind.
        """
        try:
            return self._run_twice_at_most(command, work)
        except CaseworkError:
            # The same command, sent twice at once: its twin has just done what we are refused.
            done = self._find_result(command)
            if done is None:
                raise
            return done

    def run_claimed(self, claim: Claim) -> list[Outcome]:
        """Carry out what ``claim`` finds and locks in one transaction; return what became of each.

        A command stands or falls for itself. Raises OperationalError when the database failed;
        then nothing happened.
        """

        def job(connection: Connection) -> list[Outcome]:
            with self._session(connection) as session:
                orders = claim(session)
                session.commit()
            return [self._try(connection, command, work) for command, work in orders]

        return self._write(job)

    def _try(self, connection: Connection, command: Command, work: Work) -> Outcome:
        try:
            # On SQLite the session makes this savepoint itself, and a second one costs nothing.
            with connection.begin_nested():
                result = self._run_once(connection, command=command, work=work)
        except OperationalError:
            raise
        except (StaleDataError, IntegrityError):
            return Outcome(command=command, error=Conflict("error.somebody_was_faster"))
        except Exception as error:
            return Outcome(command=command, error=error)
        return Outcome(command=command, result=result)

    def note(self, work: Work, *, office_id: str, now: datetime) -> None:
        """Write rows that are no command: a read, a delivery state. They leave no audit entry."""
        command = Command(id="", name="note", actor=SYSTEM, now=now, office_id=office_id)

        def job(connection: Connection) -> None:
            with self._session(connection) as session:
                work(UnitOfWork(session=session, command=command, queue=self._queue))
                session.commit()

        self._write(job)

    def _run_twice_at_most(self, command: Command, work: Work) -> dict[str, Any]:
        job = partial(self._run_once, command=command, work=work)
        try:
            return self._write(job)
        except (StaleDataError, IntegrityError, OperationalError):
            # Whether a lost connection had committed shows in the command's record.
            pass
        try:
            return self._write(job)
        except (StaleDataError, IntegrityError) as error:
            raise Conflict("error.somebody_was_faster") from error
        except OperationalError as error:
            raise OutsideServiceFailed("error.database_failed") from error

    def _write(self, job: Callable[[Connection], Result]) -> Result:
        if self._turns is not None:
            return cast(Result, self._turns.run(job))
        with self._engine.connect() as connection:
            connection.begin()
            result = job(connection)
            connection.commit()
            return result

    def _commit_together(self, turns: Sequence[Turn]) -> None:
        with self._engine.connect() as connection:
            connection.begin()
            for turn in turns:
                turn.take(connection)
                assert_in_transaction(connection)
            connection.commit()

    def _session(self, connection: Connection) -> Session:
        """Return a session of one command: in a group, its failure undoes nothing but itself."""
        if self._turns is None:
            return self._sessions(bind=connection)
        return self._sessions(bind=connection, join_transaction_mode="create_savepoint")

    def _find_result(self, command: Command) -> dict[str, Any] | None:
        with read_session(self._sessions) as session:
            done = session.get(CommandRecord, command.id)
            return None if done is None else dict(done.result)

    def _run_once(self, connection: Connection, *, command: Command, work: Work) -> dict[str, Any]:
        with self._session(connection) as session:
            done = session.get(CommandRecord, command.id)
            if done is not None:
                return dict(done.result)
            unit = UnitOfWork(session=session, command=command, queue=self._queue)
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
