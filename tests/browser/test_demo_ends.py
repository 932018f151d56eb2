"""The demo ends as a whole: a stopped service leaves nothing behind that listens or writes."""

from __future__ import annotations

import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser.demo_office import open_office

pytestmark = pytest.mark.browser


class TestDemo:
    def test_takes_its_province_along_when_it_is_stopped(self, filled: Path, tmp_path: Path):
        with open_office(filled, tmp_path / "data") as office:
            assert is_answering(office.address)
            assert is_answering(office.province)

        assert not is_answering(office.address)
        assert not is_answering(office.province)


def is_answering(address: str) -> bool:
    place = urlsplit(address)
    try:
        socket.create_connection((str(place.hostname), int(place.port or 0)), timeout=2).close()
    except OSError:
        return False
    return True
