"""Whoever types in a holiday notice sees what is wrong, and what would change, beforehand."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
@click.option("--json", "as_json", is_flag=True, help="Write what was found as JSON.")
@language_option
def check_notice_command(files: tuple[Path, ...], as_json: bool, language: str) -> None:
    """检查放假通知文件，不装载。

    Check holiday notice files without loading them, and show which days would change; exit
    status 1 if one cannot be loaded.
    """
    speaker = Speaker(language)
    calendar = load_shipped_calendar()
    found = [_check(file, calendar, speaker) for file in files]
    if as_json:
        click.echo(json.dumps([_as_json(each) for each in found], ensure_ascii=False, indent=2))
    else:
        for each in found:
            _tell(each, speaker)
    sys.exit(0 if all(each.notice for each in found) else 1)


@dataclass(frozen=True)
class _Checked:
    """A file: the notice in it and the days it would change, or what is wrong with it."""

    source: str
    notice: Notice | None = None
    changes: Sequence[tuple[Day, Day]] = ()
    problems: Sequence[str] = ()


def _check(file: Path, calendar: WorkingCalendar, speaker: Speaker) -> _Checked:
    try:
        content = file.read_bytes()
    except OSError as problem:
        words = speaker.say("calendar.check.unreadable", source=str(file), problem=problem.strerror)
        return _Checked(file.name, problems=(words,))
    problems = list_problems(content, source=file.name)
    try:
        if not problems:
            notice = read_notice(content, source=file.name)
            return _Checked(file.name, notice, _changes(notice, calendar))
    except CalendarError as refusal:
        problems = (refusal,)
    return _Checked(file.name, problems=[speaker.explain(each) for each in problems])


def _changes(notice: Notice, calendar: WorkingCalendar) -> list[tuple[Day, Day]]:
    """Return each day as it is and as it would be. Raises CalendarError for a contradiction."""
    after = calendar.with_notice(notice)
    return [
        (calendar.day(on), after.day(on))
        for on in _days(date(notice.year - 1, 12, 1), date(notice.year, 12, 31))
        if on >= calendar.first_day and calendar.day(on).kind != after.day(on).kind
    ]


def _as_json(checked: _Checked) -> dict[str, Any]:
    return {
        "file": checked.source,
        "notice": _notice_facts(checked.notice) if checked.notice else None,
        "problems": list(checked.problems),
        "changes": [
            {"date": before.on.isoformat(), "before": before.kind.value, "after": after.kind.value}
            for before, after in checked.changes
        ],
    }


def _tell(checked: _Checked, speaker: Speaker) -> None:
    if checked.notice is None:
        _tell_problems(checked, speaker)
        return
    notice, changes = checked.notice, checked.changes
    click.echo(
        speaker.say(
            "calendar.check.good",
            source=checked.source,
            title=notice.title,
            document=notice.document,
        )
    )
    key = "calendar.check.changes" if changes else "calendar.check.same"
    click.echo(speaker.say(key, count=len(changes)))
    for before, after in changes:
        said = {"before": _kind(before, speaker), "after": _kind(after, speaker)}
        click.echo(speaker.say("calendar.check.change", on=before.on, **said))


def _tell_problems(checked: _Checked, speaker: Speaker) -> None:
    count = len(checked.problems)
    click.echo(speaker.say("calendar.check.bad", source=checked.source, count=count), err=True)
    for words in checked.problems:
        click.echo(f"  {words}", err=True)


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
