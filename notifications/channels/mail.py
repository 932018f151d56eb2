"""Sends mails, each under a Message-ID made from its key, so that a repeat is known as one.

Mail has no way to be exactly once; the same Message-ID is what lets a mail reader drop the second.
An address never goes into an error or a log.
"""

from __future__ import annotations

import hashlib
import re
import smtplib
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from notifications.channels.channel import Receipt, refused
from notifications.messages.write import write_mail
from workflows.errors import OutsideServiceFailed
from workflows.storage.outbox_store import Effect

TIMEOUT_SECONDS = 15
DEFAULT_LANGUAGE = "zh"
_ADDRESS = re.compile(r"[^\s@<>,;:]+@[^\s@<>,;:]+")


@dataclass(frozen=True, kw_only=True)
class SmtpChannel:
    """Sends mails over SMTP. ``link`` is the product's own address, printed under every mail."""

    host: str
    port: int
    sender: str
    link: str | None = None
    starttls: bool = False
    user: str = ""
    password: str = ""

    def send(self, effect: Effect) -> Receipt:
        """Send one mail. Raises OutsideServiceFailed, permanent when the address is refused."""
        message = compose_mail(effect, sender=self.sender, link=self.link)
        try:
            with smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS) as server:
                if self.starttls:
                    server.starttls()
                if self.user:
                    server.login(self.user, self.password)
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as problem:
            raise _refusal(problem) from problem
        except (smtplib.SMTPException, OSError) as problem:
            cause = _cause(problem)
            raise OutsideServiceFailed("error.mail_failed", cause=cause) from problem
        return Receipt(reference=message["Message-ID"])


@dataclass(frozen=True, kw_only=True)
class FolderChannel:
    """Puts mails into a folder as .eml files, where there is no mail server, as in the demo."""

    folder: Path
    sender: str
    link: str | None = None

    def send(self, effect: Effect) -> Receipt:
        """Write one mail; the same key writes the same file."""
        message = compose_mail(effect, sender=self.sender, link=self.link)
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{_fingerprint(effect.key)}.eml"
        partial = path.with_suffix(".part")
        partial.write_bytes(message.as_bytes(policy=SMTP))
        partial.replace(path)
        return Receipt(reference=message["Message-ID"])


def compose_mail(effect: Effect, *, sender: str, link: str | None) -> EmailMessage:
    """Return the mail of an effect: the same effect gives the same mail, byte for byte.

    The payload holds ``to``, ``kind``, ``facts`` and perhaps ``language``.
    """
    mail = write_mail(
        kind=effect.payload["kind"],
        language=effect.payload.get("language", DEFAULT_LANGUAGE),
        facts=effect.payload["facts"],
        link=link,
    )
    message = EmailMessage()
    message["From"] = Address(addr_spec=sender)
    message["To"] = _address(effect.payload["to"])
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(effect.created_at)
    message["Message-ID"] = f"<{_fingerprint(effect.key)}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body)
    return message


def _address(text: str) -> Address:
    if not _ADDRESS.fullmatch(text):
        raise refused("error.mail_address_refused", cause="not an address")
    try:
        return Address(addr_spec=text)
    except (ValueError, MessageError) as problem:
        raise refused("error.mail_address_refused", cause=type(problem).__name__) from problem


def _fingerprint(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:40]


def _refusal(problem: smtplib.SMTPRecipientsRefused) -> OutsideServiceFailed:
    codes = [code for code, _ in problem.recipients.values()]
    cause = "SMTP " + ", ".join(str(code) for code in codes)
    if all(code >= 500 for code in codes):
        return refused("error.mail_address_refused", cause=cause)
    return OutsideServiceFailed("error.mail_failed", cause=cause)


def _cause(problem: Exception) -> str:
    if isinstance(problem, smtplib.SMTPResponseException):
        return f"SMTP {problem.smtp_code}"
    return type(problem).__name__
