"""What pages show of a credit record: its facts, versions, measures and who asked for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from webapp.current import office, reads, today
from webapp.phrases import Words, phrase
from webapp.presenters.cases import Fact
from webapp.texts import current_language
from webapp.views.officer.page_facts import has_text, kept_words
from workflows.models import CreditRecord, RecordQuery, RecordVersion, Sanction
from workflows.rules.catalogue import Item, Measure, Word, read_words
from workflows.services.keep_catalogue import find_item
from workflows.services.read_case import list_people
from workflows.services.read_record import list_queries, list_sanctions, list_versions


@dataclass(frozen=True)
class VersionView:
    """One version of a record: what changed, when, why, by whom, in which case."""

    version: int
    row: RecordVersion
    what: Words
    items: tuple[tuple[str, str], ...]
    who: str
    is_contested: bool
    reason: Words = ""


@dataclass(frozen=True)
class RecordView:
    """A credit record with its past and with what hangs on it."""

    record: CreditRecord
    facts: list[Fact]
    versions: list[VersionView]
    sanctions: list[Sanction]
    queries: list[RecordQuery]


def view_of(record: CreditRecord, *, contested: int | None = None) -> RecordView:
    """Return a record with versions, sanctions and queries."""
    versions = list_versions(reads(), record_id=record.id)
    people = list_people(reads(), ids=[row.person_id for row in versions])
    return RecordView(
        record=record,
        facts=record_facts(record),
        versions=[_version(row, people, contested == row.version) for row in versions],
        sanctions=list_sanctions(reads(), record_id=record.id),
        queries=list_queries(reads(), record_id=record.id),
    )


def record_facts(record: CreditRecord) -> list[Fact]:
    """Return what a record is, shortly."""
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
        Fact(phrase("record.display"), phrase(f"record.publicity.{record.publicity_state}")),
    ]


def catalogue_facts(record: CreditRecord) -> list[Fact]:
    """Return where a record stands in the catalogue and what it rests on (R19, R20, R85, R91)."""
    source = record.source_unit or record.recogniser
    facts = [
        _item_fact(record),
        Fact(phrase("record.area"), word_name("areas", record.area)),
        Fact(phrase("record.source_kind"), word_name("source_kinds", record.source_kind)),
        Fact(phrase("record.lawful_basis"), record.lawful_basis or phrase("fact.none")),
        Fact(phrase("record.source_unit"), source.name, note=phrase("record.source_unit.note")),
    ]
    if record.default_type:
        name = word_name("default_types", record.default_type)
        facts.append(Fact(phrase("record.default_type"), name))
    if record.misconduct_ended_on:
        on = phrase("answer.day", on=record.misconduct_ended_on)
        facts.append(Fact(phrase("record.misconduct_ended_on"), on))
    return facts


def publicity_facts(record: CreditRecord) -> list[Fact]:
    """Return how long a record is shown, with the rule (N2, N12)."""
    tier = phrase(f"record.tier.{record.tier}") if record.tier else phrase("record.tier.none")
    facts = [
        Fact(phrase("record.display"), phrase(f"record.publicity.{record.publicity_state}")),
        Fact(phrase("record.tier"), tier),
    ]
    days: tuple[tuple[str, date | None], ...] = (
        ("published_on", record.published_on),
        ("starts_on", record.publicity_starts_on),
        ("min_on", record.publicity_min_on),
        ("ends_on", record.publicity_ends_on),
        ("ended_on", record.publicity_ended_on),
        ("repaired_on", record.repaired_on),
        ("sharing_ended_on", record.sharing_ended_on),
    )
    facts += [
        Fact(phrase(f"record.period.{name}"), phrase("answer.day", on=on))
        for name, on in days
        if on is not None
    ]
    if record.is_published and record.publicity_ends_on is None:
        facts.append(Fact(phrase("record.period.ends_on"), phrase("record.period.no_rule")))
    for rule in record.publicity_rule.get("rules", []):
        cited = f"{rule['document']} {rule['clause']} {'、'.join(rule['rules'])}"
        note = "" if rule["confirmed"] else phrase("record.rule.unconfirmed")
        facts.append(Fact(phrase("record.rule"), cited, note=note))
    return facts


def word_name(family: str, key: str) -> Words:
    """Return what a code of the registers is called in the reader's language."""
    return name_of(read_words(family).get(key)) or key


def name_of(entry: Word | Item | Measure | None) -> str:
    """Return the name of an entry in the reader's language."""
    if entry is None:
        return ""
    return entry.name_en if current_language() == "en" else entry.name


def word_choices(family: str, *, division: str = "") -> list[tuple[str, str]]:
    """Return the codes of a family for a select, those of other provinces left out."""
    return [
        (word.key, name_of(word))
        for word in read_words(family).values()
        if not division or division.startswith(word.division)
    ]


def _item_fact(record: CreditRecord) -> Fact:
    found = find_item(reads(), office_id=office().id, key=record.catalogue_item, on=today())
    if found is None:
        note: Words = phrase("record.catalogue.unknown")
        return Fact(phrase("record.catalogue_item"), record.catalogue_item, note=note)
    note = "" if found.is_confirmed else phrase("record.rule.unconfirmed")
    return Fact(phrase("record.catalogue_item"), name_of(found), note=note)


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
        reason=kept_words(row.reason),
    )
