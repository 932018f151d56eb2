"""Slow down guessing: log-ins and query codes may be tried only so often."""

from __future__ import annotations

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(get_remote_address, storage_uri="memory://", strategy="moving-window")

GUESSES = "20 per minute; 200 per hour"


def install_limits(app: Flask) -> None:
    """Count requests per address; tests switch it off by RATELIMIT_ENABLED."""
    limiter.init_app(app)
