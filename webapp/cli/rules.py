"""`jiannuo rules`: what binds where and since when, and which part of the product carries it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

import click

from webapp.business_clock import machine_now
from webapp.cli.clock_words import Speaker, language_option
from webapp.cli.coverage import coverage
from webapp.phrases import Words
from webapp.presenters.regions import RuleView, division_of, row_view
from webapp.presenters.rule_words import value_words
from webapp.texts import current_texts
from workflows.clock.calendar import legal_date
from workflows.rules.comparison import (
    DIFFERENT,
    ONE_SIDED,
    PROCESS_NAMES,
    Row,
    Side,
    compare_regions,
)
from workflows.rules.open_points import read_open_points
from workflows.rules.packs import Parameter, read_rule_book

INDENT = "    "
on_option = click.option(
    "--on", "on", type=click.DateTime(["%Y-%m-%d"]), help="The day; today if left out."
)
process_option = click.option("--process", type=click.Choice(PROCESS_NAMES))
json_option = click.option("--json", "as_json", is_flag=True, help="Write JSON.")


@click.group()
def rules() -> None:
    """查看一地的规则，对照两地的规则，核对每一条规则由什么承载。

    Show the rules of a region, compare two regions, list what carries each rule.
    """


@rules.command("show")
@click.option("--division", required=True, help="A division's code or its beginning: 32, 220500.")
@on_option
@process_option
@json_option
@language_option
def show(
    division: str, on: datetime | None, process: str | None, as_json: bool, language: str
) -> None:
    """列出一地某日有效的规则：数值、依据、效力、是否确认。

    List the rules in force in a division on a day.
    """
    _print([_known(division, language)], on, process, as_json=as_json, language=language)


@rules.command("compare")
@click.argument("left")
@click.argument("right")
@on_option
@process_option
@click.option("--all", "everything", is_flag=True, help="List also what is the same.")
@json_option
@language_option
def compare(
    left: str,
    right: str,
    on: datetime | None,
    process: str | None,
    everything: bool,
    as_json: bool,
    language: str,
) -> None:
    """对照两地某日有效的规则，只列不同的；LEFT、RIGHT 是行政区划代码或者开头几位。

    Compare the rules of two divisions (a code or its beginning) and list where they differ.
    """
    states = () if everything else (DIFFERENT, ONE_SIDED)
    divisions = [_known(left, language), _known(right, language)]
    _print(divisions, on, process, states=states, as_json=as_json, language=language)


rules.add_command(coverage)


def _known(division: str, language: str) -> str:
    if not (division.isascii() and division.isdigit() and len(division) in (2, 4, 6)):
        raise Speaker(language).fail("cli.rules.division", division=division)
    return division_of(division)


def _print(
    divisions: Sequence[str],
    on: datetime | None,
    process: str | None,
    *,
    as_json: bool,
    language: str,
    states: Sequence[str] = (),
) -> None:
    day = on.date() if on else legal_date(machine_now())
    rows = [
        row
        for row in compare_regions(read_rule_book(), divisions=divisions, on=day)
        if (not process or row.process == process) and (not states or row.state in states)
    ]
    if as_json:
        click.echo(json.dumps(_as_json(rows, divisions, day), ensure_ascii=False, indent=2))
        return
    speaker = Speaker(language)
    click.echo(speaker.say("cli.rules.head", divisions=" / ".join(divisions), on=day))
    for row in rows:
        for line in _lines(row, divisions, speaker):
            click.echo(line)
    _tell_open_points(divisions, speaker)


def _tell_open_points(divisions: Sequence[str], speaker: Speaker) -> None:
    click.echo(speaker.say("region.open_points"))
    for point in read_open_points():
        if any(point.concerns(division) for division in divisions):
            words = point.en if speaker.language == "en" else point.zh
            click.echo(f"{INDENT}{words} {' '.join(point.rule_ids)}")


def _lines(row: Row, divisions: Sequence[str], speaker: Speaker) -> Iterator[str]:
    name = row.name_en if speaker.language == "en" else row.name
    state = f"  [{speaker.say(f'region.state.{row.state}')}]" if len(divisions) > 1 else ""
    yield f"{row.key}  {name}{state}"
    for division, side in zip(divisions, row_view(row, value_words=value_words).sides, strict=True):
        label = f"{division}  " if len(divisions) > 1 else ""
        if not side:
            yield f"{INDENT}{label}{speaker.say('region.nothing')}"
        for rule in side:
            yield f"{INDENT}{label}{_rule_words(rule, speaker)}"


def _rule_words(rule: RuleView, speaker: Speaker) -> str:
    def say(words: Words) -> str:
        return current_texts().say(words, language=speaker.language)

    parts = [
        f"({say(rule.mark)})" if rule.mark else "",
        say(rule.value),
        f"[{say(rule.rank.word)}]",
        say(rule.source),
        " ".join(rule.rule_ids),
        "/".join(say(kind) for kind in rule.kinds),
        f"<{speaker.say('region.unread')}>" if rule.unread and not rule.mark else "",
    ]
    return "  ".join(part for part in parts if part)


def _as_json(rows: Sequence[Row], divisions: Sequence[str], on: date) -> dict[str, Any]:
    return {
        "divisions": list(divisions),
        "on": on.isoformat(),
        "rows": [
            {
                "key": row.key,
                "process": row.process,
                "state": row.state,
                "sides": [_side(side) for side in row.sides],
            }
            for row in rows
        ],
    }


def _side(side: Side) -> dict[str, Any]:
    return {
        "binding": [{**_rule(each.rule), "kinds": list(each.kinds)} for each in side.bindings],
        "outranked": [_rule(rule) for rule in side.outranked],
        "ended": [_rule(rule) for rule in side.ended],
        "to_come": [_rule(rule) for rule in side.to_come],
    }


def _rule(rule: Parameter) -> dict[str, Any]:
    return {
        "value": rule.value,
        "unit": str(rule.unit),
        "rank": str(rule.rank),
        "label": rule.label,
        "document": rule.document,
        "clause": rule.clause,
        "quote": rule.quote,
        "confirmed": rule.confirmed,
        "set_by_person": rule.is_set_by_person,
        "unread_higher": list(rule.unread_higher),
        "valid_from": rule.valid_from.isoformat(),
        "valid_to": rule.valid_to.isoformat() if rule.valid_to else None,
        "rule_ids": list(rule.rule_ids),
        "pack": rule.pack_id,
    }
