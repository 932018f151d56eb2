"""The subject's forms: declared with the process, kept as drafts in this browser's name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import request, url_for

from webapp.current import desk, holder, office, reads, run
from webapp.forms import FormFrame, FormView, Upload, form_view
from webapp.forms.definition import FormDefinition
from webapp.forms.rendering import Errors
from webapp.phrases import phrase
from webapp.views.officer.declared_forms import (
    form_context,
    load_form,
    new_command_id,
    posted_answers,
)
from webapp.views.officer.work_form import split_effect
from workflows.models import Case
from workflows.services.keep_drafts import (
    ACCEPTED_TYPES,
    LARGEST_FILE,
    find_draft,
    read_draft,
    save_draft,
)


def portal_form(name: str, case: Case | None) -> FormDefinition:
    """Return the form as the case's process, or today's, declares it."""
    if case is not None:
        return load_form(desk().bundle(reads(), case.bundle_hash), name)
    bundle = desk().active_bundle(reads(), office_id=office().id, key="objection")
    return load_form(bundle, name)


def draw(
    definition: FormDefinition,
    *,
    place: str,
    action: str,
    draft_url: str,
    case: Case | None = None,
    values: Mapping[str, Any] | None = None,
    errors: Errors | None = None,
    hidden: tuple[tuple[str, str], ...] = (),
    submit: str = "portal.submit",
    known: Mapping[str, Any] | None = None,
) -> FormView:
    """Return the form with what was sent, else the draft, else what is known already."""
    shown, effect = split_effect(definition)
    saved_at: datetime | None = None
    if values is None:
        draft = find_draft(reads(), holder=holder(), place=place)
        if draft is not None:
            values, saved_at = read_draft(reads(), desk(), draft=draft), draft.saved_at
    if values is None:
        values = known
    frame = FormFrame(
        action=action,
        command_id=request.form.get("command_id") or new_command_id(),
        submit=phrase(submit),
        effect=effect,
        draft_url=draft_url,
        draft_state=phrase("form.draft.saved", at=saved_at) if saved_at else "",
        upload=Upload(
            url=url_for("portal.upload"),
            types=",".join(sorted(set(ACCEPTED_TYPES.values()) | {".jpeg", ".tiff"})),
            type_words=phrase("upload.types"),
            limit=LARGEST_FILE,
        ),
        hidden=hidden,
        is_kept=errors is not None,
    )
    return form_view(
        shown,
        frame=frame,
        context=form_context(shown, answers=values, case=case),
        values=values,
        errors=errors,
    )


def keep_draft(definition: FormDefinition, place: str) -> str:
    """Keep what was typed so far and return when."""
    answers = posted_answers(definition)
    result = run(
        "save_draft",
        lambda work: save_draft(work, desk(), holder=holder(), place=place, content=answers),
        once=new_command_id(),
    )
    return str(result["saved_at"])
