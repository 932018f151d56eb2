"""The plain web in front of the plain casework: Flask, a session, objects into a template."""

from __future__ import annotations

from flask import Flask, abort, redirect, render_template_string, request, session
from werkzeug.wrappers import Response

from benchmarks.baseline.casework import Baseline
from benchmarks.office import NOW, BenchOffice
from workflows.models import Login, Post, ReadEntry

LIST = """<!doctype html><html lang="zh"><head><title>{{ title }}</title></head><body>
<h1>{{ title }}</h1><table>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>
{% endfor %}</tr>{% endfor %}</table></body></html>"""


def baseline_app(baseline: Baseline) -> Flask:
    """Return the routes that are measured, under the addresses that the product has."""
    app = Flask(__name__)
    app.secret_key = "benchmark"
    _add_pages(app, baseline)
    _add_acts(app, baseline)
    return app


def _add_pages(app: Flask, baseline: Baseline) -> None:
    office = baseline.office

    @app.get("/inbox")
    def inbox() -> str:
        _check_post(office)
        return render_template_string(LIST, title="待办", rows=baseline.read_inbox())

    @app.get("/cases/<case_id>")
    def case(case_id: str) -> str:
        _check_post(office)
        _note_look(office, case_id)
        return render_template_string(LIST, title="案件", rows=baseline.read_case(case_id=case_id))


def _add_acts(app: Flask, baseline: Baseline) -> None:
    office = baseline.office

    @app.post("/login")
    def login() -> Response:
        with office.sessions() as reading:
            name = request.form["username"]
            found = reading.query(Login).filter(Login.username == name).one()
        if found.person_id == office.actor.person_id:
            session["post_id"] = office.actor.post_id
        return redirect("/inbox")

    @app.post("/tasks/<task_id>/claim")
    def claim(task_id: str) -> Response:
        _check_post(office)
        baseline.claim(task_id=task_id)
        return redirect(f"/tasks/{task_id}")

    @app.post("/tasks/<task_id>")
    def complete(task_id: str) -> Response:
        _check_post(office)
        baseline.complete(task_id=task_id, answers={"note": request.form["note"]})
        return redirect("/inbox")


def _check_post(office: BenchOffice) -> None:
    with office.sessions() as reading:
        post = reading.get(Post, session.get("post_id", ""))
        if post is None or post.role != office.actor.role:
            abort(403)


def _note_look(office: BenchOffice, case_id: str) -> None:
    """Keep who saw what, as the product does: a case's page costs a row."""
    with office.sessions() as writing:
        row = ReadEntry(office_id=office.office_id, case_id=case_id, what="case", read_at=NOW)
        row.person_id, row.post_id = office.actor.person_id, office.actor.post_id
        writing.add(row)
        writing.commit()
