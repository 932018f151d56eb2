"""The doors: each is a blueprint with its rows of the permission table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module

from flask import Blueprint

from webapp.permissions import Permission

# A door is a package with `pages` (its blueprint) and `PERMISSIONS` (endpoint -> who may).
DOORS = ("officer", "portal", "supervisor", "admin", "exchange")
DEMO_DOORS = ("demo",)


@dataclass(frozen=True)
class Door:
    """A blueprint and who may use its routes."""

    pages: Blueprint
    permissions: Mapping[str, Permission]


def doors(*, is_demo: bool) -> list[Door]:
    """Return the doors of this installation; the demo's door exists in the demo only."""
    names = DOORS + (DEMO_DOORS if is_demo else ())
    modules = [import_module(f"webapp.views.{name}") for name in names]
    return [Door(pages=module.pages, permissions=module.PERMISSIONS) for module in modules]
