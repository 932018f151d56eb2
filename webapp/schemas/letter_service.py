"""How a letter left the office, and what shows that it arrived."""

from __future__ import annotations

from marshmallow import EXCLUDE, Schema, fields, validate

from webapp.schemas.receipt_date import NEEDED
from workflows.services.dispatch_document import CAME_BACK, METHODS


class Dispatch(Schema):
    """By which of the five ways the letter left."""

    class Meta:
        """Leave out what the page sends besides."""

        unknown = EXCLUDE

    method = fields.String(
        required=True,
        error_messages={**NEEDED, "required": "check.required_choice"},
        validate=validate.OneOf(METHODS, error="check.not_choice"),
    )


class SentAgain(Dispatch):
    """Why the letter came back, and by which way it goes out again."""

    reason = fields.String(
        required=True,
        error_messages={**NEEDED, "required": "check.required_choice"},
        validate=validate.OneOf(CAME_BACK, error="check.not_choice"),
    )


class Service(Schema):
    """The day of service and its evidence."""

    class Meta:
        """Leave out what the page sends besides."""

        unknown = EXCLUDE

    served_on = fields.Date(required=True, error_messages={**NEEDED, "invalid": "check.not_date"})
    evidence = fields.String(
        required=True, error_messages=NEEDED, validate=validate.Length(max=300)
    )
