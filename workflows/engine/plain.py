"""Variables are kept as JSON, so what a case knows now is what it will know after a restart."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import orjson

from workflows.errors import DiagramError


def plain(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of the variables as they will be read back from a saved state.

    Raises DiagramError for a value that JSON cannot hold.
    """
    if not variables:
        return {}
    try:
        copied: dict[str, Any] = json.loads(json.dumps(dict(variables), allow_nan=False))
        # States are saved by orjson, which refuses half characters and numbers beyond 64 bits.
        orjson.dumps(copied)
    except (TypeError, ValueError) as error:
        raise DiagramError("error.engine.not_plain", detail=str(error)) from error
    return copied
