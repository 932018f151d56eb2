"""Cases saved by earlier versions load, show what waited in them, and run to their end."""

from __future__ import annotations

import pytest

from tests.saved_states import golden
from tests.saved_states.write import BPMN, SCENES, make
from workflows.engine.bundle import read_bundle
from workflows.engine.spiff import definition
from workflows.engine.spiff.engine import SpiffEngine

STATES = {f"{path.parent.name}/{path.stem}": path for path in golden.states()}


class TestGoldenState:
    @pytest.mark.parametrize("name", STATES)
    def test_shows_what_waited_when_it_was_saved(self, name):
        path = STATES[name]
        kept, bundle = golden.read_state(path), golden.read_definition(path.parent)
        definition.forget_all()

        snapshot = SpiffEngine().look(bundle=bundle, state=kept.state)

        assert golden.waits_of(snapshot) == kept.waits

    @pytest.mark.parametrize("name", STATES)
    def test_runs_to_its_end(self, name):
        path = STATES[name]
        kept, bundle = golden.read_state(path), golden.read_definition(path.parent)

        end, operations = golden.run_to_end(SpiffEngine(), bundle, kept.state)

        assert end == kept.end
        assert operations[-1] == "close_case"

    @pytest.mark.parametrize("name", STATES)
    def test_is_small(self, name):
        assert STATES[name].stat().st_size < 40_000


class TestDefinition:
    @pytest.mark.parametrize("folder", golden.folders(), ids=lambda folder: folder.name)
    def test_is_the_one_its_states_were_saved_with(self, folder):
        assert golden.folder_of(golden.read_definition(folder)) == folder

    def test_is_kept_with_every_scene(self):
        assert golden.folders()
        for folder in golden.folders():
            assert {path.stem for path in folder.glob("*.json")} >= {"received", "found_wrong"}


class TestWriting:
    @pytest.mark.parametrize("scene", SCENES)
    def test_makes_a_state_of_todays_diagrams(self, scene):
        made = make(read_bundle(BPMN, key="objection"), scene)

        assert made.end
