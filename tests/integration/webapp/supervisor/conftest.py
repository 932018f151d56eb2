"""An office on a database of its own for the tests of this door."""

from tests.integration.webapp.officer.conftest import office, set_up_office

__all__ = ["office", "set_up_office"]
