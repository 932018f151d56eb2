"""The list of measures is public, with basis and edition (R122)."""

from __future__ import annotations

from tests.integration.webapp.portal.visitor import Visitor
from workflows.rules.catalogue import read_measures


class TestMeasures:
    def test_are_published_when_they_may_be_imposed_and_no_others(self, visitor: Visitor):
        """R122: whoever is sanctioned can look up whether the measure stands in the list."""
        page = visitor.get("/portal/measures")

        for measure in read_measures().values():
            assert (measure.name in page.said) == measure.is_lawful, measure.key
            if measure.is_lawful:
                assert all(basis.document in page.said for basis in measure.basis)
                assert measure.edition in page.said
