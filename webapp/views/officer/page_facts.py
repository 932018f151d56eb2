"""What every officer page asks first: the case this post may see, the day, the names of things."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from flask import g, request, url_for

from webapp.current import actor, calendar, desk, note_read, office, reads, today
from webapp.phrases import Phrase, Words, phrase
from webapp.presenters.branches import branch_name
from webapp.presenters.clocks import Today
from webapp.texts import current_language, current_texts, say
from workflows.engine.blueprint import Blueprint, blueprint
from workflows.engine.process_facts import process_facts
from workflows.models import Case
from workflows.services.desk import DEFAULT_SETTINGS
from workflows.services.find_case import get_visible_case
from workflows.services.read_case import name_items


def office_day() -> Today:
    """Return the business day and how this office counts."""
    setting = desk().setting(reads(), office().id, "at_risk_days")
    risk_days = int(setting if setting is not None else DEFAULT_SETTINGS["at_risk_days"])
    return Today(on=today(), calendar=calendar(), risk_days=risk_days)


def get_case(case_id: str) -> Case:
    """Return a case this post may see, or raise NotFound."""
    return get_visible_case(reads(), case_id=case_id, actor=actor(), office_id=office().id)


def looked_at(what: str, case: Case) -> None:
    """Keep that this person looked, once per page."""
    note_read(what, case_id=case.id)


def case_blueprint(case: Case) -> Blueprint:
    """Return what the case's own diagrams say."""
    return desk().blueprint(reads(), case)


def active_blueprints() -> dict[str, Blueprint]:
    """Return the diagrams that new cases start with, by the kind of case."""
    bundles = desk().active_bundles(reads(), office().id)
    return {kind: blueprint(bundle) for kind, bundle in bundles.items()}


def matter_title(case: Case) -> str:
    """Return what a case is called; one about no record is called as its process is."""
    title = process_facts(desk().bundle(reads(), case.bundle_hash)).title
    return (
        title.get(current_language(), case.title) if case.title == title.get("zh") else case.title
    )


def step_words(element: str, *, diagrams: Blueprint | None, fallback: str = "") -> Words:
    """Return what a step is called in the reader's language."""
    key = f"task.{element}"
    if current_texts().has(key):
        return phrase(key)
    if diagrams is not None and element in diagrams.elements:
        return diagrams.label(element, current_language())
    return fallback or element


def item_names(items: Iterable[str | None]) -> dict[str, str]:
    """Return what the branches of a case are called: departments, or whose sanction it is.

    Clocks, timers and happenings of a case ask for the same ones, so a request asks once.
    """
    known: dict[str, str] = g.setdefault("item_names", {})
    unknown = {item for item in items if item} - known.keys()
    if unknown:
        branches = {item: say(branch) for item in unknown if (branch := branch_name(item))}
        found = {**branches, **name_items(reads(), items=unknown)}
        known.update(dict.fromkeys(unknown, ""), **found)
    return known


def narrowed_url(endpoint: str, *, without: str = "", **more: str) -> str:
    """Return another page of the same narrowed list; only the list's own words are carried on."""
    kept = {name: value for name, value in request.args.items() if name not in (without, *more)}
    query = urlencode({**kept, **more})
    return f"{url_for(endpoint)}?{query}" if query else url_for(endpoint)


def has_text(key: str) -> bool:
    """Return whether a sentence of that key exists."""
    return current_texts().has(key)


def kept_words(text: str, *, family: str = "reason") -> Words:
    """Return a reason as it was kept: a code becomes its sentence, words stay words.

    What still runs when a case closes stops with the case's outcome as its reason.
    """
    for key in (f"{family}.{text}", f"case.outcome.{text}"):
        if text and has_text(key):
            return phrase(key)
    return Phrase(text, {}) if text and has_text(text) else text
