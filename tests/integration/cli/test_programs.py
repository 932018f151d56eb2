"""`jiannuo migrate`, `serve` and `demo`: they start well, or say why not and what to do."""

from __future__ import annotations

import json
import os
import re
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from workflows.models import Case, Office
from workflows.storage.databases import open_database, sessions_for
from workflows.storage.migrate import list_heads

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def taken_port():
    """A port on which another program listens."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def start(typing, *arguments, **environment):
    """Run a command as a program of its own until it ends."""
    return subprocess.run(
        [sys.executable, "-m", "webapp.cli", *arguments],
        cwd=ROOT,
        env={**os.environ, **typing.environment, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


class TestMigrate:
    def test_makes_the_database_and_says_which_revision(self, typing):
        first = typing("migrate")
        again = typing("migrate", "--json")

        assert first.exit_code == 0
        assert f"数据库已是最新版本 {list_heads()[0]}" in first.stdout
        assert json.loads(again.stdout) == {"revision": list_heads()[0]}

    def test_keeps_the_folder_from_other_eyes(self, typing):
        typing("migrate")

        assert stat.S_IMODE(typing.folder.stat().st_mode) == 0o700

    def test_lets_the_other_commands_in(self, typing):
        typing("migrate")

        assert typing("case", "list").exit_code == 0

    def test_speaks_english(self, typing):
        assert "newest revision" in typing("migrate", "--lang", "en").stdout


class TestServe:
    def test_on_a_taken_port_names_it_and_another(self, typing, taken_port):
        found = start(typing, "serve", "--port", str(taken_port))

        assert found.returncode == 1
        assert f"127.0.0.1:{taken_port} 不能监听" in found.stderr
        assert f"JIANNUO_PORT={taken_port + 1}" in found.stderr

    def test_takes_the_port_of_the_environment(self, typing, taken_port):
        found = start(typing, "serve", JIANNUO_PORT=str(taken_port))

        assert f":{taken_port} 不能监听" in found.stderr

    def test_says_it_in_english_too(self, typing, taken_port):
        found = start(typing, "serve", "--port", str(taken_port), "--lang", "en")

        assert "Cannot listen" in found.stderr


class TestDemo:
    @pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "example.invalid", ""])
    def test_refuses_to_listen_beyond_this_machine(self, typing, host):
        if host:
            given = [typing("demo", "--host", host), typing("demo", JIANNUO_HOST=host)]
        else:
            given = [typing("demo", JIANNUO_HOST="0.0.0.0")]

        for found in given:
            assert found.exit_code == 1
            assert "只能在本机使用" in found.stderr
            assert "jiannuo serve" in found.stderr
        assert not typing.folder.exists()

    def test_fills_an_empty_database_and_leaves_a_filled_one_alone(self, typing):
        assert typing("demo", "--prepare-only").exit_code == 0
        first = self.rows(typing)
        assert typing("demo", "--prepare-only").exit_code == 0

        assert self.rows(typing) == first
        assert first[0] == 1
        assert len(first[1]) >= 10
        assert typing("case", "verify").exit_code == 0

    def rows(self, typing):
        engine = open_database(typing.environment["JIANNUO_DATABASE_URL"])
        with sessions_for(engine)() as session:
            cases = sorted((case.number, case.version) for case in session.query(Case))
            found = session.query(Office).count(), cases
        engine.dispose()
        return found


class TestSettings:
    @pytest.mark.parametrize("command", [("serve",), ("demo",), ("migrate",), ("case", "list")])
    @pytest.mark.parametrize(
        ("variable", "value", "said"),
        [
            ("JIANNUO_PORT", "eighty", "JIANNUO_PORT 的值“eighty”用不了"),
            ("JIANNUO_SECURE", "perhaps", "JIANNUO_SECURE 的值“perhaps”用不了"),
            ("JIANNUO_DATABASE_URL", "jiannuo.db", "sqlite:///var/jiannuo.db"),
            ("JIANNUO_DATABASE_URL", "oracal://db", "sqlite:///var/jiannuo.db"),
            ("JIANNUO_DATABASE_URL", "postgresql://127.0.0.1:1/none", "连不上数据库"),
        ],
    )
    def test_that_cannot_be_used_are_named(self, typing, command, variable, value, said):
        found = typing(*command, **{variable: value})

        assert found.exit_code == 1
        assert said in found.stderr

    def test_that_cannot_be_used_are_named_in_english_too(self, typing):
        found = typing("migrate", "--lang", "en", JIANNUO_PORT="eighty")

        assert "JIANNUO_PORT cannot be eighty" in found.stderr

    @pytest.mark.parametrize("command", ["serve", "demo", "migrate"])
    def test_of_a_folder_that_is_a_file_say_so(self, typing, tmp_path, command):
        file = tmp_path / "file"
        file.touch()

        found = typing(command, JIANNUO_DATA_DIR=str(file))

        assert found.exit_code == 1
        assert f"不能使用数据目录 {file}" in found.stderr


class TestHelp:
    def test_names_every_command_in_both_languages(self, typing):
        shown = typing("--help").stdout

        for name in ("serve", "migrate", "demo", "deadline", "calendar", "lint", "case"):
            assert f"  {name} " in shown
        assert "升级数据库 / Bring the database" in shown

    @pytest.mark.parametrize(
        "arguments",
        [
            ("serve",),
            ("migrate",),
            ("demo",),
            ("deadline",),
            ("calendar",),
            ("calendar", "list"),
            ("calendar", "check"),
            ("calendar", "load"),
            ("lint",),
            ("case",),
            ("case", "list"),
            ("case", "show"),
            ("case", "verify"),
            ("case", "retry"),
            ("platform",),
        ],
    )
    def test_is_there_for_each(self, typing, arguments):
        found = typing(*arguments, "--help")

        assert found.exit_code == 0
        assert "Usage:" in found.stdout
        assert re.search("[\u4e00-\u9fff]", found.stdout)
