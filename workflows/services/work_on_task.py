"""Claim, release, hand over and complete the tasks of a case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select, update

from workflows.engine.bundle import Bundle
from workflows.engine.engine import Operations
from workflows.engine.values import Snapshot
from workflows.errors import Conflict, NotAllowed, NotFound
from workflows.events import Actor
from workflows.models import Answer, Case, Person, Post, StoredFile, Task
from workflows.services.desk import Desk, OperationContext
from workflows.services.move_case import move_case
from workflows.storage.case_rows import (
    ADD_ANSWER,
    CLAIM_TASK,
    DONE_ELEMENTS,
    FINISH_TASK,
    FORGET_DRAFT,
    TASK_AND_CASE,
    AnyCase,
    CaseRow,
    TaskRow,
)
from workflows.storage.kept import ANSWERS_KEPT, forget
from workflows.storage.statements import Change, Query
from workflows.storage.unit_of_work import UnitOfWork

# Any department step can be completed from a stamped paper by the office that holds the case (E).
ENTERS_FOR_DEPARTMENTS = ("window_clerk", "handler", "platform_operator")

LAST_ANSWERED: Query[datetime | None] = Query(
    select(func.max(Answer.answered_at)).where(Answer.case_id == bindparam("case_id")),
    lambda values: values[0],
)
# Many a text of this length in a form is no file: then there is none to claim.
CLAIM_FILE = Change(
    update(StoredFile)
    .where(
        StoredFile.id == bindparam("file_id"),
        StoredFile.office_id == bindparam("of_office"),
        StoredFile.is_staged,
    )
    .values(is_staged=False, case_id=bindparam("for_case"))
)


def may_work_on(task: Task | TaskRow, *, case: AnyCase, actor: Actor) -> bool:
    """Say whether this post may do the task: its own, or a department's on its behalf."""
    if actor.role == task.role and actor.organisation_id == task.organisation_id:
        return True
    return (
        task.role == "department_officer"
        and actor.role in ENTERS_FOR_DEPARTMENTS
        and actor.organisation_id == case.receiving_organisation_id
    )


def claim_task(work: UnitOfWork, desk: Desk, *, task_id: str) -> dict[str, Any]:
    """Take a task from the pool; claiming one's own again changes nothing.

    Raises Conflict when somebody else holds it, NotAllowed for another post.
    """
    task, case = read_open_task(work, task_id)
    actor = work.command.actor
    if not may_work_on(task, case=case, actor=actor):
        raise NotAllowed("error.not_your_post")
    if task.owner_id not in (None, actor.person_id):
        raise Conflict("error.task_claimed", holder=_name_of(work, task.owner_id))
    claimed_at = task.claimed_at or work.command.now
    work.change(CLAIM_TASK, task_id=task.id, owner=actor.person_id, claimed=claimed_at)
    work.record("task_claimed", case_id=case.id, element=task.element, item=task.item)
    return {"case_id": case.id, "task_id": task.id}


def release_task(work: UnitOfWork, desk: Desk, *, task_id: str) -> dict[str, Any]:
    """Give a task back to the pool of its post."""
    task, case = get_open_task(work, task_id)
    if task.owner_id != work.command.actor.person_id:
        raise NotAllowed("error.not_your_task")
    task.owner_id = None
    task.claimed_at = None
    work.record("task_released", case_id=case.id, element=task.element, item=task.item)
    return {"case_id": case.id, "task_id": task.id}


def reassign_task(
    work: UnitOfWork, desk: Desk, *, task_id: str, person_id: str, reason: str
) -> dict[str, Any]:
    """Hand a task to another holder of the same post (改派), with the reason recorded."""
    task, case = get_open_task(work, task_id)
    person = work.session.get(Person, person_id)
    if person is None or person.office_id != case.office_id:
        raise NotFound("error.person_not_found")
    posts = work.session.scalars(select(Post).where(Post.person_id == person_id)).all()
    today = work.command.now.date()
    fits = any(
        post.role == task.role
        and post.organisation_id == task.organisation_id
        and post.is_held_on(today)
        for post in posts
    )
    if not fits:
        raise NotAllowed("error.person_lacks_post", person=person.name)
    before = task.owner.name if task.owner else ""
    task.owner_id = person_id
    task.claimed_at = work.command.now
    work.record(
        "task_reassigned",
        case_id=case.id,
        element=task.element,
        item=task.item,
        before=before,
        after=person.name,
        reason=reason,
    )
    return {"case_id": case.id, "task_id": task.id}


def complete_task(
    work: UnitOfWork,
    desk: Desk,
    *,
    task_id: str,
    content: Mapping[str, Any],
    variables: Mapping[str, Any],
) -> dict[str, Any]:
    """Finish a task with what was entered, and move the case on.

    ``content`` is the validated form, kept outside the engine; ``variables`` are the few values
    that gateways read. Raises Conflict when somebody else was first, NotAllowed for another post
    or for a person who must stay out of this step.
    """
    task, row = read_open_task(work, task_id)
    actor = work.command.actor
    _check_person(work, desk, task, row)
    answer_id = keep_answer(work, case=row, form=task.form, content=content, task=task)
    work.change(
        FINISH_TASK,
        task_id=task.id,
        person=actor.person_id,
        now=work.command.now,
        answer=answer_id,
    )
    forget_draft(work, holder=actor.person_id or "", place=f"task:{task.id}")
    behalf = task.role == "department_officer" and actor.role != task.role
    work.record(
        "task_done",
        case_id=row.id,
        element=task.element,
        item=task.item,
        outcome=_outcome(variables),
        on_behalf=behalf,
    )
    variables = {**variables, **_act_on_answer(work, desk, task, variables)}
    case = work.present(row)
    step_id = task.step_id
    if step_id is not None:

        def move(bundle: Bundle, operations: Operations) -> Snapshot:
            return desk.engine.complete(
                bundle=bundle,
                state=case.engine_state,
                step_id=step_id,
                variables=variables,
                operations=operations,
            )

        move_case(work, desk, case=case, move=move, ended=task)
    return {"case_id": case.id, "task_id": task.id}


def keep_answer(
    work: UnitOfWork,
    *,
    case: AnyCase,
    form: str,
    content: Mapping[str, Any],
    task: TaskRow | None = None,
) -> str:
    """Insert what was entered, give the case the staged files that it names, return its id."""
    answer = work.add(
        ADD_ANSWER,
        office_id=case.office_id,
        case_id=case.id,
        form=form,
        element=task.element if task else "",
        item=task.item if task else None,
        content=content,
        person_id=work.command.actor.person_id,
        post_id=work.command.actor.post_id,
        answered_at=_next_instant(work, case),
    )
    forget(work, (ANSWERS_KEPT, case.id))
    _claim_files(work, case, content)
    return str(answer["id"])


def _next_instant(work: UnitOfWork, case: AnyCase) -> datetime:
    """Return now, or just after the case's last answer: two of one instant keep their order."""
    if isinstance(case, CaseRow):
        last = case.answered_at
    else:
        last = work.one(LAST_ANSWERED, case_id=case.id)
    if last is None or last < work.command.now:
        return work.command.now
    return last + timedelta(microseconds=1)


def latest_answer(
    work: UnitOfWork, *, case_id: str, form: str, item: str | None = None
) -> dict[str, Any]:
    """Return what was entered last in a form of the case, or an empty mapping."""
    query = select(Answer).where(Answer.case_id == case_id, Answer.form == form)
    if item is not None:
        query = query.where(Answer.item == item)
    row = work.session.scalars(query.order_by(Answer.answered_at.desc(), Answer.id)).first()
    return dict(row.content) if row else {}


def forget_draft(work: UnitOfWork, *, holder: str, place: str) -> None:
    """Remove a draft whose form has been submitted."""
    work.change(FORGET_DRAFT, of=holder, at=place)


def get_open_task(work: UnitOfWork, task_id: str) -> tuple[Task, Case]:
    """Return an open task with its guarded case as objects, or say who was faster."""
    task = work.session.get(Task, task_id)
    if task is None or task.office_id != work.command.office_id:
        raise NotFound("error.task_not_found")
    case = work.get_case(task.case_id)
    _check_open(work, task)
    return task, case


def read_open_task(work: UnitOfWork, task_id: str) -> tuple[TaskRow, CaseRow]:
    """Return the rows of an open task and its guarded case, or say who was faster."""
    found = work.one(TASK_AND_CASE, task_id=task_id)
    if found is None or found[1].office_id != work.command.office_id:
        raise NotFound("error.task_not_found")
    task, case = found
    work.hold(case)
    _check_open(work, task)
    return task, case


def _check_open(work: UnitOfWork, task: Task | TaskRow) -> None:
    if task.status == "done":
        raise Conflict(
            "error.task_done",
            holder=_name_of(work, task.done_by_id),
            at=_iso(task.done_at),
            task_id=task.id,
        )
    if task.status != "open":
        raise Conflict("error.task_gone", task_id=task.id)


def _name_of(work: UnitOfWork, person_id: str | None) -> str:
    person = work.session.get(Person, person_id) if person_id else None
    return person.name if person else ""


def _act_on_answer(
    work: UnitOfWork, desk: Desk, task: TaskRow, variables: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Let the form take effect at once (a seal, a dispatch), so that a refusal shows on it."""
    act = desk.answers.get(task.form)
    if act is None:
        return {}
    context = OperationContext(
        work=work,
        desk=desk,
        case_id=task.case_id,
        element=task.element,
        item=task.item,
        variables=variables,
    )
    return act(context)


def _check_person(work: UnitOfWork, desk: Desk, task: TaskRow, case: CaseRow) -> None:
    actor = work.command.actor
    if not may_work_on(task, case=case, actor=actor):
        raise NotAllowed("error.not_your_post")
    if task.owner_id not in (None, actor.person_id):
        raise NotAllowed("error.held_by_other", holder=_name_of(work, task.owner_id))
    earlier = desk.blueprint(work, case).element(task.element).not_by
    if not earlier:
        return
    done = work.all(DONE_ELEMENTS, case_id=case.id, person=actor.person_id)
    if not earlier.isdisjoint(done):
        raise NotAllowed("error.four_eyes")


def _claim_files(work: UnitOfWork, case: AnyCase, content: Mapping[str, Any]) -> None:
    tokens = {
        token
        for value in content.values()
        for token in (value if isinstance(value, list) else [value])
        if isinstance(token, str) and len(token) == 32
    }
    for token in sorted(tokens):
        work.change(CLAIM_FILE, file_id=token, of_office=case.office_id, for_case=case.id)


def _outcome(variables: Mapping[str, Any]) -> str:
    return ", ".join(str(value) for value in variables.values() if isinstance(value, str))


def _iso(at: Any) -> str:
    return at.isoformat() if at else ""
