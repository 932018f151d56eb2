"""The pages of a case: what is to be done, what is known, what happened, where it stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Response as FlaskResponse
from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.current import actor, desk, reads, run
from webapp.phrases import Words, phrase
from webapp.presenters.cases import DiagramView, Fact, Tab
from webapp.presenters.progress import diagram_marks, stages_in_words
from webapp.texts import current_language, t
from webapp.views.officer.answers import FILING, answer_facts, find_form
from webapp.views.officer.case_frame import (
    CaseFrame,
    case_frame,
    holdings,
    process_facts,
    step_name,
    timeline_of,
)
from webapp.views.officer.case_overview import overview_facts, record_view, timers_ahead
from webapp.views.officer.case_traced import traced_tab
from webapp.views.officer.door import pages
from webapp.views.officer.letter_desk import letter_name
from webapp.views.officer.page_facts import get_case, looked_at, step_words
from workflows.errors import NotFound
from workflows.models import Answer, Case
from workflows.services.deliver import retry_incident
from workflows.services.list_documents import list_case_documents, list_case_files
from workflows.services.list_tasks import TaskRow
from workflows.services.read_case import (
    list_answers,
    list_linked,
    list_parties,
    list_people,
    may_do_row,
)
from workflows.services.read_party import may_see_personal_data, open_party
from workflows.services.read_progress import (
    Progress,
    list_diagrams,
    read_diagram,
    read_progress,
)

NEWEST = 5
MOST = 1000


@pages.get("/cases/<case_id>")
def case(case_id: str) -> str:
    """Show what is to be done in a case, and who holds it."""
    found = get_case(case_id)
    looked_at("case:work", found)
    frame = case_frame(found, tab="work")
    open_tasks = sorted(
        (row for row in frame.tasks if row.status == "open"), key=_nearest_own_first
    )
    return render_template(
        "officer/case_work.html",
        frame=frame,
        mine=[_offered(frame, row) for row in open_tasks if _is_mine(found, row)],
        holdings=holdings(frame),
        timeline=timeline_of(found, frame.diagrams, limit=NEWEST),
        ahead=timers_ahead(found, frame.diagrams),
        done=[_offered(frame, row) for row in frame.tasks if row.status == "done"],
    )


@pages.get("/cases/<case_id>/<tab>")
def case_tab(case_id: str, tab: str) -> str:
    """Show one part of a case."""
    drawn = TAB_PAGES.get(tab)
    if drawn is None:
        raise NotFound("error.page_not_found")
    found = get_case(case_id)
    looked_at(f"case:{tab}", found)
    return drawn(case_frame(found, tab=tab))


@pages.get("/cases/<case_id>/diagrams/<path:file>")
def diagram_xml(case_id: str, file: str) -> FlaskResponse:
    """Return one diagram of the very definition this case runs on."""
    found = get_case(case_id)
    content = read_diagram(desk().bundle(reads(), found.bundle_hash), file=file)
    response = make_response(content)
    response.headers["Content-Type"] = "application/xml; charset=utf-8"
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


@pages.post("/cases/<case_id>/parties/<party_id>/reveal")
def reveal_party(case_id: str, party_id: str) -> str:
    """Show a party's personal data to a post that needs them; each showing is kept."""
    found = get_case(case_id)
    details = open_party(reads(), desk(), case=found, party_id=party_id, actor=actor())
    looked_at(f"personal_data:{party_id}", found)
    return _parties(case_frame(found, tab="parties"), revealed={party_id: details})


@pages.post("/cases/<case_id>/incidents/<incident_id>/retry", endpoint="retry_incident")
def retry_incident_now(case_id: str, incident_id: str) -> Response:
    """Try a failed step again and say whether it went."""
    found = get_case(case_id)
    result = run(
        "retry_incident",
        lambda work: retry_incident(work, desk(), incident_id=incident_id),
        case_id=found.id,
    )
    if result.get("resolved"):
        flash(t("incident.resolved"), "act")
    else:
        flash(t("incident.still_fails"), "risk")
    return redirect(url_for("officer.case", case_id=found.id))


def _nearest_own_first(row: TaskRow) -> tuple[bool, date]:
    """Order what one may do: one's own post's steps before those entered for a department."""
    return (row.role != actor().role, row.due_on or date.max)


def _is_mine(found: Case, row: TaskRow) -> bool:
    who = actor()
    return may_do_row(row, case=found, actor=who) and row.owner_id in (None, who.person_id)


def _offered(frame: CaseFrame, row: TaskRow) -> dict[str, Any]:
    return {
        "row": row,
        "name": step_name(frame, row),
        "url": url_for("officer.task", task_id=row.task_id),
        "is_on_behalf": row.role != actor().role,
    }


def _overview(frame: CaseFrame) -> str:
    return render_template(
        "officer/case_overview.html",
        frame=frame,
        facts=overview_facts(frame.case),
        record=record_view(frame.case),
    )


def _timeline(frame: CaseFrame) -> str:
    entries = timeline_of(frame.case, frame.diagrams, limit=MOST)
    return render_template("officer/case_timeline.html", frame=frame, timeline=entries)


def _documents(frame: CaseFrame) -> str:
    files = list_case_files(reads(), case_id=frame.case.id)
    documents = list_case_documents(reads(), case_id=frame.case.id)
    return render_template(
        "officer/case_documents.html",
        frame=frame,
        documents=[(document, letter_name(document.kind)) for document in documents],
        files=files,
    )


def _diagram(frame: CaseFrame) -> str:
    found = frame.case
    bundle = desk().bundle(reads(), found.bundle_hash)
    files = list_diagrams(bundle)
    chosen = request.args.get("file", files[0])
    if chosen not in files:
        raise NotFound("error.diagram_not_found")
    progress = read_progress(reads(), desk(), case=found)
    view = DiagramView(
        xml_url=url_for("officer.diagram_xml", case_id=found.id, file=chosen),
        label=phrase("case.diagram.label", name=_diagram_name(frame, chosen)),
        marks=diagram_marks(progress),
        stages=stages_in_words(
            process_facts(found).get("stages", []),
            progress,
            language=current_language(),
            step_name=lambda element: step_words(element, diagrams=frame.diagrams),
        ),
    )
    choices = [
        Tab(
            _diagram_name(frame, file),
            url_for("officer.case_tab", case_id=found.id, tab="diagram", file=file),
            is_current=file == chosen,
            count=_open_in(frame, file, progress) or None,
        )
        for file in files
    ]
    return render_template("officer/case_diagram.html", frame=frame, diagram=view, choices=choices)


def _open_in(frame: CaseFrame, file: str, progress: Progress) -> int:
    """Return how many open tasks stand in a diagram."""
    return sum(
        count
        for element, count in progress.open_tasks.items()
        if element in frame.diagrams.elements and frame.diagrams.elements[element].file == file
    )


def _diagram_name(frame: CaseFrame, file: str) -> str:
    name = file.rpartition("/")[2].removesuffix(".bpmn")
    if current_language() == "en":
        return frame.diagrams.texts.get("en", {}).get(name, name)
    return frame.diagrams.process_names.get(name, name)


def _parties(frame: CaseFrame, *, revealed: dict[str, Any] | None = None) -> str:
    parties = list_parties(reads(), case_id=frame.case.id)
    return render_template(
        "officer/case_parties.html",
        frame=frame,
        parties=parties,
        revealed=revealed or {},
        may_reveal=may_see_personal_data(actor()),
        bodies=_bodies(frame),
    )


def _bodies(frame: CaseFrame) -> list[Fact]:
    """Return every organisation with work in the case, and what it did or has to do."""
    found = [Fact(phrase("case.body.receiving"), frame.case.receiving_organisation.name)]
    if frame.case.record is not None:
        found.append(Fact(phrase("case.body.recogniser"), frame.case.record.recogniser.name))
    for row in frame.tasks:
        if row.role != "department_officer":
            continue
        standing = phrase(f"task.status.{row.status}")
        found.append(
            Fact(
                step_words(row.element, diagrams=frame.diagrams, fallback=row.name),
                row.organisation_name,
                note=standing,
            )
        )
    return found


def _linked(frame: CaseFrame) -> str:
    rows = list_linked(reads(), case=frame.case, actor=actor())
    return render_template("officer/case_linked.html", frame=frame, rows=rows)


def _filing(frame: CaseFrame) -> str:
    """Show what the filer stated, and everything handed in later."""
    everything = list_answers(reads(), case_id=frame.case.id)
    answers = [answer for answer in everything if not answer.element]
    people = list_people(reads(), ids=[answer.person_id for answer in answers])
    parts = [
        (
            _title_of(frame.case, answer),
            answer.answered_at,
            people.get(answer.person_id or "", ""),
            answer_facts(frame.case, form=answer.form, content=answer.content),
        )
        for answer in answers
    ]
    return render_template("officer/case_filing.html", frame=frame, parts=parts)


def _title_of(case: Case, answer: Answer) -> Words:
    """Return what was handed in: the filing, or the title of the form that it was entered in."""
    if answer.form.startswith(FILING):
        return phrase("answer.form.filing")
    form = find_form(case, answer.form)
    return form.title if form is not None else phrase(f"answer.form.{answer.form}")


TAB_PAGES: dict[str, Callable[[CaseFrame], str]] = {
    "overview": _overview,
    "timeline": _timeline,
    "documents": _documents,
    "diagram": _diagram,
    "parties": _parties,
    "linked": _linked,
    "traced": traced_tab,
    "filing": _filing,
}
