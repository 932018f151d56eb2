"""The subject's forms: declared with the process, kept as drafts in this browser's name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from flask import Response as FlaskResponse
from flask import jsonify, make_response, redirect, request, url_for
from werkzeug.wrappers import Response

from webapp.current import desk, holder, office, reads, run
from webapp.errors import wants_json, words_of
from webapp.forms import FormFrame, FormView, Upload, form_view, validate
from webapp.forms.definition import Field, FormDefinition, Group, Item
from webapp.forms.rendering import Errors, FormLink
from webapp.forms.validation import read_answers
from webapp.phrases import Phrase, Words, phrase
from webapp.texts import say
from webapp.uploading import stage_posted_files
from webapp.views.officer.declared_forms import form_context, load_form, new_command_id
from webapp.views.officer.work_form import split_effect
from workflows.errors import InvalidAnswer
from workflows.models import Case
from workflows.services.adopt_uploads import adopt_uploads
from workflows.services.keep_drafts import (
    ACCEPTED_TYPES,
    LARGEST_FILE,
    find_draft,
    read_draft,
    save_draft,
)
from workflows.services.list_documents import list_files
from workflows.services.open_case import OBJECTION

OTHER_ENDINGS = frozenset({".jpeg", ".tiff"})


@dataclass(frozen=True)
class Posted:
    """What a browser sent; files that could not be taken are complained about, the rest stays."""

    answers: dict[str, Any]
    refused: dict[str, tuple[Phrase, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """Where a form stands: its draft, its addresses, its case."""

    draft: str
    action: str
    draft_url: str
    submit: Words
    case: Case | None = None
    hidden: tuple[tuple[str, str], ...] = ()
    link: FormLink | None = None


def portal_form(name: str, case: Case | None, *, kind: str = OBJECTION) -> FormDefinition:
    """Return the form as the case's process, or today's, declares it."""
    if case is not None:
        return load_form(desk().bundle(reads(), case.bundle_hash), name)
    bundle = desk().active_bundle(reads(), office_id=office().id, key=kind)
    return load_form(bundle, name)


def read_posted(definition: FormDefinition) -> Posted:
    """Return the answers of the posted form; files sent along without a script are staged."""
    answers = read_answers(definition, request.form)
    refused: dict[str, tuple[Phrase, ...]] = {}
    for question in definition.fields:
        for sent in request.files.getlist(f"{question.key}.file"):
            try:
                tokens = stage_posted_files([sent])
            except InvalidAnswer as problem:
                refused[question.key] = (*refused.get(question.key, ()), words_of(problem))
                continue
            answers[question.key] = [*(answers.get(question.key) or []), *tokens]
    _keep_uploads(definition, answers)
    return Posted(answers, refused)


def draw(
    definition: FormDefinition,
    place: Place,
    *,
    values: Mapping[str, Any] | None = None,
    errors: Errors | None = None,
) -> FormView:
    """Return the form with what was sent, else with the draft, and what is doubtful about it."""
    shown, effect = split_effect(definition)
    saved_at: datetime | None = None
    doubts: Errors = {}
    if values is None:
        draft = find_draft(reads(), holder=holder(), place=place.draft)
        if draft is not None:
            values, saved_at = read_draft(reads(), desk(), draft=draft), draft.saved_at
    context = form_context(shown, answers=values, case=place.case)
    if values is not None:
        found = validate(definition, values, context=context).doubts
        doubts = found if errors is not None else _typed(found, values)
    frame = FormFrame(
        action=place.action,
        command_id=request.form.get("command_id") or new_command_id(),
        submit=place.submit,
        effect=effect,
        draft_url=place.draft_url,
        draft_state=phrase("form.draft.saved", at=saved_at) if saved_at else "",
        upload=_upload(),
        link=place.link,
        hidden=place.hidden,
    )
    return form_view(
        shown, frame=frame, context=context, values=values, errors=errors, doubts=doubts
    )


def keep_draft(
    definition: FormDefinition, place: str, *, back: str, case: Case | None = None
) -> Response:
    """Keep what was typed so far; answer the page's script with when, and with what is doubtful."""
    answers = read_posted(definition).answers
    saved_at = store_draft(place, answers)
    if not wants_json():
        return redirect(back)
    context = form_context(definition, answers=answers, case=case)
    doubts = _typed(validate(definition, answers, context=context).doubts, answers)
    words: Words = phrase("form.draft.saved", at=datetime.fromisoformat(saved_at))
    for doubt in doubt_lines(definition, doubts):
        words = phrase("portal.draft.doubt", saved=words, doubt=doubt)
    answer: FlaskResponse = make_response(jsonify(saved=say(words)), 200)
    return answer


def store_draft(place: str, answers: Mapping[str, Any]) -> str:
    """Keep answers as this visitor's draft and return when."""
    result = run(
        "save_draft",
        lambda work: save_draft(work, desk(), holder=holder(), place=place, content=answers),
        once=new_command_id(),
    )
    return str(result["saved_at"])


def doubt_lines(definition: FormDefinition, doubts: Errors) -> list[Phrase]:
    """Return each doubt with the question it is about, in the order of the form."""
    return [
        phrase("form.problem", label=question.label, problem=found)
        for question in definition.fields
        for found in doubts.get(question.key, ())
    ]


def without_questions(definition: FormDefinition, *keys: str) -> FormDefinition:
    """Return the form without these questions."""
    return _with_items(definition, _kept(definition.items, keys))


def made_optional(definition: FormDefinition, *keys: str) -> FormDefinition:
    """Return the form with these questions no longer required."""
    return _with_items(definition, _optional(definition.items, keys))


def _keep_uploads(definition: FormDefinition, answers: Mapping[str, Any]) -> None:
    """Let a browser that lost its cookie keep the files it has sent already."""
    pickers = [question.key for question in definition.fields if question.kind == "filepicker"]
    tokens = {str(token) for key in pickers for token in answers.get(key) or ()}
    who = holder()
    known = list_files(reads(), tokens=tokens, office_id=office().id, holder=who)
    missing = tokens - {file.id for file in known}
    if missing:
        run(
            "adopt_uploads",
            lambda work: {"count": adopt_uploads(work, holder=who, tokens=missing)},
            once=new_command_id(),
        )


def _typed(doubts: Errors, answers: Mapping[str, Any]) -> Errors:
    """Return the doubts about what was typed; a question not reached yet is no doubt."""
    return {key: found for key, found in doubts.items() if answers.get(key)}


def _upload() -> Upload:
    return Upload(
        url=url_for("portal.upload"),
        types=",".join(sorted(set(ACCEPTED_TYPES.values()) | OTHER_ENDINGS)),
        type_words=phrase("upload.types"),
        limit=LARGEST_FILE,
    )


def _with_items(definition: FormDefinition, items: tuple[Item, ...]) -> FormDefinition:
    return replace(definition, items=items, fields=tuple(_fields(items)))


def _fields(items: tuple[Item, ...]) -> list[Field]:
    found: list[Field] = []
    for item in items:
        if isinstance(item, Field):
            found.append(item)
        elif isinstance(item, Group):
            found += _fields(item.items)
    return found


def _kept(items: tuple[Item, ...], keys: tuple[str, ...]) -> tuple[Item, ...]:
    return tuple(
        replace(item, items=_kept(item.items, keys)) if isinstance(item, Group) else item
        for item in items
        if not (isinstance(item, Field) and item.key in keys)
    )


def _optional(items: tuple[Item, ...], keys: tuple[str, ...]) -> tuple[Item, ...]:
    found: list[Item] = []
    for item in items:
        if isinstance(item, Group):
            item = replace(item, items=_optional(item.items, keys))
        elif isinstance(item, Field) and item.key in keys:
            item = replace(item, limits=replace(item.limits, required=False))
        found.append(item)
    return tuple(found)
