"""Runs the benchmark's process on every peer that this machine can run: ``make bench-peers``."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.machine import describe_machine
from benchmarks.peers.lockstep import HarnessFailed, Measurement, Phase, measure
from benchmarks.peers.set_up import HOME, PEERS, Missing, Peer
from benchmarks.postgres import Server, running_server
from benchmarks.results import number, store, table

EXPLANATION = """
Every start and every completion is one durable transaction (fsync on) from one client; listing the
open tasks is not measured. "core s": per second of processor time, of peer and database together;
"clock s": per second of the clock. State: bytes a case in the tables of running cases, before its
twelfth task; written: bytes a case that stay in all tables once it has ended.
""".strip()


def main() -> None:
    """Run, print and store."""
    wanted = _read_arguments()
    at = datetime.now(UTC)
    machine = describe_machine()
    folder = Path(tempfile.mkdtemp(prefix="jiannuo-peers-"))
    try:
        with running_server(folder) as server:
            machine["postgresql"] = server.version
            found = {
                peer.name: _run(peer, server, cases=wanted.cases, warm_up=wanted.warm_up)
                for peer in PEERS
                if not wanted.only or peer.name in wanted.only
            }
    finally:
        shutil.rmtree(folder)
    command = f"make bench-peers CASES={wanted.cases} WARM_UP={wanted.warm_up}"
    text = _describe(found)
    print(store(wanted.name, command=command, machine=machine, at=at, text=text, figures=found))


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.peers", description=__doc__)
    parser.add_argument("--cases", type=int, default=100, help="cases measured, 16 tasks each")
    parser.add_argument("--warm-up", type=int, default=100, help="cases run before measuring")
    parser.add_argument("--only", nargs="*", choices=[peer.name for peer in PEERS], default=[])
    parser.add_argument("--name", default="peers", help="name of the files in benchmarks/results")
    return parser.parse_args()


def _run(peer: Peer, server: Server, *, cases: int, warm_up: int) -> dict[str, Any]:
    print(f"{peer.name} ...", flush=True)
    key = peer.name.lower().replace("-", "_")
    try:
        ready = peer.set_up(HOME / key)
        measured = measure(
            ready.command,
            server=server,
            database=f"peer_{key}",
            cases=cases,
            warm_up=warm_up,
            extra=ready.extra,
            look=ready.look,
        )
    except (Missing, HarnessFailed) as reason:
        print(f"  not run: {reason}", flush=True)
        return {"missing": str(reason)}
    return {
        "runs_on": ready.runs_on,
        "remark": peer.remark,
        "starts": _figures(measured.phases["starts"]),
        "completions": _figures(measured.phases["completions"]),
        **_sizes(peer, measured, cases=cases),
    }


def _figures(phase: Phase) -> dict[str, float]:
    return {
        "count": phase.count,
        "per_core_second": round(phase.per_core_second, 1),
        "per_second": round(phase.per_second, 1),
        "processor_seconds": round(phase.harness, 2),
        "database_processor_seconds": round(phase.database, 2),
        "clock_seconds": round(phase.wall, 2),
    }


def _sizes(peer: Peer, measured: Measurement, *, cases: int) -> dict[str, int]:
    return {
        "state_bytes": measured.grown("middle", peer.is_running_table, cases=cases),
        "written_bytes": measured.grown("after", lambda table: True, cases=cases),
    }


def _describe(found: dict[str, dict[str, Any]]) -> str:
    head = ["peer", "completions/core s", "starts/core s", "completions/clock s", "starts/clock s"]
    head += ["CPU s (peer + database)", "state B", "written B"]
    ran = {name: one for name, one in found.items() if "missing" not in one}
    lines = [table(head, [_row(name, one) for name, one in ran.items()]), "", EXPLANATION, ""]
    lines += [f"{name}: {one['runs_on']}; {one['remark']}." for name, one in ran.items()]
    lines += [
        f"{name}: not run. {one['missing']}" for name, one in found.items() if name not in ran
    ]
    return "\n".join(lines)


def _row(name: str, one: dict[str, Any]) -> list[str]:
    completions, starts = one["completions"], one["starts"]
    own = completions["processor_seconds"] + starts["processor_seconds"]
    database = completions["database_processor_seconds"] + starts["database_processor_seconds"]
    return [
        name,
        number(completions["per_core_second"]),
        number(starts["per_core_second"]),
        number(completions["per_second"]),
        number(starts["per_second"]),
        f"{own:.1f} + {database:.1f}",
        number(one["state_bytes"]),
        number(one["written_bytes"]),
    ]


if __name__ == "__main__":
    main()
