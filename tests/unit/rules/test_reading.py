"""A pack that cannot be used says in which file, which parameter and which field."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.clock.terms import Term, Unit
from workflows.errors import RuleMissing
from workflows.rules.packs import SHIPPED_FOLDER, Kind, Rank, Standing, read_pack

Change = Callable[[dict[str, Any]], Any]


def content(file: str = "jilin.json") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SHIPPED_FOLDER / file).read_text(encoding="utf-8"))
    return found


def pack(change: Change | None = None, *, file: str = "jilin.json") -> str:
    changed = content(file)
    if change is not None:
        change(changed)
    return json.dumps(changed, ensure_ascii=False)


def refusal(text: bytes | str) -> RuleMissing:
    with pytest.raises(RuleMissing) as refused:
        read_pack(text, source="mine.json")
    assert refused.value.facts["source"] == "mine.json"
    return refused.value


class TestReadPack:
    def test_reads_a_parameter_with_its_source(self):
        found = read_pack(pack(), source="jilin.json").find("obj.reply.limit")[0]

        assert (found.value, found.unit, found.term) == (15, Kind.WORKING_DAYS, Term(15))
        assert (found.document, found.clause) == ("吉政办发〔2017〕75号", "二(十)")
        assert found.document_title == "吉林省政务诚信建设实施方案"
        assert "自接到异议申请之日起十五个工作日内" in found.quote
        assert found.rank is Rank.POLICY_DOCUMENT
        assert (found.valid_from, found.valid_to) == (date(2017, 11, 15), None)
        assert (found.start_event, found.stop_event) == ("objection_received", "obj.reply.stop")
        assert found.rule_ids == ("R2", "O-2")
        assert found.jurisdiction == "22"
        assert found.pack_id == "jilin-2017"
        assert len(found.unread_higher) == 1

    def test_reads_a_term_of_months(self):
        found = read_pack(pack(), source="x").find("com.verify")[0]

        assert found.term == Term(2, Unit.MONTHS)
        assert found.valid_to == date(2025, 12, 31)

    def test_reads_utf8_with_a_mark(self):
        assert read_pack(pack().encode("utf-8-sig"), source="x").id == "jilin-2017"

    def test_gives_no_term_for_what_counts_no_time(self):
        found = read_pack(pack(), source="x").find("obj.reply.stop")[0]

        with pytest.raises(RuleMissing) as refused:
            assert found.term

        assert refused.value.facts["parameter"] == "obj.reply.stop"


class TestLabel:
    @pytest.mark.parametrize(
        ("rank", "label"),
        [
            ("law", "statutory"),
            ("regulation", "statutory"),
            ("local_regulation", "statutory"),
            ("rule", "document"),
            ("policy_document", "document"),
        ],
    )
    def test_is_statutory_for_law_and_regulation_only(self, rank, label):
        text = pack(lambda it: it["documents"]["jl2017"].update(rank=rank))

        assert read_pack(text, source="x").find("obj.reply.limit")[0].label == label

    @pytest.mark.parametrize("standing", list(Standing))
    def test_of_an_office_term_is_what_the_office_says(self, standing):
        text = pack(
            lambda it: it["parameters"][0].update(standing=standing.value), file="office.json"
        )

        assert read_pack(text, source="x").parameters[0].label == standing.value


class TestSetByPerson:
    def test_is_a_term_without_a_number(self):
        text = pack(lambda it: it["parameters"][0].update(value=None, set_by="person"))

        found = read_pack(text, source="x").parameters[0]

        assert found.value is None
        assert found.is_set_by_person


class TestContentHash:
    def test_changes_with_what_was_confirmed(self):
        def change(it):
            it["parameters"][0]["value"] = 20

        before = read_pack(pack(), source="x").parameters
        after = read_pack(pack(change), source="x").parameters

        assert before[0].content_hash != after[0].content_hash
        assert before[1].content_hash == after[1].content_hash
        assert len({one.content_hash for one in before}) == len(before)


class TestRefusal:
    @pytest.mark.parametrize(
        "field", ["key", "name", "name_en", "unit", "document", "clause", "quote", "confirmed"]
    )
    def test_of_a_missing_field(self, field):
        found = refusal(pack(lambda it: it["parameters"][0].pop(field)))

        assert found.key in ("error.rule_field_missing", "error.rule_field_invalid")
        assert found.facts["field"] == field
        assert found.facts["parameter"] == ("" if field == "key" else "obj.reply.limit")

    @pytest.mark.parametrize("field", ["start_event", "stop_event", "value"])
    def test_of_a_term_without_its_events(self, field):
        found = refusal(pack(lambda it: it["parameters"][0].pop(field)))

        assert (found.key, found.facts["field"]) == ("error.rule_field_missing", field)

    @pytest.mark.parametrize(
        ("number", "field", "value"),
        [
            (0, "value", 0),
            (0, "value", "15"),
            (0, "value", 15.5),
            (0, "value", True),
            (0, "value", None),
            (0, "unit", "weeks"),
            (0, "key", "reply limit"),
            (0, "subject_kinds", ["company"]),
            (0, "subject_kinds", "enterprise"),
            (0, "rule_ids", [2]),
            (0, "valid_from", "2017"),
            (0, "valid_to", "never"),
            (0, "standing", "promise"),
            (2, "value", "opened"),
            (4, "value", {"days": 3}),
            (4, "value", {"times": 0}),
            (4, "value", "none"),
        ],
    )
    def test_of_a_value_that_cannot_be_used(self, number, field, value):
        found = refusal(pack(lambda it: it["parameters"][number].update({field: value})))

        assert (found.key, found.facts["field"]) == ("error.rule_field_invalid", field)
        assert found.facts["value"]

    @pytest.mark.parametrize(
        ("number", "values"),
        [
            (0, {"set_by": "person"}),
            (0, {"set_by": "nobody", "value": None}),
            (1, {"set_by": "person", "value": None}),
        ],
    )
    def test_of_a_number_left_to_somebody_who_cannot_set_it(self, number, values):
        found = refusal(pack(lambda it: it["parameters"][number].update(values)))

        assert (found.key, found.facts["field"]) == ("error.rule_field_invalid", "set_by")

    def test_of_a_paper_without_its_first_day_unless_nobody_read_it(self):
        def change(it):
            it["documents"]["new"] = {"number": "x", "title": "x", "rank": "law"}

        def unread(it):
            change(it)
            it["documents"]["new"]["unread"] = True

        assert refusal(pack(change)).facts["field"] == "valid_from"
        papers = read_pack(pack(unread), source="x").papers
        assert [paper.valid_from for paper in papers if paper.number == "x"] == [None]

    def test_of_a_point_that_no_clock_has(self):
        def change(it):
            row = next(one for one in it["parameters"] if one["unit"] == "point")
            row["value"] = "half"

        found = refusal(pack(change, file="office.json"))

        assert found.facts["parameter"] == "obj.verification.remind1"

    def test_of_an_unknown_document(self):
        found = refusal(pack(lambda it: it["parameters"][0].update(document="jl2018")))

        assert (found.key, found.facts["document"]) == ("error.rule_document_unknown", "jl2018")

    def test_of_an_office_term_without_a_standing(self):
        found = refusal(pack(lambda it: it["parameters"][0].pop("standing"), file="office.json"))

        assert found.facts["field"] == "standing"

    def test_of_a_parameter_given_twice(self):
        found = refusal(pack(lambda it: it["parameters"].append(dict(it["parameters"][0]))))

        assert (found.key, found.facts["parameter"]) == ("error.rule_twice", "obj.reply.limit")

    def test_of_a_misspelt_field(self):
        found = refusal(pack(lambda it: it["parameters"][0].update(quotes="x")))

        assert (found.key, found.facts["field"]) == ("error.rule_field_unknown", "quotes")

    @pytest.mark.parametrize("code", ["2", "吉林", "22050011", None, 22])
    def test_of_a_jurisdiction_that_is_no_division(self, code):
        found = refusal(pack(lambda it: it.update(jurisdiction=code)))

        assert found.facts["field"] == "jurisdiction"

    @pytest.mark.parametrize("rows", [[], None, "obj.reply.limit", [7]])
    def test_of_a_pack_without_parameters(self, rows):
        assert refusal(pack(lambda it: it.update(parameters=rows))).facts["field"] == "parameters"

    def test_of_what_is_not_json_with_its_place(self):
        found = refusal('{\n "format": oops}')

        assert (found.key, found.facts["line"]) == ("error.rule_pack_not_json", 2)

    @pytest.mark.parametrize("text", ["[]", "{}", "null"])
    def test_of_json_that_is_no_pack(self, text):
        assert refusal(text).key == "error.rule_pack_format"

    def test_of_another_encoding(self):
        assert refusal(pack().encode("gbk")).key == "error.rule_pack_encoding"


FIELDS = sorted(content()["parameters"][0])
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=6,
)


class TestAnything:
    @settings(deadline=None)
    @given(st.sampled_from(FIELDS), values)
    def test_in_a_field_is_read_or_refused(self, field, value):
        text = pack(lambda it: it["parameters"][0].update({field: value}))
        try:
            found = read_pack(text, source="x")
        except RuleMissing as refused:
            assert refused.facts["source"] == "x"
        else:
            assert found.parameters
