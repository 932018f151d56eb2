"""Import a file in two phases: check every line, then apply what is new, in batches.

A batch is one command with an id of its own, so that an interrupted or doubled one has one effect;
``position`` says after which line the next goes on. What the register has already is left alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from workflows.errors import CaseworkError, Conflict, InvalidAnswer, NotAllowed, NotFound
from workflows.events import Actor, Command
from workflows.models import ImportJob, ImportRow, new_id
from workflows.services.desk import Desk
from workflows.services.import_values import (
    APPLIED,
    NEW,
    SAME,
    WRONG,
    Checked,
    Importer,
    Line,
    Problem,
)
from workflows.services.importers import get_importer
from workflows.storage.unit_of_work import UnitOfWork

IMPORTS = ("handler", "platform_operator", "system_admin")
RUNNING = ("checking", "applying")
TWICE = Problem("", "import.twice_in_file")


def start_import(
    work: UnitOfWork, *, kind: str, file_name: str, sha256: str, media_type: str, size: int
) -> dict[str, Any]:
    """Begin with the check of a stored file; the same file under way is the same job.

    Raises NotAllowed for a post that does not import.
    """
    _check_may_import(work)
    get_importer(kind)
    query = select(ImportJob).where(
        ImportJob.office_id == work.command.office_id,
        ImportJob.kind == kind,
        ImportJob.sha256 == sha256,
        ImportJob.status.in_((*RUNNING, "checked")),
    )
    known = work.session.scalars(query).first()
    if known is not None:
        return {"job_id": known.id}
    job = ImportJob(
        id=new_id(),
        office_id=work.command.office_id,
        kind=kind,
        file_name=file_name[-200:],
        sha256=sha256,
        media_type=media_type,
        size=size,
        status="checking",
        created_at=work.command.now,
        created_by_id=work.command.actor.person_id,
        organisation_id=work.command.actor.organisation_id,
    )
    work.session.add(job)
    work.record("import_started", case_id=None, import_kind=kind, job=job.id)
    return {"job_id": job.id}


def approve_import(work: UnitOfWork, *, job_id: str) -> dict[str, Any]:
    """Let a checked file be applied; lines that are wrong stay out and stay in the report."""
    _check_may_import(work)
    job = get_job(work.session, job_id=job_id, office_id=work.command.office_id)
    if job.status in ("applying", "done"):
        return {"job_id": job.id}
    if job.status != "checked":
        raise Conflict("error.import_not_checked")
    job.status, job.position = "applying", 0
    job.applied_at = work.command.now
    job.applied_by_id = work.command.actor.person_id
    work.record("import_approved", case_id=None, job=job.id, counts=dict(job.counts))
    return {"job_id": job.id}


def refuse_import(work: UnitOfWork, *, job_id: str, error: CaseworkError) -> dict[str, Any]:
    """Give up a file that cannot be read, and keep why."""
    job = get_job(work.session, job_id=job_id, office_id=work.command.office_id)
    job.status = "refused"
    job.problem = {"key": error.key, "facts": {k: str(v) for k, v in error.facts.items()}}
    job.finished_at = work.command.now
    return {"job_id": job.id}


def check_batch(
    work: UnitOfWork, desk: Desk, *, job_id: str, lines: Sequence[Line], is_last: bool
) -> dict[str, Any]:
    """Check the next lines and keep what became of each; a batch that is behind does nothing."""
    job = get_job(work.session, job_id=job_id, office_id=work.command.office_id)
    if job.status != "checking" or not _is_next(job, lines):
        return {"position": job.position}
    checked = get_importer(job.kind).check(work, desk, lines)
    checked = _without_repeats(work, desk, job, checked)
    rows = [_row(desk, job, each) for each in checked]
    if rows:
        work.session.execute(insert(ImportRow), rows)
    _count(job, Counter(each.outcome for each in checked))
    job.position = lines[-1].number if lines else job.position
    job.total += len(lines)
    if is_last:
        job.status = "checked"
        work.record("import_checked", case_id=None, job=job.id, counts=dict(job.counts))
    return {"position": job.position}


def apply_batch(
    work: UnitOfWork, desk: Desk, *, job_id: str, lines: Sequence[Line], is_last: bool
) -> dict[str, Any]:
    """Apply those of the next lines that were found new and still are."""
    job = get_job(work.session, job_id=job_id, office_id=work.command.office_id)
    if job.status != "applying" or not _is_next(job, lines):
        return {"position": job.position}
    rows = _rows_of(work, job, lines)
    fit = [line for line in lines if line.number in rows and rows[line.number].outcome == NEW]
    importer = get_importer(job.kind)
    checked = importer.check(work, desk, fit) if fit else []
    if not importer.one_by_one:
        importer.apply(work, desk, [each for each in checked if each.outcome == NEW])
    done: Counter[str] = Counter()
    for each in checked:
        row = rows[each.line.number]
        # A case was opened by its own command just before; the register knows it by now.
        is_in = each.outcome == NEW or (each.outcome == SAME and importer.one_by_one)
        row.outcome = APPLIED if is_in and not row.problems else each.outcome
        row.problems = row.problems or [problem.as_kept() for problem in each.problems]
        row.outcome = WRONG if row.problems else row.outcome
        done[row.outcome] += 1
    _count(job, done, leaving=NEW)
    job.position = lines[-1].number if lines else job.position
    if is_last:
        job.status, job.finished_at = "done", work.command.now
        work.record("import_done", case_id=None, job=job.id, counts=dict(job.counts))
    return {"position": job.position}


def apply_one_by_one(
    desk: Desk, *, job: ImportJob, lines: Sequence[Line], importer: Importer, command: Command
) -> None:
    """Open each case in a command of its own; what it refuses is kept with its line."""
    checked: list[Checked] = []

    def look(work: UnitOfWork) -> dict[str, Any]:
        held = get_job(work.session, job_id=job.id, office_id=job.office_id)
        rows = _rows_of(work, held, lines)
        fit = [line for line in lines if line.number in rows and rows[line.number].outcome == NEW]
        checked.extend(importer.check(work, desk, fit))
        return {}

    desk.bus.note(look, office_id=job.office_id, now=command.now)
    for each in checked:
        if each.outcome != NEW:
            continue
        own = Command(
            id=each.command_id,
            name="import_case",
            actor=command.actor,
            now=command.now,
            office_id=job.office_id,
        )
        try:
            desk.bus.run(own, partial(_apply_one, desk=desk, importer=importer, checked=each))
        except CaseworkError as error:
            _note_problem(desk, job=job, checked=each, error=error, command=command)


def get_job(session: Session, *, job_id: str, office_id: str) -> ImportJob:
    """Return an import of this office, or raise NotFound."""
    job = session.get(ImportJob, job_id)
    if job is None or job.office_id != office_id:
        raise NotFound("error.import_not_found")
    return job


def list_jobs(session: Session, *, office_id: str, limit: int = 50) -> list[ImportJob]:
    """Return the imports of an office, newest first."""
    query = select(ImportJob).where(ImportJob.office_id == office_id)
    return list(session.scalars(query.order_by(ImportJob.created_at.desc()).limit(limit)))


def list_running(session: Session) -> list[ImportJob]:
    """Return the imports that have batches left, oldest first."""
    query = select(ImportJob).where(ImportJob.status.in_(RUNNING))
    return list(session.scalars(query.order_by(ImportJob.created_at)))


def list_wrong_rows(session: Session, *, job_id: str, limit: int = 50) -> list[ImportRow]:
    """Return the first lines that are wrong, in the order of the file."""
    query = select(ImportRow).where(ImportRow.job_id == job_id, ImportRow.outcome == WRONG)
    return list(session.scalars(query.order_by(ImportRow.line).limit(limit)))


def read_wrong_rows(session: Session, *, job_id: str) -> Iterator[tuple[int, list[Any]]]:
    """Yield every line that is wrong, a few at a time."""
    query = select(ImportRow.line, ImportRow.problems).where(
        ImportRow.job_id == job_id, ImportRow.outcome == WRONG
    )
    last = 0
    while rows := session.execute(
        query.where(ImportRow.line > last).order_by(ImportRow.line).limit(1000)
    ).all():
        yield from ((row[0], row[1]) for row in rows)
        last = rows[-1][0]


def batch_command(job: ImportJob, *, now: Any) -> Command:
    """Return the command of a job's next batch: doubled, it has one effect."""
    starter = job.applied_by_id if job.status == "applying" else job.created_by_id
    actor = Actor(kind="system", person_id=starter, origin="import")
    return Command(
        id=f"import:{job.id}:{job.status}:{job.position}",
        name=f"import_{job.status}",
        actor=actor,
        now=now,
        office_id=job.office_id,
    )


def _apply_one(
    work: UnitOfWork, *, desk: Desk, importer: Importer, checked: Checked
) -> Mapping[str, Any]:
    importer.apply(work, desk, [checked])
    return {}


def _note_problem(
    desk: Desk, *, job: ImportJob, checked: Checked, error: CaseworkError, command: Command
) -> None:
    facts = {name: str(value) for name, value in error.facts.items()}
    fields = error.fields if isinstance(error, InvalidAnswer) else {}
    kept = [Problem(name, keys[0], facts).as_kept() for name, keys in fields.items()]
    kept = kept or [Problem("", error.key, facts).as_kept()]

    def note(work: UnitOfWork) -> dict[str, Any]:
        row = _rows_of(work, job, [checked.line])[checked.line.number]
        row.problems = kept
        return {}

    desk.bus.note(note, office_id=job.office_id, now=command.now)


def _check_may_import(work: UnitOfWork) -> None:
    actor = work.command.actor
    if actor.kind == "person" and actor.role not in IMPORTS:
        raise NotAllowed("error.not_for_your_post")


def _is_next(job: ImportJob, lines: Sequence[Line]) -> bool:
    return not lines or lines[0].number > job.position


def _rows_of(work: UnitOfWork, job: ImportJob, lines: Sequence[Line]) -> dict[int, ImportRow]:
    if not lines:
        return {}
    query = select(ImportRow).where(
        ImportRow.job_id == job.id,
        ImportRow.line >= lines[0].number,
        ImportRow.line <= lines[-1].number,
    )
    return {row.line: row for row in work.session.scalars(query)}


def _without_repeats(
    work: UnitOfWork, desk: Desk, job: ImportJob, checked: Sequence[Checked]
) -> list[Checked]:
    """Return the lines, those whose key the file has had before as wrong."""
    hashes = {each.key: _hash(desk, job, each) for each in checked if each.key}
    query = select(ImportRow.key_hash).where(
        ImportRow.job_id == job.id, ImportRow.key_hash.in_(set(hashes.values()))
    )
    seen = set(work.session.scalars(query))
    found: list[Checked] = []
    for each in checked:
        key_hash = hashes.get(each.key, "")
        if key_hash and key_hash in seen:
            each = Checked(each.line, each.key, (*each.problems, TWICE), each.is_known, each.entry)
        seen.add(key_hash)
        found.append(each)
    return found


def _hash(desk: Desk, job: ImportJob, checked: Checked) -> str:
    return desk.vault.blind_index(f"{job.kind}|{checked.key}")


def _row(desk: Desk, job: ImportJob, checked: Checked) -> dict[str, Any]:
    return {
        "id": new_id(),
        "office_id": job.office_id,
        "job_id": job.id,
        "line": checked.line.number,
        "key_hash": _hash(desk, job, checked) if checked.key else "",
        "outcome": checked.outcome,
        "problems": [problem.as_kept() for problem in checked.problems],
    }


def _count(job: ImportJob, found: Counter[str], *, leaving: str = "") -> None:
    counts = dict(job.counts)
    for outcome, number in found.items():
        counts[outcome] = counts.get(outcome, 0) + number
    if leaving:
        counts[leaving] = counts.get(leaving, 0) - sum(found.values())
    job.counts = counts
