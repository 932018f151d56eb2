"""`jiannuo simulate`: months of an office in minutes, with throughput, lateness and invariants."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from webapp.cli.clock_words import Speaker, language_option
from webapp.cli.database import make_folder, settings_of
from webapp.simulation.plan_office import SIZES
from webapp.simulation.report import Report
from webapp.simulation.side_by_side import plan_offices, simulate_all
from webapp.simulation.simulate import Wanted

BEGIN = "2026-01-05"


@click.command()
@click.option("--cases", type=click.IntRange(1), default=1000, show_default=True)
@click.option("--days", type=click.IntRange(1), default=365, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="Same seed, same months.")
@click.option("--office", "size", type=click.Choice(list(SIZES)), default="city", show_default=True)
@click.option("--begin", type=click.DateTime(["%Y-%m-%d"]), default=BEGIN, show_default=True)
@click.option(
    "--processes",
    type=click.IntRange(1),
    default=os.cpu_count() or 1,
    help="Offices simulated side by side; they share the cases.  [default: one for each core]",
)
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    default=Path("var/simulation"),
    show_default=True,
    help="A folder for the databases; it must not hold any yet.",
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON for a program.")
@language_option
def simulate(
    cases: int,
    days: int,
    seed: int,
    size: str,
    begin: datetime,
    processes: int,
    into: Path,
    as_json: bool,
    language: str,
) -> None:
    """用真实的服务模拟一个机关若干天：来件、人员、休假、节假日和决定都按种子抽取。

    Simulate an office over days with the real services: arrivals, people, absences, holidays and
    decisions are drawn from the seed. Letters stay data and are not rendered. The exit status is 1
    when an invariant is broken.
    """
    speaker = Speaker(language)
    if any(into.glob("*.db")):
        raise speaker.fail("cli.simulate.not_empty", folder=into)
    settings = replace(settings_of(speaker), data_dir=into.resolve())
    if "JIANNUO_DATABASE_URL" not in os.environ:
        settings = replace(settings, database_url=f"sqlite:///{settings.data_dir / 'office.db'}")
    make_folder(settings, speaker)
    wanted = Wanted(cases=cases, days=days, seed=seed, size=size, begin_on=date_of(begin))
    offices = plan_offices(settings, wanted, count=min(processes, cases))
    with progress_bar() as progress:
        bar = progress.add_task(speaker.say("cli.simulate.running"), total=cases)
        report = simulate_all(offices, on_filed=lambda count: progress.advance(bar, count))
    if as_json:
        click.echo(json.dumps(report.as_plain(), ensure_ascii=False))
    else:
        show(report, speaker)
    sys.exit(0 if report.is_sound else 1)


def date_of(moment: datetime) -> date:
    """Return the date that was typed."""
    return moment.date()


def progress_bar() -> Progress:
    """Return a bar on standard error, so that the report can be piped."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )


def show(report: Report, speaker: Speaker) -> None:
    """Write the figures for a person."""
    cases = report.counts["cases filed"]
    late = report.late_replies / report.replies if report.replies else 0.0
    click.echo(
        speaker.say(
            "cli.simulate.throughput",
            cases=cases,
            commands=report.counts["commands"],
            wall=f"{report.wall_seconds:.1f}",
            cpu=f"{report.cpu_seconds:.1f}",
            rate=f"{report.counts['commands'] / max(report.cpu_seconds, 0.001):.0f}",
        )
    )
    click.echo(
        speaker.say(
            "cli.simulate.lateness",
            replies=report.replies,
            late=report.late_replies,
            share=f"{late:.1%}",
        )
    )
    for name, count in sorted(report.outcomes.items()):
        key = "cli.case.status.open" if name == "open" else f"case.outcome.{name}"
        click.echo(f"  {speaker.say(key)}  {count}")
    for name, count in sorted(report.counts.items()):
        if name.startswith("refused"):
            click.echo(f"  {name}  {count}")
    for name, broken in sorted(report.broken.items()):
        click.echo(
            speaker.say(
                "cli.simulate.held" if not broken else "cli.simulate.broken",
                invariant=speaker.say(f"cli.simulate.invariant.{name}"),
                count=len(broken),
                first=", ".join(broken[:3]),
            )
        )
