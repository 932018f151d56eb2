"""Where the two engines differ: SpiffWorkflow is refused or wrong (by its trap), the other right.

Also how they live side by side: a case stays on the engine that its state was written by.
"""

from __future__ import annotations

import pytest

from tests.unit.engine.drawing import (
    draw,
    end,
    flow,
    path,
    process,
    service,
    start,
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
