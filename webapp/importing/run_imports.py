"""Work through imports a few batches at a time, so that the office's other work goes on beside."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice

from webapp.importing.read_table import read_lines
from workflows.errors import CaseworkError
from workflows.models import ImportJob
from workflows.rules.catalogue import read_columns
from workflows.services.desk import Desk
from workflows.services.import_values import Line
from workflows.services.importers import get_importer
from workflows.services.run_import import (
    apply_batch,
    apply_one_by_one,
    batch_command,
    check_batch,
    list_running,
    refuse_import,
)
from workflows.storage.databases import Sessions
from workflows.storage.reading import read_session

BUDGET_SECONDS = 1.5


class ImportRunner:
    """Goes on with whatever import is under way; a file stays open between two turns."""

    def __init__(self, sessions: Sessions, desk: Desk, *, now: Callable[[], datetime]) -> None:
        self._sessions = sessions
        self._desk = desk
        self._now = now
        self._open: dict[str, tuple[str, int, Iterator[Line]]] = {}

    def run(self, *, seconds: float = BUDGET_SECONDS) -> int:
        """Do batches until none is left or the time is over; return how many."""
        end = time.monotonic() + seconds
        count = 0
        while (job := self._next()) is not None:
            self._advance(job)
            count += 1
            if time.monotonic() > end:
                break
        return count

    def _next(self) -> ImportJob | None:
        with read_session(self._sessions) as session:
            return next(iter(list_running(session)), None)

    def _advance(self, job: ImportJob) -> None:
        command = batch_command(job, now=self._now())
        importer = get_importer(job.kind)
        try:
            lines = list(islice(self._lines(job), importer.at_a_time))
        except CaseworkError as problem:
            error = problem
            self._desk.bus.run(
                command, lambda work: refuse_import(work, job_id=job.id, error=error)
            )
            return
        is_last = len(lines) < importer.at_a_time
        if job.status == "checking":
            self._desk.bus.run(
                command,
                lambda work: check_batch(
                    work, self._desk, job_id=job.id, lines=lines, is_last=is_last
                ),
            )
        else:
            if importer.one_by_one:
                apply_one_by_one(
                    self._desk, job=job, lines=lines, importer=importer, command=command
                )
            self._desk.bus.run(
                command,
                lambda work: apply_batch(
                    work, self._desk, job_id=job.id, lines=lines, is_last=is_last
                ),
            )
        self._remember(job, lines, is_last=is_last)

    def _lines(self, job: ImportJob) -> Iterator[Line]:
        """Return the rest of the file: the open one if it stands where the job does."""
        phase, position, lines = self._open.get(job.id, ("", -1, iter(())))
        if (phase, position) == (job.status, job.position):
            return lines
        found = read_lines(
            self._desk.files.get(job.sha256),
            media_type=job.media_type,
            columns=read_columns(job.kind),
            after=job.position,
        )
        self._open[job.id] = (job.status, job.position, found)
        return found

    def _remember(self, job: ImportJob, lines: list[Line], *, is_last: bool) -> None:
        if is_last:
            self._open.pop(job.id, None)
        else:
            self._open[job.id] = (job.status, lines[-1].number, self._open[job.id][2])
