"""Only who holds the secret can acknowledge a report, and only now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from notifications.channels.signing import SIGNATURE, TOLERANCE, sign, verify
from workflows.errors import NotAllowed

NOW = datetime(2026, 10, 13, 1, 42, tzinfo=UTC)
BODY = b'{"type":"report_acknowledged"}'
SECRET = "一个共享的密钥"


def headers(**changes):
    return sign(**{"secret": SECRET, "message_id": "msg-1", "body": BODY, "at": NOW, **changes})


class TestVerify:
    def test_returns_the_id_of_a_signed_message_whatever_the_case_of_its_headers(self):
        given = {name.title(): value for name, value in headers().items()}

        assert verify(secret=SECRET, headers=given, body=BODY, now=NOW) == "msg-1"

    @pytest.mark.parametrize(
        ("changed_headers", "body"),
        [
            (headers(secret="another"), BODY),
            (headers(), BODY + b" "),
            ({**headers(), "webhook-id": "msg-2"}, BODY),
            ({**headers(), SIGNATURE: ""}, BODY),
            ({**headers(), SIGNATURE: "v1,é"}, BODY),
            ({**headers(), "webhook-timestamp": "soon"}, BODY),
            ({**headers(), "webhook-timestamp": "²"}, BODY),
            ({}, BODY),
        ],
    )
    def test_refuses_what_was_not_signed_by_us(self, changed_headers, body):
        with pytest.raises(NotAllowed) as caught:
            verify(secret=SECRET, headers=changed_headers, body=body, now=NOW)

        assert caught.value.key == "error.signature_wrong"

    def test_refuses_everything_while_no_secret_is_set(self):
        with pytest.raises(NotAllowed):
            verify(secret="", headers=headers(secret=""), body=BODY, now=NOW)

    def test_accepts_at_the_edge_of_the_tolerance_and_refuses_a_second_after(self):
        edge = NOW + TOLERANCE

        assert verify(secret=SECRET, headers=headers(), body=BODY, now=edge) == "msg-1"
        with pytest.raises(NotAllowed) as caught:
            verify(secret=SECRET, headers=headers(), body=BODY, now=edge + timedelta(seconds=1))
        assert caught.value.key == "error.signature_old"

    def test_accepts_one_of_several_signatures_while_the_secret_changes(self):
        new, old = headers(secret="new")[SIGNATURE], headers()[SIGNATURE]

        given = {**headers(), SIGNATURE: f"{new} {old}"}

        assert verify(secret=SECRET, headers=given, body=BODY, now=NOW) == "msg-1"

    def test_gives_what_the_exchange_page_promises(self):
        page = Path(__file__).resolve().parents[3] / "docs" / "exchange.md"

        given = sign(
            secret="jiannuo",
            message_id="report:4f1c:r01",
            body=b'{"case_number":"YY-220500-2026-00417"}',
            at=datetime.fromtimestamp(1791512400, UTC),
        )

        assert given[SIGNATURE] in page.read_text(encoding="utf-8")
