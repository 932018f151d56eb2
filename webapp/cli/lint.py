"""`jiannuo lint`: check what an office agrees on before it is deployed."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from handlers.registry import operations
from webapp.phrases import Phrase
from webapp.texts import Texts
from workflows.clock.calendar import read_folder
from workflows.engine.bundle import read_bundle
from workflows.engine.check import Finding, check_bundle
from workflows.errors import CaseworkError
from workflows.rules.packs import read_rule_book
from workflows.services.agree_rules import ROLES

SHIPPED = Path(__file__).resolve().parents[2] / "bpmn"


@click.command()
@click.argument(
    "folder", type=click.Path(exists=True, file_okay=False, path_type=Path), required=False
)
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", help="Language of findings.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def lint(folder: Path | None, lang: str, as_json: bool) -> None:
    """Check the processes, rule packs and calendars below FOLDER (the shipped ones by default).

    Prints each finding with file, element, problem and remedy; exit status 1 if there is one.
    """
    root = folder or SHIPPED
    findings = [finding for key in list_processes(root) for finding in _check(root, key)]
    problems = list_data_problems(root)
    if as_json:
        rows = [asdict(finding) for finding in findings]
        click.echo(
            json.dumps({"findings": rows, "problems": problems}, ensure_ascii=False, default=str)
        )
    else:
        _print(findings, problems, lang)
    if findings or problems:
        sys.exit(1)


def list_processes(root: Path) -> list[str]:
    """Return the keys of the processes below the folder: each has its main diagram."""
    return sorted(
        path.parent.name for path in root.glob("*/*.bpmn") if path.stem == path.parent.name
    )


def list_data_problems(root: Path) -> list[str]:
    """Return what is wrong with rule packs and holiday notices."""
    problems: list[str] = []
    for name, read in (("rules", read_rule_book), ("calendars", read_folder)):
        if not (root / name).is_dir():
            continue
        try:
            read(root / name)
        except CaseworkError as error:
            problems.append(str(error))
    return problems


def _check(root: Path, key: str) -> list[Finding]:
    bundle = read_bundle(root, key=key)
    return list(check_bundle(bundle, operations=set(operations()), roles=set(ROLES)))


def _print(findings: list[Finding], problems: list[str], lang: str) -> None:
    texts = Texts()
    for finding in findings:
        problem = texts.say(Phrase(finding.problem, finding.facts), language=lang)
        remedy = texts.say(Phrase(finding.remedy, finding.facts), language=lang)
        click.echo(f"{finding.file}: {finding.element} {finding.label} [{finding.rule}]")
        click.echo(f"    {problem}\n    {remedy}")
    for problem in problems:
        click.echo(problem)
    if not findings and not problems:
        click.echo("没有发现问题。" if lang == "zh" else "No findings.")
