"""Several machines on one: whatever part dies under work, nothing is lost and nothing repeated."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.case_file import CaseFile
from tests.acceptance.crew import Crew
from tests.acceptance.soundness import assert_sound
from tests.integration.crash.remote import RemoteOffice, remote_office
from tests.integration.crash.test_kill import check_cases
from tests.integration.notifications.running import free_port, wait_for
from tools.cluster import Cluster
from webapp.app import connect_desk
from webapp.business_clock import machine_now
from webapp.demo.install_office import install_office
from webapp.settings import Settings
from webapp.workers import prepare_jobs
from workflows.models import Outbox
from workflows.services.check_invariants import check_invariants
from workflows.storage.databases import open_database, sessions_for
from workflows.storage.migrate import migrate

PATIENCE = 300  # seconds; a busy machine takes its time, and a test that waits proves the same
MORTAL = ("web-0", "web-1", "worker-0", "worker-1", "database")


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A cluster with an office and no case yet."""
    running = Cluster(tmp_path / "cluster", ports=tuple(free_port() for _ in range(3)))
    running.start_database()
    set_up_office(running)
    running.start_nodes()
    yield running
    running.stop()


def set_up_office(cluster: Cluster) -> None:
    migrate(cluster.database_url)
    prepare_jobs(cluster.database_url)
    engine = open_database(cluster.database_url)
    sessions = sessions_for(engine)
    settings = Settings(database_url=cluster.database_url, data_dir=cluster.folder)
    install_office(sessions, connect_desk(settings, sessions), now=machine_now())
    engine.dispose()


class Killer(threading.Thread):
    """Kills one part after the other at moments nobody chose, and starts each again."""

    def __init__(self, cluster: Cluster, *, kills: int, seed: int) -> None:
        super().__init__(name="killer", daemon=True)
        self.killed: list[str] = []
        self._cluster = cluster
        self._kills = kills
        self._dice = random.Random(seed)
        self._never = threading.Event()

    def run(self) -> None:
        turn = [MORTAL[number % len(MORTAL)] for number in range(self._kills)]
        self._dice.shuffle(turn)
        for name in turn:
            self._never.wait(self._dice.uniform(0.3, 1.5))
            self._kill(name)
            self.killed.append(name)
        self._cluster.wait_until_ready()

    def _kill(self, name: str) -> None:
        if name == "database":
            self._cluster.server.kill()
            self._never.wait(self._dice.uniform(0.0, 0.5))
            self._cluster.server.restart()
            return
        node = self._cluster.nodes[name]
        node.end()
        self._never.wait(self._dice.uniform(0.0, 1.0))
        node.start()


def work(office: RemoteOffice, killer: Killer) -> list[CaseFile]:
    """Take cases from their receipt to their last step until every kill has happened."""
    crew = Crew(office)
    done: list[CaseFile] = []
    for number in ("XY-220500-2026-00011", "XY-220500-2026-00015", "XY-220500-2026-00022"):
        case = crew.decide("partly", number)
        crew.issue(case)
        crew.correct(case)
        done.append(case)
        if not killer.is_alive():
            break
    return done


def survive(cluster: Cluster, *, kills: int, seed: int) -> None:
    office = remote_office(cluster)
    killer = Killer(cluster, kills=kills, seed=seed)
    killer.start()
    try:
        cases = work(office, killer)
        killer.join()
        office.let_claims_run_out()
        wait_for(lambda: all(case.row.status == "closed" for case in cases), timeout=PATIENCE)
        # The end of a case orders letters and mails of its own.
        wait_for(lambda: office.waiting_effects() == 0, timeout=PATIENCE)

        assert set(killer.killed) == set(MORTAL)
        check_cases(cases)
        check_effects(office)
        assert_sound(office)
    finally:
        # Left alone it would kill parts of a cluster that has been stopped, in another test.
        killer.join()
        office.close()


def check_effects(office: RemoteOffice) -> None:
    """Every effect left once, and no invariant of the office is broken."""
    with office.reading() as session:
        assert {row.status for row in session.query(Outbox)} == {"sent"}
        [office_id] = {row.office_id for row in session.query(Outbox)}
        settings = Settings(database_url=office.database_url, data_dir=office.data_dir)
        desk = connect_desk(settings, sessions_for(office.engine))
        found = check_invariants(session, desk, office_id=office_id)
    assert {each.name for each in found if each.broken} == set()


class TestCluster:
    def test_starts_while_its_database_still_recovers(self, cluster: Cluster):
        node = cluster.nodes["web-0"]
        node.end()
        cluster.server.kill()
        node.start()
        wait_for(lambda: "正在等它" in node.log.read_text("utf-8"), timeout=PATIENCE)

        cluster.server.restart()

        cluster.wait_until_ready()
        assert node.process is not None and node.process.poll() is None

    @pytest.mark.timeout(900)
    def test_survives_the_death_of_every_part(self, cluster: Cluster):
        survive(cluster, kills=5, seed=20260924)

    @pytest.mark.long
    @pytest.mark.timeout(3600)
    @pytest.mark.parametrize("seed", range(1, 4))
    def test_survives_many_deaths(self, cluster: Cluster, seed: int):
        survive(cluster, kills=25, seed=seed)
