"""Pages to look at the loaded holiday notices and to load another one, seeing first what moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.current import (
    COMMAND_FIELD,
    actor,
    command_id,
    current_post,
    desk,
    holder,
    now,
    office,
    parts,
    read_anew,
    reads,
    today,
)
from webapp.dates import day_words
from webapp.errors import words_of
from webapp.phrases import Phrase
from webapp.texts import current_language, t
from webapp.views.admin.base import pages, section_links
from workflows.clock.notice import Notice, list_problems, read_notice
from workflows.errors import CalendarError, CaseworkError, InvalidAnswer
from workflows.models import new_id
from workflows.services.load_notice import MovedDate, apply_notice, preview_notice
from workflows.services.read_agreed import list_notices

ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(frozen=True)
class Preview:
    """A notice that was read, and what it would move."""

    notice: Notice
    content: str
    source: str
    moved: Sequence[MovedDate]


@pages.get("/admin/calendars")
def calendars() -> str:
    """List the loaded notices; warn when next year's is missing."""
    return _page()


@pages.post("/admin/calendars")
def load_notice() -> str | Response | tuple[str, int]:
    """Show what a notice would move, or, once confirmed, load it and move it."""
    source = ""
    try:
        content, source = _posted()
        problems = list_problems(content, source=source)
        if problems:
            return _page(source=source, problems=[words_of(each) for each in problems]), 422
        if request.form.get("confirmed") != "1":
            return _page(preview=_preview(content, source))
        moved = apply_notice(
            parts().sessions,
            desk(),
            office_id=office().id,
            actor=actor(),
            now=now(),
            content=content,
            source=source,
            command_id=_command_id(),
        )
    except CaseworkError as error:
        return _page(source=source, problems=[words_of(error)]), 422
    read_anew()
    flash(t("admin.notice_loaded", count=len(moved)), "act")
    return redirect(url_for("admin.calendars"))


def _command_id() -> str:
    """Return what makes a double click one act."""
    given = request.form.get(COMMAND_FIELD, "")
    return command_id("load_notice", by=holder(), given=given) if given else ""


def _posted() -> tuple[str, str]:
    """Return the notice from the uploaded file, or from the page that showed its preview."""
    file = request.files.get("file")
    if file is not None and file.filename:
        return _decode(file.read(), file.filename), file.filename
    content = request.form.get("content", "")
    if not content:
        raise InvalidAnswer("error.file_needed")
    return content, request.form.get("source", "")


def _decode(content: bytes, name: str) -> str:
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CalendarError("error.notice_encoding", file=name)


def _preview(content: str, source: str) -> Preview:
    moved = preview_notice(reads(), desk(), office_id=office().id, content=content, source=source)
    return Preview(read_notice(content, source=source), content, source, moved)


def _page(
    *, source: str = "", problems: Sequence[Phrase] = (), preview: Preview | None = None
) -> str:
    post = current_post()
    next_year = today().year + 1
    return render_template(
        "admin/calendars.html",
        tabs=section_links("calendars"),
        notices=list_notices(reads(), office_id=office().id),
        problems=problems,
        source=source,
        preview=preview,
        missing_year=None if desk().calendar(reads(), office().id).knows(next_year) else next_year,
        may_load=post is not None and post.role == "system_admin",
        command_id=new_id(),
        day_of_year=partial(day_words, language=current_language(), weekday=False),
    )
