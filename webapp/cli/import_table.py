"""`jiannuo import`: check a table of subjects, records or open cases, and apply it."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress

from webapp.app import connect_desk
from webapp.business_clock import BusinessClock
from webapp.chores import list_offices
from webapp.cli.clock_words import Speaker, language_option
from webapp.cli.database import open_sessions, settings_of
from webapp.importing.run_imports import ImportRunner
from webapp.uploading import detect_type
from workflows.errors import CaseworkError
from workflows.events import Actor, Command
from workflows.models import ImportJob, new_id
from workflows.rules.catalogue import read_columns
from workflows.services.desk import Desk
from workflows.services.importers import IMPORTERS
from workflows.services.run_import import (
    RUNNING,
    approve_import,
    get_job,
    read_wrong_rows,
    start_import,
)
from workflows.storage.databases import Sessions
from workflows.storage.reading import read_session

OPERATOR = Actor(kind="person", role="system_admin", origin="command line")


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--kind", type=click.Choice(list(IMPORTERS)), required=True, help="What it holds.")
@click.option("--apply", "applies", is_flag=True, help="Apply what is new after the check.")
@click.option("--report", type=click.Path(path_type=Path), help="Write all problems as CSV here.")
@language_option
def import_table(file: Path, kind: str, applies: bool, report: Path | None, language: str) -> None:
    """核对并导入登记簿：主体、失信记录、在办案件（Excel 或 CSV）。

    Check FILE line by line; with --apply, import what is new. Wrong lines stay out.
    """
    speaker = Speaker(language)
    with open_sessions(speaker) as sessions:
        desk = connect_desk(settings_of(speaker), sessions)
        offices = list_offices(sessions)
        if not offices:
            raise speaker.fail("error.office_not_found")
        import_ = _Import(sessions, desk, speaker, office_id=offices[0])
        job = import_.check(_read(file, speaker), file.name, kind)
        if job.status == "refused":
            problem = speaker.say(str(job.problem["key"]), **job.problem["facts"])
            raise click.ClickException(speaker.say("cli.import.refused", problem=problem))
        if applies:
            job = import_.apply(job)
        import_.tell(job, report)
        if not applies:
            click.echo(speaker.say("cli.import.dry"))


class _Import:
    """One file on its way into the registers of an office."""

    def __init__(self, sessions: Sessions, desk: Desk, speaker: Speaker, *, office_id: str) -> None:
        self._sessions = sessions
        self._desk = desk
        self._speaker = speaker
        self._office_id = office_id
        self._clock = BusinessClock(sessions, is_virtual=True)
        self._runner = ImportRunner(sessions, desk, now=self._clock.now)

    def check(self, content: bytes, name: str, kind: str) -> ImportJob:
        """Store the file and check it."""
        details: dict[str, Any] = {
            "kind": kind,
            "file_name": name,
            "sha256": self._desk.files.put(content),
            "media_type": detect_type(content),
            "size": len(content),
        }
        result = self._run("start_import", lambda work: start_import(work, **details))
        return self._work_through(str(result["job_id"]), "cli.import.checking")

    def apply(self, job: ImportJob) -> ImportJob:
        """Apply what was found new."""
        self._run("approve_import", lambda work: approve_import(work, job_id=job.id))
        return self._work_through(job.id, "cli.import.applying")

    def tell(self, job: ImportJob, report: Path | None) -> None:
        """Say what became of the file, and write what is wrong."""
        counts = {name: job.counts.get(name, 0) for name in ("new", "same", "wrong", "applied")}
        click.echo(self._speaker.say("cli.import.counts", total=job.total, **counts))
        if report is not None:
            with report.open("w", encoding="utf-8-sig", newline="") as file:
                csv.writer(file).writerows(self._problems(job))
            click.echo(self._speaker.say("cli.import.report", file=str(report)))
            return
        for place, (line, column, problem) in enumerate(self._problems(job)):
            if place == 20:
                break
            click.echo(
                self._speaker.say("cli.import.line", line=line, column=column, problem=problem)
            )

    def _problems(self, job: ImportJob) -> Any:
        names = {
            each.key: each.name_en if self._speaker.language == "en" else each.name
            for each in read_columns(job.kind)
        }
        with read_session(self._sessions) as session:
            for line, problems in read_wrong_rows(session, job_id=job.id):
                for each in problems:
                    words = self._speaker.say(each["key"], **each["facts"])
                    yield line, names.get(each["column"], each["column"]), words

    def _work_through(self, job_id: str, label: str) -> ImportJob:
        with Progress(console=Console(stderr=True), transient=True) as progress:
            bar = progress.add_task(self._speaker.say(label), total=None)
            while (job := self._job(job_id)).status in RUNNING:
                self._runner.run()
                total = job.total if job.status == "applying" else None
                progress.update(bar, completed=job.position, total=total)
        return job

    def _job(self, job_id: str) -> ImportJob:
        with read_session(self._sessions) as session:
            return get_job(session, job_id=job_id, office_id=self._office_id)

    def _run(self, name: str, work: Any) -> dict[str, Any]:
        command = Command(
            id=new_id(),
            name=name,
            actor=OPERATOR,
            now=self._clock.now(),
            office_id=self._office_id,
        )
        try:
            return self._desk.bus.run(command, work)
        except CaseworkError as problem:
            raise self._speaker.fail(problem.key, **problem.facts) from problem


def _read(file: Path, speaker: Speaker) -> bytes:
    try:
        return file.read_bytes()
    except OSError as problem:
        words = problem.strerror or str(problem)
        raise speaker.fail("cli.import.unreadable", file=str(file), problem=words) from problem
