"""File the closing report that opens the volume: result, clocks, letters, course (R93, N43)."""

from __future__ import annotations

from handlers.case_facts import (
    answer_of,
    case_facts,
    office_facts,
    text_of,
)
from handlers.sending import find_letter, keep_draft
from handlers.words import case_word
from notifications.letters.compose.closing_report import (
    ClockResult,
    FiledDocument,
    Happening,
    compose_closing_report,
)
from notifications.letters.words import word
from workflows.clock.terms import legal_date, working_days_between
from workflows.services.consult_file import FiledClock, list_clocks, list_documents, list_done_tasks
from workflows.services.desk import OperationContext
from workflows.services.number_document import number_document


def file_closing_report(context: OperationContext, outcome: str) -> None:
    """Keep the report once, frozen and unnumbered, as an inner paper of the file."""
    if find_letter(context, "closing_report") is not None:
        return
    proposal = answer_of(context, "propose_finding")
    letter = compose_closing_report(
        office=office_facts(context),
        case=case_facts(context),
        channel=case_word(f"channel.{context.case.channel}"),
        result=case_word(f"outcome.{outcome}"),
        reason=text_of(proposal, "reasons") or case_word(f"outcome.{outcome}"),
        closed_on=context.today,
        clocks=_clocks(context),
        documents=_documents(context),
        course=_course(context),
    )
    number_document(
        context.work,
        document=keep_draft(context, letter),
        organisation=context.case.receiving_organisation,
        series="",
    )


def _clocks(context: OperationContext) -> list[ClockResult]:
    calendar = context.desk.calendar(context.session, context.case.office_id)
    results = []
    for clock in list_clocks(context.work, case=context.case):
        due_on = clock.due_on or clock.raw_due_on
        if clock.stopped_on is None:
            continue
        results.append(
            ClockResult(
                matter=case_word(f"matter.{clock.name}"),
                rule=_rule_words(clock),
                due_on=due_on,
                stopped_on=clock.stopped_on,
                spare=working_days_between(clock.stopped_on, due_on, calendar),
            )
        )
    return results


def _rule_words(clock: FiledClock) -> str:
    """Return the text behind a period; one of the office's own is named by its rank."""
    source = f"{clock.rule.get('document', '')}{clock.rule.get('clause', '')}".strip()
    return source or word(f"rank.{clock.rule.get('label', 'inner')}")


def _documents(context: OperationContext) -> list[FiledDocument]:
    return [
        FiledDocument(
            title=each.title,
            number=each.number,
            dated_on=each.document_on or legal_date(each.made_at or each.drafted_at),
        )
        for each in list_documents(context.work, case=context.case)
    ]


def _course(context: OperationContext) -> list[Happening]:
    return [
        Happening(on=legal_date(task.done_at), what=task.name, who=task.person or "")
        for task in list_done_tasks(context.work, case=context.case)
        if task.done_at is not None
    ]
