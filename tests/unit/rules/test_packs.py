"""Of several texts on one question, the one that binds is found, or it is said what is missing."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from workflows.errors import RuleMissing
from workflows.rules.packs import (
    SHIPPED_FOLDER,
    SUBJECT_KINDS,
    Parameter,
    Rank,
    RuleBook,
    RulePack,
    Standing,
    missing_parameters,
    read_pack,
    read_rule_book,
    required_keys,
)

BOOK = read_rule_book()
ON = date(2026, 9, 24)
TONGHUA = "220500"
JILIN = "220100"
BASE = BOOK.get("obj.reply.limit", division=JILIN, on=ON, subject_kind="government_body")


def parameter(**changes) -> Parameter:
    return replace(BASE, **({"subject_kinds": ()} | changes))


def book(*parameters: Parameter) -> RuleBook:
    pack = RulePack("p", "", "p", date(2026, 1, 1), tuple(parameters), "p.json")
    return RuleBook([pack])


def find(found: RuleBook, **asked) -> Parameter | None:
    wanted: dict[str, Any] = {"division": TONGHUA, "on": ON, "subject_kind": "enterprise"}
    return found.find("obj.reply.limit", **(wanted | asked))


class TestPrecedence:
    @pytest.mark.parametrize("lower", list(Rank)[1:])
    def test_goes_to_the_higher_rank(self, lower):
        higher = list(Rank)[lower.order - 1]
        first = parameter(rank=higher, value=3)
        # The lower text is younger, narrower and written for this kind of subject.
        second = parameter(
            rank=lower,
            value=4,
            jurisdiction="2205",
            subject_kinds=("enterprise",),
            valid_from=date(2026, 1, 1),
        )

        assert find(book(second, first)) == first

    def test_then_to_the_narrower_jurisdiction(self):
        city, province = parameter(jurisdiction="2205"), parameter(jurisdiction="22")

        assert find(book(province, city)) == city
        assert find(book(province, city), division="220100") == province

    def test_then_to_what_is_written_for_this_kind(self):
        special = parameter(subject_kinds=("enterprise",))
        general = parameter(valid_from=date(2026, 1, 1))

        assert find(book(general, special)) == special
        assert find(book(general, special), subject_kind="natural_person") == general

    def test_then_to_the_younger_text(self):
        old, young = parameter(valid_from=date(2018, 1, 1)), parameter(valid_from=date(2025, 1, 1))

        assert find(book(old, young)) == young
        assert find(book(old, young), on=date(2024, 12, 31)) == old

    def test_lists_what_was_not_taken(self):
        first, second = parameter(rank=Rank.LAW), parameter()
        found = book(second, first).list_candidates("obj.reply.limit", division=TONGHUA, on=ON)

        assert found == (first, second)


class TestValidity:
    @pytest.mark.parametrize(
        ("on", "is_found"),
        [("2020-12-31", False), ("2021-01-01", True), ("2025-12-31", True), ("2026-01-01", False)],
    )
    def test_holds_from_its_first_to_its_last_day(self, on, is_found):
        dated = parameter(valid_from=date(2021, 1, 1), valid_to=date(2025, 12, 31))

        assert (find(book(dated), on=date.fromisoformat(on)) is not None) is is_found

    def test_of_the_plan_ended_with_2025(self):
        def value(on):
            return BOOK.get("rec.honours", division=TONGHUA, on=on).value

        assert value(date(2025, 12, 31)) is True
        assert value(date(2026, 1, 1)) is False


class TestGet:
    def test_refuses_with_key_files_and_place(self):
        with pytest.raises(RuleMissing) as refused:
            BOOK.get("obj.reply.limit", division="330100", on=ON, subject_kind="government_body")

        assert refused.value.key == "error.rule_missing_parameter"
        assert refused.value.facts == {
            "parameter": "obj.reply.limit",
            "files": "national.json, office.json",
            "division": "330100",
            "on": ON,
            "subject_kind": "government_body",
        }

    def test_needs_the_kind_of_subject_where_the_rule_depends_on_it(self):
        assert BOOK.find("obj.reply.limit", division=TONGHUA, on=ON) is None


class TestChoosePack:
    def test_takes_the_narrowest(self):
        assert BOOK.choose_pack(TONGHUA, ON).id == "tonghua-2018"
        assert BOOK.choose_pack(JILIN, ON).id == "jilin-2017"
        assert BOOK.choose_pack("330100", ON).jurisdiction == ""

    def test_takes_none_of_the_office_itself_where_a_region_has_one(self):
        assert BOOK.choose_pack("320100", ON).id == "jiangsu-2023"
        assert BOOK.choose_pack("370100", ON).id == "shandong-2020"

    def test_refuses_a_day_before_all_packs(self):
        with pytest.raises(RuleMissing) as refused:
            BOOK.choose_pack(TONGHUA, date(2010, 1, 1))

        assert refused.value.key == "error.rule_no_pack"


class TestWithPack:
    def test_replaces_the_former_version(self):
        key = "obj.reply.form"
        old = BOOK.choose_pack(JILIN, ON)
        new = replace(old, parameters=tuple(p for p in old.parameters if p.key != key))

        changed = BOOK.with_pack(new)

        assert len(changed.packs) == len(BOOK.packs)
        asked: dict[str, Any] = {"division": TONGHUA, "on": ON, "subject_kind": "government_body"}
        assert changed.find(key, **asked) is None
        assert BOOK.find(key, **asked) is not None


class TestMissingParameters:
    @pytest.fixture(name="folder")
    def _folder(self, tmp_path):
        shutil.copytree(SHIPPED_FOLDER, tmp_path, dirs_exist_ok=True)
        return tmp_path

    def test_are_none_in_jilin(self):
        assert missing_parameters(book=BOOK, division=TONGHUA, on=ON) == ()

    @pytest.mark.parametrize("key", sorted({need.key for need in required_keys()}))
    def test_are_named_one_by_one(self, folder, key):
        for file in folder.glob("*.json"):
            content = json.loads(file.read_text(encoding="utf-8"))
            if "parameters" in content:
                content["parameters"] = [p for p in content["parameters"] if p["key"] != key]
                file.write_text(json.dumps(content), encoding="utf-8")

        found = missing_parameters(book=read_rule_book(folder), division=TONGHUA, on=ON)

        assert {problem.facts["parameter"] for problem in found} == {key}
        assert "jilin.json" in found[0].facts["files"]

    def test_are_named_for_the_kind_of_subject_that_lacks_them(self, folder):
        file = folder / "office.json"
        content = json.loads(file.read_text(encoding="utf-8"))
        content["parameters"] = [p for p in content["parameters"] if p["key"] != "obj.reply.limit"]
        file.write_text(json.dumps(content), encoding="utf-8")

        found = missing_parameters(book=read_rule_book(folder), division=TONGHUA, on=ON)

        assert [problem.facts["subject_kind"] for problem in found] == [
            "enterprise",
            "social_organisation",
            "natural_person",
        ]


class TestReadRuleBook:
    def test_refuses_an_empty_folder(self, tmp_path):
        with pytest.raises(RuleMissing) as refused:
            read_rule_book(tmp_path)

        assert refused.value.key == "error.rule_folder_empty"

    def test_refuses_a_folder_without_the_table_of_what_is_needed(self, tmp_path):
        with pytest.raises(RuleMissing) as refused:
            required_keys(tmp_path)

        assert refused.value.key == "error.rule_required_unreadable"


class TestShippedPacks:
    def test_take_the_reply_clock_by_kind_of_subject(self):
        labels = {
            kind: BOOK.get("obj.reply.limit", division=TONGHUA, on=ON, subject_kind=kind).label
            for kind in SUBJECT_KINDS
        }

        assert labels == {
            "government_body": "document",
            "public_institution": "document",
            "civil_servant": "document",
            "enterprise": "promise",
            "social_organisation": "promise",
            "natural_person": "promise",
        }

    def test_call_statutory_only_what_a_law_says(self):
        statutory = {
            one.key
            for pack in BOOK.packs
            for one in pack.parameters
            if one.label == "statutory" and one.unit.counts_time
        }

        assert statutory == {
            "obj.base_revoked.limit",
            "obj.base_revoked.report",
            "obj.other.limit",
            "obj.reply.limit",
            "pub.disclosure.max",
        }

    def test_are_careful_with_what_nobody_has_read(self):
        unconfirmed = {
            one.key for pack in BOOK.packs for one in pack.parameters if not one.confirmed
        }

        assert unconfirmed == {
            "obj.reply.stop",
            "obj.reply.limit",
            "obj.supplement.limit",
            "ppp.newMechanism.stages",
            "rep.accept",
            "sup.dispatch.deadline",
            "rep.autoEnd",
            "rep.bankruptcy",
            "rep.channels",
            "rep.conditions",
            "rep.extension",
            "rep.feedback",
            "rep.free",
            "rep.materials",
            "rep.notice",
            "rep.penalty.max",
            "rep.penalty.min",
            "rep.penalty.several",
            "rep.penalty.special.fields",
            "rep.penalty.special.min",
            "rep.periodStart",
            "rep.regime",
            "rep.result",
            "rep.supplement.limit",
        }

    def test_confirm_no_promise_and_nothing_set_for_others_beforehand(self):
        outward = (Standing.PROMISE, Standing.SET)

        assert not [
            one.key
            for pack in BOOK.packs
            for one in pack.parameters
            if one.standing in outward and one.confirmed
        ]

    def test_give_tonghua_the_stages_of_jilin(self):
        """R76: the city's paper has no chapter on PPP; the province's stages hold there."""
        of_city, of_province = (
            BOOK.get("ppp.stages", division=division, on=ON) for division in (TONGHUA, "220000")
        )

        assert of_city == of_province
        assert of_city.document == "吉政办发〔2017〕75号"
        assert len(of_city.value) == 6

    def test_allow_neither_pause_nor_extension_in_jilin(self):
        for key in ("obj.pause", "obj.extension"):
            assert BOOK.get(key, division=TONGHUA, on=ON).value is None

    def test_cite_a_document_with_words_wherever_they_are_not_the_office_itself(self):
        for pack in BOOK.packs:
            for one in pack.parameters:
                assert bool(one.document and one.clause and one.quote) == (
                    one.rank is not Rank.OFFICE
                ), one.key
                assert one.rule_ids or one.rank is Rank.OFFICE, one.key

    @pytest.mark.parametrize("file", sorted(SHIPPED_FOLDER.glob("*.json")))
    def test_are_written_for_people(self, file):
        text = file.read_text(encoding="utf-8")

        assert "\\u" not in text
        assert max(len(line) for line in text.splitlines()) < 300

    def test_are_read_from_bytes_as_the_office_stores_them(self):
        content = (SHIPPED_FOLDER / "jilin.json").read_bytes()

        assert read_pack(content, source="database").parameters[0] == BASE
