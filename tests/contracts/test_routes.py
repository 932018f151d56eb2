"""Keeps every route in the permission table: a page nobody thought about is a page for nobody."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from flask import Flask

from tests.contracts.sources import report
from webapp.app import create_app
from webapp.permissions import ROLES, Permission
from webapp.settings import Settings

# Doors that a visitor without a log-in may come to. Everything else needs a post.
OPEN_DOORS = {"static", "home", "health", "auth", "portal", "exchange", "demo"}
REMEDY = "give the endpoint its row in the permission table beside its views."


def make_app(*, folder: Path, is_demo: bool) -> Flask:
    url = f"sqlite:///{folder}/routes.db"
    return create_app(Settings(database_url=url, data_dir=folder, is_demo=is_demo))


@pytest.fixture(params=[False, True], ids=["in_use", "in_demo"])
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Flask:
    return make_app(folder=tmp_path, is_demo=request.param)


def permissions(app: Flask) -> Mapping[str, Permission]:
    table: Mapping[str, Permission] = app.extensions["permissions"]
    return table


def endpoints(app: Flask) -> dict[str, str]:
    return {rule.endpoint: rule.rule for rule in app.url_map.iter_rules()}


class TestRoutes:
    def test_each_have_a_row_in_the_permission_table(self, app):
        missing = endpoints(app).keys() - permissions(app).keys()

        assert not missing, report([f"{endpoints(app)[e]} {e}" for e in missing], REMEDY)

    def test_are_there_for_each_row_of_the_table(self, app):
        unused = permissions(app).keys() - endpoints(app).keys()
        # A row for the demo alone has no route in use, where the demo's pages do not exist.
        found = [name for name in unused if not permissions(app)[name].demo_only]

        assert not found, report(found, "take the row out, or correct the endpoint's name.")

    def test_are_public_only_at_the_open_doors(self, app):
        found = [
            f"{name} is public"
            for name, permission in permissions(app).items()
            if permission.is_public and name.split(".")[0] not in OPEN_DOORS
        ]

        assert not found, report(found, "name the roles that may use it, or ANY_POST.")

    def test_name_only_roles_that_exist(self, app):
        found = [
            f"{name}: {role}"
            for name, permission in permissions(app).items()
            for role in (permission.roles or frozenset()) - ROLES
        ]

        assert not found, report(found, "use a role of webapp/permissions.py.")

    def test_of_the_demo_do_not_exist_in_use(self, tmp_path):
        in_use = endpoints(make_app(folder=tmp_path, is_demo=False))
        in_demo = permissions(make_app(folder=tmp_path, is_demo=True))

        found = [name for name in in_use if name in in_demo and in_demo[name].demo_only]

        assert any(permission.demo_only for permission in in_demo.values())
        assert not found, report(found, "register the view in demo mode only.")
