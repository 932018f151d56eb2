"""Walks the drawn process to each of its ends, straight and reloaded between all steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.engine.walk import Walker
from tests.unit.process.drawings import bundle, plan

# What the operations answer unless a test says otherwise.
ANSWERS: dict[str, Any] = {
    "register_receipt": {
        "channel_body": "platform",
        "record_origin": "department",
        "outcome": "",
        "withdrawn": False,
        "finding_is_shared": False,
        "supplement_used": False,
        "error_found": False,
        "disagree": False,
    },
    "send_transfer": {"outcome": "transferred"},
    "list_departments": {"departments": ["a", "b"]},
    "record_finding": {"outcome": "decided"},
    "record_base_finding": {"outcome": "decided", "finding": "revoke"},
    "record_shared_finding": {"outcome": "decided", "finding_is_shared": True},
    "record_given_up": {"outcome": "given_up"},
    "record_non_acceptance": {"outcome": "not_accepted"},
    "record_withdrawal": {"withdrawn": True},
    "record_supplement_silence": {"supplement_silence": "continue"},
    "prepare_correction": {"correctors": ["a"], "sanctions": ["s1", "s2"]},
    "open_letter": {"letter_needs_legal": True},
}
Begin = Callable[..., Walker]


@pytest.fixture(
    params=[False, pytest.param(True, marks=pytest.mark.thorough)], ids=["straight", "reloaded"]
)
def begin(request: pytest.FixtureRequest) -> Begin:
    """Start a case, and check that it is at the formal check."""

    def start(start_event: str = "start_portal", **answers: Any) -> Walker:
        walker = Walker(bundle(), reload=request.param, answers={**ANSWERS, **answers})
        walker.start(start_event)
        assert walker.steps == ["task_formal_check"]
        return walker

    return start


def accept(case: Walker) -> Walker:
    return case.complete("task_formal_check", formal_outcome="accept")


def verify(case: Walker) -> Walker:
    case.complete("task_self_check", self_check="matches_source")
    return case.complete("task_verify", item="a").complete("task_verify", item="b")


def find(case: Walker, finding: str) -> Walker:
    case.complete("task_propose_finding", finding=finding)
    case.complete("task_review_finding", review_outcome="agree")
    if finding == "revoke":
        case.complete("task_legal_review", legal_outcome="agree")
    return case.complete("task_approve_finding", approval_outcome="agree")


def issue(case: Walker, service_method: str = "post") -> Walker:
    case.complete("task_draft_letter").complete("task_check_letter", check_outcome="agree")
    case.complete("task_legal_check_letter", letter_legal_outcome="agree")
    case.complete("task_sign_letter", sign_outcome="agree").complete("task_seal_letter")
    case.complete("task_dispatch_letter", service_method=service_method)
    if service_method != "electronic":
        case.complete("task_register_service")
    return case


def correct(case: Walker, task: str = "task_correct_record") -> Walker:
    case.complete(task, item="a").complete("task_eliminate_effects")
    case.complete("task_confirm_lifting", item="s1").complete("task_confirm_lifting", item="s2")
    return case.deliver("report_acknowledged")


def withdraw(case: Walker, outcome: str = "confirmed") -> Walker:
    case.deliver("withdrawal_requested")
    return case.complete("task_confirm_withdrawal", withdrawal_outcome=outcome)


def assert_ended(case: Walker, end: str) -> None:
    assert case.is_finished
    assert case.ended[-1] == end
    assert case.operations.names[-2:] == ["remove_mark", "close_case"]


class TestStraightJourney:
    @pytest.mark.parametrize("start", [start.id for start in plan().starts])
    def test_begins_at_each_start(self, begin, start):
        case = begin(start)

        assert case.operations.names == ["register_receipt"]

    @pytest.mark.parametrize("finding", ["correct", "revoke", "partly"])
    def test_ends_corrected(self, begin, finding):
        case = find(verify(accept(begin())), finding)

        correct(issue(case))

        assert_ended(case, "end_corrected")

    def test_ends_upheld(self, begin):
        case = find(verify(accept(begin())), "uphold")

        issue(case, "electronic")

        assert_ended(case, "end_upheld")
        assert "prepare_correction" not in case.operations.names

    def test_corrects_and_reports_without_waiting_for_service(self, begin):
        case = find(verify(accept(begin())), "correct")

        correct(case)

        assert case.steps == ["task_draft_letter"]
        assert "record_report_receipt" in case.operations.names

    def test_asks_the_platform_to_correct_its_own_error(self, begin):
        case = accept(begin()).complete("task_self_check", self_check="own_error")

        issue(find(case, "correct"))
        correct(case, "task_correct_stored_record")

        assert_ended(case, "end_corrected")
        assert "list_departments" not in case.operations.names

    def test_goes_on_with_nobody_to_ask_correct_or_lift(self, begin):
        case = accept(
            begin(
                list_departments={"departments": []},
                prepare_correction={"correctors": [], "sanctions": []},
            )
        )

        case.complete("task_self_check", self_check="matches_source")
        issue(find(case, "correct")).complete("task_eliminate_effects")
        case.deliver("report_acknowledged")

        assert_ended(case, "end_corrected")


class TestFormalCheck:
    def test_transfers(self, begin):
        case = begin().complete("task_formal_check", formal_outcome="transfer")

        assert_ended(case, "end_transferred")

    def test_does_not_accept(self, begin):
        case = begin().complete("task_formal_check", formal_outcome="reject")

        issue(case.complete("task_approve_rejection", rejection_outcome="agree"))

        assert case.variables["letter_kind"] == "non_acceptance"
        assert_ended(case, "end_not_accepted")

    def test_is_done_again_when_the_approver_returns_it(self, begin):
        case = begin().complete("task_formal_check", formal_outcome="reject")

        case.complete("task_approve_rejection", rejection_outcome="return")

        assert case.steps == ["task_formal_check"]

    def test_is_done_again_after_a_supplement_that_came_first(self, begin):
        case = begin().complete("task_formal_check", formal_outcome="supplement_first")

        case.deliver("supplement_received")

        assert case.steps == ["task_formal_check"]
        assert "mark_disputed" not in case.operations.names

    def test_is_done_again_when_no_supplement_comes(self, begin):
        case = begin().complete("task_formal_check", formal_outcome="supplement_first")

        case.fire("supplement@overdue")

        assert case.steps == ["task_formal_check"]

    def test_gives_up_after_silence_only_where_a_provision_says_so(self, begin):
        silence = {"supplement_silence": "given_up"}
        case = begin(record_supplement_silence=silence)

        case.complete("task_formal_check", formal_outcome="supplement_first")
        case.fire("supplement@overdue")

        assert_ended(case, "end_given_up")


class TestSupplement:
    def test_goes_on_beside_verification(self, begin):
        case = begin().complete("task_formal_check", formal_outcome="supplement")

        assert case.steps == ["task_self_check"]
        assert "supplement_received" in case.messages

    def test_is_reviewed_before_the_finding(self, begin):
        case = verify(begin().complete("task_formal_check", formal_outcome="supplement"))

        case.deliver("supplement_received").complete("task_review_supplement")

        assert case.steps == ["task_propose_finding"]

    def test_may_stay_away_without_ending_the_case(self, begin):
        case = verify(begin().complete("task_formal_check", formal_outcome="supplement"))

        case.fire("supplement@overdue")

        assert case.steps == ["task_propose_finding"]

    def test_gives_up_where_a_provision_says_so(self, begin):
        case = begin(record_supplement_silence={"supplement_silence": "given_up"})

        verify(case.complete("task_formal_check", formal_outcome="supplement"))
        case.fire("supplement@overdue")

        assert_ended(case, "end_given_up")


class TestDuplicate:
    def test_takes_the_shared_finding_and_replies_for_itself(self, begin):
        case = begin().complete("task_formal_check", formal_outcome="duplicate")

        issue(case.deliver("finding_shared", finding="revoke"))

        assert_ended(case, "end_corrected")
        assert "prepare_correction" not in case.operations.names

    def test_verifies_itself_when_the_other_case_is_silent(self, begin):
        case = begin().complete("task_formal_check", formal_outcome="duplicate")

        case.fire("reply@obj.reply.silence_notice")

        assert case.steps == ["task_self_check"]
        assert "mark_disputed" in case.operations.names


class TestVerification:
    def test_reminds_and_drafts_a_letter_of_supervision_for_one_department(self, begin):
        case = accept(begin()).complete("task_self_check", self_check="matches_source")

        for point in ("obj.verification.remind1", "obj.verification.remind2", "overdue"):
            case.fire(f"verification@{point}", item="b")

        assert case.operations.calls[-3:] == [
            ("remind", "b"),
            ("remind", "b"),
            ("draft_supervision_letter", "b"),
        ]
        assert case.steps == ["task_verify:a", "task_verify:b"]

    def test_decides_nothing_when_a_department_is_silent(self, begin):
        case = accept(begin()).complete("task_self_check", self_check="matches_source")

        case.fire("reply@obj.reply.silence_notice").complete("task_progress_notice")

        assert case.operations.names[-1] == "send_progress_notice"
        assert case.steps == ["task_verify:a", "task_verify:b"]

    def test_is_not_held_up_by_an_open_progress_notice(self, begin):
        case = accept(begin()).fire("reply@obj.reply.silence_notice")

        issue(find(verify(case), "uphold"))

        assert_ended(case, "end_upheld")


class TestFinding:
    @pytest.mark.parametrize(
        ("task", "outcome"),
        [
            ("task_review_finding", "review_outcome"),
            ("task_legal_review", "legal_outcome"),
            ("task_approve_finding", "approval_outcome"),
        ],
    )
    def test_goes_back_to_the_handler_when_returned(self, begin, task, outcome):
        case = verify(accept(begin())).complete("task_propose_finding", finding="revoke")

        for other, name in (
            ("task_review_finding", "review_outcome"),
            ("task_legal_review", "legal_outcome"),
            ("task_approve_finding", "approval_outcome"),
        ):
            case.complete(other, **{name: "return" if other == task else "agree"})
            if other == task:
                break

        assert case.steps == ["task_propose_finding"]
        find(case, "revoke")

    def test_goes_to_legal_review_when_departments_disagree(self, begin):
        case = verify(accept(begin(combine_findings={"disagree": True})))

        case.complete("task_propose_finding", finding="correct")
        case.complete("task_review_finding", review_outcome="agree")

        assert case.steps == ["task_legal_review"]


class TestLetter:
    @pytest.mark.parametrize(
        ("task", "outcome"),
        [
            ("task_check_letter", "check_outcome"),
            ("task_legal_check_letter", "letter_legal_outcome"),
            ("task_sign_letter", "sign_outcome"),
        ],
    )
    def test_goes_back_to_the_drafter_when_returned(self, begin, task, outcome):
        case = find(verify(accept(begin())), "uphold").complete("task_draft_letter")

        for other, name in (
            ("task_check_letter", "check_outcome"),
            ("task_legal_check_letter", "letter_legal_outcome"),
            ("task_sign_letter", "sign_outcome"),
        ):
            case.complete(other, **{name: "return" if other == task else "agree"})
            if other == task:
                break

        assert case.steps == ["task_draft_letter"]
        assert case.operations.names.count("open_letter") == 1

    def test_skips_legal_review_where_none_is_needed(self, begin):
        case = find(verify(accept(begin(open_letter={"letter_needs_legal": False}))), "uphold")

        case.complete("task_draft_letter").complete("task_check_letter", check_outcome="agree")

        assert case.steps == ["task_sign_letter"]

    def test_reminds_and_warns_while_it_is_written(self, begin):
        case = find(verify(accept(begin())), "uphold")

        case.fire("reply@obj.reply.remind").fire("reply@due").fire("reply@overdue")

        assert case.operations.names[-3:] == ["remind", "remind", "draft_supervision_letter"]
        assert case.steps == ["task_draft_letter"]


class TestCorrection:
    def test_sends_the_report_again_after_a_rejection(self, begin):
        case = find(verify(accept(begin())), "correct")

        for _ in range(2):
            case.deliver("report_rejected").complete("task_repair_report")

        assert case.operations.names.count("send_report") == 3
        issue(correct(case))
        assert_ended(case, "end_corrected")

    def test_warns_about_the_report_and_each_sanction(self, begin):
        case = find(verify(accept(begin())), "correct")

        case.fire("report@obj.report.remind1").fire("report@obj.report.remind2")
        case.fire("report@overdue").fire("lift@overdue", item="s2")

        assert case.operations.calls[-4:] == [
            ("remind", None),
            ("remind", None),
            ("draft_supervision_letter", None),
            ("draft_supervision_letter", "s2"),
        ]

    def test_is_not_done_while_one_sanction_stands(self, begin):
        case = issue(find(verify(accept(begin())), "correct"))

        case.complete("task_correct_record", item="a").complete("task_eliminate_effects")
        case.deliver("report_acknowledged").complete("task_confirm_lifting", item="s2")

        assert case.steps == ["task_confirm_lifting:s1"]
        assert not case.is_finished


class TestWithdrawal:
    def test_ends_the_case(self, begin):
        case = withdraw(accept(begin()))

        assert_ended(case, "end_withdrawn")

    def test_may_be_refused_and_asked_for_again(self, begin):
        case = withdraw(accept(begin()), "refused")

        assert case.steps == ["task_self_check"]
        assert_ended(withdraw(case), "end_withdrawn")

    def test_does_not_stop_the_correction_of_an_error_already_found(self, begin):
        case = accept(begin(record_verification={"error_found": True}))
        case.complete("task_self_check", self_check="matches_source")
        case.complete("task_verify", item="a")

        correct(find(withdraw(case), "correct"))

        assert_ended(case, "end_withdrawn")
        assert "open_letter" not in case.operations.names

    def test_stops_the_reply_and_not_the_correction(self, begin):
        case = withdraw(find(verify(accept(begin())), "correct"))

        assert "task_draft_letter" not in case.steps
        assert_ended(correct(case), "end_withdrawn")

    def test_leaves_nothing_open_when_the_case_ends_first(self, begin):
        case = begin().deliver("withdrawal_requested")

        case.complete("task_formal_check", formal_outcome="transfer")

        assert_ended(case, "end_transferred")


class TestBaseChange:
    def test_leads_to_reply_and_correction_without_verification(self, begin):
        case = accept(begin()).deliver("base_revoked")

        case.complete(
            "task_approve_base_change", base_change_outcome="confirmed", base_finding="revoke"
        )

        assert "task_self_check" not in case.steps
        issue(correct(case))
        assert_ended(case, "end_corrected")

    def test_changes_no_other_finding_when_it_is_approved_late(self, begin):
        case = find(verify(accept(begin()).deliver("base_revoked")), "uphold")

        case.complete(
            "task_approve_base_change", base_change_outcome="confirmed", base_finding="revoke"
        )

        assert_ended(issue(case), "end_upheld")

    def test_stops_nothing_when_it_is_refused(self, begin):
        case = accept(begin()).deliver("base_revoked")

        case.fire("base_revoked@obj.base_revoked.remind")
        case.complete("task_approve_base_change", base_change_outcome="refused")

        assert case.steps == ["task_self_check"]
