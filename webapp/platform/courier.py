"""Decides reports when their time has come and brings the answers back until they are taken."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import requests
import structlog

from notifications.channels.signing import sign
from webapp.business_clock import machine_now
from webapp.platform.control import Behaviour
from webapp.platform.store import PlatformStore
from webapp.platform.words import say

BEAT_SECONDS = 1.0
RETRY_SECONDS = (1, 2, 5, 15, 60)
TIMEOUT_SECONDS = 10
log = structlog.get_logger("province.courier")


@dataclass
class Courier:
    """The platform's other half: a thread that answers later, as the real one does."""

    store: PlatformStore
    behaviour: Behaviour
    secret: str
    _stop: threading.Event = field(default_factory=threading.Event)

    def start(self) -> threading.Thread:
        """Start the thread and return it."""
        thread = threading.Thread(target=self._run, name="courier", daemon=True)
        thread.start()
        return thread

    def stop(self) -> None:
        """Let the thread end after its present beat."""
        self._stop.set()

    def beat(self, now: float) -> None:
        """Decide what is due and deliver what was decided; nothing while the platform is down."""
        control = self.behaviour.now
        if control.down:
            return
        for report in self.store.undecided(received_before=now - control.ack_after):
            self._decide(report, now)
        for message in self.store.undelivered(now=now):
            self._deliver(message)

    def _run(self) -> None:
        while not self._stop.wait(BEAT_SECONDS):
            try:
                self.beat(time.time())
            except Exception as error:
                # The courier must outlive a bad report; the next beat tries again.
                log.error("beat_failed", type=type(error).__name__, exc_info=True)

    def _decide(self, report: sqlite3.Row, now: float) -> None:
        reason = self._reason_to_reject(report)
        message_id = f"msg_{uuid.uuid4().hex}"
        body: dict[str, Any] = {
            "message_id": message_id,
            "type": "report_rejected" if reason else "report_acknowledged",
            "report_key": report["key"],
            "case_number": json.loads(report["payload"]).get("case_number", ""),
            "receipt": report["receipt"],
            "decided_at": datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds"),
        }
        if reason:
            body["reason"] = reason
        self.store.decide(report, reason=reason, message_id=message_id, body=body, at=now)

    def _reason_to_reject(self, report: sqlite3.Row) -> str:
        held = self.store.version_of(report["record_number"])
        if held is not None and held != report["base_version"]:
            return say("rejected.version", expected=held, given=report["base_version"])
        if not self.behaviour.now.rejects(report["payload"]):
            return ""
        self.behaviour.note_rejection()
        return say("rejected.pattern")

    def _deliver(self, message: sqlite3.Row) -> None:
        body = message["body"].encode()
        headers = {"Content-Type": "application/json; charset=utf-8"}
        headers |= sign(secret=self.secret, message_id=message["id"], body=body, at=machine_now())
        try:
            answer = requests.post(
                message["callback_url"],
                data=body,
                headers=headers,
                timeout=TIMEOUT_SECONDS,
                allow_redirects=False,
            )
            problem = "" if answer.ok else f"HTTP {answer.status_code}"
        except requests.RequestException as error:
            problem = type(error).__name__
        if not problem:
            self.store.note_delivery(message["id"], at=time.time())
            return
        wait = RETRY_SECONDS[min(message["attempts"], len(RETRY_SECONDS) - 1)]
        self.store.note_failed_delivery(message["id"], error=problem, due_at=time.time() + wait)
