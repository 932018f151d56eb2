"""Named checks: each complaint names the place and what to look at."""

from datetime import date

import pytest

from tests.unit.webapp.reckonings import TUESDAY, spoken
from webapp.forms.checks import CHECKS, CheckContext

CONTEXT = CheckContext(TUESDAY)


def complain(name, value, **more):
    found = CHECKS[name](value, CheckContext(TUESDAY, **more))
    return None if found is None else spoken(found)


class TestUscc:
    @pytest.mark.parametrize(
        "code",
        [
            "91110000600037341L",
            "9111 0000 6000 3734 1l",
            "91110000-600037341L",
            "９１１１００００６０００３７３４１Ｌ",
        ],
    )
    def test_accepts_a_code_however_it_was_typed(self, code):
        assert complain("uscc", code) is None

    @pytest.mark.parametrize("first", ["A1", "N2", "Y1"])
    def test_accepts_registration_authorities_with_a_letter(self, first):
        # GB 32100: agriculture and others register with a letter, which some libraries refuse.
        from stdnum.cn import uscc

        code = first + "220500MB1K720"
        code = (code + "471")[:17]

        assert complain("uscc", code + uscc.calc_check_digit(code)) is None

    @pytest.mark.parametrize(
        ("code", "words"),
        [
            ("9111000060003734", "现在 16 位"),
            ("11220500OB1K72040W", "第 9 位是字母 O。代码里没有 I、O、S、V、Z，请看是不是数字 0"),
            ("9111000060003734VL", "第 17 位是字母 V。代码里没有"),
            ("91110000600037#41L", "第 15 位是“#”"),
            ("91A10000600037341L", "第 3 位应是数字，现在是 A"),
            ("91110000600037341M", "校验位对不上"),
        ],
    )
    def test_names_what_is_wrong(self, code, words):
        assert words in complain("uscc", code)


class TestIdNumber:
    @pytest.mark.parametrize("code", ["360426199101010071", "11010519491231002x"])
    def test_accepts_a_number(self, code):
        assert complain("id_number", code) is None

    @pytest.mark.parametrize(
        ("code", "words"),
        [
            ("36042619910101007", "现在 17 位"),
            ("3604261991010100A1", "第 17 位是“A”"),
            ("360426199113010071", "出生年月日"),
            ("360426199101010072", "末位校验对不上"),
        ],
    )
    def test_names_what_is_wrong(self, code, words):
        assert words in complain("id_number", code)


class TestPhone:
    @pytest.mark.parametrize(
        "number", ["13800138000", "0431-8890 1234", "(0431)88901234", "+86 138 0013 8000", "12345"]
    )
    def test_accepts_a_number(self, number):
        assert complain("phone", number) is None

    @pytest.mark.parametrize(
        ("number", "words"), [("138o0138000", "有“o”"), ("1380", "现在 4 位"), ("", "现在 0 位")]
    )
    def test_names_what_is_wrong(self, number, words):
        assert words in complain("phone", number)


class TestEmail:
    @pytest.mark.parametrize("address", ["a@b.cn", " zhou.hang+x@liulin.gov.cn "])
    def test_accepts_an_address(self, address):
        assert complain("email", address) is None

    @pytest.mark.parametrize("address", ["a", "a@b", "a b@c.cn", "@b.cn", "a@b..cn"])
    def test_refuses_what_is_none(self, address):
        assert "@" in complain("email", address)


class TestDates:
    @pytest.mark.parametrize(
        ("check", "on", "is_fine"),
        [
            ("not_future", date(2026, 10, 13), True),
            ("not_future", date(2026, 10, 14), False),
            ("not_past", date(2026, 10, 13), True),
            ("not_past", date(2026, 10, 12), False),
        ],
    )
    def test_are_compared_with_the_business_day(self, check, on, is_fine):
        assert (complain(check, on) is None) is is_fine

    @pytest.mark.parametrize(
        ("check", "on", "is_fine"),
        [
            ("not_after", date(2026, 10, 12), True),
            ("not_after", date(2026, 10, 13), False),
            ("not_before", date(2026, 10, 12), True),
            ("not_before", date(2026, 10, 11), False),
        ],
    )
    def test_are_compared_with_each_other(self, check, on, is_fine):
        more = {
            "answers": {"arrived_on": date(2026, 10, 12)},
            "labels": {"arrived_on": "到达日期"},
            "argument": "arrived_on",
        }

        said = complain(check, on, **more)

        assert (said is None) is is_fine
        assert is_fine or "“到达日期”（10月12日 周一）" in said

    def test_are_not_compared_with_a_date_that_is_missing(self):
        assert complain("not_after", date(2026, 10, 12), argument="arrived_on") is None
