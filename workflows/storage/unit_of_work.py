"""One transaction, one commit, in one place: the only module that commits."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session, undefer
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from workflows.errors import CaseworkError, Conflict, NotFound, OutsideServiceFailed
from workflows.events import SYSTEM, Command, Fact
from workflows.models import Case, CommandRecord
from workflows.storage.audit import LAST_ENTRY, case_stream, lock_stream, next_entry
from workflows.storage.case_rows import ADD_CASE, AnyCase, CaseRow
from workflows.storage.databases import (
    Sessions,
    begin_now,
    beginning_late,
    is_sqlite,
    reading,
)
from workflows.storage.jobs import JobQueue, SweptQueue
from workflows.storage.objects import flush_for, forget_objects
from workflows.storage.outbox_store import ADD_EFFECT, EFFECT_OF_KEY
from workflows.storage.statements import Change, Insertion, Query, carry_out, execute
from workflows.storage.trail import events_of, record_of
from workflows.storage.turns import TakeAgain, Turn, Turns, Writer, sharing

SWEPT = SweptQueue()
_WITH_STATE = (undefer(Case.engine_state),)
Work = Callable[["UnitOfWork"], "Mapping[str, Any] | None"]
Claim = Callable[[Session], Sequence[tuple[Command, Work]]]
Result = TypeVar("Result")
Row = TypeVar("Row")


class UnitOfWork:
    """What one command reads and writes before its single commit.

    Two ways lead to the rows. ``session`` has them as objects and is there for whoever wants it;
    beside it ``one`` and ``all`` read with prepared statements, and ``change`` and ``add`` write.
    What they write waits for the end, or until something may read it, and then goes together.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        command: Command,
        open_session: Callable[[Connection], Session],
        queue: JobQueue = SWEPT,
        has_savepoints: bool = True,
    ) -> None:
        """Work on this connection, in its transaction."""
        self.command = command
        self.queue = queue
        self.audit: dict[str, Any] = {}
        self.facts: list[tuple[str | None, Fact]] = []
        self._connection = connection
        self._open_session = open_session
        self._has_savepoints = has_savepoints
        self._session: Session | None = None
        self._info: dict[Any, Any] = {}
        self._held: dict[str, CaseRow] = {}
        # Cases that this command opened and of which nothing is in the database yet.
        self._opened: set[str] = set()
        self._guarded: dict[str, Case] = {}
        self._pending: list[tuple[Change, Mapping[str, Any]]] = []

    @property
    def session(self) -> Session:
        """Return the session, opened when something first asks for it."""
        if self._session is None:
            self._carry_out()
            begin_now(self._connection)
            self._session = self._open_session(self._connection)
        return self._session

    @property
    def info(self) -> dict[Any, Any]:
        """Return what is kept for this command only (``kept``)."""
        return self._info if self._session is None else self._session.info

    def one(self, query: Query[Row], **values: Any) -> Row | None:
        """Return the query's first row, or None."""
        if self._asks_in_vain(query, values):
            return None
        return query.one(self._ready_for(query), **values)

    def all(
        self, query: Query[Row], *, besides: Collection[Change] = (), **values: Any
    ) -> list[Row]:
        """Return the query's rows in order; changes named ``besides`` need not show in them yet."""
        if self._asks_in_vain(query, values):
            return []
        return query.all(self._ready_for(query, besides), **values)

    def added(self, case_id: str) -> list[tuple[Change, Mapping[str, Any]]] | None:
        """Return all that there is of a case that this command opened, while none is written yet.

        Return None when some of it may be in the database, or when what was added has changed.
        """
        if case_id not in self._opened:
            return None
        if not all(isinstance(change, Insertion) for change, _ in self._pending):
            return None
        return [each for each in self._pending if each[1].get("case_id") == case_id]

    def _asks_in_vain(self, query: Query[Any], values: Mapping[str, Any]) -> bool:
        """Say whether the rows asked for are of a case that has no such rows yet."""
        if values.get("case_id") not in self._opened:
            return False
        return all(change.table not in query.tables for change, _ in self._pending)

    def change(self, change: Change, **values: Any) -> None:
        """Carry out the change before anything may read it."""
        self._put(change, change.fill(values))

    def add(self, insertion: Insertion, **values: Any) -> Mapping[str, Any]:
        """Insert a row and return it, its new id included."""
        row = insertion.fill(values)
        self._put(insertion, row)
        return row

    def _put(self, change: Change, values: Mapping[str, Any]) -> None:
        self._pending.append((change, values))
        if self._session is not None:
            if self._session.new:
                # What is put now may name a row that has not been written yet.
                self._session.flush()
            flush_for(self._session, {change.table})
            self._carry_out()
            forget_objects(self._session, change.table)

    def _ready_for(self, query: Query[Any], besides: Collection[Change] = ()) -> Connection:
        """Return the connection, all changes carried out that the query might see."""
        if self._session is not None:
            flush_for(self._session, query.tables)
        elif any(
            change.table in query.tables and change not in besides for change, _ in self._pending
        ):
            self._carry_out()
        return self._connection

    def _carry_out(self) -> None:
        """Carry out what is pending, in a transaction for what may follow."""
        if self._pending:
            begin_now(self._connection)
        self._carry_out_last()

    def _carry_out_last(self) -> None:
        """Carry out what is pending; if nothing went before, it is the whole transaction."""
        pending, self._pending = self._pending, []
        self._opened.clear()
        carry_out(self._connection, pending)

    def get_case(self, case_id: str) -> Case:
        """Return the case of this office as an object, guarded by its version.

        Raises NotFound. A row of it that was held so far is written and given up.
        """
        if case_id in self._guarded:
            return self._guarded[case_id]
        held = self._held.pop(case_id, None)
        if held is not None and held.is_changed:
            for change, row in self._changes_of(held):
                self._put(change, row)
        case = self.session.get(Case, case_id, options=_WITH_STATE)
        if case is None or case.office_id != self.command.office_id:
            raise NotFound("error.case_not_found")
        self._guarded[case_id] = case
        return case

    def hold(self, case: CaseRow) -> CaseRow:
        """Guard the case by its version and write what changes on its row at the end."""
        if case.office_id != self.command.office_id:
            raise NotFound("error.case_not_found")
        self._held[case.id] = case
        return case

    def hold_new(self, case: CaseRow) -> CaseRow:
        """Hold the row of a case that was just added."""
        if self._session is None:
            self._opened.add(case.id)
        return self.hold(case)

    def case_at_hand(self, case_id: str) -> AnyCase:
        """Return the case as it is worked on now: the row that is held, or else the object."""
        return self._held.get(case_id) or self.get_case(case_id)

    def present(self, case: AnyCase) -> AnyCase:
        """Return the case as it is worked on now: its row, or the object that took its place."""
        if isinstance(case, CaseRow) and case.id not in self._held:
            return self.get_case(case.id)
        return case

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what is written inside when an error leaves it.

        Without savepoints that cannot be, and the whole command has to be taken again: a step fails
        once in thousands, and a savepoint for each of them costs more.
        """
        if not self._has_savepoints:
            try:
                yield
            except Exception as error:
                raise TakeAgain from error
            return
        held, guarded = dict(self._held), dict(self._guarded)
        try:
            with self.session.begin_nested():
                # It makes its savepoint when it first writes; what runs beside it may not wait.
                self.session.connection()
                yield
        except Exception:
            self._held, self._guarded = held, guarded
            raise

    def _drop_session(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None
            self._guarded = {}

    def record(
        self, kind: str, /, *, case_id: str | None, is_public: bool = False, **facts: Any
    ) -> None:
        """Note something that happened, for the timeline and the audit entry."""
        self.facts.append((case_id, Fact(kind=kind, facts=facts, is_public=is_public)))

    def send(self, *, kind: str, key: str, payload: dict[str, Any], case_id: str | None) -> str:
        """Put an effect into the outbox and return its id; the same key is put there once."""
        known = self.one(EFFECT_OF_KEY, key=key)
        if known is not None:
            return known
        now = self.command.now
        effect = self.add(
            ADD_EFFECT,
            office_id=self.command.office_id,
            case_id=case_id,
            kind=kind,
            key=key,
            payload=payload,
            due_at=now,
            created_at=now,
        )
        effect_id = str(effect["id"])
        begin_now(self._connection)
        self.queue.announce(self._connection, effect_id=effect_id)
        return effect_id

    def finish(self, result: Mapping[str, Any]) -> None:
        """Write what is still to be written, with the trail of the command behind it."""
        for case in self._held.values():
            self._pending += self._changes_of(case)
        self._pending += self._trail(result)
        self.keep()

    def _changes_of(self, case: CaseRow) -> list[tuple[Change, Mapping[str, Any]]]:
        """Return what writes the row; a new case is inserted as it stands now.

        One statement cannot change what it adds.
        """
        if case.id not in self._opened:
            return [case.change(now=self.command.now)]
        for number, (change, row) in enumerate(self._pending):
            if change is ADD_CASE and row["id"] == case.id:
                self._pending[number] = (change, {**row, **case.state()})
        return []

    def _trail(self, result: Mapping[str, Any]) -> Iterator[tuple[Change, Mapping[str, Any]]]:
        case_id = self.command.case_id or result.get("case_id")
        stream = case_stream(case_id) if case_id else f"office:{self.command.office_id}"
        if not case_id:
            begin_now(self._connection)
            lock_stream(self._connection, stream)
        held = self._held.get(case_id or "")
        last = held.last_entry if held else LAST_ENTRY.one(self._connection, stream=stream)
        content = {"facts": [[fact.kind, fact.facts] for _, fact in self.facts], **self.audit}
        yield record_of(self.command, result)
        yield from events_of(self.command, self.facts)
        yield next_entry(last, command=self.command, stream=stream, content=content)

    def keep(self) -> None:
        """Make what was written so far part of the connection's transaction."""
        if self._session is not None:
            for case in self._guarded.values():
                # Touching the row makes the version guard bite for every command on the case, also
                # for a second one at the same instant, when the value itself does not change.
                case.touched_at = self.command.now
                flag_modified(case, "touched_at")
            self._session.commit()
            self._drop_session()
        self._carry_out_last()

    def close(self) -> None:
        """Let go of the session; what was not finished is undone with the transaction."""
        self._drop_session()


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
        self._writer = Writer(self._engine, _commit)
        self._late = beginning_late(self._engine)
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
            begin_now(connection)
            with self._session(connection, has_savepoint=False) as session:
                orders = claim(session)
                session.commit()
            return [self._try(connection, command, work) for command, work in orders]

        return self._write(job)

    def _try(self, connection: Connection, command: Command, work: Work) -> Outcome:
        job = partial(self._run_once, command=command, work=work)
        try:
            try:
                with connection.begin_nested():
                    result = job(connection)
            except TakeAgain:
                with connection.begin_nested():
                    result = job(connection, has_savepoints=True)
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

        def job(connection: Connection, *, has_savepoints: bool = False) -> None:
            with closing(self._unit(connection, command, has_savepoints)) as unit:
                work(unit)
                unit.keep()

        self._write_lightly(job)

    def _run_twice_at_most(self, command: Command, work: Work) -> dict[str, Any]:
        job = partial(self._run_once, command=command, work=work)
        try:
            return self._write_lightly(job)
        except (StaleDataError, IntegrityError, OperationalError):
            # A repeat meets the record of its first time, and a lost connection may have committed.
            pass
        done = self._find_result(command)
        if done is not None:
            return done
        try:
            return self._write_lightly(job)
        except (StaleDataError, IntegrityError) as error:
            raise Conflict("error.somebody_was_faster") from error
        except OperationalError as error:
            raise OutsideServiceFailed("error.database_failed") from error

    def _write_lightly(self, job: Callable[..., Result]) -> Result:
        """Write without savepoints, and once more with them when a step has failed."""
        try:
            return self._write(job)
        except TakeAgain:
            return self._write(partial(job, has_savepoints=True))

    def _write(self, job: Callable[[Connection], Result]) -> Result:
        if self._turns is not None:
            return cast(Result, self._turns.run(job))
        with self._late.connect() as connection:
            connection.begin()
            result = job(connection)
            connection.commit()
            return result

    def _commit_together(self, turns: Sequence[Turn]) -> None:
        """Write the turns in one transaction, and all of them again without one that spoils it.

        A savepoint for each would copy every page that it changes, for the sake of the few that
        are refused after they have written.
        """
        left = list(turns)
        while (spoiler := self._writer.write(left)) is not None:
            left.remove(spoiler)

    def _session(self, connection: Connection, *, has_savepoint: bool) -> Session:
        """Return a session in the connection's transaction.

        Its failure undoes the transaction, or only what it did itself after its savepoint.
        """
        mode = "create_savepoint" if has_savepoint else "rollback_only"
        return self._sessions(bind=sharing(connection), join_transaction_mode=mode)

    def _find_result(self, command: Command) -> dict[str, Any] | None:
        with reading(self._sessions()) as session:
            done = session.get(CommandRecord, command.id)
            return None if done is None else dict(done.result)

    def _run_once(
        self,
        connection: Connection,
        *,
        command: Command,
        work: Work,
        has_savepoints: bool = False,
    ) -> dict[str, Any]:
        unit = self._unit(connection, command, has_savepoints)
        try:
            result = dict(work(unit) or {})
            unit.finish(result)
        finally:
            unit.close()
        return result

    def _unit(self, connection: Connection, command: Command, has_savepoints: bool) -> UnitOfWork:
        return UnitOfWork(
            connection,
            command=command,
            open_session=partial(self._session, has_savepoint=has_savepoints),
            queue=self._queue,
            has_savepoints=has_savepoints,
        )


def _commit(connection: Connection) -> None:
    if connection.in_transaction():
        connection.commit()
    else:
        execute(connection, "COMMIT").close()
