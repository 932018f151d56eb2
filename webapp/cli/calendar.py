"""`jiannuo calendar`: list, check and load State Council holiday notices."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from webapp.app import connect_desk
from webapp.business_clock import BusinessClock
from webapp.chores import list_offices
from webapp.cli.calendar_show import check_notice_command, list_notices_command
from webapp.cli.clock_words import Speaker, language_option
from webapp.cli.database import open_sessions, settings_of
from workflows.clock.notice import list_problems
from workflows.errors import CaseworkError
from workflows.events import Actor
from workflows.services.desk import Desk
from workflows.services.load_notice import MovedDate, apply_notice, preview_notice
from workflows.storage.databases import Sessions
from workflows.storage.reading import read_session

OPERATOR = Actor(kind="person", role="system_admin", origin="command line")
ENCODINGS = ("utf-8-sig", "gb18030")


@click.group()
def calendar() -> None:
    """列出、检查、装载放假通知；装载前先看哪些日期会变。

    List, check and load holiday notices; loading first shows which dates would move.
    """


calendar.add_command(list_notices_command)
calendar.add_command(check_notice_command)


@calendar.command("load")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Apply without asking.")
@click.option("--dry-run", is_flag=True, help="Show what would move and stop.")
@click.option("--json", "as_json", is_flag=True, help="Write what moves as JSON.")
@language_option
def load(file: Path, yes: bool, dry_run: bool, as_json: bool, language: str) -> None:
    """装载一份放假通知：先列出哪些案件的日期会变、变多少，再一次重算并告知持有人。

    Load the notice in FILE: show which cases' dates move and by how much, then move them. The
    people who hold the cases are told. A file with a fault changes nothing.
    """
    speaker = Speaker(language)
    content = _read(file, speaker)
    problems = list_problems(content, source=file.name)
    if problems:
        sentences = [f"  {speaker.explain(problem)}" for problem in problems]
        refusal = speaker.say("cli.calendar.refused", source=file.name, count=len(problems))
        raise click.ClickException("\n".join([refusal, *sentences]))
    with open_sessions(speaker) as sessions:
        desk = connect_desk(settings_of(speaker), sessions)
        offices = list_offices(sessions)
        if not offices:
            raise speaker.fail("error.office_not_found")
        for office_id in offices:
            try:
                moved = _preview(sessions, desk, office_id, content, file.name)
                _show(moved, speaker, as_json=as_json)
                if dry_run or not (yes or _may_apply(speaker)):
                    continue
                _apply(sessions, desk, office_id, content, file.name)
            except CaseworkError as problem:
                raise speaker.fail(problem.key, **problem.facts) from problem
            click.echo(speaker.say("cli.calendar.loaded", count=len(moved)), err=as_json)


def _may_apply(speaker: Speaker) -> bool:
    return click.confirm(speaker.say("cli.calendar.ask"), default=False, err=True)


def _preview(
    sessions: Sessions, desk: Desk, office_id: str, content: str, source: str
) -> list[MovedDate]:
    with read_session(sessions) as session:
        return preview_notice(session, desk, office_id=office_id, content=content, source=source)


def _apply(sessions: Sessions, desk: Desk, office_id: str, content: str, source: str) -> None:
    apply_notice(
        sessions,
        desk,
        office_id=office_id,
        actor=OPERATOR,
        now=BusinessClock(sessions, is_virtual=True).now(),
        content=content,
        source=source,
    )


def _read(file: Path, speaker: Speaker) -> str:
    try:
        content = file.read_bytes()
    except OSError as problem:
        raise speaker.fail(
            "calendar.check.unreadable", source=str(file), problem=problem.strerror
        ) from problem
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise speaker.fail("error.notice_encoding", file=file.name)


def _show(moved: Sequence[MovedDate], speaker: Speaker, *, as_json: bool) -> None:
    if as_json:
        rows = [
            {
                "case": row.case_number,
                "clock": row.clock,
                "item": row.item,
                "before": row.before,
                "after": row.after,
                "calendar_days": row.calendar_days,
                "provisional": row.is_provisional,
            }
            for row in moved
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, default=str, indent=2))
        return
    if not moved:
        click.echo(speaker.say("cli.calendar.nothing"))
    for row in moved:
        click.echo(
            speaker.say(
                "cli.calendar.row.provisional" if row.is_provisional else "cli.calendar.row",
                number=row.case_number,
                name=row.rule_name_en if speaker.language == "en" else row.rule_name,
                before=row.before or "-",
                after=row.after or "-",
                days=f"{row.calendar_days:+d}",
            )
        )
