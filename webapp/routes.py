"""Register every door with its rows of the permission table."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask

from webapp.permissions import PERMISSIONS, Permission
from webapp.settings import Settings
from webapp.views import auth, doors


def install_routes(app: Flask, settings: Settings) -> Mapping[str, Permission]:
    """Register the blueprints and return the whole permission table."""
    table: dict[str, Permission] = dict(PERMISSIONS)
    app.register_blueprint(auth.pages)
    for door in doors(is_demo=settings.is_demo):
        app.register_blueprint(door.pages)
        table.update(door.permissions)
    return table
