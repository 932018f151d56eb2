"""Pages for process definitions: what runs, what is put forward, what a second person decides."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from flask import flash, redirect, render_template, request, url_for
from lxml import etree
from werkzeug.wrappers import Response

from webapp.current import current_post, desk, office, reads, run
from webapp.texts import current_language, t
from webapp.views.admin.agreed import packs_page
from webapp.views.admin.base import pages, section_links
from webapp.views.admin.returned import UNTOUCHED, Returned, take_back
from workflows.engine.bundle import Bundle
from workflows.engine.findings import Finding
from workflows.engine.markup import read_markup
from workflows.errors import CaseworkError, InvalidAnswer
from workflows.lint.legal_finding import LegalFinding
from workflows.models import Deployment, new_id
from workflows.services.agree_rules import ROLES, decide_deployment
from workflows.services.agree_rules import propose_bundle as propose
from workflows.services.lint_definition import list_breaches
from workflows.services.read_agreed import list_processes, list_proposals


@dataclass(frozen=True)
class Counterexample:
    """A diagram that was refused, and how its elements lie on the path that breaks a duty."""

    xml: str
    marks: list[dict[str, str]]


LARGEST_BUNDLE = 20 * 1024 * 1024
SUFFIXES = (".bpmn", ".dmn", ".json")


@pages.get("/admin/definitions")
def definitions() -> str:
    """List the definitions of this office with their differences."""
    return _page(UNTOUCHED)


@pages.post("/admin/definitions")
def propose_bundle() -> str | Response | tuple[str, int]:
    """Put a definition forward: changed files (or a zip of them) over the one that runs now.

    A definition that cannot run safely is refused with every finding.
    """
    key = request.form.get("key", "objection")
    bundle = None
    try:
        current = desk().active_bundle(reads(), office_id=office().id, key=key)
        files = {**current.files, **_posted_files(key)}
        bundle = Bundle(key=key, main_process=current.main_process, files=files)
        # Asked before the transaction: the legal lint takes seconds, and its answer is kept.
        list_breaches(reads(), desk(), office_id=office().id, bundle=bundle, roles=ROLES)
        run("propose_bundle", lambda work: propose(work, desk(), bundle=bundle))
    except CaseworkError as error:
        returned = take_back(error)
        found = error.facts.get("findings", ())
        return _page(returned, findings=found, bundle=bundle), returned.status
    flash(t("admin.proposed"), "act")
    return redirect(url_for("admin.definitions"))


@pages.post("/admin/deployments/<deployment_id>")
def decide(deployment_id: str) -> Response | tuple[str, int]:
    """Approve or refuse what another administrator put forward."""
    agrees = request.form.get("decision") == "approve"
    row = reads().get(Deployment, deployment_id)
    is_pack = row is not None and row.kind == "pack"
    bundle = None
    try:
        if row is not None and agrees and not is_pack:
            bundle = desk().bundle(reads(), row.content_hash)
            list_breaches(reads(), desk(), office_id=office().id, bundle=bundle, roles=ROLES)
        run(
            "decide_deployment",
            lambda work: decide_deployment(
                work, desk(), deployment_id=deployment_id, agrees=agrees
            ),
        )
    except CaseworkError as error:
        returned = take_back(error)
        found = error.facts.get("findings", ())
        if is_pack:
            return packs_page(returned), returned.status
        return _page(returned, findings=found, bundle=bundle), returned.status
    flash(t("admin.decided.approved" if agrees else "admin.decided.refused"), "act")
    return redirect(url_for("admin.packs" if is_pack else "admin.definitions"))


def _posted_files(key: str) -> dict[str, bytes]:
    """Return the uploaded files by their name in the bundle; folders inside a zip are kept."""
    found: dict[str, bytes] = {}
    for file in request.files.getlist("files"):
        if not file.filename:
            continue
        content = file.read()
        if file.filename.lower().endswith(".zip"):
            found.update(_unzip(content, key=key))
        elif file.filename.endswith(SUFFIXES):
            folder = request.form.get("folder", "").strip("/ ")
            name = PurePosixPath(file.filename).name
            found[f"{folder}/{name}" if folder else name] = content
    if not found:
        raise InvalidAnswer(
            "error.definition_files_needed", fields={"files": ["error.definition_files_needed"]}
        )
    return found


def _unzip(content: bytes, *, key: str) -> dict[str, bytes]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        entries = [
            entry
            for entry in archive.infolist()
            if not entry.is_dir() and entry.filename.endswith(SUFFIXES)
        ]
        if sum(entry.file_size for entry in entries) > LARGEST_BUNDLE:
            raise InvalidAnswer("error.bundle_too_large", limit=LARGEST_BUNDLE // 2**20)
        return {_inner_name(entry.filename, key): archive.read(entry) for entry in entries}
    except zipfile.BadZipFile:
        raise InvalidAnswer("error.not_a_zip", fields={"files": ["error.not_a_zip"]}) from None


def _inner_name(name: str, key: str) -> str:
    """Return a file's name in the bundle: the folders bpmn/ and bpmn/<process>/ are left out."""
    return name.removeprefix("bpmn/").removeprefix(f"{key}/")


def _page(
    returned: Returned,
    *,
    findings: Sequence[Finding | LegalFinding] = (),
    bundle: Bundle | None = None,
) -> str:
    post = current_post()
    return render_template(
        "admin/definitions.html",
        tabs=section_links("definitions"),
        rows=list_proposals(reads(), office_id=office().id, kind="bundle"),
        findings=findings,
        counterexamples=_counterexamples(findings, bundle),
        keys=[
            (key, t(f"case.kind.{key}.long"))
            for key in list_processes(reads(), office_id=office().id)
        ],
        me=post.person_id if post else "",
        may_propose=post is not None and post.role == "system_admin",
        returned=returned,
        command_id=new_id(),
        language=current_language(),
    )


def _counterexamples(
    findings: Sequence[Finding | LegalFinding], bundle: Bundle | None
) -> dict[int, Counterexample]:
    """Return the diagram of each finding that has a path, with the path marked on it."""
    found = {}
    for number, each in enumerate(findings):
        path = each.elements if isinstance(each, LegalFinding) else ()
        if bundle is None or not path or each.file not in bundle.files:
            continue
        marks = [{"element": one, "standing": "was"} for one in path if one != each.element]
        marks.append({"element": each.element, "standing": "now"})
        xml = etree.tostring(
            read_markup(bundle.files[each.file], file=each.file), encoding="unicode"
        )
        found[number] = Counterexample(xml=xml, marks=marks)
    return found
