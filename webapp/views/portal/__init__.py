"""The subject's door: file, keep a receipt, follow the clock, supplement, withdraw, verify."""

from webapp.permissions import PUBLIC
from webapp.views.portal import acts, case, enter, events, expired, filing, letters
from webapp.views.portal.door import pages

# Every route is open to visitors; whose case it is, they prove by code and phone (E).
PERMISSIONS = {
    f"portal.{name}": PUBLIC
    for name in (
        "home",
        "enter",
        "prove",
        "leave",
        "accessibility",
        "measures",
        "file",
        "submit",
        "save_draft",
        "discard",
        "upload",
        "receipt",
        "case_page",
        "explain",
        "supplement",
        "submit_supplement",
        "withdraw",
        "submit_withdrawal",
        "save_case_draft",
        "remind",
        "event",
        "submit_event",
        "letter",
        "original",
        "certificate",
        "verify",
    )
}

__all__ = [
    "PERMISSIONS",
    "acts",
    "case",
    "enter",
    "events",
    "expired",
    "filing",
    "letters",
    "pages",
]
