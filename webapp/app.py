"""The one composition root: it reads the settings, connects the parts and registers the doors."""

from __future__ import annotations

import secrets
from datetime import timedelta
from pathlib import Path

from flask import Flask, g, redirect, request, url_for
from flask_wtf import CSRFProtect
from werkzeug.wrappers import Response

from handlers.registry import answers, declarations, operations
from webapp.business_clock import BusinessClock
from webapp.chores import chores
from webapp.current import Parts, today
from webapp.database import install_database
from webapp.errors import install_errors
from webapp.headers import install_headers
from webapp.limits import install_limits
from webapp.permissions import install_permissions
from webapp.routes import install_routes
from webapp.scheduler import Tick
from webapp.settings import Settings
from webapp.shell import install_shell
from webapp.templating import install_templating
from webapp.texts import install_texts
from webapp.workers import AnnouncedQueue, connect_jobs
from workflows.engine.engines import Engines
from workflows.services.desk import Desk
from workflows.storage.databases import Sessions
from workflows.storage.files import FileStore
from workflows.storage.unit_of_work import SWEPT, CommandBus
from workflows.storage.vault import Vault, read_master_key

# Uploads are checked again one by one; this only stops a flood before it fills the disk.
LARGEST_REQUEST = 64 * 1024 * 1024


def create_app(settings: Settings, *, strict_texts: bool = False) -> Flask:
    """Return the product as a WSGI application, its parts connected."""
    app = Flask("webapp", root_path=str(Path(__file__).parent))
    app.config.update(
        SECRET_KEY=_session_key(settings),
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        # Forms carry their own text as well as files; the default of half a megabyte is too small.
        MAX_FORM_MEMORY_SIZE=8 * 1024 * 1024,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.is_secure,
        # A visitor's draft is found by this cookie: it outlives the browser, but only for a week.
        PERMANENT_SESSION_LIFETIME=timedelta(days=7),
        WTF_CSRF_TIME_LIMIT=None,
    )
    sessions = install_database(app, url=settings.database_url)
    clock = BusinessClock(sessions, is_virtual=settings.is_demo)
    desk = connect_desk(settings, sessions)
    tick = Tick(chores(settings=settings, sessions=sessions, desk=desk, clock=clock))
    app.extensions["jiannuo"] = Parts(
        settings=settings, sessions=sessions, desk=desk, clock=clock, tick=tick
    )
    install_templating(app)
    install_texts(app, strict=strict_texts)
    install_errors(app)
    install_headers(app, settings)
    install_limits(app)
    csrf = CSRFProtect(app)
    app.before_request(_note_day)
    app.teardown_appcontext(_close_reads)
    app.extensions["permissions"] = install_routes(app, settings)
    # The province signs its messages; it has no page of ours and so no token.
    csrf.exempt(app.blueprints["exchange"])
    install_permissions(app, app.extensions["permissions"])
    install_shell(app)
    app.add_url_rule("/", "home", _home)
    app.add_url_rule("/health", "health", _health)
    return app


def connect_desk(settings: Settings, sessions: Sessions) -> Desk:
    """Return what services work with, for pages, timers and the command line alike."""
    queue = AnnouncedQueue(connect_jobs(settings.database_url)) if settings.has_workers else SWEPT
    return Desk(
        bus=CommandBus(sessions, queue),
        engine=Engines(settings.engine),
        vault=Vault(read_master_key(settings.master_key_path)),
        files=FileStore(settings.files_dir),
        operations=operations(),
        answers=answers(),
        declared=declarations(),
    )


def _session_key(settings: Settings) -> str:
    path = settings.data_dir / "keys" / "session.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32))
    return path.read_text()


def _note_day() -> None:
    if request.endpoint != "static":
        g.business_today = today()


def _close_reads(_error: BaseException | None) -> None:
    opened = g.pop("reads", None)
    if opened is not None:
        opened.close()


def _home() -> Response:
    from webapp.current import current_post

    post = current_post()
    if post is None:
        return redirect(url_for("auth.login"))
    return redirect(url_for(LANDING.get(post.role, "officer.inbox")))


LANDING = {
    "supervisor": "supervisor.board",
    "system_admin": "admin.definitions",
    "security_admin": "admin.people",
    "audit_admin": "admin.audit",
}


def _health() -> dict[str, str]:
    return {"status": "ok"}
