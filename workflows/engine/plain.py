"""Variables are kept as JSON, so what a case knows now is what it will know after a restart."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

import orjson

from workflows.errors import DiagramError

_WHOLE_NUMBERS: Final = range(-(2**63), 2**64)
"""Those that a saved state can hold."""
_HALVES: Final = re.compile("[\ud800-\udfff]")


def plain(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of the variables as they will be read back from a saved state.

    Raises DiagramError for a value that JSON cannot hold.
    """
    if all(_is_text(name) and _is_plain(value) for name, value in variables.items()):
        return dict(variables)
    try:
        copied: dict[str, Any] = json.loads(json.dumps(dict(variables), allow_nan=False))
        # States are saved by orjson, which refuses half characters and numbers beyond 64 bits.
        orjson.dumps(copied)
    except (TypeError, ValueError) as error:
        raise DiagramError("error.engine.not_plain", detail=str(error)) from error
    return copied


def _is_plain(value: Any) -> bool:
    """Return whether the value is read back as it is; lists and the like have to be copied."""
    kind = type(value)
    if kind is bool or value is None:
        return True
    if kind is str:
        return _is_text(value)
    return kind is int and value in _WHOLE_NUMBERS


def _is_text(value: Any) -> bool:
    """Return whether the value is a text of whole characters only."""
    # An ASCII text knows that it is one; the others have to be read for halves of characters.
    return type(value) is str and (value.isascii() or not _HALVES.search(value))
