"""What the pages of the registers share: their parts, a returned form, who may do what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.current import actor, desk, office, reads, today
from webapp.phrases import phrase
from webapp.presenters.shell import NavLink
from webapp.texts import t
from webapp.views.admin.returned import UNTOUCHED, Returned, take_back
from workflows.errors import CaseworkError, InvalidAnswer
from workflows.models import CreditRecord, Subject, new_id
from workflows.services.find_case import find_subject
from workflows.services.find_registered import get_visible_record, get_visible_subject
from workflows.services.keep_subjects import ENTERS
from workflows.services.read_people import list_bodies

SECTIONS = ("registers", "commitments", "credit_lists", "projects", "catalogue", "imports")


def draw(template: str, *, section: str, returned: Returned = UNTOUCHED, **facts: Any) -> str:
    """Return a page of the registers; every form of it has a command id of its own."""
    return render_template(
        f"registers/{template}",
        tabs=_tabs(section),
        returned=returned,
        command_id=new_id(),
        today=today(),
        may_enter=actor().role in ENTERS,
        **facts,
    )


def submit(
    act: Callable[[], Mapping[str, Any] | None],
    *,
    done: str,
    where: Callable[[Mapping[str, Any]], str],
    again: Callable[[Returned], str],
) -> Response | tuple[str, int]:
    """Carry out a posted form and lead on, or show the form again with its faults."""
    try:
        result = act() or {}
    except CaseworkError as error:
        returned = take_back(error)
        return again(returned), returned.status
    flash(t(done), "act")
    return redirect(where(result))


def get_subject(subject_id: str) -> Subject:
    """Return a subject this post may see, or raise NotFound."""
    return get_visible_subject(reads(), subject_id=subject_id, actor=actor(), office_id=office().id)


def get_record(record_id: str) -> CreditRecord:
    """Return a record this post may see, or raise NotFound."""
    return get_visible_record(reads(), record_id=record_id, actor=actor(), office_id=office().id)


def posted(name: str) -> str:
    """Return a posted text."""
    return request.form.get(name, "").strip()


def posted_day(name: str) -> date:
    """Return a posted date; raises InvalidAnswer when it is missing or none."""
    found = posted_day_or_none(name)
    if found is None:
        raise InvalidAnswer(fields={name: ["check.required"]})
    return found


def posted_day_or_none(name: str) -> date | None:
    """Return a posted date, None for an empty field; raises InvalidAnswer for what is no date."""
    text = posted(name)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise InvalidAnswer(fields={name: ["check.not_a_day"]}) from problem


def posted_items() -> list[dict[str, str]]:
    """Return the posted lines "name：value" as the items of a record."""
    found: list[dict[str, str]] = []
    for line in posted("items").splitlines():
        name, mark, value = line.replace(":", "：", 1).partition("：")
        if line.strip() and not mark:
            raise InvalidAnswer(fields={"items": ["check.items_lines"]})
        if line.strip():
            found.append({"name": name.strip(), "value": value.strip()})
    return found


def posted_subject(name: str) -> Subject:
    """Return the subject whose code was posted; raises InvalidAnswer when none has it."""
    found = find_subject(reads(), office_id=office().id, code=posted(name), vault=desk().vault)
    if found is None:
        raise InvalidAnswer(fields={name: ["check.subject_unknown"]})
    return found


def body_choices() -> list[tuple[str, str]]:
    """Return the bodies a form may name; a department's officer has its own only."""
    own = actor().organisation_id if actor().role == "department_officer" else None
    bodies = list_bodies(reads(), office_id=office().id)
    return [(each.id, each.name) for each in bodies if own in (None, each.id)]


def _tabs(section: str) -> tuple[NavLink, ...]:
    return tuple(
        NavLink(
            label=phrase(f"registers.{name}"),
            url=url_for(f"officer.{name}"),
            is_current=name == section,
        )
        for name in SECTIONS
        if name != "imports" or actor().role in ("handler", "platform_operator")
    )
