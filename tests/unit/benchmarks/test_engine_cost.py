"""The engine's own step stays small; calls are counted, because a count is the same everywhere."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from statistics import median
from types import FrameType
from typing import Any

from benchmarks.office import START_EVENT, answers_of, twelve_tasks
from tests.unit.engine.walk import RecordedOperations
from workflows.engine.engines import Engines

# 74 when this was written, at 21 microseconds; the step before it was made leaner needed 95.
MOST_CALLS = 80


def count_calls(work: Callable[[], Any]) -> tuple[Any, int]:
    """Return what the work returns and how many Python functions it called."""
    calls = 0

    def note(_frame: FrameType, happened: str, _argument: Any) -> None:
        nonlocal calls
        calls += happened == "call"

    sys.setprofile(note)
    try:
        return work(), calls
    finally:
        sys.setprofile(None)


class TestCompletion:
    def test_calls_few_functions_from_saved_state_to_saved_state(self):
        engine, bundle, operations = Engines(), twelve_tasks(), RecordedOperations()
        now = engine.start(
            bundle=bundle, start_event=START_EVENT, variables={}, operations=operations
        )
        counted, turn = [], 0
        while now.steps:
            for step in now.steps:
                complete = partial(
                    engine.complete,
                    bundle=bundle,
                    state=now.state,
                    step_id=step.id,
                    variables=answers_of(turn),
                    operations=operations,
                )
                now, calls = count_calls(complete)
                counted.append(calls)
            turn += 1

        assert len(counted) == 16
        assert median(counted) <= MOST_CALLS
