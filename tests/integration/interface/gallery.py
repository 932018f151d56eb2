"""An app that draws every component once, with the cases of the visual language's own pages."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, jsonify, render_template, request

import webapp
from tests.integration.interface.samples import sample_gallery
from webapp.presenters.shell import DemoAction, DemoRibbon, NavLink, RailGroup, Shell
from webapp.texts import current_language, current_text_size, install_texts

TODAY = date(2026, 10, 13)
NOW = datetime(2026, 10, 13, 1, 42, tzinfo=UTC)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


def make_gallery_app() -> Flask:
    """Return the app; strict, so that a missing text fails the page."""
    root = Path(webapp.__file__).parent
    app = Flask(
        "gallery", template_folder=str(root / "templates"), static_folder=str(root / "static")
    )
    app.config.update(TESTING=True, SECRET_KEY="gallery")
    install_texts(app, strict=True)
    app.before_request(_set_today)
    app.context_processor(_context)
    app.after_request(_set_policy)
    app.add_url_rule("/", "gallery", _gallery)
    app.add_url_rule("/portal", "portal", _portal)
    app.add_url_rule("/case.bpmn", "diagram", _diagram)
    _add_receivers(app)
    return app


def _add_receivers(app: Flask) -> None:
    """Take what the scripts send; ``app.config["ANSWERS"]`` says how to reply."""
    received: list[tuple[str, dict[str, list[str]]]] = []
    app.config.update(RECEIVED=received, IS_LOGGED_IN=True)

    def take(name: str) -> Response | tuple[Response, int]:
        received.append((name, request.form.to_dict(flat=False)))
        if not app.config["IS_LOGGED_IN"]:
            return jsonify(error="login"), 401
        if name == "upload":
            sent = request.files["file"]
            received[-1][1]["size"] = [str(len(sent.read()))]
            return jsonify(token="tok9"), 201
        return jsonify(saved="草稿已存 09:43")

    for name in ("answer", "draft", "upload", "demo"):
        app.add_url_rule(f"/{name}", name, take, methods=["POST"], defaults={"name": name})


def _diagram() -> Response:
    path = Path(webapp.__file__).parents[1] / "bpmn" / "objection" / "objection.bpmn"
    return Response(path.read_bytes(), mimetype="application/xml")


def _set_today() -> None:
    g.business_today = TODAY


def _set_policy(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    return response


def _context() -> dict[str, Any]:
    return {"ui": sample_shell()}


def _gallery() -> str:
    shown = sample_gallery(TODAY)
    return render_template("components/gallery.html", gallery=shown, has_diagram=True)


def _portal() -> str:
    return render_template("portal/base.html")


def sample_shell() -> Shell:
    """Return the surroundings of an officer's page."""
    return Shell(
        office_name="吉林省发展改革委",
        today=TODAY,
        is_working_day=True,
        now_text="09:42",
        lang=current_language(),
        text_size=current_text_size(),
        areas=(
            NavLink("待办", "#", is_current=True),
            NavLink("收发文", "#"),
            NavLink("督办", "#"),
            NavLink("台账", "#"),
        ),
        rail=(
            RailGroup(
                (
                    NavLink("待办", "#", is_current=True, count=37),
                    NavLink("已办", "#"),
                    NavLink("逾期", "#", count=2, is_late=True),
                )
            ),
            RailGroup((NavLink("通化片区·临期", "#", count=6),), "已存视图"),
        ),
        search_url="/search",
        person="王敏",
        post="承办岗",
        logout_url="/logout",
        demo=DemoRibbon("时钟是虚拟的：10月13日 09:42。", (DemoAction("过一个工作日", "/demo"),)),
        foot=(NavLink("怎样联系承办人", "#"),),
        foot_words="办理异议不收任何费用",
    )
