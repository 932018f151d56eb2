"""Why this date: the one sentence, the days, the ledger, and the reckoning that was not used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from webapp.phrases import Words, phrase
from webapp.presenters.cases import Fact, Happening
from workflows.clock.calendar import legal_date
from workflows.clock.explain import DayLine, Explanation
from workflows.clock.ledger import Entry


@dataclass(frozen=True)
class DayRow:
    """One line of the table of days."""

    on: date
    kind: Words
    counted: Words
    number: str
    note: Words
    is_skipped: bool = False
    is_today: bool = False
    is_due: bool = False
    is_late: bool = False


def sentence(found: Explanation, *, start_key: str) -> Words:
    """Return the one sentence that says why (ui/README.md, page 03)."""
    reckoning, summary = found.reckoning, found.summary
    if reckoning.due_on is None:
        return phrase("explain.sentence.paused", start=reckoning.start_on)
    key = "explain.sentence.days" if str(found.term.unit) == "WD" else "explain.sentence.term"
    return phrase(
        key,
        start=reckoning.start_on,
        start_word=phrase(f"explain.start.{start_key}"),
        calendar_days=summary.calendar_days,
        skipped=_skipped_words(found),
        term=phrase(f"term.{str(found.term.unit).lower()}", count=found.term.amount),
        due=reckoning.due_on,
    )


def _skipped_words(found: Explanation) -> Words:
    summary = found.summary
    parts: list[Words] = []
    if summary.holidays:
        names = "、".join(holiday.name for holiday in summary.holidays)
        days = sum(holiday.days for holiday in summary.holidays)
        parts.append(phrase("explain.sentence.holidays", names=names, count=days))
    if summary.weekend_days:
        parts.append(phrase("explain.sentence.weekends", count=summary.weekend_days))
    parts += [phrase("explain.sentence.makeup", on=on) for on in summary.makeup_days]
    if summary.paused_days:
        parts.append(phrase("explain.sentence.pause", count=summary.paused_days))
    if summary.moved_days:
        parts.append(phrase("explain.sentence.moved", count=summary.moved_days))
    return _listed(parts) if parts else phrase("explain.sentence.nothing")


def _listed(parts: Sequence[Words]) -> Words:
    first, *rest = parts
    return phrase("explain.sentence.listed", first=first, rest=_listed(rest)) if rest else first


def day_rows(lines: Sequence[DayLine], *, today: date) -> list[DayRow]:
    """Return the table: each day, what it is, counted or not, and why."""
    return [_day_row(line, today) for line in lines]


def _day_row(line: DayLine, today: date) -> DayRow:
    kind: Words = phrase(f"explain.kind.{line.kind.value}")
    if line.name and line.kind.value in ("holiday", "provisional_holiday"):
        kind = line.name
    return DayRow(
        on=line.on,
        kind=kind,
        counted=phrase("explain.counted" if line.counted else "explain.not_counted"),
        number=str(line.number) if line.number is not None else "–",
        note=_day_note(line, today),
        is_skipped=not line.counted and line.note_key != "explain.day.start_day",
        is_today=line.on == today,
        is_due=line.is_due,
        is_late=line.is_late,
    )


def _day_note(line: DayLine, today: date) -> Words:
    plain = ("explain.day.counted", "explain.day.weekend")
    if line.document:
        return phrase("explain.day.by", why=phrase(line.note_key), document=line.document)
    if line.note_key not in plain:
        return phrase(line.note_key)
    return phrase("explain.today") if line.on == today else ""


def ledger_lines(
    ledger: Sequence[tuple[Entry, date | None]], *, people: Mapping[str, str], reason: Any
) -> list[Happening]:
    """Return each entry with the due date it led to, its reason, its evidence and who made it."""
    told: list[Happening] = []
    for entry, due_on in ledger:
        key = f"explain.ledger.{entry.kind.value}"
        what = phrase(key, on=entry.on, start=entry.start_on or entry.on, days=entry.days or 0)
        move = phrase("explain.ledger.due", due=due_on) if due_on else ""
        told.append(
            Happening(
                when=legal_date(entry.at),
                what=what,
                note=_entry_note(entry, people, reason),
                clock_move=move,
            )
        )
    return told


def _entry_note(entry: Entry, people: Mapping[str, str], reason: Any) -> Words:
    who: Words = people.get(entry.person, "") or phrase("event.by_system")
    parts: list[Words] = [who]
    parts += [reason(text) for text in (entry.reason, entry.evidence) if text]
    return _listed(parts)


def source_facts(
    rule: Mapping[str, Any],
    *,
    scope: Words,
    confirmed: Words,
    changes: Words,
) -> list[Fact]:
    """Return the source: document, scope, parameter, confirmation, higher texts not yet read."""
    value, key = rule.get("value", ""), str(rule.get("key", ""))
    document = " ".join(str(rule.get(name, "")) for name in ("document", "clause")).strip()
    facts = [
        Fact(phrase("explain.source.document"), document or phrase("rank.office_source")),
        Fact(phrase("explain.source.scope"), scope),
        Fact(phrase("explain.source.parameter"), f"{key} = {value}", is_code=True),
        Fact(phrase("explain.source.confirmed"), confirmed),
    ]
    if rule.get("rule_ids"):
        ids = ", ".join(str(rule_id) for rule_id in rule["rule_ids"])
        facts.append(Fact(phrase("explain.source.rules"), ids, is_code=True))
    unread = [str(text) for text in rule.get("unread_higher", [])]
    if unread:
        facts.append(
            Fact(
                phrase("explain.source.higher"),
                phrase("explain.source.higher.unread", texts="、".join(unread)),
            )
        )
    facts.append(Fact(phrase("explain.source.changes"), changes))
    return facts
