"""The environment decides addresses and folders; without it everything stays on this machine."""

import pytest

from webapp.cli.serve import with_address
from webapp.settings import read_settings
from workflows.errors import InvalidAnswer


class TestSettings:
    def test_stay_on_this_machine_and_in_one_folder(self, monkeypatch, tmp_path):
        monkeypatch.chdir(tmp_path)

        found = read_settings()

        assert found.database_url == f"sqlite:///{tmp_path / 'var' / 'jiannuo.db'}"
        assert (found.host, found.port) == ("127.0.0.1", 8000)
        assert found.public_url == "http://127.0.0.1:8000"
        assert not found.listens_beyond_this_machine

    def test_follow_the_environment(self, monkeypatch, tmp_path):
        for name, value in {
            "DATA_DIR": str(tmp_path),
            "DATABASE_URL": "postgresql+psycopg://x/y",
            "HOST": "0.0.0.0",
            "PORT": "8100",
            "PUBLIC_URL": "https://xinyong.example",
        }.items():
            monkeypatch.setenv(f"JIANNUO_{name}", value)

        found = read_settings()

        assert found.database_url == "postgresql+psycopg://x/y"
        assert found.master_key_path == tmp_path / "keys" / "master.key"
        assert (found.port, found.public_url) == (8100, "https://xinyong.example")
        assert found.listens_beyond_this_machine

    @pytest.mark.parametrize("name", ["token", "spiff"])
    def test_choose_an_engine(self, monkeypatch, name):
        assert read_settings().engine == "token"

        monkeypatch.setenv("JIANNUO_ENGINE", name)

        assert read_settings().engine == name

    def test_refuse_an_engine_that_there_is_not(self, monkeypatch):
        monkeypatch.setenv("JIANNUO_ENGINE", "steam")

        with pytest.raises(InvalidAnswer) as refused:
            read_settings()

        assert refused.value.facts == {"name": "JIANNUO_ENGINE", "value": "steam"}

    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
    def test_know_this_machine(self, host):
        found = with_address(read_settings(), host=host, port=None)

        assert not found.listens_beyond_this_machine

    @pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "example.invalid"])
    def test_know_when_others_could_come(self, host):
        found = with_address(read_settings(), host=host, port=None)

        assert found.listens_beyond_this_machine

    def test_say_the_address_that_was_typed(self):
        found = with_address(read_settings(), host=None, port=8123)

        assert found.public_url == "http://127.0.0.1:8123"
