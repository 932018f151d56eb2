"""The benchmark of many timers fires all of them, and somebody works meanwhile."""

from __future__ import annotations

from pathlib import Path

from benchmarks.due_at_once import _run, describe


class TestTimersDueAtOnce:
    def test_all_fire_while_somebody_works(self, tmp_path: Path):
        found = _run(lambda name: f"sqlite:///{tmp_path}/{name}.db", lambda: 0.0, timers=60)

        assert found["fired"] == 60
        assert found["steps"] > 1
        assert "60" in describe({"timers": 60, "sqlite": found})
