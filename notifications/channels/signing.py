"""Signs what we exchange and checks what comes in, so that nobody else can acknowledge a report.

The headers follow the Standard Webhooks format (webhook-id, webhook-timestamp, webhook-signature),
which any partner has a library for. docs/exchange.md shows a worked example.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

from workflows.errors import NotAllowed

ID = "webhook-id"
TIMESTAMP = "webhook-timestamp"
SIGNATURE = "webhook-signature"
TOLERANCE = timedelta(minutes=5)


def sign(*, secret: str, message_id: str, body: bytes, at: datetime) -> dict[str, str]:
    """Return the headers that prove who sent this body under this id, and when."""
    stamp = str(int(at.timestamp()))
    return {
        ID: message_id,
        TIMESTAMP: stamp,
        SIGNATURE: f"v1,{_digest(secret, message_id, stamp, body)}",
    }


def verify(*, secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    """Return the id of a message whose signature holds.

    A secret may be changed without a gap: several signatures may stand in the header. Raises
    NotAllowed for a wrong or missing signature and for a time stamp out of range (replay).
    """
    found = {name.lower(): value for name, value in headers.items()}
    message_id, stamp = found.get(ID, ""), found.get(TIMESTAMP, "")
    if not secret or not message_id or not stamp.isascii() or not stamp.isdigit():
        raise NotAllowed("error.signature_wrong")
    if abs(now.timestamp() - int(stamp)) > TOLERANCE.total_seconds():
        raise NotAllowed("error.signature_old")
    expected = f"v1,{_digest(secret, message_id, stamp, body)}".encode()
    given = [each.encode() for each in found.get(SIGNATURE, "").split()]
    if not any(hmac.compare_digest(expected, each) for each in given):
        raise NotAllowed("error.signature_wrong")
    return message_id


def _digest(secret: str, message_id: str, stamp: str, body: bytes) -> str:
    content = b".".join((message_id.encode(), stamp.encode(), body))
    return base64.b64encode(hmac.new(secret.encode(), content, hashlib.sha256).digest()).decode()
