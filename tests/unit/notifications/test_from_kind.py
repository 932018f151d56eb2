"""A letter that its file alone composes: which phrases stand on the paper, and which do not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from notifications.letters.compose.from_kind import Fact, compose_from_kind
from notifications.letters.kinds import get_kind
from notifications.letters.letter import LetterData
from tests.unit.notifications.samples import OFFICE
from workflows.errors import RuleMissing


def circular(**facts: Fact) -> LetterData:
    kind = replace(
        get_kind("dispatch_circular"),
        wording={"title": "通报", "summary": "{summary}", "late": "{body}：{late}。"},
        body=("summary", "late*"),
    )
    return compose_from_kind(
        kind=kind, office=OFFICE, addressee="各部门", facts=facts, case_number="DD-1"
    )


class TestBody:
    def test_leaves_a_phrase_out_whose_fact_is_missing(self):
        assert circular(summary="总体良好。").paragraphs == ("总体良好。",)
        assert circular(summary="总体良好。", late=(), body="甲局").paragraphs == ("总体良好。",)

    def test_writes_a_listed_phrase_once_for_each_line(self):
        letter = circular(summary="总体良好。", late=("第一项", "第二项"), body="甲局")

        assert letter.paragraphs == ("总体良好。", "一、甲局：第一项。", "二、甲局：第二项。")

    def test_never_reads_a_fact_as_a_placeholder(self):
        assert circular(summary="{late} {0.__class__}").paragraphs == ("{late} {0.__class__}",)

    def test_refuses_a_title_whose_fact_is_missing(self):
        kind = replace(get_kind("dispatch_circular"), wording={"title": "{body}通报"}, body=())

        with pytest.raises(RuleMissing):
            compose_from_kind(
                kind=kind, office=OFFICE, addressee="各部门", facts={}, case_number="DD-1"
            )
