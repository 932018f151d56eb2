"""A process travels as one value with all it needs, so that no case meets half a change."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from workflows.errors import DiagramError

SUFFIXES = frozenset({".bpmn", ".dmn", ".json"})
SHARED = "shared"


@dataclass(frozen=True)
class Bundle:
    """The files of one process: its diagrams, decision tables, forms and texts."""

    key: str
    main_process: str
    files: Mapping[str, bytes] = field(hash=False)

    def __post_init__(self) -> None:
        """Freeze the files, so that the hash stays the hash of what is run."""
        object.__setattr__(self, "files", MappingProxyType(dict(self.files)))

    @cached_property
    def hash(self) -> str:
        """Return the SHA-256 over the sorted file names and their content."""
        digest = hashlib.sha256(f"{self.key}\0{self.main_process}\0".encode())
        for name in sorted(self.files):
            content = self.files[name]
            digest.update(f"{name}\0{len(content)}\0".encode())
            digest.update(content)
        return digest.hexdigest()

    def list_files(self, *suffixes: str) -> list[str]:
        """Return the names of the files with one of these endings, sorted."""
        return sorted(name for name in self.files if name.endswith(suffixes))


def list_processes(folder: Path) -> list[str]:
    """Return the key of every process below the folder: its main diagram has the folder's name."""
    return sorted(path.stem for path in folder.glob("*/*.bpmn") if path.stem == path.parent.name)


def read_bundle(folder: Path, *, key: str) -> Bundle:
    """Read the files of process ``key`` and the shared parts below ``folder``.

    Names are relative to the process folder; shared files keep ``shared/`` in front.
    Raises DiagramError when the process has no folder.
    """
    if not (folder / key).is_dir():
        raise DiagramError("error.engine.no_such_process", process=key)
    files = {_name(path, folder / key): path.read_bytes() for path in _list_paths(folder / key)}
    if (folder / SHARED).is_dir():
        for path in _list_paths(folder / SHARED):
            files[f"{SHARED}/{_name(path, folder / SHARED)}"] = path.read_bytes()
    return Bundle(key=key, main_process=key, files=files)


def _list_paths(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES)


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()
