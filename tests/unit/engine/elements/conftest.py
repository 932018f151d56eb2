"""Walks what only the token engine runs: straight, and saved and reloaded between all steps."""

from __future__ import annotations

import pytest

from tests.unit.engine.walk import Walker
from workflows.engine.bundle import Bundle
from workflows.engine.token.engine import TokenEngine


@pytest.fixture(params=[False, True], ids=["straight", "reloaded"])
def walk(request):
    """Walk a bundle on the token engine: straight, and reloaded between all steps."""

    def begin(bundle: Bundle, **options) -> Walker:
        return Walker(bundle, reload=request.param, engine=TokenEngine(), **options)

    return begin
