"""The administrators' door: people and posts, bodies, rules, calendars, definitions, audit.

System, security and audit administrators are three people (三员分立): the first keeps definitions,
packs and calendars, the second people and log-ins, the third reads the trail.
"""

from webapp.permissions import ADMINS, AUDIT_ADMINS, SECURITY_ADMINS, SYSTEM_ADMINS, roles
from webapp.views.admin import (  # noqa: F401
    agreed,
    calendars,
    definitions,
    messages,
    organisations,
    people,
    regions,
    trail,
)
from webapp.views.admin.base import pages

LEGAL = frozenset({"legal_reviewer"})

PERMISSIONS = {
    "admin.home": roles(ADMINS | LEGAL),
    "admin.people": roles(SECURITY_ADMINS),
    "admin.add_person": roles(SECURITY_ADMINS),
    "admin.give_post": roles(SECURITY_ADMINS),
    "admin.end_post": roles(SECURITY_ADMINS),
    "admin.set_login": roles(SECURITY_ADMINS),
    "admin.organisations": roles(SECURITY_ADMINS | SYSTEM_ADMINS),
    "admin.add_organisation": roles(SECURITY_ADMINS | SYSTEM_ADMINS),
    "admin.packs": roles(SYSTEM_ADMINS | LEGAL | AUDIT_ADMINS),
    "admin.regions": roles(SYSTEM_ADMINS | LEGAL | AUDIT_ADMINS),
    "admin.propose_pack": roles(SYSTEM_ADMINS),
    "admin.confirm_rule": roles(LEGAL),
    "admin.withdraw_confirmation": roles(LEGAL),
    "admin.remedies": roles(LEGAL | AUDIT_ADMINS),
    "admin.sign_remedy": roles(LEGAL),
    "admin.calendars": roles(SYSTEM_ADMINS | LEGAL),
    "admin.load_notice": roles(SYSTEM_ADMINS),
    "admin.definitions": roles(SYSTEM_ADMINS | AUDIT_ADMINS),
    "admin.propose_bundle": roles(SYSTEM_ADMINS),
    "admin.decide": roles(SYSTEM_ADMINS),
    "admin.incidents": roles(SYSTEM_ADMINS),
    "admin.retry_incident": roles(SYSTEM_ADMINS),
    "admin.messages": roles(SYSTEM_ADMINS),
    "admin.assign_message": roles(SYSTEM_ADMINS),
    "admin.set_message_aside": roles(SYSTEM_ADMINS),
    "admin.audit": roles(AUDIT_ADMINS),
}

__all__ = ["PERMISSIONS", "pages"]
