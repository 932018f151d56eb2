"""What a simulation plans before it begins: offices, days and shares."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from webapp.forms.checks import CheckContext, check_uscc
from webapp.simulation.plan_office import SIZES, credit_code, plan_office
from webapp.simulation.simulate import split, spread


class TestOffice:
    @pytest.mark.parametrize("size", SIZES)
    def test_has_the_posts_of_its_size(self, size):
        plan = plan_office(size, seed=1, number=1)

        roles = [person["posts"][0]["role"] for person in plan["people"]]
        for role, count in SIZES[size]["lead_posts"].items():
            assert roles.count(role) == count
        bodies = [body for body in plan["organisations"] if body["kind"] == "recognition"]
        assert len(bodies) == SIZES[size]["departments"]

    def test_is_the_same_for_the_same_seed_only(self):
        assert plan_office("small", seed=7, number=1) == plan_office("small", seed=7, number=1)
        assert plan_office("small", seed=7, number=1) != plan_office("small", seed=8, number=1)


class TestCreditCode:
    @pytest.mark.parametrize("seed", range(40))
    def test_is_valid(self, seed):
        code = credit_code(Random(seed), prefix="91")

        assert check_uscc(code, CheckContext(today=date(2026, 1, 5))) is None


class TestShares:
    @pytest.mark.parametrize(("count", "parts"), [(0, 2), (1, 2), (7, 2), (100, 3)])
    def test_are_even_and_lose_nothing(self, count, parts):
        shares = split(count, parts=parts)

        assert sum(shares) == count
        assert max(shares) - min(shares) <= 1

    def test_fall_on_days_with_weight_only(self):
        days = spread(500, [1.0, 0.0, 3.0], Random(1))

        assert sum(days) == 500
        assert days[1] == 0
        assert days[2] > days[0]
