"""Cases saved by earlier versions load, show what waited in them, and run to their end."""

from __future__ import annotations

import pytest

from tests.saved_states import golden
from tests.saved_states.write import BPMN, SCENES, make
from workflows.engine.bundle import read_bundle
from workflows.engine.engines import NAMES, Engines
from workflows.engine.spiff import definition
from workflows.engine.token import compiler

STATES = {"/".join(path.with_suffix("").parts[-3:]): path for path in golden.states()}


class TestGoldenState:
    @pytest.mark.parametrize("name", STATES)
    def test_shows_what_waited_when_it_was_saved(self, name):
        path = STATES[name]
        kept, bundle = golden.read_state(path), golden.read_definition(path.parents[1])
        definition.forget_all()
        compiler.forget_all()

        snapshot = Engines().look(bundle=bundle, state=kept.state)

        assert golden.waits_of(snapshot) == kept.waits

    @pytest.mark.parametrize("name", STATES)
    def test_runs_to_its_end(self, name):
        path = STATES[name]
        kept, bundle = golden.read_state(path), golden.read_definition(path.parents[1])

        end, operations = golden.run_to_end(Engines(), bundle, kept.state)

        assert end == kept.end
        assert operations[-1] == "close_case"

    @pytest.mark.parametrize("name", STATES)
    def test_is_small(self, name):
        limit = 2_000 if "/token/" in name else 20_000

        assert len(golden.read_state(STATES[name]).state.encode()) <= limit


class TestDefinition:
    @pytest.mark.parametrize("folder", golden.folders(), ids=lambda folder: folder.name)
    def test_is_the_one_its_states_were_saved_with(self, folder):
        assert golden.folder_of(golden.read_definition(folder)) == folder

    def test_is_kept_with_every_scene(self):
        assert golden.folders()
        for folder in golden.folders():
            for engine in NAMES:
                stems = {path.stem for path in (folder / engine).glob("*.json")}
                assert stems >= {"received", "found_wrong"}


class TestWriting:
    @pytest.mark.parametrize("scene", SCENES)
    def test_finds_the_engines_agreed_on_todays_diagrams(self, scene):
        today = read_bundle(BPMN, key="objection")
        made = [make(today, scene, engine) for engine in NAMES]

        assert made[0].waits == made[1].waits
        assert made[0].end == made[1].end
