"""Adds up the inner terms on the longest way, and compares the sum with the term the law gives.

Terms are the rule packs' own, by region, kind of subject and date. Branches that run at the same
time overlap, so the longest of them counts; a way goes round no circle.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil
from typing import Any

from workflows.clock.calendar import WorkingCalendar
from workflows.clock.terms import Term, Unit, last_day, parse_point
from workflows.engine.timers import split_timer
from workflows.errors import DiagramError
from workflows.lint.duty_file import SERVED
from workflows.lint.facts import Facts
from workflows.lint.legal_finding import LegalFinding, PathStep
from workflows.lint.ways import Advance, Reached, Spot, Ways, latest
from workflows.rules.packs import SUBJECT_KINDS, Parameter, RuleBook

Written = Mapping[str, Any]
WHOLE_COUNTRY = "000000"


@dataclass(frozen=True)
class Setting:
    """For whom terms are compared, and from when on they are in force."""

    division: str
    subject_kind: str
    begins: date
    ends: date


@dataclass(frozen=True)
class Sum:
    """A way with its terms, and the first day on which it is late, if there is one."""

    setting: Setting
    limit: Parameter
    way: tuple[Spot, ...]
    terms: tuple[tuple[str, Parameter], ...]
    late_from: date | None = None
    due_on: date | None = None
    done_on: date | None = None


def check_terms(facts: Facts, book: RuleBook, calendar: WorkingCalendar) -> Iterator[LegalFinding]:
    """Yield the ways that are too long, and those among them that the duties accept."""
    for written in facts.duties.terms:
        check = _Check(facts, book, calendar, written)
        problems = list(check.problems())
        yield from problems
        if problems:
            continue
        accepted = tuple(written.get("accepted", ()))
        yield from check.late_ways(closed=accepted)
        yield from check.unbounded()
        for each in accepted:
            others = tuple(other for other in accepted if other is not each)
            late = check.late_ways(closed=others, meant=each)
            yield check.note(each, late[0]) if late else check.needless(each)


def _is_meant(accepted: Written, setting: Setting, term: str) -> bool:
    """Say whether a way is accepted here: for a division or a term it may be, or for all."""
    is_here = setting.division.startswith(str(accepted.get("division", "")))
    return is_here and str(accepted.get("term", term)) == term


class _Check:
    """One term with all that is said about it."""

    def __init__(
        self, facts: Facts, book: RuleBook, calendar: WorkingCalendar, written: Written
    ) -> None:
        self._facts, self._book, self._calendar, self._written = facts, book, calendar, written
        self._steps: Mapping[str, str] = written.get("steps", {})
        self._sums: dict[Any, Sum | None] = {}

    def problems(self) -> Iterator[LegalFinding]:
        """Yield what is wrong with what is written."""
        for part in ("id", "rules", "zh", "en", "term", "from", "to"):
            if not self._written.get(part):
                yield self._finding("duties.part_missing", detail=part)
                return
        known = self._facts.plan.elements
        excused = [each.get("through") for each in self._written.get("accepted", ())]
        for step in (*self._steps, *self._written.get("bounded", ()), *excused):
            if step not in known:
                yield self._finding("duties.unknown_step", detail=str(step))
        for part in ("from", "to"):
            if not self._elements(part):
                yield self._finding("duties.unknown_step", detail=str(self._written[part]))

    def late_ways(
        self, *, closed: Sequence[Written], meant: Written | None = None
    ) -> list[LegalFinding]:
        """Return a finding for each way that is too long, the kinds of subject put together.

        Ways that the duties accept are ``closed``; only those of one of them may be ``meant``.
        """
        late: dict[tuple[Any, ...], list[Sum]] = {}
        for setting in self._settings():
            for term, shut, by in self._limits(setting, closed, meant):
                found = self._sum(setting, shut, by, term)
                if found is not None and found.late_from is not None:
                    key = (found.way, found.limit.content_hash, found.late_from)
                    late.setdefault(key, []).append(found)
        return [self._late(sums) for sums in late.values()]

    def _limits(
        self, setting: Setting, closed: Sequence[Written], meant: Written | None
    ) -> Iterator[tuple[str, frozenset[str], str]]:
        """Yield each term with the ways that it is for; some regions give one step a longer one."""
        own, longer = str(self._written["term"]), self._written.get("longer")
        ways = [(own, frozenset[str](), "")]
        if longer and self._find(str(longer["term"]), setting) is not None:
            step = str(longer["through"])
            ways = [(own, frozenset({step}), ""), (str(longer["term"]), frozenset(), step)]
        for term, shut, by in ways:
            if meant is None or _is_meant(meant, setting, term):
                through = {str(one["through"]) for one in closed if _is_meant(one, setting, term)}
                yield term, shut | through, str(meant["through"]) if meant else by

    # Adding up

    def _sum(self, setting: Setting, closed: frozenset[str], through: str, term: str) -> Sum | None:
        limit = self._find(term, setting)
        if limit is None or not limit.unit.counts_time:
            return None
        terms = {step: one for step, one in self._terms(setting).items() if one is not None}
        key = (limit.value, limit.unit, closed, through, setting.begins, setting.ends)
        values = tuple((step, one.value, one.unit) for step, one in terms.items())
        if (key, values) not in self._sums:
            plan = _Plan(self._facts, self._calendar, setting, limit, terms, through)
            calls = frozenset(step for step in terms if self._facts.plan.elements[step].calls)
            plan.whole, plan.closed = calls, closed | frozenset(self._elements("stops"))
            plan.points = self._points(setting, limit)
            plan.begins = self._elements("from")
            plan.goals = self._ends(calls)
            self._sums[key, values] = plan.first_late()
        found = self._sums[key, values]
        return replace(found, setting=setting) if found is not None else None

    def _points(self, setting: Setting, limit: Parameter) -> dict[str, int]:
        """Return the day of the term on which each timer on the same clock comes."""
        found = {one: self._point(one, setting, limit) for one in self._facts.plan.elements}
        return {element: day for element, day in found.items() if day}

    def _point(self, element: str, setting: Setting, limit: Parameter) -> int:
        text = self._facts.plan.elements[element].timer
        if text is None or not self._written.get("clock"):
            return 0
        clock, point = split_timer(text)
        if clock != self._written["clock"]:
            return 0
        rule = self._find(point, setting) if "." in point else None
        amount = limit.term.amount
        try:
            wanted = parse_point(str(rule.value) if rule is not None else point)
        except DiagramError:
            return 0
        if wanted.kind == "before":
            return max(1, amount - wanted.number)
        if wanted.kind == "percent":
            return max(1, ceil(amount * wanted.number / 100))
        return wanted.number if wanted.kind == "day" else amount + 1

    # What is looked up

    def _settings(self) -> Iterator[Setting]:
        years = self._calendar.years
        first, last = date(years[0], 1, 1), date(years[-1], 12, 31)
        keys = {str(self._written["term"]), *self._steps.values()}
        rules = [one for pack in self._book.packs for one in pack.parameters if one.key in keys]
        cuts = {first, *(one.valid_from for one in rules)}
        cuts |= {one.valid_to + timedelta(days=1) for one in rules if one.valid_to}
        begun = sorted(cut for cut in cuts if first <= cut <= last)
        ended = [*(cut - timedelta(days=1) for cut in begun[1:]), last]
        for division in divisions(self._book):
            for kind in SUBJECT_KINDS:
                for begins, ends in zip(begun, ended, strict=True):
                    yield Setting(division, kind, begins, ends)

    def _find(self, key: str, setting: Setting) -> Parameter | None:
        return self._book.find(
            key, division=setting.division, on=setting.begins, subject_kind=setting.subject_kind
        )

    def _terms(self, setting: Setting) -> dict[str, Parameter | None]:
        found = {step: self._find(key, setting) for step, key in self._steps.items()}
        return {
            s: one if one is not None and one.unit.counts_time else None for s, one in found.items()
        }

    def _elements(self, part: str) -> list[str]:
        found: list[str] = []
        given = self._written.get(part, [])
        for each in given if isinstance(given, list) else [given]:
            step = each if isinstance(each, str) else each.get("step")
            operation = None if isinstance(each, str) else each.get("operation")
            if not isinstance(each, str) and each.get("letter"):
                operation = SERVED
            found += [
                one.id
                for one in self._facts.plan.elements.values()
                if one.id == step or (operation and one.operation == operation)
            ]
        return found

    def _ends(self, whole: frozenset[str]) -> frozenset[str]:
        """Return the ends of the way; one inside a call with its own term is the call itself."""
        ends = set(self._elements("to"))
        processes = {self._facts.plan.elements[one].process for one in ends}
        calls = {call for call in whole if self._facts.plan.elements[call].calls in processes}
        return frozenset(ends | calls)

    def unbounded(self) -> Iterator[LegalFinding]:
        """Yield a finding for each step that must have a term and has none in some setting."""
        for step in self._written.get("bounded", ()):
            for setting in self._settings():
                key = self._steps.get(step)
                if key is None or self._find(key, setting) is None:
                    yield self._finding(
                        "term.unbounded", element=str(step), division=setting.division
                    )
                    break

    # What is said

    def _late(self, sums: Sequence[Sum]) -> LegalFinding:
        first = sums[0]
        limit = first.limit
        return self._finding(
            "term.late",
            element=first.way[-1][1],
            path=tuple(self._told(first)),
            term=f"{limit.name} {limit.value} {limit.unit}",
            sum=" + ".join(f"{one.value} {one.unit}" for _, one in first.terms),
            start_on=first.late_from,
            due_on=first.due_on,
            done_on=first.done_on,
            division=", ".join(sorted({one.setting.division for one in sums})),
            subject_kinds=", ".join(dict.fromkeys(one.setting.subject_kind for one in sums)),
        )

    def _told(self, found: Sum) -> Iterator[PathStep]:
        terms = dict(found.terms)
        for _, element, is_behind in found.way:
            rule = terms.get(element)
            is_shown = rule is not None or self._facts.plan.elements[element].name
            if is_shown and not is_behind:
                labels = {each: self._facts.label(element, each) for each in ("zh", "en")}
                given = ((rule.key, f"{rule.value} {rule.unit}"),) if rule is not None else ()
                yield PathStep(element, labels, "term" if rule is not None else "", given)

    def note(self, accepted: Written, late: LegalFinding) -> LegalFinding:
        """Return a late way that the duties name and accept, with their reason."""
        said = {"zh": str(accepted.get("zh", "")), "en": str(accepted.get("en", ""))}
        return LegalFinding(
            late.file,
            str(accepted["through"]),
            self._facts.label(str(accepted["through"])),
            late.rule,
            "term.accepted",
            {**late.facts},
            rules=tuple(accepted.get("rules", ())),
            sentence=said,
            path=late.path,
        )

    def needless(self, accepted: Written) -> LegalFinding:
        """Return that a way which the duties accept as too long is not too long."""
        return self._finding("term.needless", element=str(accepted["through"]))

    def _finding(
        self, name: str, *, element: str = "", path: tuple[PathStep, ...] = (), **more: Any
    ) -> LegalFinding:
        is_drawn = element in self._facts.plan.elements
        rules = tuple(self._written.get("rules", ()))
        return LegalFinding(
            self._facts.file_of(element) if is_drawn else "duties.json",
            element,
            self._facts.label(element) if is_drawn else "",
            ", ".join(rules) or "lint",
            name,
            {"duty": self._written.get("id", ""), "duty_id": self._written.get("id", ""), **more},
            rules=rules,
            sentence={each: str(self._written.get(each, "")) for each in ("zh", "en")},
            path=path,
        )


def divisions(book: RuleBook) -> list[str]:
    """Return a division code for each jurisdiction that has a pack of its own."""
    narrow = {pack.jurisdiction for pack in book.packs if pack.jurisdiction}
    return sorted(code.ljust(6, "0") for code in narrow) or [WHOLE_COUNTRY]


class _Plan:
    """The ways for one setting, with the time that each step may take."""

    whole: frozenset[str]
    closed: frozenset[str]
    points: Mapping[str, int]
    begins: Sequence[str]
    goals: frozenset[str]

    def __init__(
        self,
        facts: Facts,
        calendar: WorkingCalendar,
        setting: Setting,
        limit: Parameter,
        terms: Mapping[str, Parameter],
        through: str,
    ) -> None:
        self._facts, self._calendar, self._setting = facts, calendar, setting
        self._limit, self._terms, self._through = limit, terms, through

    def first_late(self) -> Sum | None:
        """Return the latest way, with the first day of the calendar on which it is too late."""
        found = self._latest_from(self._setting.begins)
        if found is None:
            return None
        units = {one.unit for one in (*self._terms.values(), self._limit)}
        # Where all terms count the same days, one way is the longest whenever it begins.
        is_even = len(units) == 1 and self._limit.term.unit is Unit.WORKING_DAYS
        on: date = self._setting.begins
        while on <= self._setting.ends:
            due_on = last_day(start_on=on, term=self._limit.term, calendar=self._calendar)
            found = self._again(found, on) if is_even else self._latest_from(on) or found
            if found.at > due_on:
                return self._told(found, on, due_on)
            on += timedelta(days=1)
        return self._told(found)

    def _told(self, found: Reached, on: date | None = None, due_on: date | None = None) -> Sum:
        elements = dict.fromkeys(spot[1] for spot in found.way)
        passed = [(one, self._terms[one]) for one in elements if one in self._terms]
        done_on = found.at if on is not None else None
        return Sum(self._setting, self._limit, found.way, tuple(passed), on, due_on, done_on)

    def _latest_from(self, on: date) -> Reached | None:
        ways = self._ways()
        begun = {
            spot: Reached(on, (spot,)) for element in self.begins for spot in ways.spots(element)
        }
        found = [*latest(ways, begun, self.goals, self._advance(on)).values()]
        if self._through:
            turns = [(spot, spot) for spot in ways.spots(self._through)]
            found = self._round(ways, begun, on, turns)
        else:
            found += self._round(ways, begun, on, ways.circles)
        return max(found, key=lambda one: one.at, default=None)

    def _ways(self) -> Ways:
        return Ways(self._facts, whole=self.whole, closed=self.closed)

    def _round(
        self,
        ways: Ways,
        begun: Mapping[Spot, Reached],
        on: date,
        turns: Sequence[tuple[Spot, Spot]],
    ) -> list[Reached]:
        """Return the ways that go over a turn, and from there on as if for the first time.

        A term covers the returns of its step: what was done before the turn takes no time again.
        """
        found: list[Reached] = []
        for source, target in turns:
            before = latest(ways, begun, frozenset({source[1]}), self._advance(on)).get(source)
            if before is not None:
                way = before.way if source == target else (*before.way, target)
                later = self._advance(on, but={spot[1] for spot in before.way})
                again = {target: Reached(before.at, way)}
                found += latest(self._ways(), again, self.goals, later).values()
        return found

    def _again(self, found: Reached, on: date) -> Reached:
        """Return the same way from another day."""
        advance, at = self._advance(on), on
        done: set[str] = set()
        for _, element, is_behind in found.way:
            at = at if is_behind or element in done else advance(element, at)
            done.add(element)
        return Reached(at, found.way)

    def _advance(self, on: date, *, but: Set[str] = frozenset()) -> Advance:
        """Return how time passes in a case that began on this day."""
        unit = self._limit.term.unit

        def advance(element: str, at: date) -> date:
            if element in but:
                return at
            if element in self._terms:
                return last_day(
                    start_on=at, term=self._terms[element].term, calendar=self._calendar
                )
            if element in self.points:
                wait = Term(self.points[element], unit)
                return max(at, last_day(start_on=on, term=wait, calendar=self._calendar))
            return at

        return advance
