"""Everybody of the demo office by name, and the stretches of work that many tests begin with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.acceptance.case_file import CaseFile
from tests.acceptance.office import RunningOffice
from tests.acceptance.page import Page
from tests.acceptance.people import Officer
from tests.acceptance.subject import SubjectAtHome, window_answers

Answers = dict[str, Any]

# Body and role -> who holds the post; some hold several and change between them.
HOLDERS = {
    ("JLDRC", "window_clerk"): "qianyu",
    ("JLDRC", "handler"): "wangmin",
    ("JLDRC", "reviewer"): "liuchang",
    ("JLDRC", "approver"): "chenlixin",
    ("JLDRC", "legal_reviewer"): "zhaolin",
    ("JLDRC", "platform_operator"): "liyan",
    ("JLDRC", "supervisor"): "zhenghong",
    ("JLPLAT", "window_clerk"): "suqing",
    ("JLPLAT", "handler"): "suqing",
    ("JLPLAT", "platform_operator"): "suqing",
    ("JLPLAT", "reviewer"): "guofeng",
    ("JLPLAT", "legal_reviewer"): "guofeng",
    ("JLPLAT", "approver"): "luoyi",
    ("THHUD", "department_officer"): "gaoyuan",
    ("THFIN", "department_officer"): "majun",
    ("THMKT", "department_officer"): "hejing",
    ("JLFIN", "department_officer"): "tangwei",
    ("THHR", "department_officer"): "fangli",
}
RECORD = "XY-220500-2026-00011"  # a government body's, recognised by THHUD, sanctioned by two
CORRECT: Answers = {
    "wrong_items": "@items2",
    "correct_values": "拖欠金额：已付清；起止日期：至 2026-03-27",
}
REVOKE: Answers = {"wrong_items": "@items2"}
UPHOLD: Answers = {}
CORRECTIONS = {"correct": CORRECT, "partly": CORRECT, "revoke": REVOKE, "uphold": UPHOLD}
CONCLUSIONS = {
    "correct": "wrong_correct",
    "partly": "partly_wrong",
    "revoke": "wrong_revoke",
    "uphold": "right",
}


@dataclass
class Crew:
    """The people of one office; each logs in when first needed."""

    office: RunningOffice
    _officers: dict[str, Officer] = field(default_factory=dict)

    def __getitem__(self, username: str) -> Officer:
        """Return this person, logged in."""
        if username not in self._officers:
            self._officers[username] = Officer(self.office, username)
        return self._officers[username]

    def holder(self, role: str, body: str = "JLDRC") -> Officer:
        """Return who holds this post, acting in it."""
        username = HOLDERS[body, role]
        officer = self[username]
        own = [each for each in HOLDERS if HOLDERS[each] == username]
        return officer.act_as(role) if len(own) > 1 else officer

    @property
    def subject(self) -> SubjectAtHome:
        """Return a visitor in a fresh browser."""
        return SubjectAtHome(self.office)

    def do(self, case: CaseFile, element: str, *, body: str = "", **answers: Any) -> Page:
        """Let the one whose post it is do a step."""
        task = case.task(element, body=body)
        return self.holder(task.role, task.organisation.code).do(
            case, element, body=body, **answers
        )

    def do_badly(self, case: CaseFile, element: str, *, body: str = "", **answers: Any) -> Page:
        """Let the one whose post it is do a step in a way that is refused, and show the form."""
        task = case.task(element, body=body)
        officer = self.holder(task.role, task.organisation.code)
        return officer.do(case, element, body=body, status=422, **answers)

    def enter_for(self, case: CaseFile, element: str, *, body: str, **answers: Any) -> Page:
        """Let the handler enter a department's stamped paper on its behalf."""
        paper: Answers = {
            "answered_by": "paper",
            "incoming_number": "通函〔2026〕31号",
            "document_date": "@today",
            "arrived_on": "@today",
            "incoming_scan": "@file",
        }
        own = case.row.receiving_organisation.code
        return self.holder("handler", own).do(case, element, body=body, **{**paper, **answers})

    def register(self, number: str = RECORD, **answers: Any) -> CaseFile:
        """Enter a paper filing at the window."""
        return self.holder("window_clerk").register(**window_answers(number, **answers))

    def accept(self, number: str = RECORD, **answers: Any) -> CaseFile:
        """Register and accept an objection."""
        case = self.register(number, **answers)
        self.do(case, "task_formal_check")
        return case

    def verify(self, finding: str, number: str = RECORD, **answers: Any) -> CaseFile:
        """Go on to where the one department has answered."""
        case = self.accept(number, **answers)
        self.do(case, "task_self_check")
        self.do(
            case,
            "task_verify",
            conclusion=CONCLUSIONS[finding],
            **without(CORRECTIONS[finding], "correct_values" if finding == "revoke" else ""),
        )
        return case

    def find(self, case: CaseFile, finding: str) -> CaseFile:
        """Propose, review and approve a finding."""
        self.do(case, "task_propose_finding", finding=finding, **CORRECTIONS[finding])
        self.do(case, "task_review_finding")
        if "task_legal_review" in case.open_tasks:
            self.do(case, "task_legal_review")
        self.do(case, "task_approve_finding")
        return case

    def decide(self, finding: str, number: str = RECORD, **answers: Any) -> CaseFile:
        """Go on to the approved finding."""
        return self.find(self.verify(finding, number, **answers), finding)

    def sign(self, case: CaseFile) -> CaseFile:
        """Draft, check and sign the letter in hand."""
        for element in ("task_draft_letter", "task_check_letter"):
            self.do(case, element)
        if "task_legal_check_letter" in case.open_tasks:
            self.do(case, "task_legal_check_letter")
        self.do(case, "task_sign_letter")
        return case

    def issue(self, case: CaseFile, method: str = "window", **dispatch: Any) -> CaseFile:
        """Draft, check, sign, seal and send the letter in hand, and register its service."""
        self.sign(case)
        self.do(case, "task_seal_letter")
        self.do(case, "task_dispatch_letter", service_method=method, **dispatch)
        if "task_register_service" in case.open_tasks:
            self.do(case, "task_register_service")
        return case

    def correct(self, case: CaseFile) -> CaseFile:
        """Correct the record, eliminate effects and lift every sanction."""
        for element in ("task_correct_record", "task_correct_stored_record"):
            if any(each.startswith(element) for each in case.open_tasks):
                self.do(case, element)
        self.do(case, "task_eliminate_effects")
        for sanction in self.to_lift(case):
            self.lift(case, sanction)
        return case

    def lift(self, case: CaseFile, body: str, **answers: Any) -> Page:
        """Confirm one lifting, on paper where the body has nobody here."""
        if (body, "department_officer") in HOLDERS:
            return self.do(case, "task_confirm_lifting", body=body, **answers)
        return self.enter_for(case, "task_confirm_lifting", body=body, **answers)

    @staticmethod
    def to_lift(case: CaseFile) -> list[str]:
        """Return the bodies that have yet to confirm a lifting."""
        waiting = [each for each in case.open_tasks if each.startswith("task_confirm_lifting")]
        return [each.partition(" ")[2] for each in waiting]


def without(answers: Answers, *keys: str) -> Answers:
    """Return the answers without these."""
    return {key: value for key, value in answers.items() if key not in keys}
