"""States saved by earlier versions of the engine must still load and run to their end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.engine.walk import Walker
from workflows.engine.bundle import Bundle
from workflows.engine.engines import Engines

FOLDER = Path(__file__).with_name("saved_states")


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.json")), ids=lambda file: file.stem)
class TestSavedState:
    def test_loads_and_runs_to_its_end(self, file):
        saved = json.loads(file.read_text(encoding="utf-8"))
        files = {name: text.encode() for name, text in saved["files"].items()}
        bundle = Bundle(key="main", main_process="main", files=files)
        case = Walker(bundle, reload=True, engine=Engines())

        case.now = Engines().look(bundle=case.bundle, state=saved["state"])

        assert (case.steps, case.timers, case.messages) == (
            saved["steps"],
            saved["timers"],
            saved["messages"],
        )
        for verb, name, *facts in saved["rest"]:
            getattr(case, verb)(name, **(facts[0] if facts else {}))
        assert case.is_finished
