"""A page leads back to this site and nowhere else, however the target is written."""

import pytest

from webapp.return_paths import safe_target


class TestSafeTarget:
    @pytest.mark.parametrize("target", ["/", "/inbox", "/cases/1?tab=a&b=c#top", "/查询?q=异议"])
    def test_keeps_a_path_of_ours(self, target):
        assert safe_target(target) == target

    @pytest.mark.parametrize(
        "target",
        [
            "",
            "inbox",
            "//elsewhere",
            "///elsewhere",
            "/\\elsewhere",
            "/a\\b",
            "\\\\elsewhere",
            "/\t/elsewhere",
            "/\r\n/elsewhere",
            "\t//elsewhere",
            "https://elsewhere",
            "javascript:alert(1)",
            "/\x00",
            "/\u2028/elsewhere",
        ],
    )
    def test_drops_everything_else(self, target):
        assert safe_target(target) == ""
