"""Service is checked when the clerk enters it, so that a wrong day shows on the form (N42)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.marks import answered
from handlers.operations.record_service import record_service
from workflows.services.desk import OperationContext


@answered("register_service")
def register_service(context: OperationContext) -> Mapping[str, Any]:
    """Register service at once; the step of the diagram that follows then finds it done."""
    return record_service(context)
