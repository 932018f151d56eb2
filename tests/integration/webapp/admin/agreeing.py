"""What administrators put forward in the tests: packs, definitions and files, whole or spoilt."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.integration.webapp.factory import Office, Officer, Page
from workflows.models import Deployment

ROOT = Path(__file__).resolve().parents[4]
BPMN = ROOT / "bpmn"


def sent_file(content: bytes | str, name: str) -> tuple[io.BytesIO, str]:
    """Return a file as a browser sends it."""
    return io.BytesIO(content.encode() if isinstance(content, str) else content), name


def pack(change: Callable[[dict[str, Any]], None], *, name: str = "office.json") -> str:
    """Return a shipped pack with a change in it."""
    content = json.loads((BPMN / "rules" / name).read_text(encoding="utf-8"))
    change(content)
    return json.dumps(content, ensure_ascii=False)


def parameter(content: dict[str, Any], key: str) -> dict[str, Any]:
    """Return the first parameter of that key in a pack."""
    found: dict[str, Any] = next(row for row in content["parameters"] if row["key"] == key)
    return found


def set_value(key: str, value: Any) -> Callable[[dict[str, Any]], None]:
    """Return a change that gives a parameter another value."""

    def change(content: dict[str, Any]) -> None:
        content["version"] = "2026-10-12"
        parameter(content, key)["value"] = value

    return change


def leave_out(key: str) -> Callable[[dict[str, Any]], None]:
    """Return a change that takes a parameter away."""

    def change(content: dict[str, Any]) -> None:
        content["version"] = "2026-10-12"
        content["parameters"] = [row for row in content["parameters"] if row["key"] != key]

    return change


def propose_pack(admin: Officer, content: str, *, status: int = 302) -> Page:
    """Put a pack forward on the page."""
    data = {"file": sent_file(content, "office.json"), "place": "new"}
    return admin.post("/admin/packs", data, status=status)


def newest(office: Office, kind: str) -> Deployment:
    """Return what was put forward last."""
    with office.reading() as session:
        rows = session.query(Deployment).filter_by(kind=kind)
        found: Deployment = rows.order_by(Deployment.proposed_at.desc(), Deployment.status)[0]
        rows_open = [row for row in rows if row.status == "proposed"]
        return rows_open[0] if rows_open else found


def difference(page: Page) -> dict[str, str]:
    """Return what the page says would change, by the words before it."""
    return {
        " ".join(name.text_content().split()): " ".join(name.getnext().text_content().split())
        for name in page.tree.xpath('//main//dl[contains(@class, "facts")]/dt')
    }


def decide(admin: Officer, deployment_id: str, decision: str, *, status: int = 302) -> Page:
    """Approve or refuse on the page."""
    return admin.post(f"/admin/deployments/{deployment_id}", {"decision": decision}, status=status)
