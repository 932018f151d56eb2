"""A rule is carried only if a named test fails without it; a proof takes it away and sees."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from webapp.rule_coverage.named_tests import VARIATION_TEST, list_variations, variation_name

# Hand-written proofs: what to change in which file, and the test that must notice.
PROOFS = Path("tests/rule_proofs.json")
# What a test needs of the product and of itself.
COPIED = ("bpmn", "handlers", "notifications", "tests", "webapp", "workflows", "tools")
COPIED_FILES = ("pyproject.toml",)
LEFT_OUT = shutil.ignore_patterns("__pycache__", "saved_states", "node_modules", "*.png")
TESTS_FAILED = 1  # pytest's exit status
REMOVE = "remove"


@dataclass(frozen=True)
class Proof:
    """One change and the test that must notice it.

    ``find`` becomes ``replace`` in the file; a parameter (``row``) is taken out as a whole.
    """

    rules: tuple[str, ...]
    what: str
    file: str
    test: str
    find: str = ""
    replace: str = ""
    row: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Result:
    """What became of a proof: whether the test passes as shipped, and fails after the change."""

    proof: Proof
    passes_before: bool
    fails_after: bool
    said: str

    @property
    def holds(self) -> bool:
        """Tell whether the test notices the loss."""
        return self.passes_before and self.fails_after


def list_proofs(root: Path) -> tuple[Proof, ...]:
    """Return every proof there is: the hand-written ones, and one for each rule of a paper."""
    return (*_written(root), *_of_parameters(root))


def choose(proofs: tuple[Proof, ...], *, number: int, seed: int) -> list[Proof]:
    """Return a sample; every kind of carrier is in it, and the same seed gives the same sample."""
    written = [proof for proof in proofs if proof.row is None]
    others = [proof for proof in proofs if proof.row is not None]
    dice = Random(seed)
    dice.shuffle(written)
    dice.shuffle(others)
    half = min(len(written), (number + 1) // 2)
    return [*written[:half], *others[: number - half]]


def prove(root: Path, proof: Proof) -> Result:
    """Run the test on a copy of the product, as shipped and after the change."""
    with tempfile.TemporaryDirectory(prefix="jiannuo-proof-") as name:
        copy = Path(name)
        _copy(root, copy)
        before, said = _run(copy, proof.test)
        if before != 0:
            return Result(proof, passes_before=False, fails_after=False, said=said)
        _change(copy, proof)
        after, said = _run(copy, proof.test)
        return Result(proof, passes_before=True, fails_after=after == TESTS_FAILED, said=said)


def _written(root: Path) -> Iterator[Proof]:
    file = root / PROOFS
    if not file.is_file():
        return
    for row in json.loads(file.read_text(encoding="utf-8"))["proofs"]:
        yield Proof(
            rules=tuple(row["rules"]),
            what=row["what"],
            file=row["file"],
            test=row["test"],
            find=row["find"],
            replace=row["replace"],
        )


def _of_parameters(root: Path) -> Iterator[Proof]:
    packs = {
        path.name: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted((root / "bpmn" / "rules").glob("*.json"))
    }
    for variation in list_variations(root):
        for name, pack in packs.items():
            if any(_is_meant(row, pack, variation) for row in pack.get("parameters", [])):
                yield Proof(
                    rules=tuple(variation["ids"]),
                    what=f"{REMOVE} {variation['key']}",
                    file=f"bpmn/rules/{name}",
                    test=f"{VARIATION_TEST}[{variation_name(variation)}]",
                    row=variation,
                )


def _is_meant(
    row: Mapping[str, Any], pack: Mapping[str, Any], variation: Mapping[str, Any]
) -> bool:
    paper = pack["documents"][row["document"]]
    wanted = (variation["key"], variation["document"], variation["clause"], variation["value"])
    return (row["key"], paper["number"], row.get("clause", ""), row["value"]) == wanted


def _copy(root: Path, copy: Path) -> None:
    for name in COPIED:
        shutil.copytree(root / name, copy / name, ignore=LEFT_OUT)
    for name in COPIED_FILES:
        shutil.copy(root / name, copy / name)


def _change(copy: Path, proof: Proof) -> None:
    file = copy / proof.file
    text = file.read_text(encoding="utf-8")
    if proof.row is None:
        if proof.find not in text:
            raise ValueError(f"{proof.file} no longer holds: {proof.find}")
        file.write_text(text.replace(proof.find, proof.replace), encoding="utf-8")
        return
    pack = json.loads(text)
    pack["parameters"] = [row for row in pack["parameters"] if not _is_meant(row, pack, proof.row)]
    file.write_text(json.dumps(pack, ensure_ascii=False, indent=2), encoding="utf-8")


def _run(copy: Path, test: str) -> tuple[int, str]:
    options = ("-q", "-x")
    command = [sys.executable, "-m", "pytest", *options, f"--basetemp={copy / 'tmp'}", test]
    # The copy goes before the installed product.
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, cwd=copy, env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, "\n".join((done.stdout + done.stderr).splitlines()[-8:])
