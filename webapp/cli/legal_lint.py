"""Runs the legal lint over the processes of a folder, with the packs and calendars beside them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from handlers.registry import declarations, operations
from workflows.clock.calendar import WorkingCalendar, load_shipped_calendar, read_folder
from workflows.engine.bundle import Bundle, read_bundle
from workflows.engine.check import check_bundle
from workflows.engine.engines import NAMES, TOKEN
from workflows.engine.findings import Finding
from workflows.errors import CaseworkError
from workflows.lint.agreed import Agreed, read_letters, shipped_letters
from workflows.lint.mutants import Mutant
from workflows.lint.prove import Proof, prove
from workflows.rules.packs import read_rule_book
from workflows.services.agree_rules import ROLES


@dataclass(frozen=True)
class Linted:
    """What was found in one process."""

    key: str
    findings: tuple[Finding, ...]
    proof: Proof | None = None
    """Missing where the deployment check refuses the process: it cannot be explored then."""
    duties: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Beside:
    """What lies beside the processes of a folder; the shipped ones stand in for what it lacks."""

    agreed: Agreed
    calendar: WorkingCalendar


def read_beside(root: Path) -> Beside:
    """Return the letters, packs and calendar of a folder."""
    letters = root / "letters" / "kinds"
    book, calendar = read_rule_book(), load_shipped_calendar()
    # What is wrong with a pack or a notice is said by the checks of packs and notices.
    with suppress(CaseworkError):
        book = read_rule_book(root / "rules") if (root / "rules").is_dir() else book
    with suppress(CaseworkError):
        folder = root / "calendars"
        calendar = WorkingCalendar(read_folder(folder)) if folder.is_dir() else calendar
    found = read_letters(letters) if letters.is_dir() else shipped_letters()
    return Beside(Agreed(letters=found, book=book), calendar)


def lint_process(root: Path, key: str, beside: Beside) -> Linted:
    """Return everything that speaks against deploying a process. Raises DiagramError."""
    begun = perf_counter()
    bundle = read_bundle(root, key=key)
    found = check_process(bundle)
    if found:
        return Linted(key, tuple(found), seconds=perf_counter() - begun)
    proof = prove_bundle(bundle, beside)
    return Linted(key, proof.findings, proof, proof.duties, perf_counter() - begun)


def prove_bundle(bundle: Bundle, beside: Beside) -> Proof:
    """Return what the legal lint says of a bundle that the deployment check accepts."""
    return prove(bundle, declared=declarations(), agreed=beside.agreed, calendar=beside.calendar)


def check_process(bundle: Bundle) -> list[Finding]:
    """Return what would run wrong or unsafely on an engine that could be chosen."""
    found = [
        check_bundle(bundle, operations=set(operations()), roles=set(ROLES), engine=engine)
        for engine in NAMES
    ]
    return list(dict.fromkeys(one for findings in found for one in findings))


def is_caught(mutant: Mutant, beside: Beside) -> str:
    """Return the name of the first finding in a mutant, empty if there is none."""
    bundle = mutant.bundle
    try:
        found = check_bundle(bundle, operations=set(operations()), roles=set(ROLES), engine=TOKEN)
        if found:
            return found[0].name
        proof = prove(
            bundle,
            declared=declarations(),
            agreed=beside.agreed,
            calendar=beside.calendar,
            is_brief=True,
            near=mutant.near,
        )
    except CaseworkError as error:
        return error.key
    return proof.findings[0].name if proof.findings else ""
