"""Golden states: cases as saved by an earlier version of the engine, with the diagrams they run on.

A state is a small JSON file: what was saved, what waited then, and the end the case must come to.
The diagrams of its day lie beside it, because a case keeps the definition it started with; each
engine that could start it then has a folder of its own.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.unit.engine.walk import RecordedOperations
from workflows.engine.bundle import Bundle
from workflows.engine.engine import CaseEngine
from workflows.engine.engines import NAMES
from workflows.engine.values import Snapshot

HERE = Path(__file__).parent
DEFINITION = "definition.zip"
MOST_MOVES = 80

# What the operations of the objection process answer.
OPERATIONS: Mapping[str, Any] = {
    "register_receipt": {
        "channel_body": "platform",
        "record_origin": "department",
        "outcome": "",
        "withdrawn": False,
        "finding_is_shared": False,
        "supplement_used": False,
        "error_found": False,
        "disagree": False,
    },
    "send_supplement_notice": {"supplement_used": True},
    "record_supplement_silence": {"supplement_silence": "continue"},
    "send_transfer": {"outcome": "transferred"},
    "list_departments": {"departments": ["a", "b"]},
    "record_finding": {"outcome": "decided"},
    "record_shared_finding": {"outcome": "decided", "finding_is_shared": True},
    "record_non_acceptance": {"outcome": "not_accepted"},
    "record_withdrawal": {"withdrawn": True},
    "prepare_correction": {"correctors": ["a"], "sanctions": ["s1", "s2"]},
    "open_letter": {"letter_needs_legal": True},
}
# What people answer at each step on the shortest way to an end.
STEPS: Mapping[str, Mapping[str, Any]] = {
    "task_formal_check": {"formal_outcome": "accept"},
    "task_self_check": {"self_check": "matches_source"},
    "task_review_supplement": {"supplement_result": "sufficient"},
    "task_propose_finding": {"finding": "correct"},
    "task_review_finding": {"review_outcome": "agree"},
    "task_legal_review": {"legal_outcome": "agree"},
    "task_approve_finding": {"approval_outcome": "agree"},
    "task_approve_rejection": {"rejection_outcome": "agree"},
    "task_approve_base_change": {"base_change_outcome": "confirmed", "finding": "revoke"},
    "task_confirm_withdrawal": {"withdrawal_outcome": "confirmed"},
    "task_check_letter": {"check_outcome": "agree"},
    "task_legal_check_letter": {"letter_legal_outcome": "agree"},
    "task_sign_letter": {"sign_outcome": "agree"},
    "task_dispatch_letter": {"service_method": "post"},
}
# What comes from outside once nobody in the office has anything to do.
MESSAGES: Mapping[str, Mapping[str, Any]] = {
    "supplement_received": {},
    "finding_shared": {"finding": "correct"},
    "report_acknowledged": {},
}


@dataclass(frozen=True)
class Golden:
    """One saved case: its state, what waited in it, and how it ends."""

    state: str
    waits: dict[str, list[str]]
    end: str


def folders() -> list[Path]:
    """Return the folder of each version of a process that has golden states."""
    return sorted(path.parent for path in HERE.glob(f"*/{DEFINITION}"))


def states() -> list[Path]:
    """Return every golden state."""
    return sorted(path for folder in folders() for path in folder.glob("*/*.json"))


def folder_of(bundle: Bundle) -> Path:
    """Return where the states of this definition lie."""
    return HERE / f"{bundle.key}-{bundle.hash[:8]}"


@cache
def read_definition(folder: Path) -> Bundle:
    """Return the diagrams that the states of a folder run on."""
    key = folder.name.rpartition("-")[0]
    with zipfile.ZipFile(folder / DEFINITION) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    return Bundle(key=key, main_process=key, files=files)


def write_definition(bundle: Bundle, folder: Path) -> None:
    """Keep the diagrams; the same diagrams give the same bytes."""
    folder.mkdir(exist_ok=True)
    for engine in NAMES:
        (folder / engine).mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / DEFINITION, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(bundle.files):
            archive.writestr(zipfile.ZipInfo(name), bundle.files[name], zipfile.ZIP_DEFLATED)


def read_state(path: Path) -> Golden:
    """Return a golden state."""
    content = json.loads(path.read_text("utf-8"))
    state = json.dumps(content["state"], ensure_ascii=False, separators=(",", ":"))
    return Golden(state=state, waits=content["waits"], end=content["end"])


def write_state(golden: Golden, path: Path) -> None:
    """Write a golden state, readable and in a fixed order."""
    content = {**asdict(golden), "state": json.loads(golden.state)}
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(f"{text}\n", encoding="utf-8")


def waits_of(snapshot: Snapshot) -> dict[str, list[str]]:
    """Return what waits in a case, in words that do not depend on the engine."""

    def words(rows: Any, name: str) -> list[str]:
        return sorted(f"{getattr(row, name)}{':' + row.item if row.item else ''}" for row in rows)

    return {
        "steps": words(snapshot.steps, "element"),
        "timers": sorted(f"{row.element} {row.clock}@{row.point}" for row in snapshot.timers),
        "messages": words(snapshot.messages, "name"),
        "failed": words(snapshot.failed, "element"),
    }


def run_to_end(engine: CaseEngine, bundle: Bundle, state: str) -> tuple[str, list[str]]:
    """Finish a case on the shortest way; return its end event and the operations called."""
    operations = RecordedOperations(OPERATIONS)
    snapshot = engine.look(bundle=bundle, state=state)
    for _ in range(MOST_MOVES):
        if snapshot.is_finished:
            return snapshot.ended[-1], operations.names
        snapshot = _move(engine, bundle, snapshot, operations)
    raise AssertionError(f"the case does not end; there wait {waits_of(snapshot)}")


def _move(
    engine: CaseEngine, bundle: Bundle, snapshot: Snapshot, operations: RecordedOperations
) -> Snapshot:
    common: dict[str, Any] = {
        "bundle": bundle,
        "state": snapshot.state,
        "operations": operations,
    }
    if snapshot.failed:
        return engine.retry(failed_id=snapshot.failed[0].id, **common)
    if snapshot.steps:
        step = snapshot.steps[0]
        return engine.complete(step_id=step.id, variables=STEPS.get(step.element, {}), **common)
    wanted = [wait for wait in snapshot.messages if wait.name in MESSAGES]
    assert wanted, f"nobody brings this case on: {waits_of(snapshot)}"
    name = wanted[0].name
    return engine.deliver_message(
        name=name, item=wanted[0].item, variables=MESSAGES[name], **common
    )
