"""Remedies come only from rows that the legal reviewer has signed (N25, domain part E)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from notifications.letters.remedies import RemedyTable, RowSignature, read_remedies
from tests.unit.notifications.samples import signed_remedies
from workflows.errors import RuleMissing

TABLE = read_remedies(division="220000")
DECISIONS = ("correct", "revoke", "partly", "uphold", "not_accepted", "given_up")
KINDS = (
    "government_body",
    "public_institution",
    "civil_servant",
    "enterprise",
    "social_organisation",
    "natural_person",
)
AUTHORITIES = ("platform", "recognition_department")
WHERE = {"decision": "uphold", "subject_kind": "enterprise", "authority": "platform"}


class TestShippedTable:
    @pytest.mark.parametrize(
        ("decision", "kind", "authority"), list(product(DECISIONS, KINDS, AUTHORITIES))
    )
    def test_has_exactly_one_row_for_each_case(self, decision, kind, authority):
        rows = [
            row
            for row in TABLE.rows
            if decision in row.decisions
            and kind in row.subject_kinds
            and authority in row.authorities
        ]

        assert len(rows) == 1

    @pytest.mark.parametrize("row", TABLE.rows, ids=lambda row: row.id)
    def test_counts_from_receipt_and_names_no_calendar_date(self, row):
        text = "".join(row.paragraphs)

        assert "自收到之日起" in text
        assert not re.search(r"\d+月\d+日", text)
        assert "{" not in text

    @pytest.mark.parametrize("row", TABLE.rows, ids=lambda row: row.id)
    def test_cites_a_rule_document_and_clause(self, row):
        assert row.citations
        assert all(each.rule and each.document and each.clause for each in row.citations)

    def test_offers_a_civil_servant_and_a_government_body_no_reconsideration(self):
        for row in TABLE.rows:
            names = "行政复议" in "".join(row.paragraphs)
            outside = {"enterprise", "social_organisation", "natural_person"}
            assert names == bool(set(row.subject_kinds) & outside), row.id

    def test_names_the_reconsideration_body_of_the_division(self):
        city = read_remedies(division="220500").find_row(**WHERE)

        assert city is not None
        assert "通化市人民政府" in city.paragraphs[0]

    def test_refuses_a_division_without_a_reconsideration_body(self):
        with pytest.raises(RuleMissing) as caught:
            read_remedies(division="330000")

        assert caught.value.facts["division"] == "330000"


class TestGetSigned:
    def test_returns_the_row_with_who_signed_it(self):
        remedies = signed_remedies(decision="uphold", subject_kind="enterprise")

        assert remedies.row == "kept.organisation.platform"
        assert (remedies.signed_by, remedies.signed_on) == ("赵琳", date(2026, 8, 3))

    def test_refuses_without_a_signature(self):
        with pytest.raises(RuleMissing) as caught:
            TABLE.get_signed(**WHERE, signatures=[])

        assert caught.value.key == "error.remedy_row_unsigned"

    def test_refuses_when_the_text_changed_after_signing(self):
        row = TABLE.find_row(**WHERE)
        assert row is not None
        changed = RemedyTable(rows=(replace(row, paragraphs=("自收到之日起，另一段。",)),))
        signature = RowSignature(row.id, row.hash, "赵琳", date(2026, 8, 3))

        with pytest.raises(RuleMissing) as caught:
            changed.get_signed(**WHERE, signatures=[signature])

        assert caught.value.key == "error.remedy_row_unsigned"

    def test_refuses_without_a_row(self):
        with pytest.raises(RuleMissing) as caught:
            RemedyTable(rows=()).get_signed(**WHERE, signatures=[])

        assert caught.value.key == "error.remedy_row_missing"
