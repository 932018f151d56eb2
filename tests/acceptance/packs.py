"""Other rules for a test: a pack changed in one place, put forward and approved by two people."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

from tests.acceptance.crew import Crew

RULES = Path(__file__).resolve().parents[2] / "bpmn" / "rules"
Pack = dict[str, Any]


def read(name: str) -> Pack:
    """Return a shipped pack as data."""
    pack: Pack = json.loads((RULES / f"{name}.json").read_text("utf-8"))
    return pack


def change(pack: Pack, key: str, **values: Any) -> Pack:
    """Return the pack, a day younger, with another value for one parameter."""
    for parameter in pack["parameters"]:
        if parameter["key"] == key:
            parameter.update(values)
    return {**pack, "version": "2026-09-01"}


def as_file(pack: Pack) -> tuple[io.BytesIO, str]:
    """Return the pack as a file to upload."""
    return io.BytesIO(json.dumps(pack, ensure_ascii=False).encode()), "pack.json"


def put_into_force(crew: Crew, pack: Pack) -> None:
    """Put the pack forward as one administrator and approve it as another."""
    form = crew["lintao"].get("/admin/packs").form_to("/admin/packs")
    crew["lintao"].post(form.action, {**form.values, "file": as_file(pack)})
    approve = crew["shiyu"].get("/admin/packs").form("/admin/deployments/")
    crew["shiyu"].post(approve.action, {**approve.values, "decision": "approve"})
