"""Send one circular to all bodies of the case: one number, every body told (R128, R129)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.marks import operation
from handlers.self_composed import compose_self
from handlers.sending import find_letter, number_letter_out
from handlers.telling import tell_body
from notifications.letters.kinds import get_kind
from workflows.models import Organisation
from workflows.services.desk import OperationContext
from workflows.services.dispatch_document import dispatch_document


@operation("send_circular", reads=("bodies",))
def send_circular(context: OperationContext) -> Mapping[str, Any]:
    """Compose the letter ``jiannuo:letter`` names, number it once, and tell each of ``bodies``."""
    step = context.desk.blueprint(context.session, context.case).element(context.element)
    kind = get_kind(step.attributes["letter"])
    if find_letter(context, kind.kind) is not None:
        return {}
    letter = compose_self(context, kind, addressee=kind.say("addressee"))
    document = number_letter_out(context, letter)
    dispatch_document(context.work, context.desk, case=context.case, document=document, method="")
    for body_id in context.variables.get("bodies") or []:
        body = context.session.get_one(Organisation, str(body_id))
        facts = {"title": letter.title}
        tell_body(context, "letter_to_body", body=body, key=f"{document.id}:{body.id}", facts=facts)
    return {}
