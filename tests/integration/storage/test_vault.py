"""Personal data in the database: unreadable without the key, found without being read."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import select, text

from workflows.errors import NotFound
from workflows.models import ProtectionKey
from workflows.storage.databases import open_database, sessions_for
from workflows.storage.vault import Vault

OFFICE, OWNER = "o" * 32, "p" * 32
NAME = "邵明川 220502198603140017"


@pytest.fixture
def sessions(database_url):
    engine = open_database(database_url)
    yield sessions_for(engine)
    engine.dispose()


@pytest.fixture
def vault():
    return Vault(b"k" * 32)


def seal(sessions, vault, *, owner=OWNER, words=NAME):
    with sessions.begin() as session:
        return vault.seal(session, office_id=OFFICE, owner_id=owner, text=words)


class TestVault:
    def test_opens_what_it_sealed(self, sessions, vault):
        sealed = seal(sessions, vault)

        with sessions() as session:
            assert vault.open(session, owner_id=OWNER, value=sealed) == NAME

    def test_writes_nothing_readable(self, sessions, vault):
        sealed = seal(sessions, vault)

        with sessions() as session:
            stored = session.execute(text("SELECT * FROM protection_key")).all()
        assert NAME.encode() not in sealed
        assert "邵" not in str(stored)

    def test_seals_equal_words_differently(self, sessions, vault):
        assert seal(sessions, vault) != seal(sessions, vault)

    def test_uses_one_key_for_each_owner(self, sessions, vault):
        for owner in (OWNER, OWNER, "q" * 32):
            seal(sessions, vault, owner=owner)

        with sessions() as session:
            assert len(session.scalars(select(ProtectionKey)).all()) == 2

    def test_opens_nothing_for_another_owner(self, sessions, vault):
        sealed = seal(sessions, vault)
        seal(sessions, vault, owner="q" * 32)

        with sessions() as session, pytest.raises(InvalidTag):
            vault.open(session, owner_id="q" * 32, value=sealed)

    def test_cannot_open_what_lost_its_key(self, sessions, vault):
        sealed = seal(sessions, vault)
        with sessions.begin() as session:
            session.execute(text("DELETE FROM protection_key"))

        with sessions() as session, pytest.raises(NotFound):
            vault.open(session, owner_id=OWNER, value=sealed)

    def test_finds_equal_values_in_any_writing(self, vault):
        assert vault.blind_index("2205 0219x") == vault.blind_index("22050219X")
        assert vault.blind_index("22050219X") != vault.blind_index("22050218X")

    def test_finds_nothing_under_another_key(self, vault):
        assert vault.blind_index("1") != Vault(b"j" * 32).blind_index("1")

    def test_needs_a_whole_key(self):
        with pytest.raises(ValueError, match="32 bytes"):
            Vault(b"short")
