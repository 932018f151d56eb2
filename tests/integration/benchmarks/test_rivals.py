"""Holds the baseline to the product: one case through both leaves the same rows behind."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from benchmarks import waiting
from benchmarks.baseline.casework import Baseline
from benchmarks.office import NOW, answers_of, open_office
from benchmarks.over_http import measure_http
from benchmarks.rivals import Product, Rival, find_username, list_open
from benchmarks.scale import fill
from workflows.engine.engines import NAMES, Engines
from workflows.models import Base, Event, Timer


def work_through(rival: Rival) -> tuple[dict[str, int], Counter[str]]:
    """Take a case to its end and return the rows per table and the events by kind."""
    rival.start(now=NOW)
    turn = 0
    while found := list_open(rival.office):
        for task_id, _ in found:
            rival.claim(task_id=task_id)
            rival.complete(task_id=task_id, answers=answers_of(turn))
        turn += 1
    assert rival.send_outbox(now=NOW, limit=10) == 1
    with rival.office.sessions() as session:
        rows = {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }
        return rows, Counter(session.scalars(select(Event.kind)))


class TestRivals:
    @pytest.mark.parametrize("engine", NAMES)
    def test_leave_the_same_rows(self, engine, tmp_path):
        product = Product(open_office(f"sqlite:///{tmp_path}/product.db", engine=Engines(engine)))
        baseline = Baseline(open_office(f"sqlite:///{tmp_path}/base.db", engine=Engines("spiff")))

        rows, events = work_through(product)
        plain_rows, plain_events = work_through(baseline)

        assert rows == plain_rows
        assert events == plain_events
        assert events["task_done"] == 16

    def test_fire_the_same_timers(self, tmp_path):
        product = Product(open_office(f"sqlite:///{tmp_path}/product.db", engine=Engines()))
        baseline = Baseline(open_office(f"sqlite:///{tmp_path}/base.db", engine=Engines("spiff")))
        late = NOW + timedelta(days=60)

        fired = []
        for rival in (product, baseline):
            rival.start(now=NOW)
            task_id, _ = list_open(rival.office)[0]
            rival.complete(task_id=task_id, answers=answers_of(0))
            fired.append(rival.fire_timers(now=late, limit=10))
            with rival.office.sessions() as session:
                assert session.scalars(select(Timer.status)).all() == ["fired"]

        assert fired == [1, 1]

    def test_read_the_same_inbox(self, tmp_path):
        lengths = []
        for name, kind in (("product", Product), ("base", Baseline)):
            rival = kind(open_office(f"sqlite:///{tmp_path}/{name}.db", engine=Engines("spiff")))
            case_id = rival.start(now=NOW)
            lengths.append((len(rival.read_inbox()), len(rival.read_case(case_id=case_id)) > 1))

        assert lengths == [(1, True), (1, True)]


class TestScale:
    def test_fills_up_to_the_number_asked_for(self, tmp_path):
        office = open_office(f"sqlite:///{tmp_path}/scale.db", engine=Engines("spiff"))

        fill(office, already=0, tasks=250)
        fill(office, already=250, tasks=500)

        assert len(list_open(office)) == 500
        page = Product(office).read_inbox()
        assert len(page) == len(Baseline(office).read_inbox()) == 50


class TestHttp:
    @pytest.mark.parametrize("kind", [Product, Baseline])
    def test_reaches_every_path_that_is_measured(self, kind, tmp_path):
        rival = kind(open_office(f"sqlite:///{tmp_path}/web.db", engine=Engines("spiff")))

        costs = measure_http(
            rival, username=find_username(rival), database_seconds=lambda: 0.0, requests=1
        )

        assert set(costs) == {"inbox", "case page", "claim", "complete"}


class TestIdleTick:
    def test_is_measured_while_timers_wait(self, tmp_path):
        url = f"sqlite:///{tmp_path}/tick.db"
        office = open_office(url, engine=Engines())
        fill(office, already=0, tasks=200)

        waiting.fill_timers(office, timers=200)
        found = waiting.measure_tick(url, database_seconds=lambda: 0.0, sweeps=3)

        with office.sessions() as session:
            assert session.query(Timer).filter_by(due_at=waiting.LATER).count() == 200
        assert set(found) == {
            "own_ms",
            "database_ms",
            "first_tick_s",
            "first_tick_mb",
            "started_mb",
        }
