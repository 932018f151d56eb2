"""The subject's own case: when one hears, whether one must act, what has been done."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from flask import render_template

from notifications.letters.kinds import shipped_kinds
from webapp.current import desk, note_read, reads, today
from webapp.presenters.case_clocks import rule_of
from webapp.presenters.explain_page import day_rows, sentence
from webapp.presenters.portal_case import (
    REPLIES,
    Standing,
    asked_of,
    letter_title,
    public_lines,
    stages_of,
    title_of,
)
from webapp.presenters.ranks import rank_view
from webapp.texts import current_language, current_texts
from webapp.views.officer.clock_faces import explain_clock_row
from webapp.views.portal.acts import asked_items
from webapp.views.portal.clock_face import find_reply_clock, reply_face
from webapp.views.portal.door import my_case, pages
from webapp.views.portal.events import offered_events
from workflows.clock.calendar import legal_date
from workflows.errors import Conflict
from workflows.models import Case, Event
from workflows.services.read_case import list_answers, list_clocks
from workflows.services.read_portal import (
    find_last_event,
    is_accepted,
    is_pending,
    list_days_passed,
    list_letters_for_subject,
    list_letters_to_collect,
    list_public_events,
    list_queries_since,
    waits_for,
)
from workflows.services.read_progress import read_progress
from workflows.services.remind_office import REMINDED


@pages.get("/portal/case")
def case_page() -> str:
    """Show stage, clock, what one must do and what one may do."""
    case = my_case()
    note_read("portal_case", case_id=case.id)
    session, waiting = reads(), waits_for(reads(), desk(), case=case)
    clocks = {row.name: row for row in list_clocks(session, case_id=case.id)}
    progress = read_progress(session, desk(), case=case)
    standing = Standing(
        case=case,
        progress=progress,
        reply=clocks.get("reply"),
        days=list_days_passed(session, case_id=case.id),
    )
    letters = list_letters_for_subject(session, case_id=case.id)
    declared, language = _stages(case), current_language()
    return render_template(
        "portal/case.html",
        case=case,
        title=title_of(standing, declared),
        clock=reply_face(case, standing.reply),
        due_on=standing.reply_due_on,
        is_overdue=standing.reply_due_on is not None and standing.reply_due_on < today(),
        asked=asked_of(
            waiting=waiting,
            supplement=clocks.get("supplement"),
            items=asked_items(case),
            letters=letters,
            to_collect=[
                letter_title(letter, language=language)
                for letter in list_letters_to_collect(
                    session, case_id=case.id, kinds=_handed_over()
                )
            ],
            is_closed=standing.is_closed,
        ),
        stages=stages_of(declared, standing=standing, language=language),
        lines=_lines(case, standing),
        letters=[(letter, letter_title(letter, language=language)) for letter in letters],
        queries=list_queries_since(session, case=case, since=case.received_at),
        is_open=not standing.is_closed,
        may_certify=is_pending(case),
        is_accepted=is_accepted(case),
        may_withdraw="withdrawal_requested" in waiting,
        may_add="supplement_portal" in forms_of(case),
        events=offered_events(case),
        is_withdrawing="task_confirm_withdrawal" in progress.open_tasks,
        is_reminded=_is_reminded(case),
        legal_date=legal_date,
    )


@pages.get("/portal/case/date")
def explain() -> str:
    """Explain the date of the reply, day by day."""
    case = my_case()
    clock = find_reply_clock(case)
    face = reply_face(case, clock)
    if clock is None or face is None:
        raise Conflict("portal.no_date")
    note_read("portal_explain", case_id=case.id)
    found = explain_clock_row(clock)
    return render_template(
        "portal/explain.html",
        case=case,
        clock=face,
        due_on=found.reckoning.due_on,
        sentence=sentence(found, start_key="reply"),
        rows=day_rows(found.lines, today=today()),
        rank=rank_view(rule_of(clock.rule, amount=clock.amount, unit=clock.unit)),
        rule=clock.rule,
    )


def _stages(case: Case) -> list[dict[str, Any]]:
    """Return the stages that the case's own definition declares for the subject's view."""
    bundle = desk().bundle(reads(), case.bundle_hash)
    declared: list[dict[str, Any]] = json.loads(bundle.files["process.json"])["stages"]
    return declared


def forms_of(case: Case) -> frozenset[str]:
    """Return the names of the forms that the case's own process has."""
    files = desk().bundle(reads(), case.bundle_hash).files
    return frozenset(name.rpartition("/")[2].removesuffix(".json") for name in files)


def _lines(case: Case, standing: Standing) -> list[Any]:
    """Return what has been done; no date of an unconfirmed rule is told outside (E)."""
    names_dates = standing.reply is None or standing.reply.rule.get("confirmed", True)

    def has_text(key: str) -> bool:
        is_date = key.startswith("event.public.clock_")
        return current_texts().has(key) and (names_dates or not is_date)

    events = list_public_events(reads(), case_id=case.id)
    return public_lines(
        events, has_text=has_text, language=current_language(), reasons=_reasons(case, events)
    )


def _reasons(case: Case, events: Sequence[Event]) -> dict[int, str]:
    """Return why each request to withdraw was refused, read from what the officer entered."""
    refused = [event.id for event in events if event.kind == "withdrawal_refused"]
    if not refused:
        return {}
    given = [
        str(answer.content.get("refusal_reason") or "")
        for answer in list_answers(reads(), case_id=case.id, forms=("confirm_withdrawal",))
        if answer.content.get("withdrawal_outcome") == "refused"
    ]
    return dict(zip(sorted(refused), given, strict=False))


def _handed_over() -> list[str]:
    """Return the letters that the window hands over; a reply has steps of its own for that."""
    return [
        kind.kind for kind in shipped_kinds().values() if kind.served and kind.kind not in REPLIES
    ]


def _is_reminded(case: Case) -> bool:
    last = find_last_event(reads(), case_id=case.id, kind=REMINDED)
    return last is not None and legal_date(last.at) == today()
