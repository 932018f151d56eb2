"""Who may ask for what: one row per route, and nothing is open that is not listed here.

A route names its endpoint. PUBLIC routes are open to visitors; ANY_POST to everyone logged in;
otherwise the roles that may use it. What a post may see within a route is decided by the
visibility filter of the core, and what it may do to a case by the services.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask, request

from webapp.current import current_post
from workflows.errors import NotAllowed

OFFICERS = frozenset(
    {
        "window_clerk",
        "handler",
        "reviewer",
        "approver",
        "legal_reviewer",
        "department_officer",
        "platform_operator",
        "supervisor",
    }
)
SUPERVISORS = frozenset({"supervisor", "approver"})
SYSTEM_ADMINS = frozenset({"system_admin"})
SECURITY_ADMINS = frozenset({"security_admin"})
AUDIT_ADMINS = frozenset({"audit_admin"})
ADMINS = SYSTEM_ADMINS | SECURITY_ADMINS | AUDIT_ADMINS
ROLES = OFFICERS | ADMINS


@dataclass(frozen=True)
class Permission:
    """Who may use a route; ``roles`` None means anyone with a post, ``is_public`` everyone."""

    roles: frozenset[str] | None = None
    is_public: bool = False
    demo_only: bool = False


PUBLIC = Permission(is_public=True)
ANY_POST = Permission()
DEMO = Permission(is_public=True, demo_only=True)


def roles(allowed: frozenset[str]) -> Permission:
    """Return a permission for these roles only."""
    return Permission(roles=allowed)


PERMISSIONS: Mapping[str, Permission] = {
    "static": PUBLIC,
    "auth.login": PUBLIC,
    "auth.logout": ANY_POST,
    "auth.choose_post": ANY_POST,
    "home": PUBLIC,
    "health": PUBLIC,
}


def install_permissions(app: Flask, table: Mapping[str, Permission]) -> None:
    """Check every request against the table before its view runs."""
    app.extensions["permissions"] = table

    @app.before_request
    def check() -> None:
        if request.endpoint is None:
            return
        permission = table.get(request.endpoint)
        if permission is None:
            raise NotAllowed("error.route_not_listed")
        check_permission(permission)


def check_permission(permission: Permission) -> None:
    """Let the request through, or raise LoginNeeded or NotAllowed."""
    if permission.is_public:
        return
    post = current_post()
    if post is None:
        raise LoginNeeded("error.login_needed")
    if permission.roles is not None and post.role not in permission.roles:
        raise NotAllowed("error.not_for_your_post")


class LoginNeeded(NotAllowed):
    """Nobody is logged in; the page comes back after logging in."""

    default_key = "error.login_needed"
