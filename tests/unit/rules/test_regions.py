"""The same question in another region, on another day, for another subject, has another answer."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from workflows.errors import RuleMissing
from workflows.rules.comparison import (
    DIFFERENT,
    ONE_SIDED,
    OTHER_SOURCE,
    PROCESS_NAMES,
    SAME,
    compare_regions,
    list_papers,
    process_of,
    read_side,
)
from workflows.rules.open_points import read_open_points
from workflows.rules.packs import Rank, missing_parameters, read_rule_book

BOOK = read_rule_book()
ON = date(2026, 11, 2)
JILIN, TONGHUA, JIANGSU, SHANDONG = "220100", "220500", "320100", "370100"
EVERYWHERE = (JILIN, TONGHUA, JIANGSU, SHANDONG)


def value(key: str, division: str, on: date = ON, kind: str = "government_body") -> Any:
    return BOOK.get(key, division=division, on=on, subject_kind=kind).value


class TestVariationsByRegion:
    """A12, one line each: what differs, in the order Jilin, Tonghua, Jiangsu, Shandong."""

    @pytest.mark.parametrize(
        ("key", "values"),
        [
            ("obj.reply.limit", (15, 15, 15, 3)),
            ("rec.honours", (False, False, True, True)),
            ("rec.publicCriticism", (False, False, False, True)),
            ("tolerance.gate", (False, False, True, False)),
            ("sup.dispatch", ("quarter", "quarter", "none", "none")),
            ("sup.inspect", ("half_year", "none", "manual", "manual")),
            (
                "lenient.subjects",
                (
                    ["civil_servant"],
                    ["civil_servant", "public_institution_staff"],
                    ["government_body", "civil_servant"],
                    ["civil_servant"],
                ),
            ),
            (
                "lenient.effects",
                (
                    ["reduced_or_waived", "lighter"],
                    ["lighter", "reduced_or_waived", "exempted"],
                    ["lighter", "exempted"],
                    ["lighter", "exempted"],
                ),
            ),
            (
                "pub.subjectKinds",
                (
                    ["government_body", "civil_servant"],
                    ["government_body", "civil_servant"],
                    ["government_body"],
                    ["government_body"],
                ),
            ),
            (
                "ppp.lead",
                ("appointed", "appointed", "finance_and_development", "finance_and_development"),
            ),
        ],
    )
    def test_are_as_the_papers_say(self, key, values):
        assert tuple(value(key, division) for division in EVERYWHERE) == values

    def test_of_the_stages_of_a_project_number_six_six_five_five(self):
        assert [len(value("ppp.stages", division)) for division in EVERYWHERE] == [6, 6, 5, 5]

    def test_leave_no_region_without_what_a_process_needs(self):
        for division in EVERYWHERE:
            assert missing_parameters(book=BOOK, division=division, on=ON) == ()


class TestPrecedenceOfShippedTexts:
    def test_regulation_binds_over_the_older_paper_from_its_first_day(self):
        def rule(on):
            return BOOK.get("pub.subjectKinds", division=SHANDONG, on=on)

        assert rule(date(2020, 9, 30)).rank is Rank.POLICY_DOCUMENT
        assert "civil_servant" in rule(date(2020, 9, 30)).value
        assert rule(date(2020, 10, 1)).rank is Rank.LOCAL_REGULATION
        assert "civil_servant" not in rule(date(2020, 10, 1)).value

    def test_law_binds_over_the_local_regulation(self):
        ranks = [
            rule.rank
            for rule in BOOK.list_candidates("pub.naturalPersons", division=SHANDONG, on=ON)
        ]

        assert ranks == [Rank.LAW, Rank.LOCAL_REGULATION, Rank.OFFICE]

    def test_regulation_binds_over_every_paper_on_a_change_of_government(self):
        for division in EVERYWHERE:
            assert BOOK.get("ppp.succession", division=division, on=ON).rank is Rank.REGULATION

    def test_departmental_rule_binds_over_the_plan_on_the_effects_of_repair(self):
        rule = BOOK.get("rep.effects", division=JILIN, on=date(2026, 4, 1))

        assert (rule.rank, rule.document) == (Rank.RULE, "国家发展改革委令第36号")

    def test_office_gives_way_to_any_paper(self):
        on = date(2025, 12, 31)

        assert BOOK.get("rec.interview", division=JILIN, on=on).document.endswith("规划")
        assert BOOK.get("rec.interview", division=JIANGSU, on=on).rank is Rank.OFFICE

    def test_statute_is_asked_by_no_kind_of_subject_in_shandong(self):
        for kind in ("government_body", "civil_servant", "enterprise", "natural_person"):
            rule = BOOK.get("obj.reply.limit", division=SHANDONG, on=ON, subject_kind=kind)

            assert (rule.value, rule.label) == (3, "statutory")


class TestRegimeByDate:
    @pytest.mark.parametrize(
        ("on", "regime", "start"),
        [
            ("2023-05-01", "order58", "penalty_date"),
            ("2026-03-31", "order58", "penalty_date"),
            ("2026-04-01", "order36", "publish_date"),
        ],
    )
    def test_of_repair_changes_with_the_order(self, on, regime, start):
        day = date.fromisoformat(on)

        assert value("rep.regime", JILIN, day) == regime
        assert value("rep.periodStart", JILIN, day) == start

    def test_of_the_old_order_left_with_it(self):
        assert value("rep.penalty.special.min", JILIN, date(2026, 3, 31)) == 12
        with pytest.raises(RuleMissing):
            value("rep.penalty.special.min", JILIN, date(2026, 4, 1))

    def test_of_the_plan_is_continued_by_the_office_as_inner_only(self):
        rule = BOOK.get("rep.measures", division=JILIN, on=date(2026, 1, 1))

        assert (rule.label, len(rule.value)) == ("inner", 6)


class TestNumbersNobodyGives:
    @pytest.mark.parametrize("division", EVERYWHERE)
    @pytest.mark.parametrize("kind", ["government_body", "enterprise"])
    def test_are_set_by_a_person(self, division, kind):
        rule = BOOK.get("rec.deadline", division=division, on=ON, subject_kind=kind)

        assert rule.is_set_by_person

    def test_are_no_terms(self):
        rule = BOOK.get("rep.result", division=JILIN, on=ON)

        assert rule.is_set_by_person
        with pytest.raises(RuleMissing) as refused:
            _ = rule.term
        assert refused.value.key == "error.rule_set_by_person"


class TestCompareRegions:
    def rows(self, *divisions: str, on: date = ON):
        return {row.key: row for row in compare_regions(BOOK, divisions=divisions, on=on)}

    def test_says_how_two_regions_part(self):
        rows = self.rows(TONGHUA, SHANDONG)

        assert rows["obj.reply.limit"].state == DIFFERENT
        assert rows["obj.other.limit"].state == ONE_SIDED
        assert rows["rec.grading"].state == OTHER_SOURCE
        assert rows["rep.accept"].state == SAME

    def test_does_not_call_different_what_two_texts_say_alike_together(self):
        # Jilin has one text for everybody, Shandong one for government and the office's own.
        assert self.rows(JILIN, SHANDONG)["rec.deadline"].state == OTHER_SOURCE

    def test_changes_with_the_day(self):
        assert self.rows(JILIN, SHANDONG, on=date(2025, 6, 2))["rec.honours"].state == OTHER_SOURCE
        assert self.rows(JILIN, SHANDONG)["rec.honours"].state == DIFFERENT

    def test_with_itself_finds_nothing(self):
        assert {row.state for row in self.rows(JIANGSU, JIANGSU).values()} == {SAME}

    def test_knows_the_process_of_every_key(self):
        assert {process_of(key) for key in self.rows(JILIN, SHANDONG)} <= set(PROCESS_NAMES)

    def test_names_what_gives_way_what_ended_and_what_is_to_come(self):
        side = read_side(BOOK, "rec.honours", division=JILIN, on=ON)
        early = read_side(BOOK, "rec.honours", division=SHANDONG, on=date(2018, 1, 2))

        assert [each.rule.value for each in side.bindings] == [False]
        assert [rule.pack_id for rule in side.outranked] == ["office"]
        assert [str(rule.valid_to) for rule in side.ended] == ["2025-12-31"]
        assert [str(rule.valid_from) for rule in early.to_come] == ["2018-03-08"]

    def test_binds_each_kind_of_subject_by_its_own_text(self):
        side = read_side(BOOK, "obj.reply.limit", division=TONGHUA, on=ON)

        assert [(each.rule.label, len(each.kinds)) for each in side.bindings] == [
            ("document", 3),
            ("promise", 3),
        ]


class TestPapers:
    def test_of_jiangsu_name_the_repealed_and_the_unread(self):
        papers = {paper.number: paper for paper in list_papers(BOOK, division=JIANGSU, on=ON)}

        assert not papers["苏政发〔2018〕23号"].is_in_force(ON)
        assert papers["苏政发〔2018〕23号"].is_in_force(date(2023, 6, 28))
        assert papers["苏政规〔2025〕4号"].unread
        assert str(papers["苏政规〔2025〕4号"].valid_to) == "2031-01-31"

    def test_put_what_is_in_force_and_ranks_higher_first(self):
        numbers = [paper.number for paper in list_papers(BOOK, division=SHANDONG, on=ON)]

        assert numbers == ["山东省社会信用条例", "鲁政发〔2018〕9号"]


class TestOpenPoints:
    def test_are_the_nine_of_b5_and_name_keys_that_exist(self):
        points = read_open_points()
        keys = {rule.key for pack in BOOK.packs for rule in pack.parameters}

        assert len(points) == 9
        assert {key for point in points for key in point.keys} <= keys
        assert all(point.zh and point.en and point.rule_ids for point in points)

    def test_concern_the_region_they_name(self):
        jiangsu = {point.id for point in read_open_points() if point.concerns(JIANGSU)}

        assert "B5-5" in jiangsu
        assert "B5-1" not in jiangsu

    def test_refuse_a_file_that_cannot_be_read(self, tmp_path):
        with pytest.raises(RuleMissing):
            read_open_points(tmp_path / "none.json")
