"""The platform's HTTP side: it takes reports once per key and lets its behaviour be set."""

from __future__ import annotations

import hashlib
import ipaddress
import json
import time
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from notifications.channels.signing import verify
from webapp.business_clock import machine_now
from webapp.platform.control import Behaviour, ControlWrong
from webapp.platform.store import NewReport, PlatformStore
from webapp.platform.words import say
from workflows.errors import NotAllowed

LARGEST_REPORT = 1024 * 1024
FINDINGS = ("correct", "revoke", "partly")
Answer = tuple[Response, int]


class Refused(HTTPException):
    """A request that is answered with a problem in words."""

    def __init__(self, status: int, problem: str) -> None:
        super().__init__(problem)
        self.code = status
        self.problem = problem


@dataclass(frozen=True)
class Platform:
    """The answers of the platform to each kind of request."""

    store: PlatformStore
    behaviour: Behaviour
    secret: str

    def receive(self) -> Answer:
        """Take a report once per key; a repeat gets the same receipt."""
        if self.behaviour.now.down:
            raise Refused(503, say("problem.down"))
        report = _read_report(self.secret)
        row = self.store.receive(report)
        if row["body_hash"] != report.body_hash:
            raise Refused(422, say("problem.reused"))
        answer = {"receipt": row["receipt"], "status": row["status"]}
        return jsonify(answer), 202

    def list_reports(self) -> Response:
        """Show what came in and what was answered."""
        return jsonify(
            {"reports": self.store.list_reports(), "messages": self.store.list_messages()}
        )

    def control(self) -> Response:
        """Change the behaviour at run time, and the versions of records the platform holds."""
        values = _control_values()
        records = values.pop("records", {})
        if not _are_versions(records):
            raise Refused(422, say("problem.control", field="records"))
        try:
            changed = self.behaviour.change(values)
        except ControlWrong as wrong:
            raise Refused(422, say("problem.control", field=wrong)) from wrong
        for number, version in records.items():
            self.store.set_version(record_number=number, version=version)
        return jsonify(asdict(changed))

    def health(self) -> Response:
        """Say whether reports are taken."""
        return jsonify({"status": "down" if self.behaviour.now.down else "ok"})


def create_platform(*, store: PlatformStore, behaviour: Behaviour, secret: str) -> Flask:
    """Return the reference platform as a WSGI application."""
    app = Flask("webapp.platform")
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_REPORT
    platform = Platform(store, behaviour, secret)
    app.add_url_rule("/", "home", platform.list_reports)
    app.add_url_rule("/reports", "receive", platform.receive, methods=["POST"])
    app.add_url_rule("/reports", "reports", platform.list_reports)
    app.add_url_rule("/control", "control", platform.control, methods=["POST"])
    app.add_url_rule("/health", "health", platform.health)
    app.register_error_handler(HTTPException, _say_problem)
    return app


def _say_problem(error: Any) -> Answer:
    problem = error.problem if isinstance(error, Refused) else error.name
    return jsonify({"problem": problem}), error.code or 500


def _read_report(secret: str) -> NewReport:
    body = request.get_data()
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        raise Refused(400, say("problem.key"))
    try:
        signed = verify(secret=secret, headers=dict(request.headers), body=body, now=machine_now())
    except NotAllowed as error:
        raise Refused(401, say("problem.signature")) from error
    if signed != key:
        raise Refused(401, say("problem.signature"))
    content = _object(body)
    fields = {
        "case_number": _is_text(content.get("case_number")),
        "record_number": _is_text(content.get("record_number")),
        "base_version": _is_version(content.get("base_version")),
        "version": _is_version(content.get("version")),
        "finding": content.get("finding") in FINDINGS,
        "callback_url": _is_address(content.get("callback_url")),
    }
    for field, is_right in fields.items():
        if not is_right:
            raise Refused(422, say("problem.field", field=field))
    return NewReport(
        key=key,
        body_hash=_hash(content),
        record_number=content["record_number"],
        base_version=content["base_version"],
        version=content["version"],
        payload=content,
        callback_url=content["callback_url"],
        received_at=time.time(),
    )


def _hash(content: dict[str, Any]) -> str:
    """Return what tells two reports under one key apart; our caller may have moved meanwhile."""
    told = {name: value for name, value in content.items() if name != "callback_url"}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _object(body: bytes) -> dict[str, Any]:
    try:
        content = json.loads(body)
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise Refused(400, say("problem.json"))
    return content


def _control_values() -> dict[str, Any]:
    if not ipaddress.ip_address(request.remote_addr or "0.0.0.0").is_loopback:
        raise Refused(403, say("problem.not_here"))
    return _object(request.get_data())


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_version(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _are_versions(value: Any) -> bool:
    return isinstance(value, dict) and all(_is_version(each) for each in value.values())


def _is_address(value: Any) -> bool:
    return _is_text(value) and urlsplit(value).scheme in ("http", "https")
