"""The inbox costs what a page costs, however many tasks there are, and shows the right ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Select, insert, select

from tests.integration.casebook import Casebook
from tests.integration.storage.plans import explain
from workflows.events import Actor
from workflows.models import Person, Task, new_id
from workflows.services.list_tasks import (
    TaskRow,
    count_tasks,
    list_tasks,
    make_page,
)

TODAY = date(2026, 9, 24)
MANY = 40_000
A_MILLION = 1_000_000
PAGE = 7


@pytest.fixture
def clerk(any_book: Casebook) -> Actor:
    """Somebody in whose post's pool a filed case lies."""
    any_book.file()
    return any_book.worker(any_book.task("task_formal_check"))


def fill(book: Casebook, *, count: int) -> None:
    """Add copies of the one open task: every third somebody's own, every fifth without a date."""
    pattern = book.task("task_formal_check")
    with book.read() as session:
        people = list(session.scalars(select(Person.id).order_by(Person.id)))
    with book.sessions.begin() as session:
        for start in range(0, count, 10_000):
            batch = range(start, min(start + 10_000, count))
            session.execute(insert(Task), [_copy(pattern, each, people) for each in batch])


def _copy(pattern: Task, each: int, people: list[str]) -> dict[str, Any]:
    return {
        "id": new_id(),
        "office_id": pattern.office_id,
        "case_id": pattern.case_id,
        "element": pattern.element,
        "name": pattern.name,
        "form": pattern.form,
        "role": pattern.role,
        "organisation_id": pattern.organisation_id,
        "owner_id": people[each % len(people)] if each % 3 else None,
        "status": "done" if each % 7 == 6 else "open",
        "due_on": TODAY + timedelta(days=each % 90 - 20) if each % 5 else None,
        "opened_at": pattern.opened_at,
        "version": 1,
    }


def pages(book: Casebook, actor: Actor, view: str) -> Iterator[list[TaskRow]]:
    """Yield page after page, each beginning behind the last row of the one before."""
    after = None
    while True:
        with book.read() as session:
            rows = list_tasks(
                session,
                actor=actor,
                office_id=book.office_id,
                view=view,
                today=TODAY,
                after=after,
                limit=PAGE,
            )
        if not rows:
            return
        yield rows
        after = (rows[-1].due_on or date(9999, 12, 31), rows[-1].task_id)


def wanted(book: Casebook, actor: Actor, view: str) -> list[str]:
    """Return the ids a view must show, found by looking at every task."""
    found = []
    for row in book.all(Task, status="open"):
        is_own = row.owner_id == actor.person_id
        is_pool = (row.owner_id, row.role, row.organisation_id) == (
            None,
            actor.role,
            actor.organisation_id,
        )
        is_late = row.due_on is not None and row.due_on < TODAY
        if is_pool if view == "pool" else (is_own or is_pool) and (view != "overdue" or is_late):
            found.append((row.due_on or date(9999, 12, 31), row.id))
    return [task_id for _, task_id in sorted(found)]


class TestInbox:
    @pytest.mark.parametrize("view", ["mine", "pool", "overdue"])
    def test_shows_each_row_once_in_due_order_over_all_pages(self, any_book, clerk, view):
        fill(any_book, count=400)

        shown = [row.task_id for page in pages(any_book, clerk, view) for row in page]

        assert shown == wanted(any_book, clerk, view)
        assert len(shown) > PAGE

    def test_counts_what_it_shows(self, any_book, clerk):
        fill(any_book, count=400)

        with any_book.read() as session:
            counts = count_tasks(session, actor=clerk, office_id=any_book.office_id, today=TODAY)

        for view in ("mine", "pool", "overdue"):
            assert counts[view] == len(wanted(any_book, clerk, view))

    def test_of_another_post_is_empty(self, any_book, clerk):
        stranger = replace(clerk, person_id="0" * 32, role="approver")

        assert list(pages(any_book, stranger, "mine")) == []


class TestPlan:
    def test_reads_a_page_in_the_order_of_the_index(self, any_book, clerk):
        fill(any_book, count=MANY)

        check_plan(any_book, clerk)

    @pytest.mark.long
    @pytest.mark.timeout(3600)
    def test_reads_a_page_of_a_million(self, any_book, clerk):
        fill(any_book, count=A_MILLION)

        check_plan(any_book, clerk)


def check_plan(book: Casebook, actor: Actor) -> None:
    plan = explain(book.engine, inbox_query(book, actor))

    tasks = [line for line in plan.splitlines() if " task" in line and "SUBQUERY" not in line]
    assert len([line for line in tasks if "ix_task_inbox" in line]) == 2, plan
    # Each half is read in order; nobody sorts all that lies with a person.
    assert plan.count("Seq Scan on task") == plan.count("SCAN task ") == 0, plan


def inbox_query(book: Casebook, actor: Actor) -> Select[*tuple[Any, ...]]:
    return make_page("mine", is_first=True).params(
        office_id=book.office_id,
        own=actor.person_id,
        pool=f"{actor.organisation_id}:{actor.role}",
        limit=50,
    )
