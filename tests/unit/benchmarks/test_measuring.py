"""Holds the small parts that the benchmarks measure and report with."""

from __future__ import annotations

import io
import json
import xml.etree.ElementTree as ElementTree
from datetime import UTC, datetime
from typing import Any

import pytest

from benchmarks.hot_paths import Cost, Runner
from benchmarks.peers.diagrams import BPMN_ENGINE, DIAGRAM, FLOWABLE, JIANNUO, OPERATON, PLACE
from benchmarks.peers.lockstep import HarnessFailed, Measurement, Stopwatch, listen
from benchmarks.processor import Usage, read_usage, sum_family
from benchmarks.results import number, store, table

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


class FakeStopwatch:
    """Stands one second further at each reading, and a tenth of it in each process."""

    def __init__(self) -> None:
        self.readings = 0

    def __call__(self) -> Stopwatch:
        self.readings += 1
        return Stopwatch(wall=self.readings, harness=self.readings / 10, database=self.readings / 5)


def hear(*lines: str) -> tuple[Measurement, str]:
    answers = io.StringIO()
    found = listen(
        io.StringIO("".join(f"{line}\n" for line in lines)),
        answers,
        stopwatch=FakeStopwatch(),
        look=lambda: {"running": 700, "history": 50},
    )
    return found, answers.getvalue()


class TestHarness:
    def test_is_measured_between_begin_and_end(self):
        found, answers = hear(
            "@begin starts", "@end 3", "a library's own line", "@begin starts", "@end 2", "@done"
        )

        starts = found.phases["starts"]
        assert starts.count == 5
        assert starts.wall == pytest.approx(2)
        assert starts.per_core_second == pytest.approx(5 / 0.6)
        assert answers == "\n" * 5

    def test_is_asked_for_sizes_when_it_says_so(self):
        found, _ = hear("@look before", "@look middle", "@done")
        found.sizes["before"] = {"running": 100}

        grown = found.grown("middle", lambda name: name == "running", cases=6)

        assert grown == 100

    def test_fails_with_its_last_words_when_it_stops_early(self):
        with pytest.raises(HarnessFailed, match="no database"):
            hear("@begin starts", "no database")


class TestProcessorTime:
    def test_is_read_behind_a_name_with_brackets(self):
        line = "42 (a (b) c) S 7 1 1 0 -1 4194560 1 2 3 4 100 50 30 20 20 0 1 0 99"

        usage = read_usage(line)

        assert (usage.pid, usage.parent) == (42, 7)
        assert usage.seconds > 0

    def test_counts_a_process_with_all_that_descend_from_it(self):
        usages = [
            Usage(pid=4, parent=3, seconds=8),
            Usage(pid=2, parent=1, seconds=1),
            Usage(pid=3, parent=2, seconds=4),
            Usage(pid=9, parent=1, seconds=100),
        ]

        assert sum_family(usages, 2) == 13


class TestDiagram:
    @pytest.mark.parametrize("dialect", [FLOWABLE, OPERATON, BPMN_ENGINE, JIANNUO])
    def test_has_what_the_benchmark_promises_in_every_dialect(self, dialect):
        text = dialect.fill(DIAGRAM.read_text(encoding="utf-8"))
        root = ElementTree.fromstring(text)

        def count(*kinds: str) -> int:
            return sum(len(list(root.iter(f"{BPMN}{kind}"))) for kind in kinds)

        assert count("userTask") == 12
        assert count("exclusiveGateway", "parallelGateway") == 6
        assert count("timerEventDefinition") == 3
        assert count("serviceTask") == 4
        assert count("subProcess") == 1
        assert not PLACE.findall(text.partition("-->")[2])


class TestReport:
    def test_aligns_figures_to_the_right(self):
        text = table(["peer", "per second"], [["a", "7"], ["longer", "1,234"]])

        assert text.splitlines() == [
            "peer    per second",
            "------  ----------",
            "a                7",
            "longer       1,234",
        ]

    @pytest.mark.parametrize(
        ("value", "text"), [(None, "-"), (1234.5, "1,234"), (12.345, "12.3"), (0.01234, "0.0123")]
    )
    def test_shows_three_digits(self, value, text):
        assert number(value) == text

    def test_keeps_the_command_and_the_machine_beside_the_figures(self, tmp_path):
        text = store(
            "try",
            command="make try",
            machine={"cores": "2"},
            at=AT,
            text="figures",
            figures={"starts": 1},
            folder=tmp_path,
        )

        kept = json.loads((tmp_path / "try.json").read_text(encoding="utf-8"))
        assert kept["command"] == "make try"
        assert kept["machine"] == {"cores": "2"}
        assert kept["figures"] == {"starts": 1}
        assert (tmp_path / "try.txt").read_text(encoding="utf-8") == text
        assert "2026-11-21T08:00Z" in text


class TestCost:
    def test_is_our_median_and_the_databases_mean(self):
        cost = Cost(own=[1.0, 2.0, 9.0], database=6.0)

        assert cost.each == 4.0


class TestRunner:
    def test_adds_what_each_operation_and_each_batch_costs(self):
        readings = iter([1.0, 4.0, 4.0, 5.0])
        nobody: Any = None
        runner = Runner(rival=nobody, database_seconds=lambda: next(readings))

        answers = runner.measure("claim", [lambda: "a", lambda: "b"])
        runner.measure_batch("send outbox", lambda: 5)

        assert answers == ["a", "b"]
        assert len(runner.costs["claim"].own) == 2
        assert runner.costs["claim"].database == 3.0
        assert len(runner.costs["send outbox"].own) == 5
        assert runner.costs["send outbox"].database == 1.0
