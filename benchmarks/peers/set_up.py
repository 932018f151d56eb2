"""Gets each peer ready below .cache/peers, or says exactly what is missing on this machine."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import venv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from benchmarks.machine import version_of
from benchmarks.peers.diagrams import BPMN_ENGINE, DIAGRAM, FLOWABLE, OPERATON, Dialect
from benchmarks.peers.product import RUNNING, sqlite_sizes

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
HOME = ROOT / ".cache" / "peers"
PRODUCT = (sys.executable, "-m", "benchmarks.peers.product")
OURS = "its own services: clocks, audit, events and an outbox are written with every task"


class Missing(Exception):
    """Something that a peer needs is not here; the message says what, and what to type."""


@dataclass(frozen=True)
class Ready:
    """A peer that can be run: the command, what its harness needs to know, what it runs on."""

    command: Sequence[str]
    runs_on: str
    extra: Mapping[str, str] = field(default_factory=dict)
    look: Callable[[], dict[str, int]] | None = None
    """Returns the bytes of its tables, for one that does not use the run's server."""


@dataclass(frozen=True)
class Peer:
    """A peer: how it is set up, which tables hold running cases, how it differs from the others."""

    name: str
    set_up: Callable[[Path], Ready]
    is_running_table: Callable[[str], bool]
    remark: str


def set_up_product_on_file(folder: Path) -> Ready:
    """Make room for the product's SQLite file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "jiannuo.db"
    for old in folder.glob("jiannuo.db*"):
        old.unlink()
    return Ready(
        command=PRODUCT,
        runs_on=f"Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}",
        extra={"PEER_URL": f"sqlite:///{path}"},
        look=partial(sqlite_sizes, path),
    )


def set_up_product(_folder: Path) -> Ready:
    """Return the product on the run's server; it is installed already."""
    return Ready(command=PRODUCT, runs_on=f"Python {sys.version.split()[0]}")


def set_up_viewflow(folder: Path) -> Ready:
    """Install Viewflow into a virtual environment of its own."""
    pinned = HERE / "viewflow" / "requirements.txt"
    python = folder / "venv" / "bin" / "python"
    if _is_stale(folder, pinned):
        venv.create(folder / "venv", with_pip=True, clear=True)
        pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--no-input", "install"]
        _run([*pip, "--quiet", "--require-hashes", "-r", str(pinned)], needs="PyPI")
        _mark(folder, pinned)
    return Ready(
        command=[str(python), str(HERE / "viewflow" / "harness.py")],
        runs_on=f"Python {sys.version.split()[0]}",
    )


def set_up_bpmn_engine(folder: Path) -> Ready:
    """Install bpmn-engine and a PostgreSQL client from the lock file."""
    node = version_of("node", "--version")
    if not node:
        raise Missing("Node is missing. Type: sudo apt-get install nodejs npm")
    if shutil.which("npm") is None:
        raise Missing("npm is missing. Type: sudo apt-get install npm")
    lock = HERE / "bpmn_engine" / "package-lock.json"
    if _is_stale(folder, lock):
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copyfile(HERE / "bpmn_engine" / name, folder / name)
        quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        _run(["npm", "ci", "--prefix", str(folder), *quiet], needs="the npm registry")
        _mark(folder, lock)
    return Ready(
        command=["node", str(HERE / "bpmn_engine" / "harness.mjs")],
        runs_on=f"Node {node}",
        extra={"PEER_HOME": str(folder), "PEER_PROCESS": _draw(folder, BPMN_ENGINE)},
    )


def set_up_flowable(folder: Path) -> Ready:
    """Fetch Flowable and compile its harness."""
    return _set_up_java(folder, name="flowable", harness="FlowablePeer", dialect=FLOWABLE)


def set_up_operaton(folder: Path) -> Ready:
    """Fetch Operaton and compile its harness."""
    return _set_up_java(folder, name="operaton", harness="OperatonPeer", dialect=OPERATON)


def _set_up_java(folder: Path, *, name: str, harness: str, dialect: Dialect) -> Ready:
    java = version_of("java", "-version")
    if not java or shutil.which("javac") is None:
        raise Missing(
            "A Java 17 development kit is missing. Type: sudo apt-get install default-jdk"
        )
    if shutil.which("mvn") is None:
        raise Missing("Maven is missing. Type: sudo apt-get install maven")
    pom = HERE / "java" / name / "pom.xml"
    sources = [HERE / "java" / "Lockstep.java", HERE / "java" / f"{harness}.java"]
    path_file, classes = folder / "classpath.txt", folder / "classes"
    if _is_stale(folder, pom, *sources):
        folder.mkdir(parents=True, exist_ok=True)
        goal = ["dependency:build-classpath", f"-Dmdep.outputFile={path_file}"]
        _run(["mvn", "-B", "-q", "-f", str(pom), *goal], needs="Maven Central")
        path = path_file.read_text()
        _run(["javac", "-d", str(classes), "-cp", path, *map(str, sources)], needs="Java 17")
        _mark(folder, pom, *sources)
    path = os.pathsep.join([str(classes), path_file.read_text()])
    return Ready(
        command=["java", "-cp", path, harness],
        runs_on=java,
        extra={"PEER_PROCESS": _draw(folder, dialect)},
    )


def _draw(folder: Path, dialect: Dialect) -> str:
    path = folder / "process.bpmn"
    path.write_text(dialect.fill(DIAGRAM.read_text(encoding="utf-8")), encoding="utf-8")
    return str(path)


def _content(sources: Sequence[Path]) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sources)


def _is_stale(folder: Path, *sources: Path) -> bool:
    made = folder / "made-from"
    return not made.is_file() or made.read_text(encoding="utf-8") != _content(sources)


def _mark(folder: Path, *sources: Path) -> None:
    (folder / "made-from").write_text(_content(sources), encoding="utf-8")


def _run(command: Sequence[str], *, needs: str) -> None:
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    if done.returncode:
        lines = (done.stderr.strip() or done.stdout.strip() or "no reason given").splitlines()
        raise Missing(f"{needs} could not give what is pinned ({lines[-1].strip()})")


PEERS = (
    Peer(
        name="Jiannuo-SQLite",
        set_up=set_up_product_on_file,
        is_running_table=lambda table: table in RUNNING,
        remark=f"{OURS}; bytes are those of its values, uncompressed",
    ),
    Peer(
        name="Jiannuo-PostgreSQL",
        set_up=set_up_product,
        is_running_table=lambda table: table in RUNNING,
        remark=OURS,
    ),
    Peer(
        name="Viewflow",
        set_up=set_up_viewflow,
        is_running_table=lambda table: table.startswith("viewflow_"),
        remark="no sub-process in the library: its tasks stand in the flow, its timer on the first",
    ),
    Peer(
        name="bpmn-engine",
        set_up=set_up_bpmn_engine,
        is_running_table=lambda table: table == "engine_case",
        remark="no store of its own: the harness keeps one row per case, without audit or history",
    ),
    Peer(
        name="Flowable",
        set_up=set_up_flowable,
        is_running_table=lambda table: table.startswith("act_ru_"),
        remark="embedded, history at its default (audit)",
    ),
    Peer(
        name="Operaton",
        set_up=set_up_operaton,
        is_running_table=lambda table: table.startswith("act_ru_"),
        remark="embedded, history at its default (full)",
    ),
)
