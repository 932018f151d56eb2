"""The subject's door: file, get a receipt, follow the clock, supplement, withdraw, verify a letter."""

from webapp.permissions import PUBLIC
from webapp.views.portal import case, enter, filing, letters  # noqa: F401
from webapp.views.portal.door import pages

PERMISSIONS = {
    f"portal.{name}": PUBLIC
    for name in (
        "home",
        "file",
        "submit",
        "save_draft",
        "upload",
        "receipt",
        "enter",
        "leave",
        "case_page",
        "explain",
        "supplement",
        "submit_supplement",
        "withdraw",
        "submit_withdrawal",
        "save_case_draft",
        "remind",
        "letter",
        "certificate",
        "verify",
        "accessibility",
    )
}

__all__ = ["PERMISSIONS", "pages"]
