"""Asks what is found in a diagram, and whether it can be said in both languages."""

from __future__ import annotations

import json
from pathlib import Path

from tests.unit.engine.drawing import (
    draw,
    end,
    path,
    process,
    start,
    user,
)
from workflows.engine.bundle import Bundle
from workflows.engine.check import check_bundle
from workflows.engine.findings import Finding

ROOT = Path(__file__).parents[3]
TEXTS = {
    language: json.loads((ROOT / f"webapp/texts/engine.{language}.json").read_text("utf-8"))
    for language in ("zh", "en")
}


class AnyName(frozenset[str]):
    """Knows every operation."""

    def __contains__(self, name: object) -> bool:
        return name != "unknown"


def check(bundle: Bundle, *, engine: str = "spiff") -> list[Finding]:
    """Check a bundle, and also that every finding can be said in both languages."""
    findings = check_bundle(bundle, operations=AnyName(), roles={"handler"}, engine=engine)
    for one in findings:
        for texts in TEXTS.values():
            assert texts[one.problem].format(**one.facts)
            assert texts[one.remedy].format(**one.facts)
    return findings


def found(*parts: str, extra: tuple[str, ...] = (), **files: str) -> list[tuple[str, str, str]]:
    """Return element, rule and name of what is found in one process of these parts."""
    bundle = draw(process("main", *parts), *extra, **files)
    return [(one.element, one.rule, one.name) for one in check(bundle)]


STRAIGHT = (start("b"), user("t"), end("e"), path("b", "t", "e"))


def straight(middle: str, id: str = "m") -> tuple[str, ...]:
    return (start("b"), middle, end("e"), path("b", id, "e"))
