"""The subject's page as views: stages passed and to come, what is asked, what has been done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from webapp.phrases import Words, phrase
from webapp.presenters.cases import Happening, Stage
from workflows.clock.calendar import legal_date
from workflows.models import Case, CaseClock, Document, Event
from workflows.services.read_progress import Progress

DATES = frozenset(
    {"on", "due_on", "before", "after", "received_on", "served_on", "accepted_on", "lifted_on"}
)
REPLIES = ("reply", "non_acceptance")
# Stages that a case may end without; they are shown as to come only while they may still come.
LAST = "closed"
# The page's title says the outcome.
SAID_ELSEWHERE = frozenset({"outcome_noted"})
REPLY, CORRECTION = "reply", "correction"


@dataclass(frozen=True)
class Asked:
    """What the subject must do now, if anything."""

    title: Words
    text: Words
    items: tuple[str, ...] = ()
    until: date | None = None
    act: str = ""
    to_collect: tuple[Words, ...] = ()


@dataclass(frozen=True)
class Standing:
    """How a case stands, as far as its subject's page asks."""

    case: Case
    progress: Progress
    reply: CaseClock | None
    days: Mapping[str, date]

    @property
    def is_closed(self) -> bool:
        """Say whether the case is closed."""
        return self.case.status == "closed"

    @property
    def reply_due_on(self) -> date | None:
        """Return by when the reply is owed, as long as it is owed and the rule may be named."""
        if self.reply is None or self.reply.status != "running" or self.is_closed:
            return None
        return self.reply.due_on if self.reply.rule.get("confirmed", True) else None

    @property
    def is_replied(self) -> bool:
        """Say whether the reply's clock has stopped."""
        return self.reply is not None and self.reply.status == "stopped"


def title_of(standing: Standing, declared: Sequence[Mapping[str, Any]]) -> Words:
    """Return the page's title: what is being done now, or how the case ended."""
    if standing.is_closed:
        return phrase(f"portal.title.{standing.case.outcome or LAST}")
    now = [stage["key"] for stage in declared if _is_now(stage, standing)]
    return phrase(f"portal.title.{now[0] if now else 'received'}")


def asked_of(
    *,
    waiting: frozenset[str],
    supplement: CaseClock | None,
    items: Sequence[str],
    letters: Sequence[Document],
    to_collect: Sequence[Words],
    is_closed: bool,
) -> Asked:
    """Return what is asked of the subject: papers by a day, letters to fetch, or nothing."""
    fetched = tuple(to_collect)
    if "supplement_received" in waiting:
        return Asked(
            title=phrase("portal.asked.supplement"),
            text=phrase("portal.asked.supplement.text"),
            items=tuple(items),
            until=supplement.due_on if supplement else None,
            act="supplement",
            to_collect=fetched,
        )
    if any(letter.kind in REPLIES for letter in letters):
        return Asked(
            title=phrase("portal.asked.read"),
            text=phrase("portal.asked.read.text"),
            act="letters",
            to_collect=fetched,
        )
    if fetched:
        words = phrase("portal.asked.collect.text")
        return Asked(phrase("portal.asked.collect"), words, to_collect=fetched)
    if is_closed:
        return Asked(phrase("portal.asked.closed"), phrase("portal.asked.closed.text"))
    return Asked(phrase("portal.asked.nothing"), phrase("portal.asked.nothing.text"))


def stages_of(
    declared: Sequence[Mapping[str, Any]], *, standing: Standing, language: str
) -> list[Stage]:
    """Return the declared stages, each passed, current or to come."""
    found: list[Stage] = []
    for stage in declared:
        is_now, day = _is_now(stage, standing), _day_of(stage, standing)
        was = not is_now and day is not None
        if not is_now and not was and not _may_come(stage, standing):
            continue
        found.append(
            Stage(
                title=str(stage.get(language) or stage["zh"]),
                standing="now" if is_now else "was" if was else "",
                tag=_tag(stage, standing, is_now=is_now, day=day if was else None),
                text=phrase(f"portal.stage.{stage['key']}"),
            )
        )
    return found


def _is_now(stage: Mapping[str, Any], standing: Standing) -> bool:
    return not standing.is_closed and bool(set(stage["elements"]) & standing.progress.active)


def _day_of(stage: Mapping[str, Any], standing: Standing) -> date | None:
    """Return the day on which the last step of the stage was left."""
    days = [standing.days[each] for each in stage["elements"] if each in standing.days]
    return max(days, default=None)


def _may_come(stage: Mapping[str, Any], standing: Standing) -> bool:
    """A closed case has no stages ahead; once the reply upholds the record, none corrects it."""
    if standing.is_closed:
        return False
    is_upheld = standing.is_replied and standing.case.finding == "uphold"
    return not (stage["key"] == CORRECTION and is_upheld)


def _tag(stage: Mapping[str, Any], standing: Standing, *, is_now: bool, day: date | None) -> Words:
    if day is not None:
        return phrase("portal.stage.was", on=day)
    if stage["key"] == REPLY and standing.reply_due_on is not None:
        key = "portal.stage.now_until" if is_now else "portal.stage.until"
        return phrase(key, on=standing.reply_due_on)
    if is_now:
        return phrase("portal.stage.now")
    return phrase("portal.stage.beside_reply") if stage["key"] == CORRECTION else ""


def letter_title(letter: Document, *, language: str) -> Words:
    """Return what a letter is called: by its title, or for who reads no Chinese by its kind."""
    return letter.title if language == "zh" else phrase(f"letters.kind.{letter.kind}")


def public_lines(
    events: Sequence[Event],
    *,
    has_text: Callable[[str], bool],
    language: str,
    reasons: Mapping[int, str],
) -> list[Happening]:
    """Return the public facts of a case as sentences for its subject.

    ``reasons`` are the words that officers gave, by the event's id: events hold none themselves.
    """
    found = [
        _public_line(event, has_text=has_text, language=language, reason=reasons.get(event.id, ""))
        for event in events
    ]
    return [line for line in found if line is not None]


def _public_line(
    event: Event, *, has_text: Callable[[str], bool], language: str, reason: str
) -> Happening | None:
    """Return a fact as a sentence, or None where it has none; of the clocks only the reply's."""
    key = f"event.public.{event.kind}"
    is_told = has_text(key) and event.kind not in SAID_ELSEWHERE
    if not is_told or event.facts.get("clock", REPLY) != REPLY:
        return None
    facts = {name: _spoken(name, value) for name, value in event.facts.items()}
    if reason:
        facts["reason"] = reason
    kind = f"letters.kind.{event.facts.get('kind')}"
    if "title" in facts and language != "zh" and has_text(kind):
        facts["title"] = phrase(kind)
    return Happening(when=legal_date(event.at), what=phrase(key, **facts))


def _spoken(name: str, value: Any) -> Any:
    if name not in DATES or not value:
        return "" if value is None else value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return value
