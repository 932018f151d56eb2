"""`jiannuo case`: look at cases from the command line, verify their audit, retry an incident."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import click
import orjson

from webapp.app import connect_desk
from webapp.business_clock import BusinessClock
from webapp.cli.clock_words import Speaker, language_option
from webapp.cli.database import open_sessions, settings_of
from workflows.errors import CaseworkError
from workflows.events import Actor, Command
from workflows.models import new_id
from workflows.services.deliver import retry_incident
from workflows.services.read_office import list_office_ids
from workflows.services.read_overview import CaseOverview, find_overview, list_case_lines
from workflows.services.read_trail import find_incident
from workflows.storage.audit import broken_entries, broken_seals
from workflows.storage.reading import read_session

OPERATOR = Actor(kind="person", role="system_admin", origin="command line")
json_option = click.option("--json", "as_json", is_flag=True, help="Write JSON for a program.")


@click.group()
def case() -> None:
    """查看案件、核对审计链、重试事故单。

    Show cases and their clocks, verify the audit chain, retry an incident.
    """


@case.command("list")
@click.option("--open/--all", "only_open", default=True, help="Open cases only, or all.")
@json_option
@language_option
def list_cases(only_open: bool, as_json: bool, language: str) -> None:
    """列出案件和答复日期，最近的在前。

    List cases with their reply dates, nearest first.
    """
    speaker = Speaker(language)
    with open_sessions(speaker) as sessions, read_session(sessions) as session:
        rows = list_case_lines(session, only_open=only_open)
    if as_json:
        click.echo(json_text(rows))
        return
    for row in rows:
        status = speaker.say(f"cli.case.status.{row.status}")
        click.echo(f"{row.number}  {status}  {str(row.due_on or '-'):10}  {row.stage}")
    if not rows:
        click.echo(speaker.say("cli.case.none"))


@case.command("show")
@click.argument("number")
@json_option
@language_option
def show_case(number: str, as_json: bool, language: str) -> None:
    """看一件案件：办到哪一步、各个期限、待办、事故单。不显示个人信息。

    Show one case: where it stands, clocks, open work, incidents. No personal data.
    """
    speaker = Speaker(language)
    with open_sessions(speaker) as sessions, read_session(sessions) as session:
        found = find_overview(session, number=number)
        if found is None:
            raise speaker.fail("cli.case.unknown", number=number)
        facts = _describe(found)
        lines = list(_words(found, speaker))
    if as_json:
        click.echo(json_text(facts))
        return
    for line in lines:
        click.echo(line)


@case.command("verify")
@json_option
@language_option
def verify(as_json: bool, language: str) -> None:
    """核对每件案件的审计链；有一条被改动，退出状态为 1。

    Verify the audit chain of every case and the seals over them; exit status 1 if one was changed.
    """
    speaker = Speaker(language)
    with open_sessions(speaker) as sessions, read_session(sessions) as session:
        offices = list_office_ids(session)
        entries = [each for office in offices for each in broken_entries(session, office_id=office)]
        seals = [each for office in offices for each in broken_seals(session, office_id=office)]
    if as_json:
        click.echo(json_text({"broken": entries, "broken_seals": [str(at) for at in seals]}))
    for stream, seq in [] if as_json else entries:
        click.echo(speaker.say("cli.case.broken", stream=stream, seq=seq))
    for at in [] if as_json else seals:
        click.echo(speaker.say("cli.case.seal_broken", at=at.isoformat()))
    if not (entries or seals or as_json):
        click.echo(speaker.say("cli.case.whole"))
    sys.exit(1 if entries or seals else 0)


@case.command("retry")
@click.argument("incident_number")
@json_option
@language_option
def retry(incident_number: str, as_json: bool, language: str) -> None:
    """重试事故单（编号如 INC-2026-0001）里没办成的自动环节。

    Retry the failed step of an incident (its number, such as INC-2026-0001).
    """
    speaker = Speaker(language)
    with open_sessions(speaker) as sessions:
        desk = connect_desk(settings_of(speaker), sessions)
        with read_session(sessions) as session:
            row = find_incident(session, number=incident_number.strip())
        if row is None:
            raise speaker.fail("cli.case.no_incident", number=incident_number)
        command = Command(
            id=new_id(),
            name="retry_incident",
            actor=OPERATOR,
            now=BusinessClock(sessions, is_virtual=True).now(),
            office_id=row.office_id,
            case_id=row.case_id,
        )
        try:
            result = desk.bus.run(
                command, lambda work: retry_incident(work, desk, incident_id=row.id)
            )
        except CaseworkError as problem:
            raise speaker.fail(problem.key, **problem.facts) from problem
    said = speaker.say("cli.case.retried" if result["resolved"] else "cli.case.still_fails")
    if as_json:
        click.echo(json_text({"number": row.number, "resolved": result["resolved"]}))
    else:
        click.echo(said)
    sys.exit(0 if result["resolved"] else 1)


def json_text(content: Any) -> str:
    """Return rows and facts as JSON; an office has a hundred thousand cases to list."""
    return orjson.dumps(content, default=str, option=orjson.OPT_INDENT_2).decode()


def _describe(found: CaseOverview) -> dict[str, Any]:
    return {
        "number": found.case.number,
        "status": found.case.status,
        "stage": found.case.stage,
        "outcome": found.case.outcome,
        "received_on": found.case.received_on,
        "clocks": [
            {
                "name": each.name,
                "item": each.item,
                "status": each.status,
                "due_on": each.due_on,
                "provisional": each.is_provisional,
            }
            for each in found.clocks
        ],
        "tasks": [
            {"element": each.element, "item": each.item, "role": each.role, "due_on": each.due_on}
            for each in found.tasks
        ],
        "incidents": [
            {"number": each.number, "element": each.element, "cause": each.cause_key}
            for each in found.incidents
        ],
    }


def _words(found: CaseOverview, speaker: Speaker) -> Iterator[str]:
    status = speaker.say(f"cli.case.status.{found.case.status}")
    yield f"{found.case.number}  {status}  {found.case.stage}  {found.case.outcome}".rstrip()
    yield speaker.say("cli.case.received", day=found.case.received_on)
    for clock in found.clocks:
        name = str(clock.rule.get("name_en" if speaker.language == "en" else "name") or clock.name)
        standing = speaker.say(f"cli.case.clock.{clock.status}")
        yield speaker.say("cli.case.clock", name=name, due=clock.due_on or "-", standing=standing)
    for task in found.tasks:
        role = speaker.say(f"role.{task.role}")
        yield speaker.say("cli.case.task", element=task.element, role=role, due=task.due_on or "-")
    for incident in found.incidents:
        cause = speaker.say(incident.cause_key, **incident.cause_facts)
        yield speaker.say("cli.case.incident", number=incident.number, cause=cause)
