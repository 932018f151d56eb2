"""How every scenario is walked: straight, and saved and reloaded between all steps."""

from __future__ import annotations

import pytest

from tests.unit.engine.walk import ENGINES, Walker
from workflows.engine.bundle import Bundle
from workflows.engine.engine import CaseEngine


@pytest.fixture(params=ENGINES)
def engine(request) -> CaseEngine:
    """Return each of the engines that must behave alike."""
    return ENGINES[request.param]


@pytest.fixture(params=[False, True], ids=["straight", "reloaded"])
def walk(request, engine):
    """Walk a bundle on both engines: straight, and saved and reloaded between all steps."""

    def begin(bundle: Bundle, **options) -> Walker:
        return Walker(bundle, reload=request.param, engine=engine, **options)

    return begin
