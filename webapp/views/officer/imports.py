"""Import of registers: upload, dry run with progress, a report per line, then applying it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from flask import Response as FlaskResponse
from flask import flash, make_response, redirect, request, url_for
from openpyxl import Workbook
from werkzeug.wrappers import Response

from webapp.current import desk, note_read, office, parts, reads, run
from webapp.texts import current_language, current_texts, t
from webapp.uploading import EXCEL, detect_type
from webapp.views.admin.returned import UNTOUCHED, Returned
from webapp.views.officer.door import pages
from webapp.views.officer.register_pages import draw, posted, submit
from webapp.views.officer.spreadsheet import FORMULA_SIGNS
from workflows.errors import InvalidAnswer, NotFound
from workflows.models import ImportJob, ImportRow
from workflows.rules.catalogue import read_columns
from workflows.services.importers import IMPORTERS, get_importer
from workflows.services.keep_drafts import LARGEST_FILE
from workflows.services.run_import import (
    RUNNING,
    approve_import,
    get_job,
    list_jobs,
    list_wrong_rows,
    read_wrong_rows,
    start_import,
)
from workflows.storage.reading import read_session

PLAIN = "text/plain"
FORMATS = ("xlsx", "csv")


@pages.get("/registers/imports")
def imports() -> str:
    """List the imports, with templates and the form for a file."""
    return _imports(UNTOUCHED)


@pages.post("/registers/imports")
def upload_import() -> Response | tuple[str, int]:
    """Take a file in and begin with its check."""

    def act() -> dict[str, Any]:
        kind, (content, name) = posted("kind"), _posted_file()
        get_importer(kind)
        media_type = detect_type(content)
        if media_type not in (EXCEL, PLAIN):
            raise InvalidAnswer(fields={"file": ["error.import_unreadable"]})
        digest = desk().files.put(content)
        return run(
            "start_import",
            lambda work: start_import(
                work,
                kind=kind,
                file_name=name,
                sha256=digest,
                media_type=media_type,
                size=len(content),
            ),
        )

    return submit(
        act,
        done="import.started",
        where=lambda result: url_for("officer.import_job", job_id=result["job_id"]),
        again=_imports,
    )


@pages.get("/registers/imports/<job_id>")
def import_job(job_id: str) -> str:
    """Show how far an import is and what is wrong with which line."""
    job = _get_job(job_id)
    rows = list_wrong_rows(reads(), job_id=job.id)
    return draw(
        "import_job.html",
        section="imports",
        job=job,
        is_running=job.status in RUNNING,
        rows=[(row.line, _problems_of(job, row)) for row in rows],
        problem=_refusal(job),
    )


@pages.post("/registers/imports/<job_id>/apply")
def approve_import_job(job_id: str) -> Response:
    """Let a checked import be applied."""
    job = _get_job(job_id)
    run("approve_import", lambda work: approve_import(work, job_id=job.id))
    flash(t("import.applying"), "act")
    return redirect(url_for("officer.import_job", job_id=job.id))


@pages.get("/registers/imports/<job_id>/report.csv")
def import_report(job_id: str) -> FlaskResponse:
    """Return every wrong line with its column and its problem, line by line."""
    job = _get_job(job_id)
    note_read("export:import_report")
    # The reader's language is forgotten before the last line of a long report is sent.
    sessions, language = parts().sessions, current_language()
    heads = [t("import.line"), t("import.column"), t("import.problem")]

    def lines() -> Iterator[str]:
        yield "\ufeff" + _csv_line(heads)
        with read_session(sessions) as session:
            for number, problems in read_wrong_rows(session, job_id=job.id):
                for each in problems:
                    column, words = _problem_words(job, each, language)
                    yield _csv_line([str(number), column, words])

    response = FlaskResponse(lines(), mimetype="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="import-report.csv"'
    return response


@pages.get("/registers/imports/templates/<kind>.<ending>")
def import_template(kind: str, ending: str) -> FlaskResponse:
    """Return an empty table with the heads and one example."""
    if kind not in IMPORTERS or ending not in FORMATS:
        raise NotFound("error.page_not_found")
    in_english = current_language() == "en"
    columns = read_columns(kind)
    heads = [each.name_en if in_english else each.name for each in columns]
    example = [each.example for each in columns]
    if ending == "csv":
        content = ("\ufeff" + _csv_line(heads) + _csv_line(example)).encode()
    else:
        content = _workbook(heads, example)
    response = make_response(content)
    kind_of = {"csv": "text/csv; charset=utf-8", "xlsx": EXCEL}
    response.headers["Content-Type"] = kind_of[ending]
    response.headers["Content-Disposition"] = f'attachment; filename="{kind}.{ending}"'
    return response


def _imports(returned: Returned) -> str:
    in_english = current_language() == "en"
    kinds = [
        (
            kind,
            t(f"import.kind.{kind}"),
            [
                (
                    each.name_en if in_english else each.name,
                    each.is_required,
                    each.note_en if in_english else each.note,
                )
                for each in read_columns(kind)
            ],
        )
        for kind in IMPORTERS
    ]
    return draw(
        "imports.html",
        section="imports",
        returned=returned,
        jobs=list_jobs(reads(), office_id=office().id),
        kinds=kinds,
        choices=[(kind, name) for kind, name, _ in kinds],
    )


def _posted_file() -> tuple[bytes, str]:
    file = request.files.get("file")
    content = file.stream.read(LARGEST_FILE + 1) if file is not None else b""
    if file is None or not content:
        raise InvalidAnswer(fields={"file": ["check.required_file"]})
    if len(content) > LARGEST_FILE:
        name, limit = file.filename or "", LARGEST_FILE // 2**20
        raise InvalidAnswer("error.file_too_large", name=name, limit=limit)
    return content, (file.filename or "file").replace("\\", "/").rpartition("/")[2]


def _get_job(job_id: str) -> ImportJob:
    return get_job(reads(), job_id=job_id, office_id=office().id)


def _problems_of(job: ImportJob, row: ImportRow) -> list[tuple[str, str]]:
    return [_problem_words(job, each, current_language()) for each in row.problems]


def _problem_words(job: ImportJob, problem: dict[str, Any], language: str) -> tuple[str, str]:
    """Return the column and the sentence of a kept problem in a language."""
    column = next((each for each in read_columns(job.kind) if each.key == problem["column"]), None)
    name = problem["column"]
    if column is not None:
        name = column.name_en if language == "en" else column.name
    texts = current_texts()
    key = problem["key"] if texts.has(problem["key"]) else "error.invalid_answer"
    return name, texts.fill(key, problem["facts"], language)


def _refusal(job: ImportJob) -> str:
    if job.status != "refused":
        return ""
    key = str(job.problem.get("key", "error.invalid_answer"))
    return t(key if current_texts().has(key) else "error.invalid_answer", **job.problem["facts"])


def _csv_line(values: list[str]) -> str:
    line = io.StringIO()
    safe = [f"'{text}" if text.startswith(FORMULA_SIGNS) else text for text in values]
    csv.writer(line).writerow(safe)
    return line.getvalue()


def _workbook(heads: list[str], example: list[str]) -> bytes:
    book = Workbook()
    page = book.active
    page.append(heads)
    page.append(example)
    for cell in (*page[1], *page[2]):
        # As text, so that Excel changes neither codes nor dates.
        cell.number_format = "@"
        page.column_dimensions[cell.column_letter].width = 24
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
