"""The pages there are: each with who opens it, where, and in which state it is looked at."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.looking import Screen, Values
from tests.browser.register_screens import REGISTER_FILES, REGISTERS


def case_of(scene: str) -> Values:
    """Return what names the case of a scene."""
    return lambda book: {"case_id": book.case(scene)}


def tab_of(scene: str, tab: str) -> Values:
    """Return what names a part of a case."""
    return lambda book: {"case_id": book.case(scene), "tab": tab}


def step_of(scene: str, element: str, status: str = "open") -> Values:
    """Return what names a step of a case."""
    return lambda book: {"task_id": book.task(scene, element, status=status)}


def letter_of(scene: str, kind: str, status: str = "") -> Values:
    """Return what names a letter of a case."""
    return lambda book: {"document_id": book.document(scene, kind, status=status)}


def clock_of(scene: str, name: str) -> Values:
    """Return what names a clock of a case."""
    return lambda book: {"case_id": book.case(scene), "clock_id": book.clock(scene, name)}


def action_of(scene: str, action: str) -> Values:
    """Return what names a thing to be done to a case beside its steps."""
    return lambda book: {"case_id": book.case(scene), "action": action}


def event_of(name: str) -> Values:
    """Return what names something that a party may enter."""
    return lambda _: {"name": name}


def submit(page: Page) -> None:
    """Send the page's form as it stands, to see what the page says about it."""
    with page.expect_navigation():
        page.click("form[data-form] [data-submit]")


def pick_rows(page: Page) -> None:
    """Choose the first two rows of a list."""
    for box in page.locator("table[data-rows] .c-sel input").all()[:2]:
        box.check()
    page.wait_for_selector("[data-bulk]:not([hidden])")


def bring_nowhere(page: Page) -> None:
    """Bring a message to a case that does not wait for it."""
    page.click("summary:has-text('归入案件'), summary:has-text('Bring to a case')")
    with page.expect_navigation():
        page.click("details[open] button")


def show_keys(page: Page) -> None:
    """Ask for the list of keys."""
    page.keyboard.press("?")
    page.wait_for_selector("#keys[open]")


LARGE = ("larger",)

DOOR = (
    Screen("login", "auth.login"),
    Screen("login-expired", "auth.login", query={"expired": "1", "next": "/inbox"}),
    Screen("not-found", "officer.case", "wangmin", lambda _: {"case_id": "0" * 32}, status=404),
    Screen("not-for-you", "admin.people", "wangmin", status=403),
)

INBOX = (
    Screen("inbox", "officer.inbox", "wangmin", sizes=LARGE),
    Screen("inbox-pool", "officer.inbox", "wangmin", query={"view": "pool"}),
    Screen("inbox-waiting", "officer.inbox", "wangmin", query={"view": "waiting"}),
    Screen("inbox-done", "officer.inbox", "wangmin", query={"view": "done"}),
    Screen("inbox-overdue", "officer.inbox", "tangwei", query={"view": "overdue"}),
    Screen("inbox-narrowed", "officer.inbox", "wangmin", query={"due": "3", "words": "无此"}),
    Screen("inbox-window", "officer.inbox", "qianyu", query={"view": "pool"}, act=pick_rows),
    Screen("inbox-department", "officer.inbox", "gaoyuan"),
    Screen("inbox-approver", "officer.inbox", "chenlixin"),
    Screen("inbox-keys", "officer.inbox", "wangmin", act=show_keys),
    Screen("letters", "officer.letters", "qianyu"),
    Screen("ledger", "officer.ledger", "wangmin"),
    Screen("search", "officer.search", "wangmin", query={"q": "2026"}),
    Screen("search-nothing", "officer.search", "wangmin", query={"q": "没有这个人"}),
)

CASE = (
    Screen("case", "officer.case", "wangmin", case_of("correcting"), sizes=LARGE),
    Screen("case-late", "officer.case", "wangmin", case_of("silent")),
    Screen("case-closed", "officer.case", "wangmin", case_of("upheld")),
    Screen("case-supplement", "officer.case", "wangmin", case_of("supplement")),
    Screen("case-unconfirmed", "officer.case", "sunli", case_of("enterprise")),
    Screen("case-audit", "officer.case", "xuheng", case_of("correcting")),
    *(
        Screen(f"case-{tab}", "officer.case_tab", "wangmin", tab_of("correcting", tab))
        for tab in ("overview", "timeline", "documents", "diagram", "parties", "linked", "filing")
    ),
    Screen(
        "case-diagram-file",
        "officer.case_tab",
        "wangmin",
        tab_of("silent", "diagram"),
        query={"file": "handling.bpmn"},
    ),
    Screen("explain", "officer.explain_clock", "wangmin", clock_of("correcting", "reply")),
    Screen("explain-late", "officer.explain_clock", "wangmin", clock_of("silent", "reply")),
    Screen("explain-stopped", "officer.explain_clock", "wangmin", clock_of("upheld", "reply")),
    Screen("explain-report", "officer.explain_clock", "wangmin", clock_of("correcting", "report")),
    Screen("clock-change", "officer.clock_change", "chenlixin", clock_of("supplement", "reply")),
    Screen("document", "officer.document", "qianyu", letter_of("upheld", "reply")),
    Screen(
        "document-open", "officer.document", "qianyu", letter_of("correcting", "acceptance_notice")
    ),
    Screen("document-in", "officer.document", "wangmin", letter_of("near", "verification_opinion")),
)

STEPS = (
    Screen("step-formal-check", "officer.task", "qianyu", step_of("servant", "task_formal_check")),
    Screen(
        "step-formal-check-errors",
        "officer.task",
        "qianyu",
        step_of("fresh", "task_formal_check"),
        act=submit,
        status=422,
    ),
    Screen("step-doubtful", "officer.task", "qianyu", step_of("doubtful", "task_formal_check")),
    Screen("step-self-check", "officer.task", "wangmin", step_of("checked", "task_self_check")),
    Screen("step-verify", "officer.task", "hejing", step_of("enterprise", "task_verify")),
    Screen("step-verify-late", "officer.task", "tangwei", step_of("silent", "task_verify")),
    Screen("step-verify-paper", "officer.task", "sunli", step_of("enterprise", "task_verify")),
    Screen(
        "step-review-finding",
        "officer.task",
        "liuchang",
        step_of("own_error", "task_review_finding"),
    ),
    Screen(
        "step-progress-notice",
        "officer.task",
        "chenlixin",
        step_of("silent", "task_progress_notice"),
    ),
    Screen(
        "step-draft-letter", "officer.task", "wangmin", step_of("correcting", "task_draft_letter")
    ),
    Screen("step-check-letter", "officer.task", "liuchang", step_of("near", "task_check_letter")),
    Screen(
        "step-eliminate-effects",
        "officer.task",
        "wangmin",
        step_of("correcting", "task_eliminate_effects"),
    ),
    Screen(
        "step-confirm-lifting",
        "officer.task",
        "majun",
        step_of("correcting", "task_confirm_lifting"),
    ),
    Screen(
        "step-not-yours", "officer.task", "liuchang", step_of("correcting", "task_draft_letter")
    ),
    Screen(
        "step-done", "officer.task", "wangmin", step_of("upheld", "task_propose_finding", "done")
    ),
    Screen(
        "step-done-paper",
        "officer.task",
        "qianyu",
        step_of("upheld", "task_register_service", "done"),
    ),
)

ACTIONS = (
    *(
        Screen(f"action-{action}", "officer.case_action", who, action_of("supplement", action))
        for action, who in (
            ("supplement", "qianyu"),
            ("withdrawal", "qianyu"),
            ("receipt_date", "qianyu"),
            ("base_change", "wangmin"),
            ("party", "wangmin"),
            ("litigation", "zhaolin"),
            ("report_receipt", "liyan"),
        )
    ),
    Screen("filing-new", "officer.new_filing", "qianyu"),
    Screen("filing-new-errors", "officer.new_filing", "qianyu", act=submit, status=422),
    Screen("filing-done", "officer.filed", "qianyu", case_of("doubtful")),
)

SUPERVISOR = (
    Screen("board", "supervisor.board", "zhenghong", sizes=LARGE),
    Screen("board-organisations", "supervisor.board", "zhenghong", query={"by": "organisation"}),
    Screen("board-open", "supervisor.board", "zhenghong", query={"show": "open"}),
    Screen(
        "board-letter",
        "supervisor.letter",
        "zhenghong",
        letter_of("silent", "supervision_letter", "draft"),
    ),
    Screen(
        "board-reassign", "supervisor.reassign", "zhenghong", step_of("checked", "task_self_check")
    ),
)

ADMIN = (
    Screen("admin-people", "admin.people", "dongjie"),
    Screen("admin-organisations", "admin.organisations", "dongjie"),
    Screen("admin-packs", "admin.packs", "lintao"),
    Screen("admin-packs-legal", "admin.packs", "zhaolin"),
    Screen("admin-regions", "admin.regions", "zhaolin", query={"right": "37", "on": "2026-11-02"}),
    Screen(
        "admin-regions-2025",
        "admin.regions",
        "zhaolin",
        query={"left": "2205", "right": "32", "on": "2025-06-02", "only": "all"},
    ),
    Screen("admin-remedies", "admin.remedies", "zhaolin"),
    Screen("admin-calendars", "admin.calendars", "lintao"),
    Screen("admin-definitions", "admin.definitions", "lintao"),
    Screen("admin-incidents", "admin.incidents", "lintao"),
    Screen("admin-messages", "admin.messages", "lintao"),
    Screen("admin-messages-refused", "admin.messages", "lintao", act=bring_nowhere, status=422),
    Screen("admin-audit", "admin.audit", "xuheng"),
)

PORTAL = (
    Screen("portal-home", "portal.home"),
    Screen("portal-file", "portal.file"),
    Screen("portal-file-errors", "portal.file", act=submit, status=422),
    Screen("portal-enter", "portal.enter"),
    Screen("portal", "portal.case_page", own_case="correcting", sizes=LARGE),
    Screen("portal-supplement-asked", "portal.case_page", own_case="supplement"),
    Screen("portal-closed", "portal.case_page", own_case="upheld"),
    Screen("portal-explain", "portal.explain", own_case="correcting"),
    Screen("portal-supplement", "portal.supplement", own_case="supplement"),
    Screen("portal-withdraw", "portal.withdraw", own_case="enterprise"),
    Screen("portal-event", "portal.event", values=event_of("extension"), own_case="interviewing"),
    Screen("portal-receipt", "portal.receipt", own_case="fresh"),
    Screen("portal-locked", "portal.case_page"),
    Screen("portal-verify", "portal.verify"),
    Screen(
        "portal-verify-right",
        "portal.verify",
        values=lambda book: {"code": book.verification_code("upheld", "reply")},
    ),
    Screen("portal-verify-wrong", "portal.verify", query={"code": "ABCD2345"}, status=404),
    Screen("portal-accessibility", "portal.accessibility"),
    Screen("portal-measures", "portal.measures"),
)

SCREENS = (*DOOR, *INBOX, *CASE, *STEPS, *ACTIONS, *REGISTERS, *SUPERVISOR, *ADMIN, *PORTAL)

# Addresses that lead to no page: files, data for scripts, and ways on to another page.
NO_PAGES = {
    "static": "files of ours",
    "health": "data",
    "home": "leads on to the inbox, the board or the administration",
    "auth.choose_post": "leads on to the inbox",
    "admin.home": "leads on to what the administrator may see",
    "officer.arrivals": "data",
    "officer.export_view": "a spreadsheet",
    "officer.export_ledger": "a spreadsheet",
    "officer.clock_days": "a spreadsheet",
    "officer.diagram_xml": "a diagram",
    "officer.document_pdf": "a letter",
    "officer.sealed_copy": "a letter",
    "officer.file": "a paper",
    "portal.letter": "a letter",
    "portal.original": "a letter",
    "portal.certificate": "a letter",
    **REGISTER_FILES,
}
