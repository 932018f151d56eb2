"""Every route for every role: the permission table says who may, and the pages keep to it."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests.integration.webapp.factory import Office
from tests.integration.webapp.officer.conftest import office, set_up_office
from webapp.permissions import ROLES, Permission
from workflows.models import Login, Post

__all__ = ["office", "set_up_office"]

REFUSED, ASKED_TO_LOG_IN, LET_IN = "error.not_for_your_post", "error.login_needed", "in"

# Written by hand, so that a slip in the table itself shows: nobody else may come here.
ONLY_FOR = {
    "admin.people": {"security_admin"},
    "admin.add_person": {"security_admin"},
    "admin.set_login": {"security_admin"},
    "admin.propose_pack": {"system_admin"},
    "admin.propose_bundle": {"system_admin"},
    "admin.decide": {"system_admin"},
    "admin.load_notice": {"system_admin"},
    "admin.retry_incident": {"system_admin"},
    "admin.confirm_rule": {"legal_reviewer"},
    "admin.withdraw_confirmation": {"legal_reviewer"},
    "admin.sign_remedy": {"legal_reviewer"},
    "admin.audit": {"audit_admin"},
    "supervisor.board": {"supervisor", "approver"},
    "supervisor.reassign": {"supervisor", "approver"},
}


def visits(app: Flask) -> list[tuple[str, str, str]]:
    """Return (endpoint, method, address) of every route."""
    return [
        (rule.endpoint, method, _address(rule))
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) & {"GET", "POST"})
    ]


def _address(rule: Rule) -> str:
    found = rule.build({name: "x" for name in rule.arguments})
    assert found is not None
    return found[1]


def ask(client, method: str, address: str) -> str:
    """Return how a visit is met before any page runs."""
    answer = client.open(address, method=method, headers={"Accept": "application/json"})
    return LET_IN if answer.text == LET_IN else str(answer.get_json()["error"])


@pytest.fixture
def app(office: Office) -> Flask:
    """The app with every page replaced by a word: only the table decides what comes back."""
    views = office.app.view_functions
    for endpoint in views:
        views[endpoint] = lambda **_: LET_IN
    return office.app


def table(app: Flask) -> dict[str, Permission]:
    return dict(app.extensions["permissions"])


def enter(office: Office, role: str):
    """Return a browser in which somebody with this post is logged in."""
    with office.reading() as session:
        post = session.query(Post).filter_by(role=role).first()
        assert post is not None, f"the demo office has nobody in the post {role}"
        login = session.query(Login).filter_by(person_id=post.person_id).one()
    return office.person(login.username, role=role).client


class TestEveryRoute:
    @pytest.mark.parametrize("role", sorted(ROLES))
    def test_lets_in_exactly_the_roles_of_its_row(self, office, app, role):
        client = enter(office, role)
        wrong = []
        for endpoint, method, address in visits(app):
            row = table(app)[endpoint]
            may = row.is_public or row.roles is None or role in row.roles
            met = ask(client, method, address)
            if met != (LET_IN if may else REFUSED):
                wrong.append(f"{method} {address}: {met}")

        assert not wrong

    def test_asks_a_visitor_to_log_in_unless_it_is_public(self, app):
        client = app.test_client()
        wrong = []
        for endpoint, method, address in visits(app):
            expected = LET_IN if table(app)[endpoint].is_public else ASKED_TO_LOG_IN
            met = ask(client, method, address)
            if met != expected:
                wrong.append(f"{method} {address}: {met}")

        assert not wrong

    def test_has_a_row(self, app):
        assert {endpoint for endpoint, _, _ in visits(app)} <= table(app).keys()

    @pytest.mark.parametrize("endpoint", sorted(ONLY_FOR))
    def test_of_weight_is_for_those_roles_and_no_others(self, app, endpoint):
        assert set(table(app)[endpoint].roles or ()) == ONLY_FOR[endpoint]
