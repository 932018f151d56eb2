"""A corrected date of receipt: what proposes it, and what decides on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from webapp.phrases import Phrase, Words, phrase

NEEDED: dict[str, Any] = {"required": "check.required", "null": "check.required"}
SHORTEST, LONGEST = 4, 1000


class ReceiptProposal(Schema):
    """The day the application really came in, why, and what shows it."""

    class Meta:
        """Leave out what the page sends besides."""

        unknown = EXCLUDE

    received_on = fields.Date(required=True, error_messages={**NEEDED, "invalid": "check.not_date"})
    reason = fields.String(
        required=True,
        error_messages=NEEDED,
        validate=validate.Length(min=SHORTEST, max=LONGEST, error="receipt_date.reason_length"),
    )


class ReceiptDecision(Schema):
    """Agree, or return with a reason."""

    class Meta:
        """Leave out what the page sends besides."""

        unknown = EXCLUDE

    outcome = fields.String(
        required=True,
        error_messages={**NEEDED, "required": "check.required_choice"},
        validate=validate.OneOf(("agree", "return"), error="check.not_choice"),
    )
    reason = fields.String(load_default="", validate=validate.Length(max=LONGEST))


def read_schema(
    schema: Schema, posted: Mapping[str, str], *, today: date | None = None
) -> tuple[dict[str, Any], dict[str, Words]]:
    """Return the tidy answers, and a sentence for each field that has to be changed."""
    given = {key: value.strip() for key, value in posted.items() if value.strip()}
    try:
        answers = dict(schema.load(given))
    except ValidationError as problem:
        found: dict[str, Any] = problem.messages_dict
        return {}, {field: _sentence(messages) for field, messages in found.items()}
    received_on = answers.get("received_on")
    if today is not None and isinstance(received_on, date) and received_on > today:
        return answers, {"received_on": phrase("check.future", on=received_on, today=today)}
    if answers.get("outcome") == "return" and not answers.get("reason"):
        return answers, {"reason": phrase("check.required")}
    return answers, {}


def _sentence(found: Any) -> Phrase:
    first = found[0] if isinstance(found, list) else str(found)
    return phrase(str(first), limit=SHORTEST)
