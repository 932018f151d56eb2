"""What a view asks about the running request: who acts, for which office, when, and with what."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from flask import current_app, g, request, session

from webapp.business_clock import BusinessClock, machine_now
from webapp.settings import Settings
from workflows.clock.calendar import WorkingCalendar, legal_date
from workflows.errors import NotFound
from workflows.events import Actor, Command
from workflows.models import Office, Post, ReadEntry
from workflows.services.desk import Desk
from workflows.services.list_tasks import count_tasks
from workflows.services.read_office import find_first_office
from workflows.services.read_people import list_stamps
from workflows.storage.databases import ReadSession, Sessions
from workflows.storage.reading import read_session
from workflows.storage.unit_of_work import UnitOfWork

COMMAND_FIELD = "command_id"
# A desk left alone overnight is closed; what was typed there is kept as a draft.
IDLE_SECONDS = 8 * 3600
SEEN_EVERY_SECONDS = 60


@dataclass(frozen=True)
class Parts:
    """The parts the composition root connected, kept as ``app.extensions["jiannuo"]``."""

    settings: Settings
    sessions: Sessions
    desk: Desk
    clock: BusinessClock
    tick: Callable[[], None]


def parts() -> Parts:
    """Return the connected parts of the running app."""
    return cast(Parts, current_app.extensions["jiannuo"])


def desk() -> Desk:
    """Return what services work with."""
    return parts().desk


def now() -> datetime:
    """Return the business instant of this request; it stands still while the request runs."""
    if "now" not in g:
        g.now = parts().clock.now()
    return cast(datetime, g.now)


def today() -> date:
    """Return the legal date of this request in Asia/Shanghai."""
    return legal_date(now())


def reads() -> ReadSession:
    """Return this request's session for reading; it is closed with the request."""
    if "reads" not in g:
        g.reads = read_session(parts().sessions)
    return cast(ReadSession, g.reads)


def task_counts() -> dict[str, int]:
    """Return how many tasks each view of this person holds, counted once a request."""
    if "task_counts" not in g:
        g.task_counts = count_tasks(reads(), actor=actor(), office_id=office().id, today=today())
    return cast(dict[str, int], g.task_counts)


def read_anew() -> None:
    """Let the next read see what a command of this request has written."""
    g.pop("task_counts", None)
    opened = g.pop("reads", None)
    if opened is not None:
        opened.close()


def office() -> Office:
    """Return the office of the one logged in, or the installation's first office.

    Raises NotFound while no office has been set up.
    """
    found = find_office_here()
    if found is None:
        raise NotFound("error.office_not_found")
    return found


def find_office_here() -> Office | None:
    """Return the office of this request, or None while no office has been set up."""
    if "office" not in g:
        post = current_post()
        if post is not None:
            g.office = reads().get(Office, post.office_id)
        else:
            g.office = find_first_office(reads())
    return cast("Office | None", g.office)


def calendar() -> WorkingCalendar:
    """Return the office's calendar."""
    return desk().calendar(reads(), office().id)


def current_post() -> Post | None:
    """Return the post in which the logged-in person acts, or None for a visitor."""
    if "post" not in g:
        post_id = session.get("post_id")
        post = reads().get(Post, post_id) if post_id and session.get("person_id") else None
        g.post = post if post is not None and _is_mine(post) else None
    return cast("Post | None", g.post)


def _is_mine(post: Post) -> bool:
    """Say whether the session's person holds the post today with a log-in not revoked since."""
    if post.person_id != session.get("person_id") or not post.is_held_on(today()):
        return False
    if not _was_here_lately():
        return False
    return session.get("stamp") in list_stamps(reads(), person_id=post.person_id)


def _was_here_lately() -> bool:
    """Say whether the machine's clock still counts this session as attended; note that it is."""
    seconds = int(machine_now().timestamp())
    alone = seconds - int(session.get("seen", 0))
    if alone > IDLE_SECONDS:
        return False
    if alone > SEEN_EVERY_SECONDS:
        session["seen"] = seconds
    return True


def actor() -> Actor:
    """Return who acts: the person in the chosen post, or a subject at the portal."""
    post = current_post()
    origin = (request.remote_addr or "")[:60]
    if post is None:
        return Actor(kind="subject", origin=origin)
    return Actor(
        kind="person",
        person_id=post.person_id,
        post_id=post.id,
        role=post.role,
        organisation_id=post.organisation_id,
        origin=origin,
    )


def visitor() -> str:
    """Return the random token that holds a visitor's drafts and uploads in this browser."""
    if "visitor" not in session:
        session["visitor"] = secrets.token_hex(16)
        session.permanent = True
    return str(session["visitor"])


def holder() -> str:
    """Return who holds drafts and staged files here: the person, or the visitor's token."""
    who = actor()
    return who.person_id or visitor()


def run(
    name: str,
    work: Callable[[UnitOfWork], Mapping[str, Any] | None],
    *,
    case_id: str | None = None,
    reason: str = "",
    once: str | None = None,
) -> dict[str, Any]:
    """Run a command for this request and return its result.

    The form's hidden ``command_id`` makes a double click one act; ``once`` names the act where
    there is no form. Raises whatever the service raises.
    """
    given = once or request.form.get(COMMAND_FIELD) or secrets.token_hex(16)
    command = Command(
        id=command_id(name, by=holder(), given=given),
        name=name,
        actor=actor(),
        now=now(),
        office_id=office().id,
        case_id=case_id,
        reason=reason,
    )
    result = desk().bus.run(command, work)
    read_anew()
    return result


def command_id(name: str, *, by: str, given: str) -> str:
    """Return the id of an act: the same act of the same person has the same one.

    It is a digest because cutting a long one short would make different acts one.
    """
    return f"{name[:30]}:{hashlib.sha256(f'{by}|{given}'.encode()).hexdigest()[:48]}"


def note_read(what: str, *, case_id: str | None = None) -> None:
    """Keep that somebody looked (who saw what), in a stream of its own."""
    who = actor()
    row = {
        "office_id": office().id,
        "case_id": case_id,
        "what": what,
        "person_id": who.person_id,
        "post_id": who.post_id,
        "origin": who.origin,
        "read_at": now(),
    }

    def work(unit: UnitOfWork) -> None:
        unit.session.add(ReadEntry(**row))

    parts().desk.bus.note(work, office_id=office().id, now=now())
