"""The arithmetic of scale: what is counted twice or left out shows here."""

from __future__ import annotations

import pytest

from benchmarks.province import PerCase, cases_a_year, load_of, per_case

ONE = PerCase(commands=10.0, cpu_seconds=0.1, bytes=100_000)


class TestProvince:
    def test_takes_a_case_from_a_stored_simulation(self):
        stored = {
            "counts": {"cases filed": 50, "commands": 600},
            "cpu_seconds": 5.0,
            "database_bytes": 4_000_000,
        }

        assert per_case(stored) == PerCase(commands=12.0, cpu_seconds=0.1, bytes=80_000)

    def test_counts_enterprises_and_persons(self):
        assert cases_a_year(enterprises=1000, persons=0) == pytest.approx(20)
        assert cases_a_year(enterprises=0, persons=1000) == pytest.approx(1)

    def test_reckons_the_busiest_hour_and_the_disk(self):
        load = load_of(45_000, ONE, page_cpu_seconds=0.02)

        # 180 cases a day, 720 on the busiest, 144 in its busiest hour, one in 25 seconds.
        assert load.busiest_commands == pytest.approx(0.4)
        assert load.command_cores == pytest.approx(0.008)
        assert load.page_cores == pytest.approx(0.4 * 12 * 0.02 / 0.5)
        assert load.terabytes == pytest.approx(0.045)
