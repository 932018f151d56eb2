"""Pages to look at the loaded holiday notices and to load another one, seeing first what moves."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from webapp.current import actor, current_post, desk, now, office, parts, read_anew, reads, today
from webapp.texts import t
from webapp.views.admin.base import pages, section_links
from workflows.clock.notice import Notice, list_problems, read_notice
from workflows.errors import CalendarError, InvalidAnswer
from workflows.models import CalendarNotice, new_id
from workflows.services.load_notice import apply_notice, preview_notice


@pages.get("/admin/calendars")
def calendars() -> str:
    """List the loaded notices; warn when next year's is missing."""
    return _page()


@pages.post("/admin/calendars")
def load_notice() -> str | Response | tuple[str, int]:
    """Show what a notice would move, or, once confirmed, load it and move it."""
    content, source = _posted()
    problems = list_problems(content, source=source)
    if problems:
        return _page(problems=problems, content=content, source=source), 422
    if request.form.get("confirmed") != "1":
        moved = preview_notice(
            reads(), desk(), office_id=office().id, content=content, source=source
        )
        return _page(
            preview=moved,
            content=content,
            source=source,
            notice=read_notice(content, source=source),
        )
    moved = apply_notice(
        parts().sessions,
        desk(),
        office_id=office().id,
        actor=actor(),
        now=now(),
        content=content,
        source=source,
    )
    read_anew()
    flash(t("admin.notice_loaded", count=len(moved)), "act")
    return redirect(url_for("admin.calendars"))


def _posted() -> tuple[str, str]:
    """Return the notice from the uploaded file, or from the page that showed its preview."""
    file = request.files.get("file")
    if file is not None and file.filename:
        content = file.read()
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                return content.decode(encoding), file.filename
            except UnicodeDecodeError:
                continue
        raise CalendarError("error.notice_encoding", file=file.filename)
    content_text = request.form.get("content", "")
    if not content_text:
        raise InvalidAnswer("error.file_needed")
    return content_text, request.form.get("source", "")


def _page(
    *,
    problems: tuple[CalendarError, ...] = (),
    preview: object = None,
    content: str = "",
    source: str = "",
    notice: Notice | None = None,
) -> str:
    query = select(CalendarNotice).where(CalendarNotice.office_id == office().id)
    rows = reads().scalars(
        query.order_by(CalendarNotice.year.desc(), CalendarNotice.issued_on.desc())
    )
    post = current_post()
    next_year = today().year + 1
    return render_template(
        "admin/calendars.html",
        tabs=section_links("calendars"),
        notices=[(row, read_notice(row.content, source="database")) for row in rows],
        problems=problems,
        preview=preview,
        content=content,
        source=source,
        notice=notice,
        missing_year=None if desk().calendar(reads(), office().id).knows(next_year) else next_year,
        may_load=post is not None and post.role == "system_admin",
        command_id=new_id(),
    )
