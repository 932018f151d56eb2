"""Find the body that a diagram names as addressee; it is never a name typed into a diagram."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from handlers.case_facts import answer_of, text_of
from workflows.errors import InvalidAnswer
from workflows.models import Organisation
from workflows.services.consult_file import find_organisation
from workflows.services.desk import OperationContext

ANSWER = "answer:"


def addressee_of(context: OperationContext, to: str) -> Organisation:
    """Return the body: ``item`` (the branch's own), ``recogniser``, or ``answer:<form>.<field>``.

    Raises InvalidAnswer when the form names none.
    """
    if to.startswith(ANSWER):
        return _chosen(context, to.removeprefix(ANSWER))
    finder = FINDERS.get(to)
    body = finder(context) if finder else None
    if body is None:
        raise InvalidAnswer("error.addressee_missing", to=to)
    return body


def _chosen(context: OperationContext, place: str) -> Organisation:
    form, _, field = place.partition(".")
    answer = answer_of(context, form, item=context.item) or answer_of(context, form)
    text = text_of(answer, field)
    body = find_organisation(context.work, office_id=context.case.office_id, text=text)
    if body is None:
        raise InvalidAnswer("error.addressee_missing", to=place)
    return body


def _item(context: OperationContext) -> Organisation | None:
    return context.session.get(Organisation, context.item) if context.item else None


def _recogniser(context: OperationContext) -> Organisation | None:
    record = context.case.record
    return record.recogniser if record else None


FINDERS: Mapping[str, Callable[[OperationContext], Organisation | None]] = {
    "item": _item,
    "recogniser": _recogniser,
}
