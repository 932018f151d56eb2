"""Read what the pages of a case show, as rows and small values; nothing here writes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import String, bindparam, or_, select, union_all
from sqlalchemy import case as when
from sqlalchemy.orm import Session

from workflows.errors import CaseworkError, NotAllowed, NotFound
from workflows.events import Actor
from workflows.models import (
    Answer,
    Case,
    CaseClock,
    CaseLink,
    CaseParty,
    Incident,
    Organisation,
    Outbox,
    Person,
    Post,
    Sanction,
    Task,
    Timer,
)
from workflows.services.desk import Desk
from workflows.services.find_case import visible_cases
from workflows.services.list_tasks import TaskRow
from workflows.services.work_on_task import ENTERS_FOR_DEPARTMENTS, may_work_on

# The clocks of a case by weight: the reply binds us outward, the others follow from it.
CLOCK_ORDER = ("reply", "base_revoked", "report", "supplement", "verification", "lift")


class Body(NamedTuple):
    """An organisation as a list offers it."""

    id: str
    name: str
    kind: str


@dataclass(frozen=True)
class LinkedCase:
    """Another case and how the two know of each other; ``is_later`` when it links to this one."""

    case: Case
    kind: str
    is_later: bool


# Asked by every page of a case, so they are put together once.
_ID = bindparam("case_id", type_=String)
_CLOCKS = select(CaseClock).where(CaseClock.case_id == _ID)
_INCIDENTS = (
    select(Incident)
    .where(Incident.case_id == _ID, Incident.status == "open")
    .order_by(Incident.opened_at.desc(), Incident.id)
)
_TIMERS = (
    select(Timer)
    .where(Timer.case_id == _ID, Timer.status == "waiting", Timer.due_at.is_not(None))
    .order_by(Timer.due_at, Timer.id)
)


def list_clocks(session: Session, *, case_id: str) -> list[CaseClock]:
    """Return the clocks of a case: the reply first, running before stopped."""
    return sorted(session.scalars(_CLOCKS, {"case_id": case_id}), key=_clock_weight)


def get_clock(session: Session, *, clock_id: str, case_id: str) -> CaseClock:
    """Return a clock of this case, or raise NotFound."""
    clock = session.get(CaseClock, clock_id)
    if clock is None or clock.case_id != case_id:
        raise NotFound("error.clock_not_found")
    return clock


def list_open_incidents(session: Session, *, case_id: str) -> list[Incident]:
    """Return what failed in a case and waits for a retry, newest first."""
    return list(session.scalars(_INCIDENTS, {"case_id": case_id}))


def list_timers(session: Session, *, case_id: str) -> list[Timer]:
    """Return what happens by itself if nobody acts, earliest first."""
    return list(session.scalars(_TIMERS, {"case_id": case_id}))


def list_sending(session: Session, *, case_id: str) -> list[Outbox]:
    """Return the effects of a case that are still on their way out."""
    query = select(Outbox).where(Outbox.case_id == case_id, Outbox.status != "sent")
    return list(session.scalars(query.order_by(Outbox.created_at, Outbox.id)))


def list_parties(session: Session, *, case_id: str) -> list[CaseParty]:
    """Return who acts and acted for the subject, the present one first."""
    is_former = when((CaseParty.valid_to.is_(None), 0), else_=1)
    query = select(CaseParty).where(CaseParty.case_id == case_id)
    return list(session.scalars(query.order_by(is_former, CaseParty.valid_from.desc())))


def list_linked(session: Session, *, case: Case, actor: Actor) -> list[LinkedCase]:
    """Return the linked cases this post may see, in the order they were linked."""
    query = (
        select(CaseLink)
        .where(or_(CaseLink.case_id == case.id, CaseLink.other_case_id == case.id))
        .order_by(CaseLink.linked_at, CaseLink.id)
    )
    links = session.scalars(query).all()
    others = {link.other_case_id if link.case_id == case.id else link.case_id for link in links}
    seen = select(Case).where(Case.id.in_(others), visible_cases(actor, office_id=case.office_id))
    cases = {row.id: row for row in session.scalars(seen)} if others else {}
    found: list[LinkedCase] = []
    for link in links:
        is_later = link.other_case_id == case.id
        other = cases.get(link.case_id if is_later else link.other_case_id)
        if other is not None:
            found.append(LinkedCase(other, link.kind, is_later))
    return found


def list_answers(
    session: Session, *, case_id: str, forms: Collection[str] | None = None
) -> list[Answer]:
    """Return what was entered in a case, oldest first; ``forms`` narrows it."""
    query = select(Answer).where(Answer.case_id == case_id)
    if forms is not None:
        query = query.where(Answer.form.in_(forms))
    return list(session.scalars(query.order_by(Answer.answered_at, Answer.id)))


def find_answer(session: Session, *, answer_id: str | None) -> Answer | None:
    """Return an answer by its id, or None."""
    return session.get(Answer, answer_id) if answer_id else None


def get_task(session: Session, *, task_id: str, actor: Actor, office_id: str) -> tuple[Task, Case]:
    """Return a task with its case if this post may see the case, or raise NotFound."""
    task = session.get(Task, task_id)
    if task is None or task.office_id != office_id:
        raise NotFound("error.task_not_found")
    query = select(Case).where(Case.id == task.case_id, visible_cases(actor, office_id=office_id))
    case = session.scalars(query).first()
    if case is None:
        raise NotFound("error.task_not_found")
    return task, case


def find_obstacle(
    session: Session, desk: Desk, *, task: Task, case: Case, actor: Actor
) -> CaseworkError | None:
    """Return why this person may not do the task, as completing it would say, or None."""
    if not may_work_on(task, case=case, actor=actor):
        return NotAllowed("error.not_your_post")
    if task.owner_id not in (None, actor.person_id):
        return NotAllowed("error.held_by_other", holder=task.owner.name if task.owner else "")
    earlier = desk.blueprint(session, case).element(task.element).not_by
    done_by = select(Task.done_by_id).where(
        Task.case_id == case.id, Task.element.in_(earlier), Task.status == "done"
    )
    if earlier and actor.person_id in set(session.scalars(done_by)):
        return NotAllowed("error.four_eyes")
    return None


def may_do_row(row: TaskRow, *, case: Case, actor: Actor) -> bool:
    """Say whether this post may do the task of a list's row, itself or for a department."""
    if actor.role == row.role and actor.organisation_id == row.organisation_id:
        return True
    return (
        row.role == "department_officer"
        and actor.role in ENTERS_FOR_DEPARTMENTS
        and actor.organisation_id == case.receiving_organisation_id
    )


def list_people(session: Session, *, ids: Iterable[str | None]) -> dict[str, str]:
    """Return the names of these people by id."""
    wanted = {person_id for person_id in ids if person_id}
    if not wanted:
        return {}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def list_holders(
    session: Session, *, office_id: str, role: str, on: date, organisation_id: str | None = None
) -> list[Person]:
    """Return who holds a post that day, in one organisation or in the whole office."""
    query = select(Post).where(Post.office_id == office_id, Post.role == role)
    if organisation_id is not None:
        query = query.where(Post.organisation_id == organisation_id)
    held = [post.person for post in session.scalars(query) if post.is_held_on(on)]
    return list({person.id: person for person in held}.values())


def list_organisations(
    session: Session, *, office_id: str, on: date, kinds: Collection[str] = ()
) -> list[Body]:
    """Return the organisations of the office that exist that day, by division and name."""
    query = select(Organisation.id, Organisation.name, Organisation.kind).where(
        Organisation.office_id == office_id,
        Organisation.valid_from <= on,
        or_(Organisation.valid_to.is_(None), Organisation.valid_to >= on),
    )
    if kinds:
        query = query.where(Organisation.kind.in_(kinds))
    rows = session.execute(query.order_by(Organisation.division_code, Organisation.name))
    return [Body(*row) for row in rows]


def name_items(session: Session, *, items: Iterable[str | None]) -> dict[str, str]:
    """Return what the branches of a case are called: a department, or the body of a sanction."""
    wanted = {item for item in items if item}
    if not wanted:
        return {}
    bodies = select(Organisation.id, Organisation.name).where(Organisation.id.in_(wanted))
    sanctions = (
        select(Sanction.id, Organisation.name)
        .join(Organisation, Organisation.id == Sanction.department_id)
        .where(Sanction.id.in_(wanted))
    )
    return {item: name for item, name in session.execute(union_all(bodies, sanctions))}


def find_organisation(session: Session, *, organisation_id: str | None) -> Organisation | None:
    """Return an organisation by its id, or None."""
    return session.get(Organisation, organisation_id) if organisation_id else None


def _clock_weight(clock: CaseClock) -> tuple[int, int, str, str]:
    place = CLOCK_ORDER.index(clock.name) if clock.name in CLOCK_ORDER else len(CLOCK_ORDER)
    is_lead = clock.name == "reply"
    is_stopped = clock.status == "stopped" and not is_lead
    return (int(is_stopped), place, clock.item or "", clock.started_at.isoformat())


def find_case_by_number(
    session: Session, *, number: str, actor: Actor, office_id: str
) -> Case | None:
    """Return the visible case of that number, or None."""
    query = select(Case).where(
        Case.number == number.strip(), visible_cases(actor, office_id=office_id)
    )
    return session.scalars(query).first()
