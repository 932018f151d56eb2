"""`jiannuo rules coverage`: what carries each rule, who would notice its loss, what is missing."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from webapp.cli.clock_words import Speaker, language_option
from webapp.rule_coverage.proofs import Result, choose, list_proofs, prove
from webapp.rule_coverage.report import (
    MISSING,
    STATES,
    UNPROVEN,
    Coverage,
    list_unknown_ids,
    read_coverage,
)

ROOT = Path(__file__).resolve().parents[2]
INDENT = "    "
SHOWN = 3  # carriers and tests a rule prints without --long


@click.command()
@click.option("--state", type=click.Choice(STATES), help="List only rules in this state.")
@click.option("--rule", "wanted", multiple=True, help="List only this rule; may be repeated.")
@click.option("--long", "everything", is_flag=True, help="Print every carrier and test.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@click.option("--prove", "number", type=click.IntRange(1), help="Prove a sample of this size.")
@click.option("--seed", default=1, show_default=True, help="Which sample to prove.")
@language_option
def coverage(
    state: str | None,
    wanted: Sequence[str],
    everything: bool,
    as_json: bool,
    number: int | None,
    seed: int,
    language: str,
) -> None:
    """逐条列出规则由什么承载、哪个测试看着它；没有承载的说明原因或者在等什么。

    For every rule: the diagram element, parameter, letter, catalogue row or code that carries it
    and the named tests, or why it is exempt or what it waits for. With --prove the carrier is
    taken out of a copy of the product and its test must fail. Exit status 1 if anything is missing.
    """
    speaker = Speaker(language)
    if not (ROOT / "tests").is_dir():
        raise speaker.fail("cli.rules.no_tests", folder=str(ROOT))
    if number is not None:
        sys.exit(_prove(number, seed, speaker, as_json=as_json))
    found = read_coverage(ROOT)
    unknown = list_unknown_ids(ROOT)
    shown = [
        each
        for each in found
        if (not state or each.state == state) and (not wanted or each.rule.id in wanted)
    ]
    if as_json:
        rows = [_as_json(each) for each in shown]
        content = {"rules": rows, "unknown": unknown, "counts": _counts(found)}
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
    else:
        for line in _lines(shown, found, unknown, speaker, limit=None if everything else SHOWN):
            click.echo(line)
    is_whole = not unknown and not any(each.state in (MISSING, UNPROVEN) for each in found)
    sys.exit(0 if is_whole else 1)


def _counts(found: Sequence[Coverage]) -> dict[str, int]:
    counted = Counter(each.state for each in found)
    return {state: counted[state] for state in STATES}


def _lines(
    shown: Sequence[Coverage],
    found: Sequence[Coverage],
    unknown: dict[str, list[str]],
    speaker: Speaker,
    *,
    limit: int | None,
) -> Iterator[str]:
    for each in shown:
        words = each.rule.en if speaker.language == "en" else each.rule.zh
        yield f"{each.rule.id}  [{speaker.say(f'rules.state.{each.state}')}]  {words}"
        if each.reason:
            yield f"{INDENT}{_reason(each, speaker)}"
        carriers = [f"{one.kind}  {one.place}" for one in each.carriers]
        tests = [f"test  {one}" for one in each.tests]
        for lines in (carriers, tests):
            yield from (f"{INDENT}{line}" for line in lines[:limit])
            if limit is not None and len(lines) > limit:
                yield f"{INDENT}{speaker.say('rules.more', count=len(lines) - limit)}"
    for rule, places in unknown.items():
        yield speaker.say("rules.unknown", rule=rule, places="、".join(places))
    yield speaker.say("rules.counted", total=len(found), **_counts(found))


def _reason(each: Coverage, speaker: Speaker) -> str:
    key = f"rules.waits.{each.reason}"
    if each.state == "pending":
        return speaker.say("rules.waits", part=speaker.say(key))
    return each.reason


def _as_json(each: Coverage) -> dict[str, object]:
    return {
        "id": each.rule.id,
        "source": each.rule.source,
        "zh": each.rule.zh,
        "en": each.rule.en,
        "state": each.state,
        "reason": each.reason,
        "carriers": [{"kind": one.kind, "place": one.place} for one in each.carriers],
        "tests": list(each.tests),
    }


def _prove(number: int, seed: int, speaker: Speaker, *, as_json: bool) -> int:
    results: list[Result] = []
    for proof in choose(list_proofs(ROOT), number=number, seed=seed):
        result = prove(ROOT, proof)
        results.append(result)
        if not as_json:
            for line in _proof_lines(result, speaker):
                click.echo(line)
    held = sum(result.holds for result in results)
    if as_json:
        rows = [_proof_json(result) for result in results]
        click.echo(json.dumps({"proofs": rows}, ensure_ascii=False, indent=2))
    else:
        click.echo(speaker.say("rules.proved", held=held, total=len(results)))
    return 0 if held == len(results) else 1


def _proof_lines(result: Result, speaker: Speaker) -> Iterator[str]:
    proof = result.proof
    word = speaker.say("rules.proof.holds" if result.holds else "rules.proof.fails")
    yield f"{' '.join(proof.rules)}  [{word}]  {proof.what}"
    yield f"{INDENT}{proof.file}"
    yield f"{INDENT}{proof.test}"
    if not result.holds:
        yield result.said


def _proof_json(result: Result) -> dict[str, object]:
    proof = result.proof
    return {
        "rules": list(proof.rules),
        "what": proof.what,
        "file": proof.file,
        "test": proof.test,
        "passes_before": result.passes_before,
        "fails_after": result.fails_after,
    }
