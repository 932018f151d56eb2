"""`jiannuo lint`: check what an office agrees on before it is deployed."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import click

from handlers.registry import operations
from webapp.business_clock import machine_now
from webapp.cli.clock_words import Speaker, language_option
from workflows.clock.calendar import legal_date, read_folder
from workflows.engine.bundle import list_processes, read_bundle
from workflows.engine.check import check_bundle
from workflows.engine.engines import NAMES
from workflows.engine.findings import Finding
from workflows.errors import CaseworkError
from workflows.rules.packs import (
    REQUIRED_FILE,
    RuleBook,
    missing_parameters,
    read_rule_book,
    required_keys,
)
from workflows.services.agree_rules import ROLES

SHIPPED = Path(__file__).resolve().parents[2] / "bpmn"


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option("--json", "as_json", is_flag=True, help="Write the findings as JSON.")
@language_option
def lint(folder: Path | None, as_json: bool, language: str) -> None:
    """检查 FOLDER（默认是随系统提供的）下的流程图、表单、决策表、规则包和日历。

    Check the processes, rule packs and calendars below FOLDER (the shipped ones by default).
    Prints each finding with file, element, problem and remedy; exit status 1 if there is one.
    """
    speaker = Speaker(language)
    root = folder or SHIPPED
    processes = list_processes(root)
    if not processes and not any((root / name).is_dir() for name in ("rules", "calendars")):
        raise speaker.fail("cli.lint.nothing", folder=str(root))
    findings: list[Finding] = []
    problems: list[CaseworkError] = []
    for key in processes:
        try:
            findings += check_process(root, key)
        except CaseworkError as error:
            problems.append(error)
    problems += list_data_problems(root)
    if as_json:
        _print_json(findings, problems, speaker)
    else:
        _print(findings, problems, speaker)
    sys.exit(1 if findings or problems else 0)


def check_process(root: Path, key: str) -> list[Finding]:
    """Return what would run wrong or unsafely in a process."""
    bundle = read_bundle(root, key=key)
    found = [
        check_bundle(bundle, operations=set(operations()), roles=set(ROLES), engine=engine)
        for engine in NAMES
    ]
    return list(dict.fromkeys(one for findings in found for one in findings))


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


def _sentences(finding: Finding, speaker: Speaker) -> tuple[str, str]:
    return (
        speaker.say(finding.problem, **finding.facts),
        speaker.say(finding.remedy, **finding.facts),
    )


def _print_json(findings: list[Finding], problems: list[CaseworkError], speaker: Speaker) -> None:
    rows = []
    for finding in findings:
        problem, remedy = _sentences(finding, speaker)
        rows.append({**asdict(finding), "problem": problem, "remedy": remedy})
    content = {"findings": rows, "problems": [speaker.explain(each) for each in problems]}
    click.echo(json.dumps(content, ensure_ascii=False, default=str, indent=2))


def _print(findings: list[Finding], problems: list[CaseworkError], speaker: Speaker) -> None:
    for line in _lines(findings, problems, speaker):
        click.echo(line)


def _lines(
    findings: list[Finding], problems: list[CaseworkError], speaker: Speaker
) -> Iterator[str]:
    for finding in findings:
        yield f"{finding.file}: {finding.element} {finding.label} [{finding.rule}]"
        yield from (f"    {sentence}" for sentence in _sentences(finding, speaker))
    yield from (speaker.explain(problem) for problem in problems)
    if not findings and not problems:
        yield speaker.say("cli.lint.clean")
