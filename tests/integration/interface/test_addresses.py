"""Addresses made by the dozen are the ones Flask would make one by one."""

from __future__ import annotations

import pytest
from flask import Flask, url_for

from webapp.addresses import addresses_of


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    app.add_url_rule("/cases/<case_id>/clocks/<clock_id>", "clock")
    return app


class TestAddressesOf:
    @pytest.mark.parametrize(
        ("case_id", "clock_id"), [("c1", "k1"), ("k1", "c1"), ("a b", "ü?#"), ("~clock_id~", "k")]
    )
    def test_are_those_of_the_routes(self, app: Flask, case_id: str, clock_id: str):
        with app.test_request_context():
            made = addresses_of("clock", "case_id", "clock_id")(case_id, clock_id)

            assert made == url_for("clock", case_id=case_id, clock_id=clock_id)
