"""An office on a database of its own, and somebody at its subject's door."""

from __future__ import annotations

import pytest

from tests.integration.webapp.factory import Office
from tests.integration.webapp.officer.conftest import office, set_up_office
from tests.integration.webapp.portal.visitor import Visitor

__all__ = ["office", "set_up_office", "visitor"]


@pytest.fixture
def visitor(office: Office) -> Visitor:
    """A browser that has never been here."""
    return Visitor(office, office.app.test_client())
