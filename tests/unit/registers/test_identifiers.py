"""Identifiers by their standards: the computed vectors of the domain rules (N37, N38, N39)."""

from __future__ import annotations

import pytest

from workflows.services.check_identifier import (
    birthday_in,
    clean_code,
    problem_of_division,
    problem_of_id_number,
    problem_of_uscc,
)


class TestUscc:
    @pytest.mark.parametrize("code", ["91350100M000100Y43", "11320000MB151840XJ"])
    def test_is_valid(self, code):
        assert problem_of_uscc(code) is None

    @pytest.mark.parametrize(
        ("code", "key"),
        [
            ("91350100M000100Y4Z", "check.uscc.letter"),
            ("91310115MA1H8R7C6D", "check.uscc.checksum"),
            ("91350100M000100Y4", "check.uscc.length"),
            ("9135A100M000100Y43", "check.uscc.digits"),
        ],
    )
    def test_is_refused_for_its_first_fault(self, code, key):
        problem = problem_of_uscc(code)

        assert problem is not None and problem.key == key

    def test_is_cleaned_of_what_typing_adds(self):
        assert clean_code(" 9135 0100-M000１00y43 ") == "91350100M000100Y43"


class TestIdNumber:
    @pytest.mark.parametrize("code", ["11010519491231002X", "440524188001010014"])
    def test_is_valid(self, code):
        assert problem_of_id_number(code) is None

    @pytest.mark.parametrize(
        ("code", "key"),
        [
            ("110105194912310021", "check.id.checksum"),
            ("11010519491331002X", "check.id.birthday"),
            ("11010519491231002", "check.id.length"),
            ("1101051949123100XX", "check.id.character"),
        ],
    )
    def test_is_refused_for_its_first_fault(self, code, key):
        problem = problem_of_id_number(code)

        assert problem is not None and problem.key == key

    def test_tells_the_day_of_birth(self):
        born_on = birthday_in("11010519491231002X")

        assert born_on is not None and born_on.isoformat() == "1949-12-31"


class TestDivision:
    @pytest.mark.parametrize("code", ["220000", "220500", "320000", "370000", "220599"])
    def test_is_valid_in_a_known_province(self, code):
        assert problem_of_division(code) is None

    @pytest.mark.parametrize("code", ["22050", "2205000", "22O500", "990000", ""])
    def test_is_refused_otherwise(self, code):
        assert problem_of_division(code) is not None
