"""A case at a glance: its facts, its record with every version, and what happens by itself."""

from __future__ import annotations

from webapp.current import reads
from webapp.phrases import phrase
from webapp.presenters.case_clocks import clock_name
from webapp.presenters.cases import Escalation, Fact
from webapp.views.officer.page_facts import has_text, item_names, step_words
from webapp.views.officer.record_facts import RecordView, view_of
from workflows.engine.blueprint import Blueprint
from workflows.models import Case
from workflows.services.read_case import list_timers

MOST_AHEAD = 8


def overview_facts(case: Case) -> list[Fact]:
    """Return what a case is: numbers, days, channel, body, rule pack, definition."""
    facts = [
        Fact(phrase("fact.number"), case.number, is_code=True),
        Fact(phrase("fact.subject"), case.subject.name, note=case.subject.credit_code or ""),
        Fact(phrase("fact.subject_kind"), phrase(f"subject.kind.{case.subject.kind}")),
        Fact(phrase("fact.channel"), phrase(f"case.channel.{case.channel}")),
        Fact(phrase("fact.body"), case.receiving_organisation.name),
        Fact(
            phrase("fact.received_on"),
            phrase("answer.day", on=case.received_on),
            note=str(case.flags.get("backdate_reason", "")),
        ),
        Fact(phrase("fact.registered_at"), phrase("answer.day", on=case.registered_at)),
        Fact(phrase("fact.division"), case.division_code, is_code=True),
        Fact(phrase("fact.pack"), case.pack_id or phrase("fact.none"), is_code=True),
        Fact(phrase("fact.definition"), case.bundle_hash[:12], is_code=True),
    ]
    if case.finding:
        facts.append(Fact(phrase("fact.finding"), phrase(f"case.finding.{case.finding}")))
    if case.status == "closed" and case.closed_at is not None:
        outcome = f"case.outcome.{case.outcome}"
        facts.append(
            Fact(
                phrase("fact.closed_at"),
                phrase("answer.day", on=case.closed_at),
                note=phrase(outcome) if has_text(outcome) else "",
            )
        )
    return facts


def record_view(case: Case) -> RecordView | None:
    """Return the record of a case with versions, sanctions and queries, or None when unknown."""
    record = case.record
    if record is None:
        return None
    return view_of(record, contested=case.flags.get("contested_version"))


def timers_ahead(case: Case, diagrams: Blueprint) -> list[Escalation]:
    """Return what happens by itself if nobody acts, earliest first."""
    timers = list_timers(reads(), case_id=case.id)[:MOST_AHEAD]
    names = item_names(timer.item for timer in timers)
    return [
        Escalation(
            when=phrase("answer.moment", at=timer.due_at),
            what=phrase(
                "case.ahead",
                what=step_words(timer.element, diagrams=diagrams),
                clock=clock_name(timer.clock_name, body=names.get(timer.item or "", "")),
            ),
        )
        for timer in timers
    ]
