"""How every scenario is walked: straight, and saved and reloaded between all steps."""

from __future__ import annotations

import pytest

from tests.unit.engine.walk import Walker
from workflows.engine.bundle import Bundle


@pytest.fixture(params=[False, True], ids=["straight", "reloaded"])
def walk(request):
    """Walk a bundle straight, and again saved and reloaded between all steps."""

    def begin(bundle: Bundle, **options) -> Walker:
        return Walker(bundle, reload=request.param, **options)

    return begin
