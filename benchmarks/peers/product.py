"""The harness of the product: its own services on the benchmark's process, driven like a peer."""

from __future__ import annotations

import os
import sqlite3
import sys
from pathlib import Path

from benchmarks.office import NOW, answers_of, open_office
from benchmarks.rivals import Product, list_open
from webapp.settings import read_settings
from workflows.engine.engines import Engines

RUNNING = frozenset({"case_file", "task", "case_clock", "timer"})
"""What a case needs to go on; its done tasks stay there, as its audit and events stay elsewhere."""


def main() -> None:
    """Take the cases through the process in an empty database."""
    wanted = os.environ
    office = open_office(wanted["PEER_URL"], engine=Engines(read_settings().engine))
    product = Product(office, note=wanted["PEER_NOTE"])
    run(product, cases=int(wanted["PEER_WARM_UP"]), look_round=-1, is_measured=False)
    look_round = int(wanted["PEER_LOOK_ROUND"])
    run(product, cases=int(wanted["PEER_CASES"]), look_round=look_round, is_measured=True)
    tell("done")


def tell(line: str) -> None:
    """Say one line to the driver and wait for its answer."""
    print(f"@{line}", flush=True)
    sys.stdin.readline()


def run(product: Product, *, cases: int, look_round: int, is_measured: bool) -> None:
    """Take so many cases from start to end, all in step."""
    say = tell if is_measured else lambda line: None
    say("look before")
    say("begin starts")
    for _ in range(cases):
        product.start(now=NOW)
    say(f"end {cases}")
    turn = 0
    while found := list_open(product.office):
        if turn == look_round:
            say("look middle")
        say("begin completions")
        for task_id, _ in found:
            product.complete(task_id=task_id, answers=answers_of(turn))
        say(f"end {len(found)}")
        turn += 1
    say("look after")


def sqlite_sizes(path: Path) -> dict[str, int]:
    """Return the bytes of the values in each table of the file."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        found = {str(name): _table_size(connection, str(name)) for (name,) in names.fetchall()}
    connection.close()
    return found


def _table_size(connection: sqlite3.Connection, table: str) -> int:
    columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')]
    lengths = " + ".join(f'coalesce(length(CAST("{each}" AS BLOB)), 0)' for each in columns)
    (size,) = connection.execute(f'SELECT coalesce(sum({lengths}), 0) FROM "{table}"').fetchone()
    return int(size)


if __name__ == "__main__":
    main()
