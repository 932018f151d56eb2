"""Reports to the provincial platform over HTTP, under a key that makes repeating harmless (R4).

The platform answers 202 at once and acknowledges or rejects later, to our own address.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import requests

from notifications.channels.channel import Receipt, refused
from notifications.channels.signing import sign
from workflows.errors import OutsideServiceFailed
from workflows.storage.outbox_store import Effect

# Worth trying again: the platform is busy, restarting or limits us.
TEMPORARY = frozenset({408, 425, 429})
CONNECT_SECONDS = 5
READ_SECONDS = 20
LONGEST_CAUSE = 300


@dataclass(frozen=True, kw_only=True)
class ProvinceChannel:
    """Sends reports to ``url``; answers come back to ``callback_url``.

    ``clock`` is the machine's: the platform compares the signature's time stamp with its own.
    """

    url: str
    secret: str
    callback_url: str
    clock: Callable[[], datetime]

    def send(self, effect: Effect) -> Receipt:
        """Send one report; the same key gets the same receipt however often it is sent.

        Raises OutsideServiceFailed with the real cause, permanent where repeating is of no use.
        """
        body = json.dumps(
            {**effect.payload, "report_key": effect.key, "callback_url": self.callback_url},
            ensure_ascii=False,
            sort_keys=True,
        ).encode()
        return Receipt(reference=_receipt(self._post(effect.key, body)))

    def _post(self, key: str, body: bytes) -> requests.Response:
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": key,
            **sign(secret=self.secret, message_id=key, body=body, at=self.clock()),
        }
        try:
            return requests.post(
                f"{self.url.rstrip('/')}/reports",
                data=body,
                headers=headers,
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
            )
        except requests.RequestException as problem:
            cause = type(problem).__name__
            raise OutsideServiceFailed("error.province_unreachable", cause=cause) from problem


def _receipt(answer: requests.Response) -> str:
    if answer.status_code >= 500 or answer.status_code in TEMPORARY:
        cause = f"HTTP {answer.status_code} {_cause(answer)}".strip()
        raise OutsideServiceFailed("error.province_unreachable", cause=cause)
    if answer.status_code not in (200, 202):
        raise refused("error.province_refused", status=answer.status_code, cause=_cause(answer))
    content = _json(answer)
    receipt = content.get("receipt") if isinstance(content, dict) else None
    if not isinstance(receipt, str) or not receipt:
        raise OutsideServiceFailed("error.province_nonsense", cause=answer.text[:LONGEST_CAUSE])
    return receipt


def _cause(answer: requests.Response) -> str:
    content = _json(answer)
    if isinstance(content, dict) and isinstance(content.get("problem"), str):
        return str(content["problem"])[:LONGEST_CAUSE]
    return answer.reason or ""


def _json(answer: requests.Response) -> Any:
    try:
        return answer.json()
    except requests.JSONDecodeError:
        return None
