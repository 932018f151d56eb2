"""A case at a glance: its facts, its record with every version, and what happens by itself."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.current import reads
from webapp.phrases import Words, phrase
from webapp.presenters.case_clocks import clock_name
from webapp.presenters.cases import Escalation, Fact
from webapp.views.officer.page_facts import has_text, item_names, kept_words, step_words
from workflows.engine.blueprint import Blueprint
from workflows.models import Case, CreditRecord, RecordQuery, RecordVersion, Sanction
from workflows.services.read_case import list_people, list_timers
from workflows.services.read_record import list_queries, list_sanctions, list_versions

MOST_AHEAD = 8


@dataclass(frozen=True)
class VersionView:
    """One version of a record: what changed, when, why, by whom, in which case."""

    version: int
    row: RecordVersion
    what: Words
    items: tuple[tuple[str, str], ...]
    who: str
    is_contested: bool


@dataclass(frozen=True)
class RecordView:
    """A credit record with its past and with what hangs on it."""

    record: CreditRecord
    facts: list[Fact]
    versions: list[VersionView]
    sanctions: list[Sanction]
    queries: list[RecordQuery]


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
    versions = list_versions(reads(), record_id=record.id)
    people = list_people(reads(), ids=[row.person_id for row in versions])
    contested = case.flags.get("contested_version")
    return RecordView(
        record=record,
        facts=_record_facts(record),
        versions=[_version(row, people, contested == row.version) for row in versions],
        sanctions=list_sanctions(reads(), record_id=record.id),
        queries=list_queries(reads(), record_id=record.id),
    )


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


def _record_facts(record: CreditRecord) -> list[Fact]:
    return [
        Fact(phrase("record.number"), record.number, is_code=True),
        Fact(phrase("record.title"), record.title),
        Fact(phrase("record.recogniser"), record.recogniser.name),
        Fact(
            phrase("record.base_document"),
            record.base_document,
            note=phrase("answer.day", on=record.base_document_on),
        ),
        Fact(phrase("record.origin"), phrase(f"record.origin.{record.origin}")),
        Fact(phrase("record.status"), phrase(f"record.status.{record.status}")),
        Fact(phrase("record.display"), _display(record)),
    ]


def _display(record: CreditRecord) -> Words:
    if record.is_display_suspended:
        return phrase("record.display.suspended")
    return phrase("record.display.shown" if record.is_published else "record.display.hidden")


def _version(row: RecordVersion, people: dict[str, str], is_contested: bool) -> VersionView:
    mark = str(row.content.get("mark", "first")).split(":")[0]
    key = f"record.version.{mark}"
    items = tuple(
        (str(item.get("name", "")), str(item.get("value", "")))
        for item in row.content.get("items", [])
    )
    return VersionView(
        version=row.version,
        row=row,
        what=phrase(key) if has_text(key) else kept_words(mark),
        items=items,
        who=people.get(row.person_id or "", ""),
        is_contested=is_contested,
    )
