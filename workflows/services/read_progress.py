"""Read where a case stands in its diagrams: what it has passed and where it waits now."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflows.engine.bundle import Bundle
from workflows.errors import NotFound
from workflows.models import Case, Task
from workflows.services.desk import Desk
from workflows.services.read_timeline import list_passed


@dataclass(frozen=True)
class Progress:
    """Elements passed, elements that hold a token, and open tasks per element."""

    passed: frozenset[str]
    active: frozenset[str]
    open_tasks: dict[str, int]
    ended: frozenset[str] = frozenset()


def read_progress(session: Session, desk: Desk, *, case: Case) -> Progress:
    """Return where the case stands, for the diagram and for the same in words."""
    passed = Counter(element for element, _ in list_passed(session, case_id=case.id))
    query = (
        select(Task.element, func.count())
        .where(Task.case_id == case.id, Task.status == "open")
        .group_by(Task.element)
    )
    open_tasks = {element: count for element, count in session.execute(query)}
    active: set[str] = set(open_tasks)
    if case.status == "open" and case.engine_state:
        bundle = desk.bundle(session, case.bundle_hash)
        snapshot = desk.engine.look(bundle=bundle, state=case.engine_state)
        active |= set(snapshot.active)
    return Progress(passed=frozenset(passed), active=frozenset(active), open_tasks=open_tasks)


def list_diagrams(bundle: Bundle) -> list[str]:
    """Return the diagrams of a bundle, the main process first."""
    files = bundle.list_files(".bpmn")
    return sorted(files, key=lambda name: (name != f"{bundle.main_process}.bpmn", name))


def read_diagram(bundle: Bundle, *, file: str) -> bytes:
    """Return one diagram of a bundle, or raise NotFound."""
    if file not in list_diagrams(bundle):
        raise NotFound("error.diagram_not_found")
    return bundle.files[file]
