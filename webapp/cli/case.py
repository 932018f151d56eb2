"""`jiannuo case`: look at cases from the command line, verify their audit, retry an incident."""

from __future__ import annotations

import json
import sys
from typing import Any

import click
from sqlalchemy import select

from webapp.app import connect_desk
from webapp.business_clock import BusinessClock
from webapp.settings import read_settings
from workflows.events import Actor, Command
from workflows.models import Case, CaseClock, Incident, Office, Task, new_id
from workflows.services.deliver import retry_incident
from workflows.storage.audit import broken_entries
from workflows.storage.databases import open_database, sessions_for
from workflows.storage.unit_of_work import read_session

OPERATOR = Actor(kind="person", role="system_admin", origin="command line")


@click.group()
def case() -> None:
    """Show a case and its clocks, list open ones, verify the audit chain, retry an incident."""


@case.command("list")
@click.option("--open/--all", "only_open", default=True, help="Open cases only, or all.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def list_cases(only_open: bool, as_json: bool) -> None:
    """List cases with their reply dates, nearest first."""
    with read_session(_sessions()) as session:
        query = (
            select(Case.number, Case.status, Case.stage, CaseClock.due_on)
            .outerjoin(CaseClock, (CaseClock.case_id == Case.id) & (CaseClock.name == "reply"))
            .order_by(CaseClock.due_on, Case.number)
        )
        if only_open:
            query = query.where(Case.status == "open")
        rows = [dict(row._mapping) for row in session.execute(query)]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, default=str))
        return
    for row in rows:
        click.echo(f"{row['number']}  {row['status']:7} {row['due_on'] or '-'}  {row['stage']}")


@case.command("show")
@click.argument("number")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def show_case(number: str, as_json: bool) -> None:
    """Show one case: where it stands, clocks, open work, incidents. No personal data."""
    with read_session(_sessions()) as session:
        row = session.scalars(select(Case).where(Case.number == number)).first()
        if row is None:
            raise click.ClickException(f"没有案件 {number}。jiannuo case list --all 列出全部。")
        found = _describe(session, row)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, default=str))
        return
    for name, value in found.items():
        lines = value if isinstance(value, list) else [value]
        for line in lines:
            click.echo(f"{name:10} {line}")


@case.command("verify")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def verify(as_json: bool) -> None:
    """Verify the audit chain of every case; exit status 1 if an entry was changed."""
    with read_session(_sessions()) as session:
        offices = session.scalars(select(Office.id)).all()
        broken = [each for office in offices for each in broken_entries(session, office_id=office)]
    if as_json:
        click.echo(json.dumps({"broken": broken}))
    else:
        for stream, seq in broken:
            click.echo(f"{stream} 第 {seq} 条与其散列不符")
        if not broken:
            click.echo("审计链完整。")
    sys.exit(1 if broken else 0)


@case.command("retry")
@click.argument("incident_number")
def retry(incident_number: str) -> None:
    """Retry the failed step of an incident (its number, such as INC-2026-0001)."""
    settings = read_settings()
    sessions = sessions_for(open_database(settings.database_url))
    desk = connect_desk(settings, sessions)
    with read_session(sessions) as session:
        query = select(Incident).where(Incident.number == incident_number)
        row = session.scalars(query).first()
    if row is None:
        raise click.ClickException(f"没有事故单 {incident_number}。")
    command = Command(
        id=new_id(),
        name="retry_incident",
        actor=OPERATOR,
        now=BusinessClock(sessions, is_virtual=True).now(),
        office_id=row.office_id,
        case_id=row.case_id,
    )
    result = desk.bus.run(command, lambda work: retry_incident(work, desk, incident_id=row.id))
    click.echo("已办成。" if result["resolved"] else "仍然失败，原因见案件页。")
    sys.exit(0 if result["resolved"] else 1)


def _sessions() -> Any:
    return sessions_for(open_database(read_settings().database_url))


def _describe(session: Any, row: Case) -> dict[str, Any]:
    clocks = session.scalars(select(CaseClock).where(CaseClock.case_id == row.id)).all()
    tasks = session.scalars(select(Task).where(Task.case_id == row.id, Task.status == "open"))
    incidents = session.scalars(
        select(Incident).where(Incident.case_id == row.id, Incident.status == "open")
    )
    return {
        "number": row.number,
        "status": row.status,
        "stage": row.stage,
        "outcome": row.outcome,
        "received": row.received_on,
        "clock": [f"{each.name} {each.item or ''} {each.status} {each.due_on}" for each in clocks],
        "task": [f"{each.element} {each.role} {each.due_on}" for each in tasks],
        "incident": [f"{each.number} {each.element} {each.cause_key}" for each in incidents],
    }
