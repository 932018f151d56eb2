"""Counts how many spoilt copies of each process the lint notices."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from webapp.cli.clock_words import Speaker
from webapp.cli.legal_lint import is_caught, read_beside
from workflows.engine.bundle import read_bundle
from workflows.lint.mutants import list_mutants, read_equivalents


def count_mutants(root: Path, processes: list[str], speaker: Speaker) -> int:
    """Print the count of each process and what was not noticed.

    Returns 1 when a mutant passes unnoticed and nothing says why that is right.
    """
    beside = read_beside(root)
    known = read_equivalents()
    is_bad = False
    for key in processes:
        total: Counter[str] = Counter()
        killed: Counter[str] = Counter()
        survivors: list[str] = []
        for mutant in list_mutants(read_bundle(root, key=key)):
            total[mutant.operator] += 1
            if is_caught(mutant, beside):
                killed[mutant.operator] += 1
            else:
                survivors.append(mutant.id)
        said = {"process": key, "killed": killed.total(), "total": total.total()}
        click.echo(speaker.say("cli.lint.mutants", **said, survivors=len(survivors)))
        for operator, count in total.items():
            said = {"operator": operator, "killed": killed[operator], "total": count}
            click.echo(speaker.say("cli.lint.mutants.operator", **said))
        for survivor in survivors:
            reason = known.get(key, {}).get(survivor)
            is_bad = is_bad or reason is None
            why = (
                speaker.say("cli.lint.mutants.known", reason=reason)
                if reason
                else speaker.say("cli.lint.mutants.unknown")
            )
            click.echo(f"  {survivor}: {why}")
    return 1 if is_bad else 0
