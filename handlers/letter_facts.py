"""Fetch the facts that a letter's file asks for by name, from the case and from what was entered.

A source reads ``answer:<form>.<field>``, ``variable:<name>``, ``clock:<name>``, ``term:<rule>``,
``body:<form>.<field>`` or ``flag:<name>``, with `` | date``, `` | lines`` or `` | word:<family>``
behind it for how it is printed. Nothing of it is evaluated; an unknown source has no fact.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from handlers.case_facts import answer_of, case_facts, find_term
from handlers.words import case_word
from notifications.letters.compose.facts import opening_facts
from notifications.letters.compose.from_kind import Fact
from notifications.letters.kinds import LetterKind
from notifications.letters.words import chinese_date
from workflows.services.consult_file import find_organisation
from workflows.services.desk import OperationContext
from workflows.services.run_clock import find_clock_row

ANSWER, AS = ".", " | "


def letter_facts(context: OperationContext, kind: LetterKind, **more: Fact) -> dict[str, Fact]:
    """Return the facts of the case that every letter may name, and those this kind asks for."""
    asked = {name: _fact(context, source) for name, source in kind.facts.items()}
    today = chinese_date(context.today)
    return {**opening_facts(case_facts(context)), "today": today, **asked, **more}


def _fact(context: OperationContext, source: str) -> Fact:
    where, _, form = source.partition(AS)
    family, _, name = where.partition(":")
    read = SOURCES.get(family)
    return _printed(read(context, name) if read else None, form)


def _printed(value: Any, form: str) -> Fact:
    if value is None or value == "":
        return ""
    if form == "date":
        return chinese_date(date.fromisoformat(str(value)[:10]))
    if form == "lines":
        lines = value if isinstance(value, list) else str(value).splitlines()
        return tuple(str(each).strip() for each in lines if str(each).strip())
    if form.startswith("word:"):
        return case_word(f"{form.removeprefix('word:')}.{value}")
    return str(value).strip()


def _answer(context: OperationContext, name: str) -> Any:
    form, _, question = name.partition(ANSWER)
    mine = answer_of(context, form, item=context.item) if context.item else {}
    return (mine or answer_of(context, form)).get(question)


def _variable(context: OperationContext, name: str) -> Any:
    return context.variables.get(name)


def _flag(context: OperationContext, name: str) -> Any:
    return context.case.flags.get(name)


def _clock(context: OperationContext, name: str) -> Any:
    """Return the day on which a clock of the case is due; a day of an unconfirmed rule is none."""
    clock = find_clock_row(context.work, case_id=context.case_id, name=name, item=context.item)
    return clock.due_on.isoformat() if clock is not None and clock.due_on else None


def _term(context: OperationContext, key: str) -> Any:
    term = find_term(context, key)
    return term.words if term else None


def _body(context: OperationContext, name: str) -> Any:
    chosen = str(_answer(context, name) or "")
    body = find_organisation(context.work, office_id=context.case.office_id, text=chosen)
    return body.name if body else chosen


SOURCES: Mapping[str, Callable[[OperationContext, str], Any]] = {
    "answer": _answer,
    "variable": _variable,
    "flag": _flag,
    "clock": _clock,
    "term": _term,
    "body": _body,
}
