"""Files on disk are kept by their content: once, whole, and never lost half-way."""

from __future__ import annotations

import hashlib

import pytest

from workflows.errors import NotFound
from workflows.storage.files import FileStore

CONTENT = "委托书".encode() * 1000


class TestFileStore:
    def test_gives_back_what_was_put(self, tmp_path):
        store = FileStore(tmp_path)

        digest = store.put(CONTENT)

        assert digest == hashlib.sha256(CONTENT).hexdigest()
        assert store.get(digest) == CONTENT

    def test_keeps_equal_content_once(self, tmp_path):
        store = FileStore(tmp_path)
        for _ in range(3):
            store.put(CONTENT)

        assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1

    def test_leaves_no_part_that_looks_whole(self, tmp_path, monkeypatch):
        def power_cut(*_):
            raise OSError("power cut")

        monkeypatch.setattr("workflows.storage.files.os.fsync", power_cut)
        store = FileStore(tmp_path)

        with pytest.raises(OSError, match="power cut"):
            store.put(CONTENT)

        with pytest.raises(NotFound):
            store.get(hashlib.sha256(CONTENT).hexdigest())

    def test_says_when_there_is_no_such_file(self, tmp_path):
        with pytest.raises(NotFound):
            FileStore(tmp_path).get("0" * 64)
