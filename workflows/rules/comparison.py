"""Whoever works in two provinces must see where their rules part, and by which text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from workflows.rules.packs import RuleBook
from workflows.rules.parameters import SUBJECT_KINDS, Paper, Parameter

# The first part of a key -> the process it belongs to.
PROCESSES = {
    "obj": "objection",
    "platform": "objection",
    "rep": "credit_repair",
    "lenient": "credit_repair",
    "tolerance": "credit_repair",
    "sanction": "credit_repair",
    "rec": "rectification",
    "ppp": "ppp_traceback",
    "pub": "records",
    "reg": "records",
    "qry": "records",
    "com": "supervision",
    "int": "supervision",
    "sup": "supervision",
    "org": "supervision",
    "time": "general",
    "rule": "general",
}
PROCESS_NAMES = tuple(dict.fromkeys(PROCESSES.values()))
OTHER = "general"
SAME, OTHER_SOURCE, DIFFERENT, ONE_SIDED = "same", "other_source", "different", "one_sided"


@dataclass(frozen=True)
class Binding:
    """A parameter that binds here, and whom; no kinds = everybody."""

    rule: Parameter
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Side:
    """What one region has under a key on a day: what binds, what gives way, what does not hold."""

    bindings: tuple[Binding, ...]
    outranked: tuple[Parameter, ...]
    ended: tuple[Parameter, ...]
    to_come: tuple[Parameter, ...]


@dataclass(frozen=True)
class Row:
    """One key in the regions compared; ``state`` says how they part."""

    key: str
    name: str
    name_en: str
    process: str
    sides: tuple[Side, ...]
    state: str


def compare_regions(book: RuleBook, *, divisions: Sequence[str], on: date) -> tuple[Row, ...]:
    """Return every key that any of the divisions has, in the order of processes and keys."""
    keys = dict.fromkeys(rule.key for pack in book.packs for rule in pack.parameters)
    rows = []
    for key in keys:
        sides = tuple(read_side(book, key, division=division, on=on) for division in divisions)
        named = next((rule for side in sides for rule in _all_of(side)), None)
        if named is not None:
            row = Row(key, named.name, named.name_en, process_of(key), sides, _state(sides))
            rows.append(row)
    return tuple(sorted(rows, key=lambda row: (PROCESS_NAMES.index(row.process), row.key)))


def read_side(book: RuleBook, key: str, *, division: str, on: date) -> Side:
    """Return what a division has under a key on a day."""
    everything = [rule for rule in book.list_all(key) if division.startswith(rule.jurisdiction)]
    bindings = tuple(_bindings(book, key, division=division, on=on))
    binding = {id(each.rule) for each in bindings}
    here = [rule for rule in everything if id(rule) not in binding]
    return Side(
        bindings=bindings,
        outranked=tuple(rule for rule in here if rule.is_in_force(on)),
        ended=tuple(rule for rule in here if rule.valid_to is not None and rule.valid_to < on),
        to_come=tuple(rule for rule in here if on < rule.valid_from),
    )


def process_of(key: str) -> str:
    """Return which process a key belongs to."""
    return PROCESSES.get(key.partition(".")[0], OTHER)


def list_papers(book: RuleBook, *, division: str, on: date) -> tuple[Paper, ...]:
    """Return the texts behind a division's rules, the highest rank first."""
    found = [
        paper
        for pack in book.packs
        if pack.jurisdiction and division.startswith(pack.jurisdiction)
        for paper in pack.papers
        if paper.number
    ]
    return tuple(sorted(found, key=lambda paper: (not paper.is_in_force(on), paper.rank.order)))


def _bindings(book: RuleBook, key: str, *, division: str, on: date) -> Iterator[Binding]:
    kinds: dict[int, list[str]] = {}
    rules: dict[int, Parameter] = {}
    for kind in SUBJECT_KINDS:
        rule = book.find(key, division=division, on=on, subject_kind=kind)
        if rule is not None:
            rules[id(rule)] = rule
            kinds.setdefault(id(rule), []).append(kind)
    for name, rule in rules.items():
        meant = () if len(kinds[name]) == len(SUBJECT_KINDS) else tuple(kinds[name])
        yield Binding(rule, meant)


def _all_of(side: Side) -> Iterator[Parameter]:
    yield from (each.rule for each in side.bindings)
    yield from side.outranked
    yield from side.ended
    yield from side.to_come


def _says(side: Side) -> dict[str, tuple[str, str]]:
    """Return what each kind of subject is told, whichever text tells it."""
    return {
        kind: (str(each.rule.unit), repr(each.rule.value))
        for each in side.bindings
        for kind in each.kinds or SUBJECT_KINDS
    }


def _state(sides: Sequence[Side]) -> str:
    contents = [_says(side) for side in sides]
    if any(contents) and not all(contents):
        return ONE_SIDED
    if any(content != contents[0] for content in contents):
        return DIFFERENT
    sources = {
        tuple((each.rule.document, each.rule.clause) for each in side.bindings) for side in sides
    }
    return SAME if len(sources) == 1 else OTHER_SOURCE
