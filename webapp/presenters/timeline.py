"""A case's happenings as sentences: who did what, and what it did to a clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from webapp.phrases import Words, phrase
from webapp.presenters.case_clocks import clock_name
from webapp.presenters.cases import Happening
from workflows.clock.calendar import legal_date
from workflows.services.read_timeline import TimelineEntry

# Facts that are codes, and the family of texts that says them.
SPOKEN: Mapping[str, str] = {
    "channel": "case.channel",
    "method": "letters.method",
    "finding": "case.finding",
    "suggested": "case.finding",
    "conclusion": "case.conclusion",
    "point": "timer.point",
}
DATES = (
    "on",
    "due_on",
    "before",
    "after",
    "received_on",
    "served_on",
    "arrived_on",
    "lifted_on",
    "approved_on",
    "entered_on",
    "effective_on",
    "accepted_on",
)
# The way of a letter that needs nobody: of one act, only its last step is told.
LETTER_STEPS = (
    "document_drafted",
    "document_numbered",
    "document_dispatched",
    "document_served",
)


# What a subject does at the portal; where an officer enters it, the entry names the officer.
ACTS_OF_SUBJECT = ("case_opened", "supplement_filed", "withdrawal_requested")


@dataclass(frozen=True)
class TimelineNames:
    """How elements and branches are called, and whether a sentence exists."""

    element: Callable[[str], Words]
    item: Callable[[str | None], str]
    has_text: Callable[[str], bool]


def happenings(entries: Sequence[TimelineEntry], *, names: TimelineNames) -> list[Happening]:
    """Return the timeline; what a clock did stands under the act that did it.

    A letter that went through several steps in one act is told once, by the last of them.
    """
    told: list[_Told] = []
    waiting: list[Words] = []
    last_letter: TimelineEntry | None = None
    for entry in entries:
        if entry.kind.startswith("clock_"):
            move = _clock_move(entry, names)
            act = _act_on_body(told, entry, names)
            (act.moves if act is not None else waiting).append(move)
            continue
        is_told = last_letter is not None and _is_earlier_step(entry, last_letter)
        if entry.kind in LETTER_STEPS:
            last_letter = entry
        if not is_told:
            told.append(_Told(entry, list(waiting)))
            waiting = []
    lines = [_happening(one.entry, names, tuple(one.moves)) for one in told]
    if waiting and entries:
        lines.append(Happening(legal_date(entries[-1].at), joined(waiting)))
    return lines


@dataclass(frozen=True)
class _Told:
    """One act on the timeline with the clock moves it brought about."""

    entry: TimelineEntry
    moves: list[Words]


def _act_on_body(told: Sequence[_Told], move: TimelineEntry, names: TimelineNames) -> _Told | None:
    """Return the act of the same instant that speaks of the very body this clock runs for."""
    body = names.item(move.facts.get("item"))
    for one in reversed(told):
        if one.entry.at != move.at:
            return None
        if body and body in (
            one.entry.facts.get("organisation"),
            one.entry.facts.get("department"),
        ):
            return one
    return None


def _is_earlier_step(entry: TimelineEntry, later: TimelineEntry) -> bool:
    """Say whether this is the same letter on its way, a step before in the same act."""
    if entry.kind not in LETTER_STEPS or entry.at != later.at:
        return False
    if LETTER_STEPS.index(entry.kind) >= LETTER_STEPS.index(later.kind):
        return False
    number = entry.facts.get("number", later.facts.get("number"))
    same_title = entry.facts.get("title") == later.facts.get("title")
    return same_title and number == later.facts.get("number", number)


def _happening(entry: TimelineEntry, names: TimelineNames, moves: tuple[Words, ...]) -> Happening:
    key = f"event.{entry.kind}"
    if not names.has_text(key):
        key = "event.other"
    by_nobody = "event.by_subject" if entry.kind in ACTS_OF_SUBJECT else "event.by_system"
    who = entry.person or phrase(by_nobody)
    return Happening(
        when=legal_date(entry.at),
        what=phrase(key, who=who, kind_name=entry.kind, **spoken_facts(entry, names)),
        clock_move=phrase("event.moves", moves=joined(moves)) if moves else "",
        note=_note(entry, names),
    )


def joined(words: Sequence[Words]) -> Words:
    """Return several words as one, with a semicolon between them."""
    if not words:
        return ""
    first, *rest = words
    return phrase("event.joined", first=first, rest=joined(rest)) if rest else first


def _clock_move(entry: TimelineEntry, names: TimelineNames) -> Words:
    facts = spoken_facts(entry, names)
    key = f"event.{entry.kind}"
    if entry.kind == "clock_corrected" and facts.get("before") and facts.get("due_on"):
        key = "event.clock_corrected.moved"
    elif not facts.get("due_on") and names.has_text(f"{key}.open"):
        key = f"{key}.open"
    return phrase(key, **facts)


def spoken_facts(entry: TimelineEntry, names: TimelineNames) -> dict[str, Any]:
    """Return the facts of a happening with codes as phrases and dates as dates."""
    facts: dict[str, Any] = dict(entry.facts)
    for name, value in entry.facts.items():
        if name in SPOKEN and value:
            key = f"{SPOKEN[name]}.{value}"
            facts[name] = phrase(key) if names.has_text(key) else str(value)
        elif name in DATES:
            facts[name] = _day(value)
    body = names.item(entry.facts.get("item"))
    facts["body_of_item"] = body
    facts["step"] = _step(entry, names, body)
    if entry.facts.get("clock"):
        facts["clock"] = clock_name(str(entry.facts["clock"]), body=body)
    return facts


def _step(entry: TimelineEntry, names: TimelineNames, body: str) -> Words:
    element = entry.facts.get("element")
    if not element:
        return ""
    name = names.element(str(element))
    return phrase("inbox.step_of", step=name, body=body) if body else name


def _note(entry: TimelineEntry, names: TimelineNames) -> Words:
    """Return the reason somebody gave, or what a finished step decided."""
    if entry.kind == "task_done":
        return _outcome_words(str(entry.facts.get("outcome") or ""), names)
    if entry.kind == "document_sent_again":
        return phrase(f"letters.came_back.{entry.facts['reason']}")
    reason = entry.facts.get("reason") or entry.facts.get("dated_back")
    return phrase("event.reason", reason=str(reason)) if reason else ""


def _outcome_words(outcome: str, names: TimelineNames) -> Words:
    said: list[Words] = []
    for code in (part.strip() for part in outcome.split(",")):
        key = f"outcome.{code}"
        if code and names.has_text(key):
            said.append(phrase(key))
    return joined(said)


def _day(value: Any) -> date | str:
    if not value:
        return ""
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return str(value)
