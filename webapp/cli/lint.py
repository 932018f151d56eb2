"""`jiannuo lint`: check what an office agrees on before it is deployed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click

from webapp.business_clock import machine_now
from webapp.cli.clock_words import Speaker, language_option
from webapp.cli.legal_lint import lint_process, read_beside
from webapp.cli.lint_mutants import count_mutants
from webapp.cli.lint_report import Report
from workflows.clock.calendar import legal_date, read_folder
from workflows.engine.bundle import list_processes
from workflows.errors import CaseworkError
from workflows.rules.packs import (
    REQUIRED_FILE,
    RuleBook,
    missing_parameters,
    read_rule_book,
    required_keys,
)

SHIPPED = Path(__file__).resolve().parents[2] / "bpmn"


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option("--json", "as_json", is_flag=True, help="Write the findings as JSON.")
@click.option("--sarif", "as_sarif", is_flag=True, help="Write the findings as SARIF 2.1.0.")
@click.option("--mutants", is_flag=True, help="Spoil each diagram in many ways and count.")
@click.option("--process", "only", help="Look at this process only.")
@language_option
def lint(
    folder: Path | None,
    as_json: bool,
    as_sarif: bool,
    mutants: bool,
    only: str | None,
    language: str,
) -> None:
    """检查 FOLDER（默认是随系统提供的）下的流程图、表单、决策表、规则包和日历。

    Check the processes, rule packs and calendars below FOLDER (the shipped ones by default).
    Proves on every path that a process keeps its duties (docs/legal-lint.md). Prints each finding
    with file, element, problem, remedy and the shortest path to it; exit status 1 if there is one.
    """
    speaker = Speaker(language)
    root = folder or SHIPPED
    processes = [key for key in list_processes(root) if only in (None, key)]
    if not processes and not any((root / name).is_dir() for name in ("rules", "calendars")):
        raise speaker.fail("cli.lint.nothing", folder=str(root))
    if mutants:
        sys.exit(count_mutants(root, processes, speaker))
    report = Report(speaker, root)
    beside = read_beside(root)
    for key in processes:
        try:
            report.linted.append(lint_process(root, key, beside))
        except CaseworkError as error:
            report.problems.append(error)
    report.problems += list_data_problems(root)
    click.echo(report.as_sarif() if as_sarif else report.as_json() if as_json else report.text())
    sys.exit(1 if report.is_bad else 0)


def list_data_problems(root: Path) -> list[CaseworkError]:
    """Return what is wrong with rule packs and holiday notices."""
    readers: tuple[tuple[str, Callable[[Path], object]], ...] = (
        ("rules", _check_rules),
        ("calendars", read_folder),
    )
    problems: list[CaseworkError] = []
    for name, read in readers:
        if not (root / name).is_dir():
            continue
        try:
            read(root / name)
        except CaseworkError as error:
            problems += error.facts.get("problems") or [error]
    return problems


def _check_rules(folder: Path) -> None:
    """Read every pack; raises RuleMissing for a slip in one, or for what no pack gives."""
    book = read_rule_book(folder)
    required = required_keys(folder) if (folder / REQUIRED_FILE).is_file() else required_keys()
    problems = [
        problem
        for division in _divisions(book)
        for problem in missing_parameters(
            book=book, division=division, on=legal_date(machine_now()), required=required
        )
    ]
    if problems:
        raise CaseworkError(problems=problems)


def _divisions(book: RuleBook) -> list[str]:
    """Return a division code for each jurisdiction, narrowest names only: nobody lives in none."""
    narrow = {pack.jurisdiction for pack in book.packs if pack.jurisdiction}
    return sorted(code.ljust(6, "0") for code in narrow) or ["000000"]
