"""Page that shows the rules of two regions side by side, as they stand on a day (A12, B5)."""

from __future__ import annotations

from collections import Counter
from datetime import date

from flask import render_template, request

from webapp.current import desk, office, reads, today
from webapp.phrases import Words, phrase
from webapp.presenters.regions import (
    division_of,
    home_region,
    list_regions,
    paper_views,
    row_view,
)
from webapp.presenters.rule_words import value_words
from webapp.texts import current_texts
from webapp.views.admin.base import pages, section_links
from workflows.rules.comparison import PROCESS_NAMES, Row, compare_regions, list_papers
from workflows.rules.open_points import read_open_points
from workflows.rules.packs import RuleBook

ALL, DIFFERENT = "all", "different"


@pages.get("/admin/regions")
def regions() -> str:
    """Show two regions side by side; the address says which, on which day and of which process."""
    book = desk().rules(reads(), office().id)
    names = list_regions(book)
    pair = _pair(names)
    on = _chosen_day()
    process = _chosen("process", PROCESS_NAMES, "")
    only = _chosen("only", (ALL, DIFFERENT), DIFFERENT)
    rows = compare_regions(book, divisions=[division_of(one) for one in pair], on=on)
    groups = _groups([row for row in rows if not process or row.process == process], only=only)
    return render_template(
        "admin/regions.html",
        tabs=section_links("packs"),
        regions=[(name, region_words(name)) for name in names],
        pair=[(name, region_words(name)) for name in pair],
        on=on,
        process=process,
        processes=PROCESS_NAMES,
        only=only,
        groups=groups,
        shown=sum(len(each) for _, each in groups),
        states=Counter(row.state for row in rows),
        unconfirmed=_count_unconfirmed(rows),
        papers=_papers(book, pair, on),
        open_points=[
            point
            for point in read_open_points()
            if any(point.concerns(division_of(name)) for name in pair)
        ],
    )


def region_words(jurisdiction: str) -> Words:
    """Return the name of a region, or its code where nobody has given it a name."""
    key = f"region.name.{jurisdiction}"
    return phrase(key) if current_texts().has(key) else jurisdiction


def _groups(rows: list[Row], *, only: str) -> list[tuple[str, list[object]]]:
    found: dict[str, list[object]] = {}
    for row in rows:
        view = row_view(row, value_words=value_words)
        if only == ALL or view.differs:
            found.setdefault(row.process, []).append(view)
    return list(found.items())


def _pair(names: list[str]) -> list[str]:
    left = _chosen("left", names, home_region(names, division=office().division_code))
    other = next((name for name in names if name[:2] != left[:2]), left)
    return [left, _chosen("right", names, other)]


def _papers(book: RuleBook, pair: list[str], on: date) -> list[tuple[Words, list[object]]]:
    return [
        (
            region_words(name),
            [*paper_views(list_papers(book, division=division_of(name), on=on), on=on)],
        )
        for name in dict.fromkeys(pair)
    ]


def _count_unconfirmed(rows: tuple[Row, ...]) -> int:
    return sum(
        any(not each.rule.confirmed for side in row.sides for each in side.bindings) for row in rows
    )


def _chosen(name: str, choices: list[str] | tuple[str, ...], otherwise: str) -> str:
    value = request.args.get(name, otherwise)
    return value if value in choices else otherwise


def _chosen_day() -> date:
    try:
        return date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        return today()
