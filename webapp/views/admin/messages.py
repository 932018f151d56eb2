"""The page for messages from outside that no case took: bring each to a case, or set it aside."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.current import desk, office, reads, run
from webapp.texts import current_texts, t
from webapp.views.admin.base import pages, section_links
from webapp.views.admin.returned import UNTOUCHED, Returned, take_back
from workflows.errors import CaseworkError
from workflows.models import new_id
from workflows.services.settle_message import (
    assign_message,
    list_waiting_messages,
    set_message_aside,
)


@pages.get("/admin/messages")
def messages() -> str:
    """List what came in and found no case, with the reason why."""
    return _page(UNTOUCHED)


@pages.post("/admin/messages/<message_id>/assign", endpoint="assign_message")
def assign(message_id: str) -> Response | tuple[str, int]:
    """Bring a message to the case whose number was entered."""
    number = request.form.get("case_number", "")
    try:
        result = run(
            "assign_message",
            lambda work: assign_message(work, desk(), message_id=message_id, case_number=number),
        )
    except CaseworkError as error:
        return _sent_back(error)
    flash(t("admin.message_assigned", number=result["number"]), "act")
    return redirect(url_for("admin.messages"))


@pages.post("/admin/messages/<message_id>/set-aside", endpoint="set_message_aside")
def set_aside(message_id: str) -> Response | tuple[str, int]:
    """Settle a message that belongs to no case, with the reason."""
    reason = request.form.get("reason", "")
    try:
        run(
            "set_message_aside",
            lambda work: set_message_aside(work, message_id=message_id, reason=reason),
            reason=reason.strip(),
        )
    except CaseworkError as error:
        return _sent_back(error)
    flash(t("admin.message_set_aside"), "act")
    return redirect(url_for("admin.messages"))


def _sent_back(error: CaseworkError) -> tuple[str, int]:
    returned = take_back(error)
    return _page(returned), returned.status


def _page(returned: Returned) -> str:
    return render_template(
        "admin/messages.html",
        tabs=section_links("messages"),
        rows=list_waiting_messages(reads(), office_id=office().id),
        returned=returned,
        sender=_sender,
        command_id=new_id(),
    )


def _sender(source: str) -> str:
    """Return who sent it, or the name of the system where it has no words."""
    key = f"admin.origin.{source}"
    return t(key) if current_texts().has(key) else source
