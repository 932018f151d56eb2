"""Where the two engines differ: SpiffWorkflow is refused or wrong (by its trap), the other right.

Also how they live side by side: a case stays on the engine that its state was written by.
"""

from __future__ import annotations

import pytest

from tests.unit.engine.checking import check
from tests.unit.engine.drawing import (
    again,
    attached,
    both,
    catches,
    draw,
    end,
    ends,
    error,
    flow,
    handler,
    link,
    message,
    on,
    path,
    process,
    repeated,
    service,
    signal,
    start,
    sub,
    throws,
    timer,
    undo,
    undone_by,
    user,
    xor,
)
from tests.unit.engine.test_traps import LOOP
from tests.unit.engine.walk import Walker
from workflows.engine.engines import Engines
from workflows.engine.spiff.engine import SpiffEngine
from workflows.engine.token.engine import TokenEngine
from workflows.errors import Conflict, DiagramError

SPIN = draw(
    process(
        "main",
        start("begin"),
        xor("again"),
        service("spin"),
        xor("more", default="again"),
        end("done"),
        path("begin", "again", "spin", "more", "again"),
        flow("more", "done", "enough"),
    )
)
HOSTILE = draw(
    process(
        "main",
        start("b"),
        user("task"),
        xor("choice", default="e"),
        end("e"),
        end("e2"),
        path("b", "task", "choice", "e"),
        flow("choice", "e2", "().__class__.__base__.__subclasses__()"),
    )
)
LONG_IDS = [f"t{number}" for number in range(1500)]
LONG = draw(
    process(
        "main",
        start("b"),
        *(user(one) for one in LONG_IDS),
        end("e"),
        path("b", *LONG_IDS, "e"),
    )
)


class TestLoopThatNeverWaits:
    """S18: the library never returns."""

    def test_stops_the_move_on_spiffworkflow(self):
        with pytest.raises(DiagramError, match="endless_loop"):
            Walker(SPIN, engine=SpiffEngine()).start("begin")

    def test_becomes_an_incident_on_the_token_engine_and_may_be_tried_again(self):
        case = Walker(SPIN, engine=TokenEngine(), reload=True).start("begin")
        (failed,) = case.now.failed
        assert "endless_loop" in str(failed.cause)
        assert not case.is_finished

        case.operations.answers["spin"] = {"enough": True}
        case.retry(failed.element)

        assert case.is_finished


class TestHostileCondition:
    """Trap 3: a restored case gets the unsafe script engine of the library back."""

    def test_never_runs_on_spiffworkflow(self):
        case = Walker(HOSTILE, engine=SpiffEngine(), reload=True).start("b").complete("task")

        assert "expression_not_allowed" in str(case.now.failed[0].cause)

    def test_is_refused_before_the_first_step_by_the_token_engine(self):
        with pytest.raises(DiagramError, match="expression_not_allowed"):
            Walker(HOSTILE, engine=TokenEngine()).start("b")


class TestLongDiagram:
    def test_cannot_be_read_for_spiffworkflow(self):
        with pytest.raises(DiagramError, match="unreadable"):
            Walker(LONG, engine=SpiffEngine()).start("b")

    def test_runs_on_the_token_engine(self):
        case = Walker(LONG, engine=TokenEngine()).start("b")

        for one in LONG_IDS:
            case.complete(one)

        assert case.is_finished


class TestEngines:
    @pytest.mark.parametrize("first, other", [("token", "spiff"), ("spiff", "token")])
    def test_keep_a_running_case_on_its_own_engine(self, first, other):
        case = Walker(LOOP, engine=Engines(first)).start("begin")
        written_by = case.now.state[:25]

        case.engine = Engines(other)
        case.complete("task", enough=False).complete("task", enough=True)

        assert case.is_finished
        assert case.now.state[:25] == written_by

    @pytest.mark.parametrize("writer, reader", [("token", SpiffEngine), ("spiff", TokenEngine)])
    def test_refuse_the_state_of_the_other(self, writer, reader):
        case = Walker(LOOP, engine=Engines(writer)).start("begin")

        with pytest.raises(DiagramError, match="state_unreadable"):
            reader().look(bundle=LOOP, state=case.now.state)

    @pytest.mark.parametrize("state", ["", "{}", '{"format":"jiannuo-token-0"}'])
    def test_refuse_what_neither_wrote(self, state):
        with pytest.raises(DiagramError, match="state_unreadable"):
            Engines("token").look(bundle=LOOP, state=state)

    def test_say_so_when_the_engine_of_a_case_cannot_move_a_token(self):
        case = Walker(LOOP, engine=Engines("spiff")).start("begin")

        with pytest.raises(Conflict, match="cannot_move_here"):
            Engines("token").list_tokens(bundle=LOOP, state=case.now.state)


def _catching(inside: tuple[str, ...], caught: str) -> tuple[str, ...]:
    """Draw a sub-process of these parts whose event leads to ``told``."""
    return (
        start("b"),
        sub("inner", *inside),
        attached("catcher", "inner", caught),
        service("told"),
        end("e_told"),
        end("e"),
        path("b", "inner", "e"),
        path("catcher", "told", "e_told"),
    )


def _beside(drawn: str) -> tuple[str, ...]:
    """Draw an interrupting event sub-process beside a task."""
    inside = (on("h_b", drawn), service("told"), end("h_e"), path("h_b", "told", "h_e"))
    return start("b"), user("t"), end("e"), path("b", "t", "e"), handler("h", *inside)


ERROR_INSIDE = (start("i_b"), user("t"), ends("i_e", error("lost")), path("i_b", "t", "i_e"))
SIGNAL_INSIDE = (
    start("i_b"),
    user("t"),
    throws("shout", signal("go")),
    service("never"),
    end("i_e"),
    path("i_b", "t", "shout", "never", "i_e"),
)
# Trap, what is drawn, the moves that lead to its end, and the operations that must have run.
WRONG_ON_SPIFFWORKFLOW = {
    "S1 flow without an id": (
        process("main", start("b"), service("told"), end("e"), path("b", "told", "e")).replace(
            ' id="b__told"', ""
        ),
        [],
    ),
    "S2 signal end event": (
        process(
            "main",
            start("b"),
            both("s"),
            user("t"),
            ends("e1", signal("go")),
            catches("c", signal("go")),
            service("told"),
            end("e2"),
            path("b", "s", "t", "e1"),
            path("s", "c", "told", "e2"),
        ),
        [("complete", "t")],
    ),
    "S3 interrupting event sub-process": (
        process("main", *_beside(message("come"))),
        [("deliver", "come")],
    ),
    "S3 event sub-process by timer": (
        process("main", *_beside(timer("reply@due"))),
        [("fire", "reply@due")],
    ),
    "S4 event sub-process by error": (
        process(
            "main",
            start("b"),
            user("t"),
            ends("e", error("lost")),
            path("b", "t", "e"),
            handler(
                "h", on("h_b", error()), service("told"), end("h_e"), path("h_b", "told", "h_e")
            ),
        ),
        [("complete", "t")],
    ),
    "S5 message event sub-process inside a sub-process": (
        process("main", start("m_b"), sub("in", *_beside(message("come"))), path("m_b", "in")),
        [("deliver", "come")],
    ),
    "S6 error out of a sub-process": (
        process("main", *_catching(ERROR_INSIDE, error("lost"))),
        [("complete", "t")],
    ),
    "S6 signal thrown inside what it interrupts": (
        process("main", *_catching(SIGNAL_INSIDE, signal("go"))),
        [("complete", "t")],
    ),
    "S7 path without an end event": (
        process("main", start("b"), service("told"), path("b", "told")),
        [],
    ),
    "S8 links": (
        process(
            "main",
            start("b"),
            throws("away", link("A")),
            catches("here", link("A")),
            service("told"),
            end("e"),
            path("b", "away"),
            path("here", "told", "e"),
        ),
        [],
    ),
    "S9 compensation": (
        process(
            "main",
            start("b"),
            service("done"),
            undone_by("done", "told"),
            ends("e", undo()),
            path("b", "done", "e"),
        ),
        [],
    ),
    "S17 standard loop": (
        process(
            "main",
            start("b"),
            repeated(service("told"), again(most=3)),
            end("e"),
            path("b", "told", "e"),
        ),
        [],
    ),
}


# Every event sub-process is refused as S3, and every signal as S2.
REFUSED_AS = {
    "S4 event sub-process by error": "S3",
    "S5 message event sub-process inside a sub-process": "S3",
    "S6 signal thrown inside what it interrupts": "S2",
}


@pytest.mark.parametrize("trap", WRONG_ON_SPIFFWORKFLOW)
class TestWrongOnSpiffWorkflow:
    """The library runs these wrongly without a word, so the check refuses them for it."""

    def test_is_refused_for_it_by_the_name_of_the_trap(self, trap):
        bundle = draw(WRONG_ON_SPIFFWORKFLOW[trap][0])
        rule = REFUSED_AS.get(trap) or trap.partition(" ")[0]

        assert rule in {one.rule for one in check(bundle, engine="spiff")}

    @pytest.mark.parametrize("reload", [False, True])
    def test_is_right_on_the_token_engine(self, trap, reload):
        drawn, moves = WRONG_ON_SPIFFWORKFLOW[trap]
        bundle = draw(drawn)
        assert check(bundle, engine="token") == []
        case = Walker(bundle, engine=TokenEngine(), reload=reload)

        case.start("m_b" if "m_b" in drawn else "b")
        for verb, name in moves:
            getattr(case, verb)(name)

        assert case.is_finished
        assert "told" in case.operations.names
        assert "never" not in case.operations.names
