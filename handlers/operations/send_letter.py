"""Send a letter whose file says all that it reads, to whom the diagram names (foundations)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.addressees import addressee_of
from handlers.marks import operation
from handlers.self_composed import compose_self
from handlers.sending import (
    addressed_as,
    find_letter,
    keep_draft,
    send_to_body,
    send_to_subject,
)
from notifications.letters.kinds import LetterKind, get_kind
from workflows.errors import InvalidAnswer
from workflows.services.desk import OperationContext
from workflows.services.number_document import number_document

SUBJECT, FILE = "subject", "file"


@operation("send_letter")
def send_letter(context: OperationContext) -> Mapping[str, Any]:
    """Number and send the letter named on the step, once for each branch.

    ``jiannuo:letter`` names its kind and ``jiannuo:to`` the addressee: ``subject``, ``file`` for a
    paper that stays in the file, or a body as ``addressees`` finds it. A letter that a person must
    sign is issued by ``issue_letter`` instead.
    """
    attributes = context.desk.blueprint(context.session, context.case).element(context.element)
    kind = get_kind(attributes.attributes.get("letter", ""))
    to = attributes.attributes.get("to", SUBJECT)
    if not kind.composes_itself or (kind.signed and kind.remedies == "required"):
        raise InvalidAnswer("error.letter_kind_unknown", kind=kind.kind)
    if find_letter(context, kind.kind, item=context.item) is not None:
        return {}
    if to == FILE:
        _file(context, kind)
        return {}
    if to == SUBJECT:
        letter = compose_self(context, kind, addressee=addressed_as(context, kind))
        send_to_subject(context, letter, item=context.item)
        return {}
    body = addressee_of(context, to)
    letter = compose_self(context, kind, addressee=body.name, addressee_name=body.name)
    facts = {"title": letter.title}
    send_to_body(
        context, letter, body=body, item=context.item, message="letter_to_body", facts=facts
    )
    return {}


def _file(context: OperationContext, kind: LetterKind) -> None:
    """Keep an inner paper, frozen and unnumbered."""
    letter = compose_self(context, kind, addressee="")
    number_document(
        context.work,
        document=keep_draft(context, letter, item=context.item),
        organisation=context.case.receiving_organisation,
        series="",
    )
