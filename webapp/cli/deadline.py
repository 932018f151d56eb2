"""Anyone may ask the legal clock for a date, one at a time or a million at once."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import IO, Any

import click

from webapp.cli.clock_words import Speaker, language_option
from workflows.clock.calendar import SHANGHAI, WorkingCalendar, load_shipped_calendar
from workflows.clock.explain import DayLine, Explanation, explain
from workflows.clock.ledger import Entry, EntryKind
from workflows.clock.terms import Term, Unit
from workflows.clock.terms import deadline as find_deadline
from workflows.errors import CaseworkError

HEADER = ["received", "days"]
OUTPUT_HEADER = "received,days,due,provisional"
PROGRESS_EVERY = 100_000
LONGEST_NUMBER = 6


@click.command("deadline")
@click.option("--received", metavar="DATE", help="Day of receipt, for example 2026-09-18.")
@click.option("--days", metavar="N", help="Term in working days.")
@click.option("--months", metavar="N", help="Term in months instead of working days.")
@click.option("--explain", "explains", is_flag=True, help="Show each day, counted or not, and why.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON for a program to read.")
@click.option(
    "--batch",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE.csv",
    help="Reckon every row of a CSV file with the header received,days (- reads standard input).",
)
@language_option
def deadline(
    received: str | None,
    days: str | None,
    months: str | None,
    explains: bool,
    as_json: bool,
    batch: Path | None,
    language: str,
) -> None:
    """算出一个期限的最后一天，并说明理由。

    Reckon the last day of a term. The day of receipt is not counted; holidays and weekends are
    skipped; make-up workdays count. --batch writes received,days,due,provisional to standard
    output; a row that cannot be reckoned leaves due empty and makes the exit status 1.
    """
    speaker = Speaker(language)
    if batch is not None:
        if any((received, days, months, explains, as_json)):
            raise speaker.fail("deadline.error.batch_alone")
        sys.exit(_run_batch(batch, speaker))
    if received is None or (days is None) == (months is None):
        raise speaker.fail("deadline.error.one_of")
    try:
        _reckon_one(received, days, months, speaker, explains=explains, as_json=as_json)
    except CaseworkError as problem:
        raise speaker.fail(problem.key, **problem.facts) from problem


def _run_batch(path: Path, speaker: Speaker) -> int:
    try:
        with click.open_file(str(path), "rb") as file:
            return _Batch(load_shipped_calendar(), speaker).run(file, name=path.name)
    except (FileNotFoundError, IsADirectoryError) as problem:
        raise speaker.fail("deadline.error.no_file", source=str(path)) from problem


def _reckon_one(
    received: str,
    days: str | None,
    months: str | None,
    speaker: Speaker,
    *,
    explains: bool,
    as_json: bool,
) -> None:
    start_on = _read_date(received)
    amount = _read_amount(days if days is not None else months or "")
    if start_on is None:
        raise speaker.fail("deadline.error.date", value=received)
    if amount is None:
        raise speaker.fail("deadline.error.days", value=days if days is not None else months)
    term = Term(amount, Unit.WORKING_DAYS if days is not None else Unit.MONTHS)
    started = Entry(
        kind=EntryKind.STARTED,
        at=datetime.combine(start_on, time(), SHANGHAI).astimezone(UTC),
        on=start_on,
    )
    explanation = explain(entries=[started], term=term, calendar=load_shipped_calendar())
    if as_json:
        content = _as_json(explanation, explains=explains)
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
        return
    for line in _as_words(explanation, speaker, explains=explains):
        click.echo(line)


def _as_json(explanation: Explanation, *, explains: bool) -> dict[str, Any]:
    reckoning = explanation.reckoning
    content: dict[str, Any] = {
        "received": reckoning.start_on.isoformat(),
        "days" if explanation.term.unit is Unit.WORKING_DAYS else "months": explanation.term.amount,
        "due": reckoning.due_on.isoformat() if reckoning.due_on else None,
        "provisional": reckoning.provisional,
        "missing_years": list(reckoning.missing_years),
    }
    if explains:
        content["explanation"] = [
            {
                "date": line.on.isoformat(),
                "kind": line.kind.value,
                "name": line.name,
                "counted": line.counted,
                "number": line.number,
                "note": line.note_key.removeprefix("explain.day."),
                "document": line.document,
            }
            for line in explanation.lines
        ]
    return content


def _as_words(explanation: Explanation, speaker: Speaker, *, explains: bool) -> Iterator[str]:
    reckoning, term = explanation.reckoning, explanation.term
    yield speaker.say(
        f"deadline.asked.{term.unit.value}", received=reckoning.start_on, amount=term.amount
    )
    yield speaker.say("deadline.due", due=reckoning.due_on)
    if reckoning.provisional:
        years = ", ".join(map(str, reckoning.missing_years))
        yield speaker.say("deadline.provisional", years=years)
    if explains:
        yield _sentence(explanation, speaker)
        yield ""
        yield speaker.say("deadline.column")
        yield from (_day_line(line, speaker) for line in explanation.lines)
        papers = dict.fromkeys(line.document for line in explanation.lines if line.document)
        if papers:
            yield speaker.say("deadline.papers", papers=", ".join(papers))


def _sentence(explanation: Explanation, speaker: Speaker) -> str:
    summary = explanation.summary
    none = speaker.say("deadline.none")
    return speaker.say(
        "deadline.sentence",
        calendar_days=summary.calendar_days,
        counted=summary.counted_days,
        weekend=summary.weekend_days,
        holiday=sum(skipped.days for skipped in summary.holidays),
        holidays=", ".join(f"{one.name} {one.days}" for one in summary.holidays) or none,
        makeup=len(summary.makeup_days),
        makeups=", ".join(speaker.day(on) for on in summary.makeup_days) or none,
    )


def _day_line(line: DayLine, speaker: Speaker) -> str:
    number = str(line.number) if line.number is not None else "-"
    why = "  ".join(part for part in (line.name, speaker.say(line.note_key)) if part)
    return f"{speaker.day(line.on)}  {number:>4}  {why}"


def _read_date(text: str) -> date | None:
    """Return a date written as 2026-09-18, and only so: 20260918 or a week date is refused."""
    if len(text) != 10 or text[4] != "-" or text[7] != "-":
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _read_amount(text: str) -> int | None:
    """Return a whole number from 1 in plain digits; a longer one than any calendar is cut short."""
    if not (text.isascii() and text.isdigit()):
        return None
    digits = text.lstrip("0")
    return int(digits[:LONGEST_NUMBER] if len(digits) > LONGEST_NUMBER else digits or "0") or None


@dataclass
class _Batch:
    """Reckons the rows of one CSV file in order and counts those it cannot."""

    calendar: WorkingCalendar
    speaker: Speaker
    rows: int = 0
    bad: int = 0
    starts: dict[str, date] = field(default_factory=dict)
    terms: dict[str, Term] = field(default_factory=dict)

    def run(self, file: IO[bytes], *, name: str) -> int:
        """Write a line for each row; return 1 when a row was bad, else 0."""
        lines = _split_lines(self._decode(file.read(), name))
        header = _fields(next(lines, ""))
        if [field.strip().lower() for field in header] != HEADER:
            raise self.speaker.fail("deadline.error.header", source=name, found=",".join(header))
        answers = self._answers(lines)
        sys.stdout.write(f"{OUTPUT_HEADER}\n")
        sys.stdout.writelines(answers)
        sys.stdout.flush()
        if self.bad:
            click.echo(
                self.speaker.say("deadline.batch_done", rows=self.rows, bad=self.bad), err=True
            )
        return 1 if self.bad else 0

    def _decode(self, content: bytes, name: str) -> str:
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                continue
        raise self.speaker.fail("deadline.error.encoding", source=name)

    def _answers(self, lines: Iterator[str]) -> Iterator[str]:
        shows_progress = sys.stderr.isatty()
        for number, line in enumerate(lines, start=2):
            if not line.strip():
                continue
            self.rows += 1
            yield self._answer(line, number)
            if shows_progress and self.rows % PROGRESS_EVERY == 0:
                click.echo(self.speaker.say("deadline.batch_progress", rows=self.rows), err=True)

    def _answer(self, line: str, number: int) -> str:
        fields = _fields(line)
        problem = ""
        try:
            if len(fields) == len(HEADER):
                received, days = (field.strip() for field in fields)
                return self._reckon(received, days)
            problem = self.speaker.say(
                "deadline.error.fields", expected=len(HEADER), found=len(fields)
            )
        except click.ClickException as failure:
            problem = failure.message
        except CaseworkError as failure:
            problem = self.speaker.explain(failure)
        self.bad += 1
        click.echo(self.speaker.say("deadline.error.row", line=number, problem=problem), err=True)
        return _row([*fields, "", ""][:2])

    def _reckon(self, received: str, days: str) -> str:
        # The same days and terms come back all the time in a register: read each of them once.
        start_on = self.starts.get(received) or self._read_start(received)
        term = self.terms.get(days) or self._read_term(days)
        result = find_deadline(start_on=start_on, term=term, calendar=self.calendar)
        provisional = "true" if result.provisional else "false"
        return f"{received},{days},{result.due_on.isoformat()},{provisional}\n"

    def _read_start(self, received: str) -> date:
        start_on = _read_date(received)
        if start_on is None:
            raise self.speaker.fail("deadline.error.date", value=received)
        self.starts[received] = start_on
        return start_on

    def _read_term(self, days: str) -> Term:
        amount = _read_amount(days)
        if amount is None:
            raise self.speaker.fail("deadline.error.days", value=days)
        self.terms[days] = Term(amount)
        return self.terms[days]


def _split_lines(text: str) -> Iterator[str]:
    """Yield the lines of a file from any system; only line ends split, never a quoted field.

    A quote left open must spoil its own row and not swallow the rest of the file.
    """
    return (line.rstrip("\n") for line in io.StringIO(text, newline=None))


def _fields(line: str) -> list[str]:
    if '"' not in line:
        return line.split(",")
    return next(csv.reader([line]), [])


def _row(fields: list[str]) -> str:
    """Return a refused row as it came, with due and provisional left empty."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerow([*fields, "", ""])
    return written.getvalue()
