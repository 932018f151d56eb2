"""Run an office over a stretch of days: the real services, the real clocks, invented decisions.

A day has two rounds of work, in the morning and after lunch. Before each round the due timers fire,
the outbox goes out and the province's answers come in. Everything is drawn from one seed, so that
the same call simulates the same months.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

from handlers.effects.run_command import CommandChannel
from notifications.channels.channel import Channel
from notifications.outbox import CaseOutbox, Dispatcher
from webapp.demo.install_office import install_office
from webapp.forms import FormDefinition, parse_form, variables
from webapp.simulation.arrivals import Bodies, draw_filing, enter_record
from webapp.simulation.decide import Decisions
from webapp.simulation.plan_office import plan_office
from webapp.simulation.province import SimulatedProvince
from webapp.simulation.staff import Staff, Worker
from workflows.clock.calendar import SHANGHAI
from workflows.engine.process_facts import get_form
from workflows.errors import CaseworkError
from workflows.events import SYSTEM, Actor, Command
from workflows.services.change_case import file_supplement, request_withdrawal
from workflows.services.deliver import fire_due_timers
from workflows.services.desk import Desk
from workflows.services.open_case import open_case
from workflows.services.read_workload import (
    OpenTask,
    conclude,
    list_actors,
    list_bodies_by_code,
    list_open_tasks,
)
from workflows.services.receive_exchange import receive_exchange
from workflows.services.work_on_task import complete_task, reassign_task
from workflows.storage.databases import Sessions
from workflows.storage.outbox_store import mark_all_sent
from workflows.storage.reading import read_session
from workflows.storage.unit_of_work import UnitOfWork

HABITS: Mapping[str, Any] = json.loads(
    Path(__file__).with_name("habits.json").read_text(encoding="utf-8")
)
ROUNDS = (time(9, 5), time(13, 35))
ROUND_LENGTH = timedelta(hours=3, minutes=20)
GO_NOWHERE = ("mail", "letter_pdf")
SUBJECT = Actor(kind="subject", origin="simulation")
# Whoever stays away longer has the open steps handed to a colleague.
HAND_OVER_AFTER = timedelta(days=3)


@dataclass(frozen=True)
class Wanted:
    """How much to simulate: ``cases`` filed over ``days`` calendar days from ``begin_on``."""

    cases: int
    days: int
    seed: int
    size: str
    begin_on: date
    number: int = 1


@dataclass
class Simulation:
    """One office while it is simulated."""

    sessions: Sessions
    desk: Desk
    wanted: Wanted
    on_filed: Callable[[], None] = lambda: None
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.now = datetime.combine(self.wanted.begin_on, time(8, 0), SHANGHAI)
        self._dice = Random(f"{self.wanted.seed}:{self.wanted.number}")
        data = plan_office(self.wanted.size, seed=self.wanted.seed, number=self.wanted.number)
        self.office_id = install_office(self.sessions, self.desk, now=self.now, data=data)
        with read_session(self.sessions) as session:
            actors = list_actors(session, office_id=self.office_id)
            codes = list_bodies_by_code(session, office_id=self.office_id)
            self._calendar = self.desk.calendar(session, self.office_id)
        self._bodies = Bodies(
            lead=codes["LEAD"],
            departments=tuple(id_ for code, id_ in codes.items() if code.startswith("D")),
            elsewhere=codes["ELSE"],
        )
        self._staff = Staff(actors, tasks_a_day=HABITS["tasks_a_day"])
        self._decisions = Decisions(dice=self._dice, elsewhere_id=self._bodies.elsewhere)
        self._forms: dict[tuple[str, str], FormDefinition] = {}
        self._coming: dict[date, list[Callable[[], None]]] = {}
        self._numbers = iter(range(1, self.wanted.cases + 1))
        self.province = SimulatedProvince(
            clock=lambda: self.now,
            seed=self.wanted.seed,
            after_days=HABITS["province_answers_after_days"],
            rejects_share=HABITS["province_rejects_share"],
        )
        self._dispatcher = Dispatcher(
            store=CaseOutbox(sessions=self.sessions, bus=self.desk.bus),
            channels=self._channels(),
        )

    def run(self) -> None:
        """Simulate every day, then as many working days more as the open cases need to end."""
        last = self.wanted.begin_on + timedelta(days=self.wanted.days)
        day = self.wanted.begin_on
        weights = list(self._arrival_weights())
        arrivals = spread(self.wanted.cases, weights, self._dice)
        for count in arrivals:
            self._live(day, arriving=count)
            day += timedelta(days=1)
        assert day == last

    # --- a day ------------------------------------------------------------------------------

    def _arrival_weights(self) -> Iterator[float]:
        by_weekday = HABITS["arrivals_by_weekday"]
        for offset in range(self.wanted.days):
            day = self.wanted.begin_on + timedelta(days=offset)
            is_working = self._calendar.is_working(day)
            yield by_weekday[day.weekday()] if is_working else by_weekday[6]

    def _live(self, day: date, *, arriving: int) -> None:
        is_working = self._calendar.is_working(day)
        shares = split(arriving, parts=len(ROUNDS))
        if is_working:
            self._staff.begin_day(
                day,
                dice=self._dice,
                absent_share=HABITS["absent_share"],
                spells=HABITS["absence_days"],
            )
        for hour, count in zip(ROUNDS, shares, strict=True):
            self.now = datetime.combine(day, hour, SHANGHAI)
            self._catch_up(day)
            for _ in range(count):
                self._file(day, counter_is_open=is_working)
            if is_working:
                self._work(day)

    def _catch_up(self, day: date) -> None:
        """Do what comes by itself: timers, the outbox, the province, and the subjects' acts."""
        while fired := self._fire():
            self.counts["timers fired"] += fired
        self.counts["effects sent"] += self._send()
        for answer in self.province.take_due(self.now):
            self._take_answer(answer)
        for act in self._coming.pop(day, ()):
            act()

    def _send(self) -> int:
        """Send what is due; letters and mails leave all at once, for they arrive nowhere."""
        sent = mark_all_sent(
            self.sessions, office_id=self.office_id, kinds=GO_NOWHERE, now=self.now
        )
        while more := len(self._dispatcher.send_due(now=self.now, limit=500)):
            sent += more
        return sent

    def _fire(self) -> int:
        return fire_due_timers(self.desk, office_id=self.office_id, now=self.now, limit=500)

    # --- from outside -----------------------------------------------------------------------

    def _file(self, day: date, *, counter_is_open: bool) -> None:
        number = f"MN-{self.wanted.number}-{next(self._numbers):07d}"

        def work(unit: UnitOfWork) -> Mapping[str, Any]:
            subject, record = enter_record(
                unit, number=number, bodies=self._bodies, habits=HABITS, dice=self._dice
            )
            habits = HABITS if counter_is_open else {**HABITS, "channels": {"portal": 1}}
            filing = draw_filing(
                subject, record, bodies=self._bodies, habits=habits, dice=self._dice, on=day
            )
            return open_case(unit, self.desk, filing=filing)

        result = self._run("file_objection", f"file:{number}", SUBJECT, work)
        self.counts["cases filed"] += 1
        self.on_filed()
        case_id = str(result["case_id"])
        if self._dice.random() < HABITS["withdrawal_share"]:
            self._later(day, 1 + self._dice.randrange(12), lambda: self._withdraw(case_id))

    def _withdraw(self, case_id: str) -> None:
        def work(unit: UnitOfWork) -> Mapping[str, Any]:
            return request_withdrawal(unit, self.desk, case_id=case_id, content={})

        self._try("request_withdrawal", f"withdraw:{case_id}", SUBJECT, work)

    def _supplement(self, case_id: str) -> None:
        content = {"statement": "补交材料见附件。"}

        def work(unit: UnitOfWork) -> Mapping[str, Any]:
            return file_supplement(unit, self.desk, case_id=case_id, content=content)

        self._try("file_supplement", f"supplement:{case_id}", SUBJECT, work)

    def _take_answer(self, answer: Mapping[str, Any]) -> None:
        def work(unit: UnitOfWork) -> Mapping[str, Any]:
            return receive_exchange(unit, self.desk, source="province", **answer)

        self._run("receive_exchange", answer["message_id"], SYSTEM, work)

    # --- people -----------------------------------------------------------------------------

    def _work(self, day: date) -> None:
        """Deal the open tasks out and let everybody who is there do their half day's share."""
        with read_session(self.sessions) as session:
            tasks = list_open_tasks(session, office_id=self.office_id)
        shares = {
            id(each): each.tasks_a_day // 2 for each in self._staff.workers if each.is_there(day)
        }
        turns = {key: 0 for key in self._staff.pools}
        begun_at = self.now
        acts: list[tuple[datetime, OpenTask, Worker]] = []
        for task in tasks:
            worker = self._worker_for(task, day, shares, turns)
            if worker is None:
                continue
            shares[id(worker)] -= 1
            place = self._dice.random()
            acts.append((begun_at + ROUND_LENGTH * place, task, worker))
        for at, task, worker in sorted(acts, key=lambda act: act[0]):
            self.now = at
            self._complete(day, task, worker)

    def _worker_for(
        self,
        task: OpenTask,
        day: date,
        shares: dict[int, int],
        turns: dict[tuple[str, str], int],
    ) -> Worker | None:
        key = (task.organisation_id, task.role)
        pool = self._staff.pools.get(key, [])
        if task.role == "department_officer" and not self._is_ripe(task):
            return None
        if task.owner_id is not None:
            holder = self._staff.find(task.owner_id)
            if holder is not None and not holder.is_there(day):
                self._hand_over(task, holder, day, pool)
            return holder if holder is not None and shares.get(id(holder), 0) > 0 else None
        for _ in pool:
            turns[key] += 1
            worker = pool[turns[key] % len(pool)]
            if shares.get(id(worker), 0) > 0:
                return worker
        return None

    def _is_ripe(self, task: OpenTask) -> bool:
        """Say whether a department has got round to the task; each task has its own delay."""
        key = f"{task.case_number}:{task.element}:{task.organisation_code}"
        delay = Random(key).choice(HABITS["department_delay_days"])
        return self.now >= task.opened_at + timedelta(days=delay)

    def _hand_over(self, task: OpenTask, holder: Worker, day: date, pool: list[Worker]) -> None:
        others = [each for each in pool if each is not holder and each.is_there(day)]
        supervisors = self._staff.pools.get((self._bodies.lead, "supervisor"), [])
        if holder.away_until - day < HAND_OVER_AFTER or not others or not supervisors:
            return
        person_id = self._dice.choice(others).actor.person_id or ""

        def work(unit: UnitOfWork) -> Mapping[str, Any]:
            return reassign_task(
                unit, self.desk, task_id=task.id, person_id=person_id, reason="承办人休假"
            )

        key = f"reassign:{task.id}:{day}:{self.now.hour}"
        self._try("reassign_task", key, supervisors[0].actor, work)

    def _complete(self, day: date, task: OpenTask, worker: Worker) -> None:
        form = self._form(task.bundle_hash, task.form)
        content = self._decisions.answer(
            task.form,
            on=day,
            record_id=task.record_id,
            subject=task.subject,
            found=self._conclusion(task) if task.form == "propose_finding" else "",
        )

        def work(unit: UnitOfWork) -> Mapping[str, Any]:
            given = variables(form, content)
            return complete_task(unit, self.desk, task_id=task.id, content=content, variables=given)

        if self._try("complete_task", f"do:{task.id}", worker.actor, work):
            self.counts["tasks completed"] += 1
        if content.get("formal_outcome") in ("supplement", "supplement_first"):
            days = self._dice.choice(HABITS["supplement_after_days"])
            self._later(day, days, lambda: self._supplement(task.case_id))

    # --- commands ---------------------------------------------------------------------------

    def _later(self, day: date, days: int, act: Callable[[], None]) -> None:
        self._coming.setdefault(day + timedelta(days=max(days, 1)), []).append(act)

    def _try(
        self,
        name: str,
        key: str,
        actor: Actor,
        work: Callable[[UnitOfWork], Mapping[str, Any] | None],
    ) -> bool:
        """Run a command that the office may refuse, and count what it said."""
        try:
            self._run(name, key, actor, work)
        except CaseworkError as refusal:
            self.counts[f"refused: {refusal.key}"] += 1
            return False
        return True

    def _run(
        self,
        name: str,
        key: str,
        actor: Actor,
        work: Callable[[UnitOfWork], Mapping[str, Any] | None],
    ) -> Mapping[str, Any]:
        command = Command(
            id=f"sim{self.wanted.number}:{key}",
            name=name,
            actor=actor,
            now=self.now,
            office_id=self.office_id,
        )
        self.counts["commands"] += 1
        return self.desk.bus.run(command, work)

    def _form(self, bundle_hash: str, form: str) -> FormDefinition:
        key = (bundle_hash, form)
        if key not in self._forms:
            with read_session(self.sessions) as session:
                bundle = self.desk.bundle(session, bundle_hash)
            self._forms[key] = parse_form(get_form(bundle, form))
        return self._forms[key]

    def _conclusion(self, task: OpenTask) -> str:
        with read_session(self.sessions) as session:
            return conclude(session, case_id=task.case_id)

    def _channels(self) -> Mapping[str, Channel]:
        return {
            "province_report": self.province,
            "command": CommandChannel(desk=self.desk, clock=lambda: self.now),
        }


def spread(count: int, weights: list[float], dice: Random) -> list[int]:
    """Return how many of ``count`` fall on each day, drawn by the days' weights."""
    drawn = Counter(dice.choices(range(len(weights)), weights=weights, k=count))
    return [drawn[day] for day in range(len(weights))]


def split(count: int, *, parts: int) -> list[int]:
    """Return a number cut into parts that differ by one at most."""
    return [count // parts + (index < count % parts) for index in range(parts)]
