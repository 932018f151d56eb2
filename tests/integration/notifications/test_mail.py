"""Mails arrive at a real SMTP server in Chinese, and a repeat is known by its Message-ID."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from notifications.channels.channel import is_refusal
from notifications.channels.mail import FolderChannel, SmtpChannel
from tests.integration.notifications.running import free_port
from workflows.errors import OutsideServiceFailed, RuleMissing
from workflows.storage.outbox_store import Effect

EFFECT = Effect(
    id="1",
    office_id="office",
    case_id="case",
    kind="mail",
    key="mail:reminder:1",
    payload={
        "to": "majun@example.com",
        "kind": "overdue",
        "facts": {
            "case_number": "YY-220500-2026-00417",
            "matter": {"zh": "异议核查", "en": "Verification"},
            "due_on": "2026-10-14",
        },
    },
    attempts=1,
    created_at=datetime(2026, 10, 15, 1, 0, tzinfo=UTC),
)


class Postman:
    """Takes mails, or refuses with what it is told."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []
        self.refusal = ""

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.refusal:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append(envelope.content)
        return "250 OK"

    def read(self, at: int = 0) -> EmailMessage:
        found = message_from_bytes(self.mails[at], policy=default)
        assert isinstance(found, EmailMessage)
        return found


@pytest.fixture
def postman() -> Postman:
    return Postman()


@pytest.fixture
def smtp(postman) -> Iterator[SmtpChannel]:
    controller = Controller(postman, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield SmtpChannel(
        host="127.0.0.1",
        port=controller.port,
        sender="noreply@credit.example.com",
        link="http://127.0.0.1:8000",
    )
    controller.stop()


class TestSmtpChannel:
    def test_sends_a_chinese_mail_that_says_it_is_automatic(self, smtp, postman):
        smtp.send(EFFECT)

        mail = postman.read()
        assert mail["Subject"] == "逾期：异议核查（YY-220500-2026-00417）"
        assert mail["To"] == "majun@example.com"
        assert mail["Auto-Submitted"] == "auto-generated"
        assert "2026年10月14日" in mail.get_content()
        assert "http://127.0.0.1:8000" in mail.get_content()

    def test_repeats_byte_for_byte_under_the_same_message_id(self, smtp, postman):
        first = smtp.send(EFFECT)
        second = smtp.send(replace(EFFECT, attempts=2))

        assert first == second
        assert first.reference == postman.read()["Message-ID"]
        assert postman.mails[0] == postman.mails[1]

    def test_gives_another_effect_another_message_id(self, smtp):
        assert smtp.send(EFFECT) != smtp.send(replace(EFFECT, key="mail:reminder:2"))

    def test_writes_in_english_when_asked(self, smtp, postman):
        smtp.send(replace(EFFECT, payload={**EFFECT.payload, "language": "en"}))

        assert postman.read()["Subject"] == "Overdue: Verification (YY-220500-2026-00417)"

    def test_gives_up_on_an_address_that_the_server_refuses(self, smtp, postman):
        postman.refusal = "550 no such user majun@example.com"

        with pytest.raises(OutsideServiceFailed) as caught:
            smtp.send(EFFECT)

        assert is_refusal(caught.value)
        assert caught.value.facts["cause"] == "SMTP 550"
        assert "majun" not in str(caught.value)

    def test_may_try_again_when_the_server_is_busy(self, smtp, postman):
        postman.refusal = "451 try later"

        with pytest.raises(OutsideServiceFailed) as caught:
            smtp.send(EFFECT)

        assert not is_refusal(caught.value)

    def test_may_try_again_when_nobody_listens(self, smtp):
        with pytest.raises(OutsideServiceFailed) as caught:
            replace(smtp, port=free_port()).send(EFFECT)

        assert caught.value.facts["cause"] == "ConnectionRefusedError"
        assert not is_refusal(caught.value)

    @pytest.mark.parametrize(
        "address", ["", "nobody", "a@b@c", "x@example.com\r\nBcc: y@example.com"]
    )
    def test_sends_nothing_to_what_is_no_address(self, smtp, postman, address):
        with pytest.raises(OutsideServiceFailed) as caught:
            smtp.send(replace(EFFECT, payload={**EFFECT.payload, "to": address}))

        assert is_refusal(caught.value)
        assert postman.mails == []

    def test_sends_nothing_half_told(self, smtp, postman):
        with pytest.raises(RuleMissing) as caught:
            smtp.send(replace(EFFECT, payload={**EFFECT.payload, "facts": {}}))

        assert is_refusal(caught.value)
        assert postman.mails == []


class TestFolderChannel:
    def test_keeps_one_file_for_one_effect(self, tmp_path):
        channel = FolderChannel(folder=tmp_path / "mail", sender="noreply@credit.example.com")

        channel.send(EFFECT)
        channel.send(EFFECT)

        (path,) = (tmp_path / "mail").iterdir()
        mail = message_from_bytes(path.read_bytes(), policy=default)
        assert mail["Subject"] == "逾期：异议核查（YY-220500-2026-00417）"
