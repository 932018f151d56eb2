"""Serve the letter in the addressee's system: its arrival there is service, now (N42)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.letter_in_hand import get_letter_in_hand
from handlers.marks import operation
from handlers.sending import arrive_electronically
from workflows.services.desk import OperationContext


@operation("serve_electronically", needs=["letter_kind"])
def serve_electronically(context: OperationContext) -> Mapping[str, Any]:
    """Dispatch and serve at once; when it is opened is noted apart."""
    arrive_electronically(context, get_letter_in_hand(context))
    return {}
