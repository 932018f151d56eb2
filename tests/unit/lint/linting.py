"""Draws a small process with its duties and says what the legal lint finds in it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from tests.unit.engine.drawing import diagram
from tests.unit.engine.drawing import process as draw_process
from workflows.clock.calendar import load_shipped_calendar
from workflows.engine.bundle import Bundle
from workflows.lint.agreed import Agreed
from workflows.lint.cutting import Cut
from workflows.lint.declared import Declarations, Declared, declare
from workflows.lint.legal_finding import LegalFinding, PathStep
from workflows.lint.marks import Marks
from workflows.lint.prove import facts_of, prove
from workflows.lint.regions import Regions
from workflows.lint.standing import Likeness, Standing
from workflows.lint.walking import PASSED, Summaries, Taken, Walk
from workflows.rules.packs import RuleBook, read_pack

SAID = {"rules": ["R0"], "zh": "义务。", "en": "A duty."}
LETTERS = {"reply": {"remedies": "required"}, "receipt": {"remedies": "none"}}
ACTIONS = ("start", "complete", "timer", "message", "signal")


@dataclass(frozen=True)
class Drawn:
    """A process with what its operations declare."""

    bundle: Bundle
    declared: Declarations


def drawn(
    *parts: str,
    others: Iterable[str] = (),
    duties: Sequence[Mapping[str, Any]] = (),
    forms: Mapping[str, Mapping[str, Sequence[Any]]] | None = None,
    operations: Mapping[str, Declared] | None = None,
    answers: Mapping[str, Declared] | None = None,
    lanes: Mapping[str, str] | None = None,
    files: Mapping[str, str] | None = None,
    **more: Any,
) -> Drawn:
    """Return a process of these parts; ``forms`` gives each form its variables and choices."""
    text = diagram(draw_process("main", *parts), *others)
    for step, role in (lanes or {}).items():
        text = re.sub(rf'(id="{step}"[^>]*jiannuo:role=)"\w+"', rf'\1"{role}"', text)
    labels = {name: name for name in re.findall(r'name="(\w+)"', text)}
    content = {"format": "jiannuo-duties-1", "duties": [{**SAID, **one} for one in duties], **more}
    written = {
        "main.bpmn": text,
        "texts/en.json": json.dumps(labels),
        "duties.json": json.dumps(content),
        "forms/any.json": "{}",
        **{f"forms/{name}.json": form(fields) for name, fields in (forms or {}).items()},
        **(files or {}),
    }
    bundle = Bundle("main", "main", {name: each.encode() for name, each in written.items()})
    return Drawn(bundle, Declarations(operations or {}, answers or {}))


def form(fields: Mapping[str, Sequence[Any]], kind: str = "radio") -> str:
    """Return a form that asks for these variables, each with its choices."""
    components = [
        {
            "type": kind,
            "key": name,
            "values": [{"label": str(each), "value": each} for each in values],
            "validate": {"required": True},
            "properties": {"variable": name},
        }
        for name, values in fields.items()
    ]
    return json.dumps({"components": components})


def sets(**values: Any) -> Declared:
    """Return what an operation declares that sets these variables."""
    return declare(sets=values)


def lint(one: Drawn, *, book: RuleBook | None = None) -> list[LegalFinding]:
    """Return what is found."""
    calendar = load_shipped_calendar() if book is not None else None
    agreed = Agreed(LETTERS, book)
    proof = prove(one.bundle, declared=one.declared, agreed=agreed, calendar=calendar)
    return list(proof.findings)


def names(*parts: str, book: RuleBook | None = None, **more: Any) -> set[tuple[str, str]]:
    """Return the name and the element of all that is found in a process of these parts."""
    return {(one.name, one.element) for one in lint(drawn(*parts, **more), book=book)}


def only(found: Iterable[LegalFinding], name: str) -> LegalFinding:
    """Return the one finding of this name."""
    [one] = [each for each in found if each.name == name]
    return one


def passed(finding: LegalFinding) -> list[str]:
    """Return the elements on the path of a finding."""
    return [step.element for step in finding.path]


# Following a path on the whole program, called processes and all


class _Whole(Cut):
    """The program as the engine runs it, with nothing told by a summary."""

    @property
    def entangled(self) -> frozenset[str]:
        return frozenset(self.facts.plan.process_names)


def is_path_of_engine(one: Drawn, path: Sequence[PathStep]) -> bool:
    """Return whether the engine passes these elements when it is given these inputs."""
    facts = facts_of(one.bundle, one.declared)
    cut = _Whole(facts)
    # Everything is drawn in one: no call is ever entered.
    nothing = cast(Summaries, None)
    walk = Walk(cut, Marks((), {}), nothing, Regions(cut.program))
    likeness = Likeness(cut)
    wanted = Counter(step.element for step in path)
    now: list[tuple[Standing, Counter[str]]] = [(Standing(), Counter())]
    acted = [step for step in path if step.kind in ACTIONS]
    for number, step in enumerate(acted):
        later: dict[Any, tuple[Standing, Counter[str]]] = {}
        for standing, so_far in now:
            for taken in _options(walk, standing, is_first=number == 0):
                seen = so_far + Counter(e.element for e in taken.events if e.what == PASSED)
                # A path that is told up to the step that matters stops within the last move.
                if _fits(taken, step) and (number == len(acted) - 1 or not seen - wanted):
                    key = (likeness.key(taken.standing), tuple(sorted(seen.items())))
                    later[key] = (taken.standing, seen)
        now = list(later.values())
    return any(not wanted - seen for _, seen in now)


def _options(walk: Walk, standing: Standing, *, is_first: bool) -> list[Taken]:
    if not is_first:
        return list(walk.steps(standing))
    facts = walk.cut.facts
    return [
        taken
        for start in walk.cut.program.starts.values()
        for values in facts.beginnings
        for taken in walk.begin((start,), values)
    ]


def _fits(taken: Taken, step: PathStep) -> bool:
    given = dict(taken.given)
    return (taken.kind, taken.element) == (step.kind, step.element) and all(
        given.get(name) == value for name, value in step.given if name in given
    )


def terms_book(**amounts: tuple[str, int, str]) -> RuleBook:
    """Return a book of terms: each parameter with its standing, number and unit."""
    content = {
        "format": "jiannuo-rules-1",
        "id": "test",
        "jurisdiction": "",
        "title": "测试",
        "version": "2020-01-01",
        "documents": {
            "law": {"number": "法", "title": "法", "rank": "law", "valid_from": "2018-01-01"},
            "own": {"number": "", "title": "本单位", "rank": "office", "valid_from": "2018-01-01"},
        },
        "parameters": [
            {
                "key": name.replace("_", "."),
                "name": name,
                "name_en": name,
                "value": value,
                "unit": unit,
                "rule_ids": ["R2"],
                "document": "law" if standing == "law" else "own",
                **({"clause": "一", "quote": "原文"} if standing == "law" else {}),
                **({"standing": standing} if standing != "law" else {}),
                "start_event": "a",
                "stop_event": "b",
                "confirmed": True,
            }
            for name, (standing, value, unit) in amounts.items()
        ],
    }
    return RuleBook([read_pack(json.dumps(content).encode(), source="test.json")])
