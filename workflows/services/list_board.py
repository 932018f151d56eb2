"""Read what is about to be late, whose it is, and what will happen if nobody acts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflows.clock.calendar import legal_date
from workflows.events import Actor
from workflows.models import Case, CaseClock, Document, Organisation, Person, Post, Task, Timer
from workflows.services.deliver import IS_WAITING
from workflows.services.find_case import visible_cases
from workflows.services.list_tasks import TaskRow


@dataclass(frozen=True)
class Figures:
    """The numbers at the head of the board."""

    overdue: int
    at_risk: int
    due_today: int
    waiting: int
    unclaimed: int
    provisional: int
    unconfirmed: int
    open_cases: int
    waiting_since: date | None = None
    unclaimed_since: date | None = None


@dataclass(frozen=True)
class Load:
    """What one holder has: late, near, the rest."""

    key: str
    name: str
    note: str
    late: int
    near: int
    rest: int


@dataclass(frozen=True)
class Rung:
    """One thing that will happen by itself on a clock, at an instant, if nobody acts."""

    at: datetime
    element: str
    clock: str
    item: str | None


@dataclass(frozen=True)
class Ladder:
    """What will happen by itself in one case, in due order, and on which clock it hangs first."""

    case_id: str
    case_number: str
    clock: CaseClock | None
    rungs: tuple[Rung, ...]


GROUPINGS = ("person", "organisation", "division", "step")


def read_figures(
    session: Session,
    *,
    rows: Sequence[TaskRow],
    actor: Actor,
    office_id: str,
    today: date,
    risk_until: date,
) -> Figures:
    """Return the head figures from the open rows and the clocks of visible cases."""
    seen = visible_cases(actor, office_id=office_id)
    provisional = session.scalar(
        select(func.count())
        .select_from(CaseClock)
        .join(Case, Case.id == CaseClock.case_id)
        .where(seen, CaseClock.status == "running", CaseClock.is_provisional.is_(True))
    )
    open_cases = session.scalar(
        select(func.count()).select_from(Case).where(seen, Case.status == "open")
    )
    waiting = [row for row in rows if row.role == "department_officer"]
    unclaimed = [row for row in rows if row.owner_id is None]
    return Figures(
        overdue=sum(_is_late(row, today) for row in rows),
        at_risk=sum(_is_near(row, today, risk_until) for row in rows),
        due_today=sum(row.due_on == today for row in rows),
        waiting=len(waiting),
        unclaimed=len(unclaimed),
        provisional=provisional or 0,
        unconfirmed=sum(is_unconfirmed(row) for row in rows),
        open_cases=open_cases or 0,
        waiting_since=min((legal_date(row.opened_at) for row in waiting), default=None),
        unclaimed_since=min((legal_date(row.opened_at) for row in unclaimed), default=None),
    )


def group_loads(rows: Sequence[TaskRow], *, by: str, today: date, risk_until: date) -> list[Load]:
    """Return how much each holder, body, division or step has, the most burdened first."""
    found: dict[str, list[TaskRow]] = {}
    for row in rows:
        found.setdefault(_key(row, by), []).append(row)
    loads = [
        Load(
            key=key,
            name=_name(own[0], by),
            note=own[0].role if by == "person" else "",
            late=sum(_is_late(row, today) for row in own),
            near=sum(_is_near(row, today, risk_until) for row in own),
            rest=sum(
                not _is_late(row, today) and not _is_near(row, today, risk_until) for row in own
            ),
        )
        for key, own in found.items()
    ]
    return sorted(loads, key=lambda load: (-load.late, -load.near, -load.rest, load.name))


def list_supervision_drafts(
    session: Session, *, actor: Actor, office_id: str
) -> list[tuple[Document, Case]]:
    """Return the supervision letters that wait for a signature, oldest first."""
    query = (
        select(Document, Case)
        .join(Case, Case.id == Document.case_id)
        .where(
            visible_cases(actor, office_id=office_id),
            Document.kind == "supervision_letter",
            Document.status == "draft",
        )
        .order_by(Document.drafted_at, Document.id)
    )
    return [(document, case) for document, case in session.execute(query)]


def list_rungs(session: Session, *, case_id: str) -> list[Rung]:
    """Return what will happen by itself in a case, in due order."""
    query = (
        select(Timer)
        .where(Timer.case_id == case_id, Timer.status == "waiting", Timer.due_at.is_not(None))
        .order_by(Timer.due_at, Timer.id)
    )
    return [
        Rung(at=timer.due_at, element=timer.element, clock=timer.clock_name, item=timer.item)
        for timer in session.scalars(query)
        if timer.due_at is not None
    ]


def find_ladder(session: Session, *, actor: Actor, office_id: str) -> Ladder | None:
    """Return what happens by itself in the visible case where something happens next, or None."""
    query = (
        select(Timer, Case.number)
        .join(Case, Case.id == Timer.case_id)
        .where(
            visible_cases(actor, office_id=office_id),
            IS_WAITING,
            Timer.due_at.is_not(None),
        )
        .order_by(Timer.due_at, Timer.id)
        .limit(1)
    )
    found = session.execute(query).first()
    if found is None:
        return None
    timer, number = found
    clock = select(CaseClock).where(
        CaseClock.case_id == timer.case_id,
        CaseClock.name == timer.clock_name,
        CaseClock.status == "running",
    )
    return Ladder(
        case_id=timer.case_id,
        case_number=number,
        clock=session.scalars(clock.order_by(CaseClock.due_on)).first(),
        rungs=tuple(list_rungs(session, case_id=timer.case_id)),
    )


def list_colleagues(
    session: Session, *, task: Task, today: date
) -> list[tuple[Person, Organisation]]:
    """Return who else holds the task's post today."""
    query = select(Post).where(
        Post.office_id == task.office_id,
        Post.role == task.role,
        Post.organisation_id == task.organisation_id,
    )
    return [
        (post.person, post.organisation)
        for post in session.scalars(query)
        if post.is_held_on(today)
    ]


def is_unconfirmed(row: TaskRow) -> bool:
    """Say whether the task hangs on a rule nobody here has confirmed."""
    return row.rule is not None and not row.rule.get("confirmed", True)


def _is_late(row: TaskRow, today: date) -> bool:
    return row.due_on is not None and row.due_on < today


def _is_near(row: TaskRow, today: date, risk_until: date) -> bool:
    return row.due_on is not None and today <= row.due_on <= risk_until


def _key(row: TaskRow, by: str) -> str:
    keys = {
        "organisation": row.organisation_id,
        "division": row.division_code,
        "step": row.element,
    }
    return keys.get(by, row.owner_id or f"{row.organisation_id}:{row.role}")


def _name(row: TaskRow, by: str) -> str:
    if by == "person":
        department = row.organisation_name if row.role == "department_officer" else ""
        return row.owner_name or department
    names = {"organisation": row.organisation_name, "division": row.division_code}
    return names.get(by, row.name)
