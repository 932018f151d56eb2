"""Forms as declared beside the diagram of a case, with what their questions choose from."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import request, url_for

from webapp.current import actor, desk, holder, office, reads, today
from webapp.forms.definition import Choice, FormDefinition, parse_form
from webapp.forms.rendering import Upload
from webapp.forms.validation import FormContext, read_answers
from webapp.phrases import phrase
from webapp.texts import current_language, say
from webapp.uploading import stage_posted_files
from webapp.views.officer.traceback_choices import traceback_choices
from workflows.engine.blueprint import blueprint
from workflows.engine.bundle import Bundle
from workflows.errors import NotFound
from workflows.models import Case, Task
from workflows.services.keep_drafts import ACCEPTED_TYPES, LARGEST_FILE
from workflows.services.list_documents import list_case_documents, list_files
from workflows.services.read_case import list_answers, list_organisations
from workflows.services.read_record import find_similar_records, list_sanctions, list_versions
from workflows.services.read_twins import list_twins
from workflows.services.rectification_measures import allowed_measures

FORMS = "forms"


@dataclass(frozen=True)
class FormFile:
    """A file that waits for its form, as a form shows it."""

    token: str
    name: str
    size: int


@lru_cache(maxsize=256)
def _parsed(bundle_hash: str, file: str, language: str, content: bytes) -> FormDefinition:
    bundle = _BUNDLES[bundle_hash]
    texts = {} if language == "zh" else blueprint(bundle).texts.get(language, {})
    return parse_form(content, source=file, texts=texts)


_BUNDLES: dict[str, Bundle] = {}


def load_form(bundle: Bundle, name: str) -> FormDefinition:
    """Return the form of that name in the reader's language. Raises NotFound."""
    for file in bundle.list_files(".json"):
        folder, _, base = file.rpartition("/")
        if base == f"{name}.json" and folder.rpartition("/")[2] == FORMS:
            _BUNDLES[bundle.hash] = bundle
            return _parsed(bundle.hash, file, current_language(), bundle.files[file])
    raise NotFound("error.form_not_found", form=name)


def form_of_case(case: Case, name: str) -> FormDefinition:
    """Return a form from the very definition this case started with."""
    return load_form(desk().bundle(reads(), case.bundle_hash), name)


def posted_answers(definition: FormDefinition) -> dict[str, Any]:
    """Return what the browser sent; files sent along without a script are staged first."""
    raw = read_answers(definition, request.form)
    for question in definition.fields:
        if question.kind != "filepicker":
            continue
        staged = stage_posted_files(request.files.getlist(f"{question.key}.file"))
        if staged:
            raw[question.key] = [*(raw.get(question.key) or []), *staged]
    return raw


def form_context(
    definition: FormDefinition,
    *,
    answers: Mapping[str, Any] | None,
    case: Case | None = None,
    task: Task | None = None,
    facts: Mapping[str, Any] | None = None,
) -> FormContext:
    """Return what the form needs of its page: the day, choices, staged files, facts."""
    wanted = {question.source for question in definition.fields if question.source}
    return FormContext(
        today=today(),
        choices={source: choices_for(source, case=case, task=task) for source in wanted},
        files=_files(definition, answers or {}, case),
        facts=facts or {},
    )


def choices_for(source: str, *, case: Case | None, task: Task | None) -> list[Choice]:
    """Return the choices of a named list; a list nobody knows is empty."""
    if source in ("organisations", "transfer_targets"):
        return _organisations(source, case)
    if source == "verification_bodies":
        return _verification_bodies()
    found = traceback_choices(source, case)
    if found is not None:
        return found
    if case is None:
        return []
    makers = {
        "record_items": _record_items,
        "escalation_measures": _escalation_measures,
        "records": _records,
        "linked_cases": _linked_cases,
        "supplement_items": _supplement_items,
        "sanctions_in_force": _sanctions_in_force,
        "address_confirmations": _address_confirmations,
    }
    maker = makers.get(source)
    return maker(case) if maker else []


def upload_frame() -> Upload:
    """Return where files go and what is taken."""
    return Upload(
        url=url_for("officer.upload"),
        types=",".join(sorted(set(ACCEPTED_TYPES.values()) | {".jpeg", ".tiff"})),
        type_words=phrase("upload.types"),
        limit=LARGEST_FILE,
    )


def new_command_id() -> str:
    """Return an id for one act; the same page sent twice is one act."""
    return secrets.token_hex(12)


def _files(
    definition: FormDefinition, answers: Mapping[str, Any], case: Case | None
) -> dict[str, FormFile]:
    pickers = [question.key for question in definition.fields if question.kind == "filepicker"]
    tokens = {str(token) for key in pickers for token in _as_list(answers.get(key))}
    rows = list_files(
        reads(),
        tokens=tokens,
        office_id=office().id,
        holder=holder(),
        case_id=case.id if case else None,
    )
    return {row.id: FormFile(row.id, row.name, row.size) for row in rows}


def _as_list(value: Any) -> Iterable[Any]:
    if value is None:
        return ()
    return value if isinstance(value, list | tuple) else (value,)


def _organisations(source: str, case: Case | None) -> list[Choice]:
    rows = list_organisations(reads(), office_id=office().id, on=today())
    own = case.receiving_organisation_id if case else actor().organisation_id
    return [
        Choice(row.id, row.name) for row in rows if source != "transfer_targets" or row.id != own
    ]


def _verification_bodies() -> list[Choice]:
    """Return who may have supplied or used a record: every body but the offices that examine."""
    rows = list_organisations(reads(), office_id=office().id, on=today())
    return [Choice(row.id, row.name) for row in rows if row.kind not in ("lead", "platform")]


def _escalation_measures(case: Case) -> list[Choice]:
    """Return the measures that the pack has for this kind of subject, and no other (R53)."""
    measures = allowed_measures(reads(), desk(), case=case)
    return [Choice(measure, say(phrase(f"measure.{measure}"))) for measure in measures]


def _record_items(case: Case) -> list[Choice]:
    """Return the fields of the record as it stands, each with what it says."""
    if case.record_id is None:
        return []
    versions = list_versions(reads(), record_id=case.record_id)
    items = versions[0].content.get("items", []) if versions else []
    if not items and case.record is not None:
        return [Choice(case.record.title, case.record.title)]
    return [
        Choice(str(item["name"]), str(item["name"]), str(item.get("value", ""))) for item in items
    ]


def _records(case: Case) -> list[Choice]:
    return [
        Choice(row.id, say(phrase("record.choice", number=row.number, title=row.title)))
        for row in find_similar_records(reads(), case=case)
    ]


def _linked_cases(case: Case) -> list[Choice]:
    return [
        Choice(row.id, say(phrase("case.choice", number=row.number, title=row.title)))
        for row in list_twins(reads(), case=case, actor=actor())
    ]


def _supplement_items(case: Case) -> list[Choice]:
    """Return what the supplement notice asked for: one item a line in the check of the filing."""
    answers = list_answers(reads(), case_id=case.id, forms=("formal_check", "check_repair"))
    for answer in reversed(answers):
        listed = str(answer.content.get("supplement_list") or "")
        lines = [line.strip() for line in listed.splitlines() if line.strip()]
        if lines:
            return [Choice(line, line) for line in lines]
    return []


def _sanctions_in_force(case: Case) -> list[Choice]:
    """Return the measures that rest on the record, each with the department that lifts it."""
    if case.record_id is None:
        return []
    rows = list_sanctions(reads(), record_id=case.record_id)
    return [
        Choice(row.id, row.measure, row.department.name) for row in rows if row.status != "lifted"
    ]


def _address_confirmations(case: Case) -> list[Choice]:
    """Return the signed confirmations of an address for electronic service (N42)."""
    papers = [
        row
        for row in list_case_documents(reads(), case_id=case.id)
        if row.kind == "address_confirmation"
    ]
    found = [Choice(row.id, row.number or row.title) for row in papers]
    filings = list_answers(reads(), case_id=case.id)
    for answer in filings:
        if answer.form.startswith("filing_") and answer.content.get("electronic_consent"):
            label = say(phrase("letter.consent.filing", on=answer.answered_at))
            found.append(Choice(answer.id, label))
    return found
