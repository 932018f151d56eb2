"""Pages for process definitions: what runs, what is put forward, what a second person decides."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePosixPath

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.current import current_post, desk, office, reads, run
from webapp.texts import t
from webapp.views.admin.agreed import list_proposals
from webapp.views.admin.base import pages, section_links
from workflows.engine.bundle import Bundle
from workflows.errors import DiagramError, InvalidAnswer
from workflows.models import Deployment, new_id
from workflows.services.agree_rules import decide_deployment
from workflows.services.agree_rules import propose_bundle as propose

LARGEST_BUNDLE = 20 * 1024 * 1024
SUFFIXES = (".bpmn", ".dmn", ".json")


@pages.get("/admin/definitions")
def definitions() -> str:
    """List the definitions of this office with their differences."""
    return _page()


@pages.post("/admin/definitions")
def propose_bundle() -> str | Response | tuple[str, int]:
    """Put a definition forward: changed files (or a zip of them) over the one that runs now.

    A definition that cannot run safely is refused with every finding.
    """
    key = request.form.get("key", "objection")
    current = desk().active_bundle(reads(), office_id=office().id, key=key)
    files = {**current.files, **_posted_files()}
    bundle = Bundle(key=key, main_process=current.main_process, files=files)
    try:
        run("propose_bundle", lambda work: propose(work, desk(), bundle=bundle))
    except DiagramError as error:
        return _page(findings=error.facts.get("findings", [error])), 422
    flash(t("admin.proposed"), "act")
    return redirect(url_for("admin.definitions"))


@pages.post("/admin/deployments/<deployment_id>")
def decide(deployment_id: str) -> Response:
    """Approve or refuse what another administrator put forward."""
    agrees = request.form.get("decision") == "approve"
    run(
        "decide_deployment",
        lambda work: decide_deployment(work, desk(), deployment_id=deployment_id, agrees=agrees),
    )
    flash(t("admin.decided.approved" if agrees else "admin.decided.refused"), "act")
    row = reads().get_one(Deployment, deployment_id)
    return redirect(url_for("admin.packs" if row.kind == "pack" else "admin.definitions"))


def _posted_files() -> dict[str, bytes]:
    """Return the uploaded files by their name in the bundle; folders inside a zip are kept."""
    found: dict[str, bytes] = {}
    for file in request.files.getlist("files"):
        if not file.filename:
            continue
        content = file.read()
        if file.filename.endswith(".zip"):
            found.update(_unzip(content))
        elif file.filename.endswith(SUFFIXES):
            folder = request.form.get("folder", "").strip("/")
            name = PurePosixPath(file.filename).name
            found[f"{folder}/{name}" if folder else name] = content
    if not found:
        raise InvalidAnswer("error.definition_files_needed")
    return found


def _unzip(content: bytes) -> dict[str, bytes]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile:
        raise InvalidAnswer("error.not_a_zip") from None
    if sum(entry.file_size for entry in archive.infolist()) > LARGEST_BUNDLE:
        raise InvalidAnswer("error.bundle_too_large", limit=LARGEST_BUNDLE // 2**20)
    return {
        entry.filename: archive.read(entry)
        for entry in archive.infolist()
        if not entry.is_dir() and entry.filename.endswith(SUFFIXES)
    }


def _page(*, findings: list[object] | None = None) -> str:
    post = current_post()
    return render_template(
        "admin/definitions.html",
        tabs=section_links("definitions"),
        rows=list_proposals("bundle"),
        findings=findings or [],
        me=post.person_id if post else "",
        may_propose=post is not None and post.role == "system_admin",
        command_id=new_id(),
    )
