"""Forms declared beside the diagrams: read, drawn and checked on the server."""

from webapp.forms.definition import Choice, Field, FormDefinition, parse_form
from webapp.forms.rendering import FormFrame, FormLink, FormView, Upload, form_view
from webapp.forms.validation import (
    FormContext,
    StagedFile,
    Validated,
    read_answers,
    storable,
    validate,
    variables,
)

__all__ = [
    "Choice",
    "Field",
    "FormContext",
    "FormDefinition",
    "FormFrame",
    "FormLink",
    "FormView",
    "StagedFile",
    "Upload",
    "Validated",
    "form_view",
    "parse_form",
    "read_answers",
    "storable",
    "validate",
    "variables",
]
