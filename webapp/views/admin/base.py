"""What the administrators' pages share: the blueprint and the list of pages a post may open."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from webapp.current import current_post
from webapp.phrases import phrase
from webapp.presenters.shell import NavLink

pages = Blueprint("admin", __name__)

SECTIONS = {
    "people": ("security_admin",),
    "organisations": ("security_admin", "system_admin"),
    "packs": ("system_admin", "legal_reviewer", "audit_admin"),
    "remedies": ("legal_reviewer", "audit_admin"),
    "calendars": ("system_admin", "legal_reviewer"),
    "definitions": ("system_admin", "audit_admin"),
    "incidents": ("system_admin",),
    "messages": ("system_admin",),
    "audit": ("audit_admin",),
}


@pages.get("/admin")
def home() -> Response:
    """Lead to the first page this post may open."""
    return redirect(url_for(f"admin.{list_sections()[0]}"))


def list_sections() -> list[str]:
    """Return the names of the pages this post may open."""
    post = current_post()
    role = post.role if post else ""
    return [name for name, roles in SECTIONS.items() if role in roles]


def section_links(current: str) -> tuple[NavLink, ...]:
    """Return the tabs of the administrators' pages."""
    return tuple(
        NavLink(
            label=phrase(f"admin.{name}"),
            url=url_for(f"admin.{name}"),
            is_current=name == current,
        )
        for name in list_sections()
    )
