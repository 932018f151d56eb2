"""What goes out and comes in (收发文): every letter with its standing, newest first."""

from __future__ import annotations

from datetime import datetime

from flask import render_template, request

from notifications.letters.kinds import shipped_kinds
from webapp.current import actor, office, reads
from webapp.phrases import phrase
from webapp.presenters.lists import FilterField
from webapp.views.officer.door import pages
from webapp.views.officer.letter_desk import letter_name
from webapp.views.officer.page_facts import narrowed_url
from workflows.services.list_documents import STANDINGS, LetterFilter, LetterRow, list_letters

PAGE = 50


@pages.get("/letters")
def letters() -> str:
    """Show a page of letters."""
    wanted = LetterFilter(
        standing=request.args.get("standing", ""),
        kind=request.args.get("kind", ""),
        text=request.args.get("words", "").strip(),
    )
    rows = list_letters(
        reads(),
        actor=actor(),
        office_id=office().id,
        wanted=wanted,
        before=_place(request.args.get("before", "")),
        limit=PAGE + 1,
    )
    return render_template(
        "officer/letters.html",
        rows=[(row, letter_name(row.document.kind)) for row in rows[:PAGE]],
        fields=_fields(wanted),
        is_narrowed=wanted != LetterFilter(),
        text=wanted.text,
        next_url=_next_url(rows[PAGE - 1]) if len(rows) > PAGE else "",
    )


def _fields(wanted: LetterFilter) -> list[FilterField]:
    standings = tuple((name, phrase(f"letters.standing.{name}")) for name in STANDINGS)
    kinds = tuple((kind, letter_name(kind)) for kind in shipped_kinds())
    return [
        FilterField("standing", phrase("letters.filter.standing"), standings, wanted.standing),
        FilterField("kind", phrase("letters.filter.kind"), kinds, wanted.kind),
    ]


def _place(text: str) -> tuple[datetime, str] | None:
    at, _, row_id = text.partition("~")
    try:
        return (datetime.fromisoformat(at), row_id) if row_id else None
    except ValueError:
        return None


def _next_url(last: LetterRow) -> str:
    place = f"{last.document.drafted_at.isoformat()}~{last.document.id}"
    return narrowed_url("officer.letters", before=place)
