"""`jiannuo calendar`: list, check and load State Council holiday notices."""

from __future__ import annotations

import json
from pathlib import Path

import click

from webapp.app import connect_desk
from webapp.business_clock import BusinessClock
from webapp.chores import list_offices
from webapp.cli.calendar_show import check_notice_command, list_notices_command
from webapp.settings import read_settings
from workflows.errors import CalendarError
from workflows.events import Actor
from workflows.services.load_notice import MovedDate, apply_notice, preview_notice
from workflows.storage.databases import open_database, sessions_for
from workflows.storage.unit_of_work import read_session

OPERATOR = Actor(kind="person", role="system_admin", origin="command line")


@click.group()
def calendar() -> None:
    """List, check and load holiday notices; loading first shows which dates would move."""


calendar.add_command(list_notices_command)
calendar.add_command(check_notice_command)


@calendar.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Apply without asking.")
@click.option("--dry-run", is_flag=True, help="Show what would move and stop.")
@click.option("--json", "as_json", is_flag=True, help="Print what moves as JSON.")
def load(file: Path, yes: bool, dry_run: bool, as_json: bool) -> None:
    """Load the notice in FILE: show which cases' dates move and by how much, then move them.

    The people who hold the cases are told. A file with a fault changes nothing.
    """
    settings = read_settings()
    sessions = sessions_for(open_database(settings.database_url))
    desk = connect_desk(settings, sessions)
    content = _read(file)
    for office_id in list_offices(sessions):
        try:
            with read_session(sessions) as session:
                moved = preview_notice(
                    session, desk, office_id=office_id, content=content, source=file.name
                )
        except CalendarError as error:
            raise click.ClickException(str(error)) from error
        _show(moved, as_json=as_json)
        if dry_run or not (yes or click.confirm("现在装载并按上面重算？", default=False)):
            continue
        apply_notice(
            sessions,
            desk,
            office_id=office_id,
            actor=OPERATOR,
            now=BusinessClock(sessions, is_virtual=True).now(),
            content=content,
            source=file.name,
        )
        click.echo(f"已装载，{len(moved)} 个期限已重算。", err=as_json)


def _read(file: Path) -> str:
    content = file.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise click.ClickException(f"{file.name} 不是 UTF-8 或 GBK 文本，请另存为 UTF-8 再装载。")


def _show(moved: list[MovedDate], *, as_json: bool) -> None:
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
        click.echo(json.dumps(rows, ensure_ascii=False, default=str))
        return
    if not moved:
        click.echo("没有期限会变动。")
    for row in moved:
        mark = "，仍为暂定" if row.is_provisional else ""
        click.echo(
            f"{row.case_number}  {row.clock}  {row.before} → {row.after}"
            f"（{row.calendar_days:+d} 天{mark}）"
        )
