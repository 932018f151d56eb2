"""Name every operation and every form that acts, in one list that a reader can check.

Importing a module registers what it marks; nothing is found by searching folders.
"""

from __future__ import annotations

from collections.abc import Mapping

from handlers.answers import (
    approvals,
    check_repair,
    complaint,
    confirm_lifting,
    dispatch_letter,
    draft_letter,
    formal_check,
    litigation,
    rectification,
    register_service,
    reward,
    seal_letter,
    self_check,
    traceback,
    verify,
)
from handlers.marks import marked_answers, marked_declarations, marked_operations
from handlers.operations import (
    apply_correction,
    ask_recogniser,
    carry_out_repair,
    change_sanction,
    change_unit,
    check_commitment,
    close_case,
    combine_findings,
    decide_leniency,
    decide_repair,
    draft_progress_notice,
    draft_supervision_letter,
    escalate,
    extend_repair,
    file_interview,
    judge_repair,
    link_duplicate,
    list_bodies,
    list_departments,
    list_other_units,
    mark_disputed,
    note,
    number_letter,
    open_following_case,
    open_letter,
    open_quality_ticket,
    prepare_correction,
    read_rule,
    record_base_change,
    record_base_finding,
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
    rectification_items,
    refuse_withdrawal,
    register_complaint,
    register_litigation,
    register_receipt,
    register_rectification,
    register_repair,
    remind,
    remove_mark,
    revoke_repair,
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
    shield_record,
    start_rectification,
    tell_origin,
    tell_queriers,
    tell_repaired,
    trace_responsibility,
)
from workflows.lint.declared import Declarations
from workflows.services.desk import Operation

OPERATION_MODULES = (
    apply_correction,
    ask_recogniser,
    carry_out_repair,
    change_sanction,
    change_unit,
    check_commitment,
    close_case,
    combine_findings,
    decide_leniency,
    decide_repair,
    draft_progress_notice,
    draft_supervision_letter,
    escalate,
    extend_repair,
    file_interview,
    judge_repair,
    link_duplicate,
    list_bodies,
    list_departments,
    list_other_units,
    mark_disputed,
    note,
    number_letter,
    open_following_case,
    open_letter,
    open_quality_ticket,
    prepare_correction,
    read_rule,
    record_base_change,
    record_base_finding,
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
    rectification_items,
    refuse_withdrawal,
    register_complaint,
    register_litigation,
    register_receipt,
    register_rectification,
    register_repair,
    remind,
    remove_mark,
    revoke_repair,
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
    shield_record,
    start_rectification,
    tell_origin,
    tell_queriers,
    tell_repaired,
    trace_responsibility,
)
ANSWER_MODULES = (
    approvals,
    check_repair,
    complaint,
    confirm_lifting,
    dispatch_letter,
    draft_letter,
    formal_check,
    litigation,
    rectification,
    register_service,
    reward,
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


def declarations() -> Declarations:
    """Return what operations and answered forms declare about themselves, for the legal lint."""
    return marked_declarations()


def list_operations() -> list[str]:
    """Return the names of all operations, sorted."""
    return sorted(marked_operations())
