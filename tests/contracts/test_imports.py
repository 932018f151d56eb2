"""Keeps the picture of the house true: who may import whom, and where outside packages live."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from importlinter.cli import lint_imports

from tests.contracts.sources import PRODUCT, ROOT, Source, list_imports, python_sources, report

# Package -> the places that may import it. A folder ends in a slash.
HOMES: dict[str, tuple[str, ...]] = {
    "SpiffWorkflow": ("workflows/engine/",),
    "simpleeval": ("workflows/engine/",),
    "alembic": ("workflows/storage/",),
    "sqlalchemy": (
        "workflows/models/",
        "workflows/storage/",
        "workflows/services/",
        "notifications/outbox.py",
        "webapp/database.py",
        "webapp/workers.py",
    ),
    "flask": ("webapp/",),
    "flask_sqlalchemy": ("webapp/",),
    "flask_wtf": ("webapp/",),
    "flask_limiter": ("webapp/",),
    "werkzeug": ("webapp/",),
    "wtforms": ("webapp/",),
    "waitress": ("webapp/",),
    "marshmallow": ("webapp/schemas/", "webapp/forms/"),
    "apscheduler": ("webapp/scheduler.py",),
    "procrastinate": ("webapp/workers.py",),
    "environs": ("webapp/settings.py",),
    "click": ("webapp/cli/",),
    "rich": ("webapp/cli/",),
    "typst": ("notifications/letters/",),
    # The reference platform is the province: another program, which calls us as a stranger would.
    "requests": ("notifications/channels/", "webapp/platform/"),
    "smtplib": ("notifications/channels/",),
    "http.client": ("notifications/channels/",),
    "urllib.request": ("notifications/channels/",),
    "urllib3": ("notifications/channels/",),
}

# Needed and never imported: a driver that SQLAlchemy loads by name, and data for zoneinfo.
# The others are imported under another name than the package has.
IMPORTED_AS = {
    "psycopg": None,
    "tzdata": None,
    "python-stdnum": "stdnum",
    "argon2-cffi": "argon2",
}


def strangers(source: Source) -> Iterator[str]:
    """Yield each import of an outside package away from its home."""
    for node, name in list_imports(source):
        for package, places in HOMES.items():
            if (name == package or name.startswith(f"{package}.")) and not source.is_in(places):
                yield f"{source.line(node)} imports {package}; its home is {', '.join(places)}"


class TestImportArrows:
    def test_point_only_to_the_right(self, capsys, monkeypatch):
        monkeypatch.chdir(ROOT)

        exit_code = lint_imports(config_filename="pyproject.toml", no_cache=True)

        assert exit_code == 0, report(
            [capsys.readouterr().out],
            "move the code to the layer that may know both sides, or let a service hand in what is"
            " needed. The layers stand in pyproject.toml and docs/house.md.",
        )


class TestPackageHomes:
    def test_hold_each_outside_package(self):
        found = [line for source in python_sources(*PRODUCT) for line in strangers(source)]

        assert not found, report(
            found,
            "put the code that needs the package into its home and let others call that. A new"
            " home is a decision: docs/decisions/ first, then HOMES in this file.",
        )

    def test_are_given_to_every_package_we_ask_for(self):
        imported = {
            name.split(".")[0].lower()
            for source in python_sources(*PRODUCT)
            for _, name in list_imports(source)
        }
        asked = re.findall(
            r"^([A-Za-z0-9-]+)", (ROOT / "requirements/run.in").read_text("utf-8"), re.MULTILINE
        )
        wanted = {name: IMPORTED_AS.get(name, name.lower().replace("-", "_")) for name in asked}

        found = [name for name, module in wanted.items() if module and module not in imported]

        assert asked
        assert not found, report(
            found, "nothing imports it: take it out of run.in and pyproject.toml."
        )

    @pytest.mark.parametrize(
        "text",
        [
            "import sqlalchemy",
            "from sqlalchemy.orm import Session",
            "def late():\n    import flask",
            "from http import client",
        ],
    )
    def test_notice_an_import_wherever_it_stands(self, text):
        assert list(strangers(Source("handlers/mark_disputed.py", text)))

    def test_do_not_mind_a_package_at_home(self):
        assert not list(strangers(Source("webapp/app.py", "from flask import Flask")))
