"""Carry orders from one case to another: each runs as a command of its own (O-5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from notifications.channels.channel import Receipt, refused
from workflows.errors import NotFound
from workflows.events import SYSTEM, Command
from workflows.services.desk import Desk
from workflows.services.follow_case import open_following, receive_result
from workflows.services.open_traceback import open_traceback
from workflows.services.share_finding import receive_finding, share_with
from workflows.storage.outbox_store import Effect
from workflows.storage.unit_of_work import UnitOfWork

Order = Callable[[UnitOfWork, Desk, Mapping[str, Any]], dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class CommandChannel:
    """Runs the order in an effect once per key; ``clock`` is the business clock."""

    desk: Desk
    clock: Callable[[], datetime]

    def send(self, effect: Effect) -> Receipt:
        """Run the order on the case it names. Raises OutsideServiceFailed for an unknown one."""
        name = str(effect.payload.get("command"))
        if name not in ORDERS:
            raise refused("error.order_unknown", order=name)
        command = Command(
            id=effect.key[:80],
            name=name,
            actor=SYSTEM,
            now=self.clock(),
            office_id=effect.office_id,
            case_id=str(effect.payload["case_id"]),
        )
        try:
            result = self.desk.bus.run(
                command, lambda work: ORDERS[name](work, self.desk, effect.payload)
            )
        except NotFound as missing:
            raise refused(missing.key, order=name) from missing
        return Receipt(reference=str(result.get("case_id", "")))


def _receive_finding(work: UnitOfWork, desk: Desk, payload: Mapping[str, Any]) -> dict[str, Any]:
    return receive_finding(
        work,
        desk,
        case_id=str(payload["case_id"]),
        from_number=str(payload["from_number"]),
        finding=str(payload["finding"]),
    )


def _share_with(work: UnitOfWork, desk: Desk, payload: Mapping[str, Any]) -> dict[str, Any]:
    return share_with(
        work, case_id=str(payload["case_id"]), from_number=str(payload["from_number"])
    )


def _open_following(work: UnitOfWork, desk: Desk, payload: Mapping[str, Any]) -> dict[str, Any]:
    return open_following(
        work,
        desk,
        case_id=str(payload["case_id"]),
        kind=str(payload["kind"]),
        channel=str(payload["channel"]),
        matter=str(payload.get("matter") or ""),
        body_id=str(payload.get("body_id", "")),
    )


def _open_traceback(work: UnitOfWork, desk: Desk, payload: Mapping[str, Any]) -> dict[str, Any]:
    return open_traceback(
        work,
        desk,
        case_id=str(payload["case_id"]),
        channel=str(payload["channel"]),
        forms=[str(form) for form in payload["forms"]],
    )


def _receive_result(work: UnitOfWork, desk: Desk, payload: Mapping[str, Any]) -> dict[str, Any]:
    return receive_result(
        work,
        desk,
        case_id=str(payload["case_id"]),
        from_number=str(payload["from_number"]),
        result=str(payload["result"]),
    )


ORDERS: Mapping[str, Order] = {
    "receive_finding": _receive_finding,
    "share_with": _share_with,
    "open_following_case": _open_following,
    "open_traceback": _open_traceback,
    "receive_result": _receive_result,
}
