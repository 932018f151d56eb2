"""The supervisor's door: what gets late, whose it is, and what a person can do about it."""

from webapp.permissions import SUPERVISORS, roles
from webapp.views.supervisor.routes import pages

PERMISSIONS = {
    endpoint: roles(SUPERVISORS)
    for endpoint in (
        "supervisor.board",
        "supervisor.reassign",
        "supervisor.urge",
        "supervisor.letter",
        "supervisor.sign_letter",
    )
}

__all__ = ["PERMISSIONS", "pages"]
