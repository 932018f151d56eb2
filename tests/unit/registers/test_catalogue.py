"""The catalogue says what it rests on, claims no number nobody read, forbids what law forbids."""

from __future__ import annotations

import json

import pytest

from workflows.rules.catalogue import (
    FOLDER,
    Item,
    Measure,
    read_columns,
    read_forbidden,
    read_items,
    read_measures,
    read_words,
)
from workflows.rules.packs import SUBJECT_KINDS
from workflows.services.add_sanction import CARRYING_RANKS
from workflows.services.import_values import read_day
from workflows.services.importers import IMPORTERS
from workflows.services.screen_content import find_forbidden


class TestItems:
    def test_that_may_be_used_cite_more_than_a_policy_paper(self):
        wanting = [
            item.key
            for item in read_items().values()
            if item.is_confirmed and all(each.rank == "policy_document" for each in item.basis)
        ]

        assert wanting == []

    def test_have_no_official_number_that_nobody_read(self):
        for file, family in (("items.json", "items"), ("measures.json", "measures")):
            rows = json.loads((FOLDER / file).read_text(encoding="utf-8"))[family]
            assert {row["official_number"] for row in rows} == {None}

    def test_name_kinds_that_exist_and_a_rule(self):
        entries: list[Item | Measure] = [*read_items().values(), *read_measures().values()]
        for entry in entries:
            assert set(entry.subject_kinds) <= set(SUBJECT_KINDS)
            assert all(each.rule and each.document for each in entry.basis)

    def test_of_a_civil_servants_file_stay_inside_and_unused(self):
        """R92: kept as a reference for those who may see it, until somebody read the catalogue."""
        item = read_items()["official.file"]

        assert (item.publicity, item.is_confirmed) == ("internal", False)
        assert item.subject_kinds == ("civil_servant",)

    def test_of_procurement_have_their_kinds_of_default(self):
        """R99: not paid, bond not returned, no acceptance."""
        kinds = read_words("default_types")
        found = {key for key, kind in kinds.items() if kind.area == "procurement"}

        assert found == {"no_payment", "bond_kept", "no_acceptance"}


class TestMeasures:
    def test_are_administrative_of_the_market_or_of_the_trade(self):
        """R124: three classes, and each measure stands in one."""
        classes = set(read_words("classes"))

        assert classes == {"administrative", "market", "industry"}
        assert {each.measure_class for each in read_measures().values()} <= classes

    def test_that_may_be_imposed_rest_on_law_or_central_policy(self):
        lawful = [each for each in read_measures().values() if each.is_lawful]

        assert lawful
        for measure in lawful:
            assert {each.rank for each in measure.basis} & set(CARRYING_RANKS), measure.key

    def test_of_a_plan_may_not_be_imposed(self):
        assert not read_measures()["market_ban"].is_lawful


class TestForbidden:
    @pytest.mark.parametrize(
        "field",
        ["宗教信仰", "基因", "指纹", "血型", "疾病和病史", "收入", "存款", "有价证券", "商业保险"]
        + ["不动产", "纳税数额"],
    )
    def test_are_the_kinds_of_article_42(self, field):
        found = find_forbidden(texts=(), items=({"name": field, "value": "x"},), is_person=True)

        assert found is not None and "N18" in found.source.rule

    def test_of_means_are_forbidden_of_persons_only(self):
        items = ({"name": "存款", "value": "x"},)

        assert find_forbidden(texts=(), items=items, is_person=False) is None

    @pytest.mark.parametrize("text", ["市疾病预防控制中心认定", "市宗教局函", "转基因种子标签不符"])
    def test_leave_names_of_authorities_and_goods_alone(self, text):
        assert find_forbidden(texts=(text,), items=(), is_person=True) is None

    def test_each_cite_their_rule(self):
        assert all(each.source.rule and each.source.clause for each in read_forbidden())


class TestWords:
    def test_name_the_statistics_area_in_jiangsu_only(self):
        assert read_words("areas")["statistics"].division == "32"
        assert read_words("source_kinds")["sanction"].division == "32"

    def test_name_five_kinds_of_commitments_and_the_public_one(self):
        kinds = read_words("commitment_kinds").values()

        assert len([word for word in kinds if "R117" in word.rules]) == 5
        assert [word.key for word in kinds if "R118" in word.rules] == ["public_service"]


class TestImportColumns:
    def test_are_there_for_each_importer(self):
        for kind in IMPORTERS:
            names = [name for each in read_columns(kind) for name in (each.name, each.name_en)]
            assert len(names) == len(set(names))

    @pytest.mark.parametrize(
        "text", ["2026-05-18", "2026/5/18", "2026年5月18日", "20260518", " ２０２６-０５-１８ "]
    )
    def test_take_days_as_people_write_them(self, text):
        found = read_day(text)

        assert found is not None and found.isoformat() == "2026-05-18"

    @pytest.mark.parametrize("text", ["", "五月", "2026-13-01", "2026-02-30", "18.05.2026 12"])
    def test_take_nothing_else_for_a_day(self, text):
        assert read_day(text) is None
