"""The product goes through the peers' benchmark as its peers do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.peers.lockstep import COMPLETIONS_PER_CASE, measure
from benchmarks.peers.product import RUNNING
from benchmarks.peers.set_up import PEERS, set_up_product_on_file
from workflows.models import Base


class NoServer:
    """Stands for the run's server, which SQLite does not need."""

    port = 0

    def create(self, database: str) -> None:
        """Make nothing."""

    def url(self, database: str) -> str:
        """Return no address."""
        return ""

    def processor_seconds(self) -> float:
        """Say that it did nothing."""
        return 0.0


class TestProduct:
    def test_does_every_task_and_says_what_it_keeps(self, tmp_path: Path):
        ready = set_up_product_on_file(tmp_path)
        server: Any = NoServer()

        found = measure(
            ready.command,
            server=server,
            database="",
            cases=2,
            warm_up=1,
            extra=ready.extra,
            look=ready.look,
        )

        assert found.phases["starts"].count == 2
        assert found.phases["completions"].count == 2 * COMPLETIONS_PER_CASE
        running = found.grown("middle", lambda table: table in RUNNING, cases=2)
        assert 0 < running < found.grown("after", lambda table: True, cases=2)

    def test_counts_tables_that_there_are(self):
        assert set(Base.metadata.tables) >= RUNNING

    def test_stands_beside_its_peers_on_both_databases(self):
        assert [peer.name for peer in PEERS][:2] == ["Jiannuo-SQLite", "Jiannuo-PostgreSQL"]
