"""The officer's door: one blueprint that every group of pages adds its routes to."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("officer", __name__)
