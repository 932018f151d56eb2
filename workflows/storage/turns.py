"""Lets many threads write through one at a time: who comes first writes for all behind it.

While one group is on its way to the disk, the next one gathers. So the wait for the disk, which is
most of a small transaction, is paid once for everybody who waited (docs/decisions/0012).
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, event

from workflows.storage.databases import (
    BEGINS,
    assert_in_transaction,
    count_changes,
    is_in_transaction,
    run_plain,
)

# How much of the database the writer keeps in memory; it is filled as it is needed.
CACHE_KIB = 16_384

Job = Callable[[Connection], Any]


class TakeAgain(BaseException):
    """What a step wrote must be undone, and the command has no savepoint before it.

    No error that anybody may act on, so it passes all who catch errors, up to whoever can undo.
    """


@dataclass(eq=False)
class Turn:
    """One job that waits to be written, and what became of it."""

    job: Job
    # Another thread may do the job; what the caller's request holds goes with it.
    context: Context = field(default_factory=copy_context)
    result: Any = None
    error: BaseException | None = None
    is_over: bool = False

    def take(self, connection: Connection) -> bool:
        """Do the job and keep its result or refusal; say whether it was refused halfway.

        It may be taken again, after what all of its group wrote has been undone.
        """
        self.result, self.error = None, None
        written = count_changes(connection)
        try:
            self.result = self.context.run(self.job, connection)
        except (Exception, TakeAgain) as error:
            self.error = error
        is_undone = not (is_in_transaction(connection) or connection.in_transaction())
        if self.error is not None and is_undone:
            # A session that fails to write undoes the transaction it is in, and says so.
            return True
        assert_in_transaction(connection)
        return self.error is not None and count_changes(connection) != written

    def outcome(self) -> Any:
        """Return what the job returned, or raise what it raised."""
        if self.error is not None:
            raise self.error
        return self.result


class Writer:
    """The one connection by which a process writes to SQLite.

    It stays open and nobody else writes in this process, so the pages that it has read stay right.
    It is closed with the engine: only the last connection to go takes the log back into the file.

    It begins and ends transactions on the driver; SQLAlchemy's own cost as much as three statements
    and are there only for a group with a session in it (``sharing``).
    """

    def __init__(self, engine: Engine, commit: Callable[[Connection], None]) -> None:
        self._engine = engine
        self._commit = commit
        self._connection: Connection | None = None
        event.listen(engine, "engine_disposed", self._close)

    def write(self, turns: Sequence[Turn]) -> Turn | None:
        """Write and commit; or return the one that was refused halfway, and nothing is written."""
        try:
            connection = self._connection or self._connect()
            run_plain(connection, "BEGIN IMMEDIATE")
            for turn in turns:
                if turn.take(connection):
                    if is_in_transaction(connection):
                        _undo(connection)
                    return turn
            self._commit(connection)
        except BaseException:
            # What was not committed is undone, and the next one opens the connection anew.
            self._close()
            raise
        return None

    def _connect(self) -> Connection:
        self._connection = self._engine.connect().execution_options(**{BEGINS: "before"})
        # Out of the pool, so that to close it is to close the file.
        self._connection.detach()
        run_plain(self._connection, f"PRAGMA cache_size=-{CACHE_KIB}")
        return self._connection

    def _close(self, _engine: object = None) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _undo(connection: Connection) -> None:
    if connection.in_transaction():
        connection.rollback()
    else:
        run_plain(connection, "ROLLBACK")


def sharing(connection: Connection) -> Connection:
    """Return the connection for a session, which must find the transaction that it is to share."""
    if not connection.in_transaction():
        connection.begin()
    return connection


class Turns:
    """Hands the jobs of all threads to ``write_together``, one group after the other."""

    def __init__(self, write_together: Callable[[Sequence[Turn]], None]) -> None:
        self._write_together = write_together
        self._waiting: deque[Turn] = deque()
        self._writing = threading.Lock()

    def run(self, job: Job) -> Any:
        """Return the job's result once its group is on the disk, or raise what it raised."""
        turn = Turn(job)
        self._waiting.append(turn)
        with self._writing:
            if not turn.is_over:
                self._write_group()
        return turn.outcome()

    def _write_group(self) -> None:
        group = [self._waiting.popleft() for _ in range(len(self._waiting))]
        try:
            self._write_together(group)
        except BaseException as error:
            # Nothing of this group was kept, so nobody of it may believe so.
            for turn in group:
                turn.error = error
        finally:
            for turn in group:
                turn.is_over = True
