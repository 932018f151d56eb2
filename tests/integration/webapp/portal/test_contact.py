"""Who to ask and where: on the subject's pages in their language, and under every letter."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from tests.integration.webapp.factory import Office
from tests.integration.webapp.portal.test_letters import document, words_of
from tests.integration.webapp.portal.visitor import Visitor, links
from workflows.models import Office as OfficeRow

PHONE = "0431-0000 0417"


def set_contact(office: Office, **contact: str) -> None:
    with office.parts.sessions() as session:
        row = session.get_one(OfficeRow, office.office_id)
        settings = {name: value for name, value in row.settings.items() if name != "contact"}
        settings |= {"contact": contact} if contact else {}
        session.execute(update(OfficeRow).values(settings=settings))
        session.commit()


class TestContact:
    @pytest.mark.parametrize(
        ("language", "address"),
        [("zh", "长春市明信路 9 号一楼"), ("en", "Ground floor, 9 Mingxin Road, Changchun")],
    )
    @pytest.mark.parametrize("path", ["/portal/", "/portal/receipt", "/portal/case"])
    def test_stands_where_a_subject_looks(
        self, visitor: Visitor, language: str, address: str, path: str
    ):
        visitor.file()

        page = visitor.get(f"{path}?lang={language}")

        assert PHONE in page.said
        assert address in page.said
        assert page.tree.xpath("//a[@href='tel:043100000417']")

    def test_is_one_step_away_on_every_page(self, visitor: Visitor):
        page = visitor.get("/portal/file")

        assert links(page, holding="怎样联系我们") == ["/portal/#contact"]

    def test_without_english_words_stands_in_chinese(self, office: Office, visitor: Visitor):
        set_contact(office, desk="窗口", phone=PHONE, address="一楼")

        page = visitor.get("/portal/?lang=en")

        assert "Window 一楼" in page.said
        assert "Hours" not in page.said

    def test_stands_under_a_letter(self, visitor: Visitor, office: Office):
        visitor.file()

        page = visitor.get(f"/portal/case/letters/{document(office, 'receipt').id}")

        assert "联系电话：0431-00000417，地址：长春市明信路9号一楼" in words_of(page)

    def test_that_an_office_has_not_given_is_nowhere(self, office: Office, visitor: Visitor):
        set_contact(office)
        visitor.file()

        for path in ("/portal/", "/portal/receipt", "/portal/case"):
            assert "怎样联系我们" not in visitor.get(path).said
        page = visitor.get(f"/portal/case/letters/{document(office, 'receipt').id}")
        assert "联系电话" not in words_of(page)
