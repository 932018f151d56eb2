"""Whoever types in a holiday notice sees what is wrong, and what would change, beforehand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click

from webapp.cli.clock_words import Speaker, language_option
from workflows.clock.calendar import Day, WorkingCalendar, load_shipped_calendar
from workflows.clock.notice import Notice, list_problems, read_notice
from workflows.errors import CalendarError


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="Write JSON for a program to read.")
@language_option
def list_notices_command(as_json: bool, language: str) -> None:
    """列出随系统提供的放假通知。

    List the holiday notices that come with the system.
    """
    speaker = Speaker(language)
    calendar = load_shipped_calendar()
    if as_json:
        rows = [_notice_facts(notice) for notice in calendar.notices]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for notice in sorted(calendar.notices, key=lambda one: (one.year, one.issued_on)):
        facts = _notice_facts(notice)
        facts["kind"] = (
            speaker.say("calendar.list.annual")
            if notice.amends is None
            else speaker.say("calendar.list.amendment", amends=notice.amends)
        )
        click.echo(speaker.say("calendar.list.row", **facts))
    click.echo(speaker.say("calendar.list.next", year=max(calendar.years) + 1))


@click.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@language_option
def check_notice_command(files: tuple[Path, ...], language: str) -> None:
    """检查放假通知文件，不装载。

    Check holiday notice files without loading them, and show which days would change.
    """
    speaker = Speaker(language)
    calendar = load_shipped_calendar()
    good = [_check(file, calendar, speaker) for file in files]
    if not all(good):
        raise SystemExit(1)


def _check(file: Path, calendar: WorkingCalendar, speaker: Speaker) -> bool:
    try:
        content = file.read_bytes()
    except OSError as problem:
        click.echo(
            speaker.say("calendar.check.unreadable", source=str(file), problem=problem.strerror),
            err=True,
        )
        return False
    problems = list_problems(content, source=file.name)
    if not problems:
        notice = read_notice(content, source=file.name)
        try:
            lines = list(_changes(notice, calendar, file.name, speaker))
        except CalendarError as refusal:
            problems = (refusal,)
        else:
            click.echo("\n".join(lines))
            return True
    click.echo(speaker.say("calendar.check.bad", source=file.name, count=len(problems)), err=True)
    for found in problems:
        click.echo(f"  {speaker.explain(found)}", err=True)
    return False


def _changes(
    notice: Notice, calendar: WorkingCalendar, source: str, speaker: Speaker
) -> Iterator[str]:
    yield speaker.say(
        "calendar.check.good", source=source, title=notice.title, document=notice.document
    )
    after = calendar.with_notice(notice)
    changed = [
        (calendar.day(on), after.day(on))
        for on in _days(date(notice.year - 1, 12, 1), date(notice.year, 12, 31))
        if on >= calendar.first_day and calendar.day(on).kind != after.day(on).kind
    ]
    if not changed:
        yield speaker.say("calendar.check.same")
        return
    yield speaker.say("calendar.check.changes", count=len(changed))
    for before_day, after_day in changed:
        yield speaker.say(
            "calendar.check.change",
            on=before_day.on,
            before=_kind(before_day, speaker),
            after=_kind(after_day, speaker),
        )


def _kind(day: Day, speaker: Speaker) -> str:
    return " ".join(
        part for part in (speaker.say(f"explain.kind.{day.kind.value}"), day.name) if part
    )


def _days(first: date, last: date) -> Iterator[date]:
    for step in range((last - first).days + 1):
        yield first + timedelta(days=step)


def _notice_facts(notice: Notice) -> dict[str, Any]:
    return {
        "year": notice.year,
        "document": notice.document,
        "title": notice.title,
        "issued_on": notice.issued_on.isoformat(),
        "amends": notice.amends,
        "off": sum(1 for holiday in notice.holidays for _ in holiday.days()),
        "workdays": len(notice.workdays),
    }
