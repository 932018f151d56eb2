"""Name every operation and every form that acts, in one list that a reader can check.

Importing a module registers what it marks; nothing is found by searching folders.
"""

from __future__ import annotations

from collections.abc import Mapping

from handlers.answers import (
    approvals,
    confirm_lifting,
    dispatch_letter,
    draft_letter,
    formal_check,
    register_service,
    seal_letter,
    self_check,
    traceback,
    verify,
)
from handlers.marks import marked_answers, marked_operations
from handlers.operations import (
    apply_correction,
    close_case,
    combine_findings,
    draft_progress_notice,
    draft_supervision_letter,
    link_duplicate,
    list_bodies,
    list_departments,
    mark_disputed,
    note,
    number_letter,
    open_following_case,
    open_letter,
    open_quality_ticket,
    prepare_correction,
    record_base_change,
    record_finding,
    record_given_up,
    record_lifting,
    record_non_acceptance,
    record_report_receipt,
    record_service,
    record_shared_finding,
    record_supplement_silence,
    record_verification,
    record_withdrawal,
    refuse_withdrawal,
    register_receipt,
    remind,
    remove_mark,
    run_named_clock,
    send_circular,
    send_letter,
    send_lifting_notice,
    send_progress_notice,
    send_report,
    send_supplement_notice,
    send_transfer,
    send_verification_letter,
    serve_electronically,
    tell_queriers,
    trace_responsibility,
)
from workflows.services.desk import Operation

OPERATION_MODULES = (
    apply_correction,
    close_case,
    combine_findings,
    draft_progress_notice,
    draft_supervision_letter,
    link_duplicate,
    list_bodies,
    list_departments,
    mark_disputed,
    note,
    number_letter,
    open_following_case,
    open_letter,
    open_quality_ticket,
    prepare_correction,
    record_base_change,
    record_finding,
    record_given_up,
    record_lifting,
    record_non_acceptance,
    record_report_receipt,
    record_service,
    record_shared_finding,
    record_supplement_silence,
    record_verification,
    record_withdrawal,
    refuse_withdrawal,
    register_receipt,
    remind,
    remove_mark,
    run_named_clock,
    send_circular,
    send_letter,
    send_lifting_notice,
    send_progress_notice,
    send_report,
    send_supplement_notice,
    send_transfer,
    send_verification_letter,
    serve_electronically,
    tell_queriers,
    trace_responsibility,
)
ANSWER_MODULES = (
    approvals,
    confirm_lifting,
    dispatch_letter,
    draft_letter,
    formal_check,
    register_service,
    seal_letter,
    self_check,
    traceback,
    verify,
)


def operations() -> Mapping[str, Operation]:
    """Return every operation a diagram may call, by name."""
    return marked_operations()


def answers() -> Mapping[str, Operation]:
    """Return what answered forms do at once, by form."""
    return marked_answers()


def list_operations() -> list[str]:
    """Return the names of all operations, sorted."""
    return sorted(marked_operations())
