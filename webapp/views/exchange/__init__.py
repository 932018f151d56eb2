"""The province's door: signed messages, each taken in once (docs/exchange.md)."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, request

from notifications.channels.signing import verify
from webapp.business_clock import machine_now
from webapp.current import command_id, desk, now, office, parts
from webapp.permissions import PUBLIC
from workflows.errors import InvalidAnswer
from workflows.events import Actor, Command
from workflows.services.receive_exchange import receive_exchange

pages = Blueprint("exchange", __name__)

# Open to visitors because the signature, not a log-in, proves the sender.
PERMISSIONS = {"exchange.receive": PUBLIC}

PROVINCE = Actor(kind="outside", origin="province")
KINDS = ("report_acknowledged", "report_rejected")


@pages.post("/exchange/province/messages")
def receive() -> Response:
    """Take in an acknowledgement or a rejection; a repeat changes nothing and is answered alike."""
    body = request.get_data()
    message_id = verify(
        secret=parts().settings.province_secret,
        headers=dict(request.headers),
        body=body,
        now=machine_now(),
    )
    message = read_message(body)
    command = Command(
        id=command_id("exchange", by=PROVINCE.origin, given=message_id),
        name="receive_exchange",
        actor=PROVINCE,
        now=now(),
        office_id=office().id,
    )
    result = desk().bus.run(
        command,
        lambda work: receive_exchange(
            work,
            desk(),
            source="province",
            message_id=message_id,
            kind=str(message["type"]),
            payload=message,
        ),
    )
    return make_response(jsonify(result=result["result"]), 200)


def read_message(body: bytes) -> dict[str, Any]:
    """Return the message.

    Raises InvalidAnswer for anything that is not a message of the agreed form.
    """
    try:
        message = json.loads(body)
    except ValueError:
        raise InvalidAnswer("error.exchange_not_json") from None
    if not isinstance(message, dict) or message.get("type") not in KINDS:
        raise InvalidAnswer("error.exchange_not_understood")
    if parts().clock.is_virtual:
        # The platform decides on the machine's clock; in the demo ours may run days ahead of it.
        message.pop("decided_at", None)
    return message
