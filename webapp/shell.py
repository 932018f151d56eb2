"""Fill the frame of every page: who is logged in, what day it is, where one can go."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Flask, g, request, url_for

from webapp.current import (
    calendar,
    current_post,
    find_office_here,
    now,
    parts,
    reads,
    task_counts,
    today,
)
from webapp.permissions import ADMINS, SUPERVISORS
from webapp.phrases import Phrase
from webapp.presenters.shell import (
    ContactView,
    DemoAction,
    DemoRibbon,
    NavLink,
    RailGroup,
    Shell,
)
from webapp.texts import current_language, current_text_size
from workflows.models import Office, Person, Post
from workflows.services.read_office import find_contact
from workflows.services.read_people import list_held_roles

SHANGHAI = ZoneInfo("Asia/Shanghai")


def install_shell(app: Flask) -> None:
    """Give every template the frame as ``ui``."""

    @app.context_processor
    def frame() -> dict[str, Shell]:
        if "shell" not in g:
            g.shell = make_shell()
        return {"ui": g.shell}


def make_shell() -> Shell:
    """Return the frame of this request's page."""
    post = current_post()
    local = now().astimezone(SHANGHAI)
    language = current_language()
    here = find_office_here()
    name = (here.name_en if language == "en" and here.name_en else here.name) if here else ""
    is_portal = (request.blueprint or "") == "portal"
    return Shell(
        office_name=name,
        today=today(),
        is_working_day=calendar().is_working(today()) if here else True,
        now_text=f"{local:%H:%M}",
        lang=language,
        text_size=current_text_size(),
        home_url=url_for("portal.home") if is_portal else "/",
        door_url=url_for("portal.enter" if is_portal else "auth.login"),
        areas=_areas(post) if post and not is_portal else (),
        rail=_rail(post) if post and request.endpoint == "officer.inbox" else (),
        search_url=url_for("officer.search") if post and post.role not in ADMINS else None,
        search_text=request.args.get("q", ""),
        person=_name_of(post.person, language) if post and not is_portal else "",
        post=Phrase(f"role.{post.role}", {}) if post else "",
        logout_url=url_for("auth.logout") if post else None,
        posts=_posts(post) if post else (),
        demo=_demo() if parts().settings.is_demo else None,
        foot=_foot(here) if is_portal else (),
        foot_words=Phrase("app.no_fee", {}) if is_portal else "",
        contact=_contact(here, language) if here and is_portal else None,
    )


def _name_of(person: Person, language: str) -> str:
    return person.name_en if language == "en" and person.name_en else person.name


def _areas(post: Post) -> tuple[NavLink, ...]:
    links: list[NavLink] = []
    if post.role not in ADMINS:
        links += [
            _area("app.area.inbox", "officer.inbox"),
            _area("app.area.letters", "officer.letters"),
        ]
    if post.role in SUPERVISORS:
        links.append(_area("app.area.board", "supervisor.board"))
    if post.role not in ADMINS:
        links.append(_area("app.area.ledger", "officer.ledger"))
        links.append(_area("app.area.registers", "officer.registers"))
    if post.role in ADMINS or post.role == "legal_reviewer":
        links.append(_area("app.area.admin", "admin.home"))
    return tuple(links)


def _area(key: str, endpoint: str) -> NavLink:
    return NavLink(label=Phrase(key, {}), url=url_for(endpoint), is_current=_is_within(endpoint))


def _is_within(endpoint: str) -> bool:
    """Say whether this page belongs to the area that begins there."""
    if request.blueprint in ("admin", "supervisor"):
        return endpoint.split(".")[0] == request.blueprint
    if endpoint == "officer.registers":
        return request.path.startswith("/registers")
    return request.endpoint == endpoint


def _rail(post: Post) -> tuple[RailGroup, ...]:
    counts = task_counts()
    view = request.args.get("view", "mine")
    links = tuple(
        NavLink(
            label=Phrase(f"inbox.view.{name}", {}),
            url=url_for("officer.inbox", view=name),
            is_current=view == name,
            count=counts.get(name),
            is_late=name == "overdue",
        )
        for name in ("mine", "pool", "waiting", "done", "overdue")
    )
    return (RailGroup(links=links),)


def _posts(post: Post) -> tuple[NavLink, ...]:
    held = list_held_roles(reads(), person_id=post.person_id, on=today())
    if len(held) < 2:
        return ()
    return tuple(
        NavLink(
            label=Phrase(f"role.{role}", {}),
            url=url_for("auth.choose_post", post_id=post_id),
            is_current=post_id == post.id,
        )
        for post_id, role in held
    )


def _demo() -> DemoRibbon:
    return DemoRibbon(
        sentence=Phrase("app.demo.sentence", {"now": now()}),
        actions=(
            DemoAction(
                label=Phrase("app.demo.next_day", {}),
                url=url_for("demo.advance"),
                fields=(("working_days", "1"),),
            ),
            DemoAction(
                label=Phrase("app.demo.five_days", {}),
                url=url_for("demo.advance"),
                fields=(("working_days", "5"),),
            ),
        ),
    )


def _contact(office: Office, language: str) -> ContactView | None:
    """Return how to reach the office; what it did not say in English stands in Chinese."""
    found = find_contact(office)
    if found is None:
        return None
    in_english = language == "en"
    return ContactView(
        desk=(in_english and found.desk_en) or found.desk,
        phone=found.phone,
        address=(in_english and found.address_en) or found.address,
        hours=(in_english and found.hours_en) or found.hours,
    )


def _foot(here: Office | None) -> tuple[NavLink, ...]:
    contact = NavLink(
        label=Phrase("app.foot.contact", {}), url=url_for("portal.home", _anchor="contact")
    )
    return (
        *((contact,) if here and find_contact(here) else ()),
        NavLink(label=Phrase("app.foot.verify", {}), url=url_for("portal.verify")),
        *(
            (NavLink(label=Phrase("app.foot.measures", {}), url=url_for("portal.measures")),)
            if here
            else ()
        ),
        NavLink(label=Phrase("app.foot.access", {}), url=url_for("portal.accessibility")),
        NavLink(label=Phrase("app.foot.office", {}), url=url_for("auth.login")),
    )
