"""Keep uploaded and rendered files on disk by content, outside database and transactions."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from workflows.errors import NotFound


class FileStore:
    """A folder of files named by their SHA-256: storing twice is storing once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        """Store the bytes durably and return their SHA-256."""
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            partial = path.with_suffix(f".{os.getpid()}.part")
            with partial.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
        return digest

    def get(self, digest: str) -> bytes:
        """Return the bytes, or raise NotFound."""
        path = self._path(digest)
        if not path.exists():
            raise NotFound("error.file_not_found")
        return path.read_bytes()

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest
