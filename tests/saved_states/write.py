"""Write golden states of the objection process as it is drawn now.

    python -m tests.saved_states.write

Run it when a version of the process goes out. States of earlier versions are left as they are: they
stand for the cases that still run on them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.saved_states.golden import (
    OPERATIONS,
    Golden,
    folder_of,
    run_to_end,
    waits_of,
    write_definition,
    write_state,
)
from tests.unit.engine.walk import Walker
from workflows.engine.bundle import Bundle, read_bundle
from workflows.engine.engines import NAMES, Engines

BPMN = Path(__file__).resolve().parents[2] / "bpmn"
Walk = Callable[[Walker], Walker]


def accepted(case: Walker) -> Walker:
    return case.complete("task_formal_check", formal_outcome="accept")


def asked(case: Walker) -> Walker:
    return accepted(case).complete("task_self_check", self_check="matches_source")


def verified(case: Walker) -> Walker:
    return asked(case).complete("task_verify", item="a").complete("task_verify", item="b")


def proposed(case: Walker, finding: str) -> Walker:
    verified(case).complete("task_propose_finding", finding=finding)
    return case.complete("task_review_finding", review_outcome="agree")


def found(case: Walker, finding: str = "correct") -> Walker:
    proposed(case, finding)
    if finding == "revoke":
        case.complete("task_legal_review", legal_outcome="agree")
    return case.complete("task_approve_finding", approval_outcome="agree")


def supplement_asked(case: Walker) -> Walker:
    return case.complete("task_formal_check", formal_outcome="supplement")


def letter_signed(case: Walker) -> Walker:
    found(case).complete("task_draft_letter").complete("task_check_letter", check_outcome="agree")
    case.complete("task_legal_check_letter", letter_legal_outcome="agree")
    return case.complete("task_sign_letter", sign_outcome="agree")


def failing(case: Walker) -> Walker:
    case.operations.answers["mark_disputed"] = RuntimeError("the register is away")
    return accepted(case)


SCENES: Mapping[str, Walk] = {
    "received": lambda case: case,
    "accepted": accepted,
    "failing": failing,
    "departments_asked": asked,
    "one_department_answered": lambda case: asked(case).complete("task_verify", item="a"),
    "department_reminded": lambda case: asked(case).fire(
        "verification@obj.verification.remind1", item="a"
    ),
    "progress_notice": lambda case: asked(case).fire("reply@obj.reply.silence_notice"),
    "own_error": lambda case: accepted(case).complete("task_self_check", self_check="own_error"),
    "supplement_asked": supplement_asked,
    "supplement_came": lambda case: supplement_asked(case).deliver("supplement_received"),
    "supplement_first": lambda case: case.complete(
        "task_formal_check", formal_outcome="supplement_first"
    ),
    "duplicate": lambda case: case.complete("task_formal_check", formal_outcome="duplicate"),
    "rejection_proposed": lambda case: case.complete("task_formal_check", formal_outcome="reject"),
    "rejection_letter": lambda case: case.complete(
        "task_formal_check", formal_outcome="reject"
    ).complete("task_approve_rejection", rejection_outcome="agree"),
    "verified": verified,
    "legal_review": lambda case: proposed(case, "revoke"),
    "upheld": lambda case: found(case, "uphold"),
    "found_wrong": found,
    "revoked": lambda case: found(case, "revoke"),
    "report_rejected": lambda case: found(case).deliver("report_rejected"),
    "one_sanction_left": lambda case: found(case).complete("task_confirm_lifting", item="s1"),
    "letter_signed": letter_signed,
    "letter_dispatched": lambda case: (
        letter_signed(case)
        .complete("task_seal_letter")
        .complete("task_dispatch_letter", service_method="post")
    ),
    "withdrawal_asked": lambda case: asked(case).deliver("withdrawal_requested"),
    "withdrawal_during_reply": lambda case: found(case).deliver("withdrawal_requested"),
    "base_revoked": lambda case: asked(case).deliver("base_revoked"),
}


def make(bundle: Bundle, scene: str, engine_name: str) -> Golden:
    """Return the state of a case that was brought to this point on this engine."""
    engine = Engines(engine_name)
    case = Walker(bundle, answers=dict[str, Any](OPERATIONS), engine=engine)
    case.start("start_portal")
    SCENES[scene](case)
    snapshot = engine.look(bundle=bundle, state=case.now.state)
    end, _ = run_to_end(engine, bundle, case.now.state)
    return Golden(state=case.now.state, waits=waits_of(snapshot), end=end)


def write(bundle: Bundle) -> Path:
    """Write the states of this definition and return their folder."""
    folder = folder_of(bundle)
    write_definition(bundle, folder)
    for engine in NAMES:
        for scene in SCENES:
            write_state(make(bundle, scene, engine), folder / engine / f"{scene}.json")
    return folder


if __name__ == "__main__":
    print(write(read_bundle(BPMN, key="objection")))
