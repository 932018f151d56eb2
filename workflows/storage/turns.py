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

from sqlalchemy import Connection

from workflows.storage.databases import assert_in_transaction, run_plain

Job = Callable[[Connection], Any]


@dataclass(eq=False)
class Turn:
    """One job that waits to be written, and what became of it."""

    job: Job
    # Another thread may do the job; what the caller's request holds goes with it.
    context: Context = field(default_factory=copy_context)
    result: Any = None
    error: BaseException | None = None
    is_over: bool = False

    def take(self, connection: Connection) -> None:
        """Do the job and keep its result or its refusal, which undoes nothing but itself."""
        run_plain(connection, "SAVEPOINT turn")
        try:
            self.result = self.context.run(self.job, connection)
        except Exception as error:
            self.error = error
        assert_in_transaction(connection)
        if self.error is not None:
            run_plain(connection, "ROLLBACK TO SAVEPOINT turn")
        run_plain(connection, "RELEASE SAVEPOINT turn")

    def outcome(self) -> Any:
        """Return what the job returned, or raise what it raised."""
        if self.error is not None:
            raise self.error
        return self.result


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
