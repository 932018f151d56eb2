"""How large a drawing may be, and that the check of a large one stays small."""

from __future__ import annotations

import random

import pytest

from tests.unit.engine.checking import check
from tests.unit.engine.drawing import (
    attached,
    both,
    call,
    catches,
    draw,
    either,
    end,
    flow,
    handler,
    message,
    on,
    path,
    process,
    service,
    signal,
    some,
    start,
    sub,
    timer,
    user,
    xor,
)
from tests.unit.engine.generating import generate
from tests.unit.engine.pairwise import Pairwise
from tests.unit.engine.walk import Walker
from workflows.engine.bundle import Bundle
from workflows.engine.checks.model import Scope, read_model
from workflows.engine.checks.size import MOST_ELEMENTS, MOST_LEVELS
from workflows.engine.checks.together import Together

KINDS = (user, service, xor, both, both, some, some, either)
EVENTS = (timer("reply@x"), message("m"), signal("s"))


def found(bundle: Bundle) -> list[tuple[str, str, str]]:
    return [(one.file, one.element, one.name) for one in check(bundle, engine="token")]


def chain(*middle: str, of: int) -> str:
    names = [f"t{number}" for number in range(of)]
    return "".join((start("b"), *map(user, names), *middle, end("e"), path("b", *names, "e")))


def branches(count: int, *, gateway=both) -> tuple[str, ...]:
    """Draw so many branches of three tasks between a split and a join."""
    parts = [start("b"), gateway("s"), gateway("j"), end("e"), path("b", "s"), path("j", "e")]
    for number in range(count):
        names = [f"t{number}_{step}" for step in range(3)]
        parts += [*map(user, names), path("s", *names, "j")]
    return tuple(parts)


def reminded_branches(count: int) -> tuple[str, ...]:
    """Draw so many branches whose task has a reminder beside it."""
    parts = [start("b"), both("s"), both("j"), end("e"), path("b", "s"), path("j", "e")]
    for number in range(count):
        name, reminder = f"t{number}", f"r{number}"
        parts += [user(name), attached(reminder, name, timer("reply@x"), interrupting=False)]
        parts += [user(f"u{number}"), path(reminder, f"u{number}"), path("s", name, "j")]
    return tuple(parts)


def nested(levels: int) -> str:
    inside = "".join((start("b"), user("t"), end("e"), path("b", "t", "e")))
    for level in range(levels):
        name = f"s{level}"
        first, last = f"b{level}", f"e{level}"
        inside = start(first) + sub(name, inside) + end(last) + path(first, name, last)
    return process("main", inside)


def doubling(levels: int) -> Bundle:
    """Draw processes that each call the next one twice."""
    last = process(f"p{levels}", start("b"), user("t"), end("e"), path("b", "t", "e"))
    drawn = [
        process(
            "main" if level == 0 else f"p{level}",
            *(start(f"b{level}"), end(f"e{level}")),
            *(call(f"{side}{level}", f"p{level + 1}") for side in "xy"),
            path(f"b{level}", f"x{level}", f"y{level}", f"e{level}"),
        )
        for level in range(levels)
    ]
    return draw(*drawn, last)


def wild(dice: random.Random) -> Bundle:
    """Draw flows between anything and anything; hardly any of it would be accepted."""
    names = [f"n{number}" for number in range(dice.randint(2, 12))]
    events = [f"a{number}" for number in range(dice.randint(0, 3))]
    begins = ["b"] if dice.random() < 0.8 else []
    parts = [*map(start, begins), end("e"), *(dice.choice(KINDS)(name) for name in names)]
    for name in events:
        interrupting = dice.random() < 0.4
        host = dice.choice(names)
        parts.append(attached(name, host, dice.choice(EVENTS), interrupting=interrupting))
    if dice.random() < 0.3:
        interrupting = dice.random() < 0.5
        inside = (on("h_b", message("q"), interrupting=interrupting), end("h_e"))
        parts.append(handler("h", *inside, path("h_b", "h_e")))
    for source in names + events + begins:
        for _ in range(dice.choice([0, 1, 1, 1, 2, 2, 3])):
            parts.append(flow(source, dice.choice([*names, "e"]), dice.choice([None, "x == 1"])))
    return draw(process("main", *parts))


def scope_of(*parts: str) -> Scope:
    model, _ = read_model(draw(process("main", *parts)))
    return model.scopes["main"]


class TestProcess:
    def test_may_have_a_thousand_elements(self):
        assert found(draw(process("main", chain(of=MOST_ELEMENTS - 2)))) == []

    def test_may_not_have_one_more(self):
        drawn = draw(process("main", chain(of=MOST_ELEMENTS - 1)))

        assert found(drawn) == [("main.bpmn", "main", "too_many_elements")]

    def test_has_the_elements_of_its_sub_processes(self):
        inner = sub("s", start("s_b"), user("s_t"), end("s_e"), path("s_b", "s_t", "s_e"))
        around = chain(inner, path("t1", "s", "t2"), of=MOST_ELEMENTS - 5)

        assert found(draw(process("main", around))) == [("main.bpmn", "main", "too_many_elements")]

    def test_is_counted_by_itself(self):
        called = process("other", *branches(300))
        calling = process("main", start("x"), call("c", "other"), end("y"), path("x", "c", "y"))

        assert found(draw(calling, called)) == []


class TestCalls:
    def test_may_open_thousands_of_elements(self):
        assert found(doubling(9)) == []

    def test_may_not_double_without_end(self):
        assert [(file, name) for file, _, name in found(doubling(40))] == [
            ("main.bpmn", "too_many_places")
        ]

    def test_may_lie_inside_each_other_and_run(self):
        drawn = draw(nested(MOST_LEVELS - 1))
        assert found(drawn) == []

        case = Walker(drawn).start(f"b{MOST_LEVELS - 2}")
        case.complete("t")

        assert case.now.is_finished

    def test_may_not_lie_deeper(self):
        assert [name for _, _, name in found(draw(nested(MOST_LEVELS)))] == ["too_deep"]


class TestTogether:
    @pytest.mark.parametrize("maybe", [False, True])
    def test_is_what_pairs_give_one_after_another(self, maybe):
        drawn = [generate(f"together {seed}", wide=True)[0] for seed in range(60)]
        drawn += [wild(random.Random(seed)) for seed in range(240)]
        for number, bundle in enumerate(drawn):
            model, _ = read_model(bundle)
            for scope in model.scopes.values():
                fast, plain = Together(scope, maybe=maybe), Pairwise(scope, maybe=maybe)
                for one in scope.nodes:
                    for other in scope.nodes:
                        assert fast.are(one, other) == plain.are(one, other), (number, one, other)

    @pytest.mark.parametrize("gateway", [both, some])
    @pytest.mark.parametrize("count", [10, 100, 330])
    def test_learns_once_of_every_plain_branch(self, gateway, count):
        together = Together(scope_of(*branches(count, gateway=gateway)), maybe=True)

        assert together.are("t0_2", "t9_0")
        assert not together.are("t0_0", "t0_2")
        assert together.steps == count

    def test_learns_of_no_pair_of_branches_more_than_it_must(self):
        together = Together(scope_of(*reminded_branches(200)))

        # Task, reminder and what follows it, of each two branches.
        assert together.steps <= 9 * 200**2 / 2

    def test_tells_hundreds_of_receivers_of_one_message_once_each(self):
        names = [f"c{number}" for number in range(200)]
        parts = [start("b"), both("s"), both("j"), end("e"), path("b", "s"), path("j", "e")]
        parts += [catches(name, message("m")) + path("s", name, "j") for name in names]

        told = found(draw(process("main", *parts)))

        assert told == [("main.bpmn", name, "several_receivers") for name in sorted(names[:-1])]
