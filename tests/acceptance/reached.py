"""Which starts, branch outcomes, boundary events and ends of the shipped processes a run reached.

While the acceptance tests run, every step of the engine is written down, apart for offices that
run straight on and for those that start anew before everything. `make test` ends with
`python -m tests.acceptance.reached`, which compares the last run with the diagrams.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from workflows.engine.blueprint import blueprint
from workflows.engine.bundle import SHARED, Bundle, list_processes, read_bundle
from workflows.engine.token import engine as engine_module
from workflows.engine.token import program as p
from workflows.engine.token import step as step_module
from workflows.engine.token.compiler import program_of
from workflows.engine.token.instance import Token
from workflows.engine.token.rules import RULES
from workflows.engine.token.run import Run
from workflows.engine.token.step import Outcome, step

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".cache" / "reached"
KNOWN = Path(__file__).with_name("unreached.json")
STRAIGHT, RELOADED = "straight", "reloaded"
MODES = (STRAIGHT, RELOADED)
CAUGHT = frozenset({"boundaryEvent", "intermediateCatchEvent"})


@dataclass
class Recorder:
    """Writes down what the engine passes; the lint's explorations are not the engine's steps."""

    mode: str = STRAIGHT
    reached: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    is_on: bool = False

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Record as long as this lasts."""
        rules = list(RULES)
        rules[p.CHOICE] = self._choice
        with (
            patch.object(engine_module, "step", self._step),
            patch.object(step_module, "RULES", tuple(rules)),
        ):
            yield

    def _step(self, program: p.Program, *given: Any, **more: Any) -> Outcome:
        self.is_on = True
        try:
            outcome = step(program, *given, **more)
        finally:
            self.is_on = False
        for passed in outcome.passed:
            self._note(program, passed.element)
        return outcome

    def _choice(self, run: Run, token: Token, node: p.Node) -> None:
        coming = run.next_id
        CHOICE(run, token, node)
        if self.is_on and len(node.out) > 1 and coming in run.tokens:
            target = run.nodes[run.tokens[coming].node].id
            self._note(run.program, f"{node.id} -> {target}")

    def _note(self, program: p.Program, what: str) -> None:
        start = next(iter(program.starts.values()))
        process = program.scopes[program.nodes[start].scope].id
        self.reached.setdefault(process, {}).setdefault(self.mode, set()).add(what)

    def write(self, run: str) -> None:
        """Leave behind what this worker has seen."""
        FOLDER.mkdir(parents=True, exist_ok=True)
        worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
        seen = {key: {m: sorted(v) for m, v in each.items()} for key, each in self.reached.items()}
        content = json.dumps({"run": run, "reached": seen}, ensure_ascii=False)
        (FOLDER / f"{worker}.json").write_text(content, encoding="utf-8")


CHOICE = RULES[p.CHOICE]
RECORDER = Recorder()


# What is to be reached


def wanted(bundle: Bundle) -> dict[str, str]:
    """Return every start, branch outcome, boundary event and end, with the file that draws it."""
    program, elements = program_of(bundle), blueprint(bundle).elements
    found = {name: elements[name].file for name in program.starts}
    for node in program.nodes:
        one = elements.get(node.id)
        if one is None:
            continue
        if node.op == p.CHOICE and len(node.out) > 1:
            for flow in node.out:
                found[f"{node.id} -> {program.nodes[flow.target].id}"] = one.file
        elif one.kind in CAUGHT or one.kind == "endEvent":
            found[node.id] = one.file
    return found


def missing(reached: Mapping[str, Mapping[str, set[str]]]) -> list[str]:
    """Return what no journey reached; a shared part has to be reached in one process."""
    anywhere = {
        mode: set().union(*(each.get(mode, set()) for each in reached.values())) for mode in MODES
    }
    found: dict[str, None] = {}
    for key in list_processes(ROOT / "bpmn"):
        for what, file in wanted(read_bundle(ROOT / "bpmn", key=key)).items():
            is_shared = file.startswith(f"{SHARED}/")
            for mode in MODES:
                seen = anywhere[mode] if is_shared else reached.get(key, {}).get(mode, set())
                if what not in seen:
                    found[f"{SHARED if is_shared else key}: {what} ({mode})"] = None
    return list(found)


def read_last_run() -> dict[str, dict[str, set[str]]]:
    """Return what all workers of the last run have reached."""
    files = sorted(FOLDER.glob("*.json"), key=lambda path: path.stat().st_mtime)
    contents = [json.loads(path.read_text(encoding="utf-8")) for path in files]
    reached: dict[str, dict[str, set[str]]] = {}
    for content in contents:
        if content["run"] == contents[-1]["run"]:
            for key, modes in content["reached"].items():
                for mode, seen in modes.items():
                    reached.setdefault(key, {}).setdefault(mode, set()).update(seen)
    return reached


def main() -> int:
    """Say what no journey of the last run reached. Returns 1 unless it is all known."""
    known = json.loads(KNOWN.read_text(encoding="utf-8")) if KNOWN.exists() else []
    found = missing(read_last_run())
    new, gone = [each for each in found if each not in known], set(known) - set(found)
    for each in new:
        print(f"not reached: {each}")
    for each in sorted(gone):
        print(f"reached by now, take it out of {KNOWN.name}: {each}")
    print(f"{len(found)} not reached, {len(known)} of them known")
    return 1 if new or gone else 0


if __name__ == "__main__":
    sys.exit(main())
