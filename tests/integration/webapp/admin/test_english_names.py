"""A body may have no English name: the English pages then show its Chinese one, never a gap."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from tests.integration.webapp.factory import Office, Page
from tests.integration.webapp.portal.visitor import Visitor
from workflows.models import Office as OfficeRow
from workflows.models import Organisation

BODY = "吉林省发展和改革委员会"
PAGES = [
    ("dongjie", "/admin/organisations"),
    ("dongjie", "/admin/people"),
    ("qianyu", "/inbox?view=pool"),
    ("qianyu", "/ledger"),
    ("qianyu", "/cases/{case}"),
    ("qianyu", "/cases/{case}/overview"),
    ("qianyu", "/cases/{case}/parties"),
    ("zhenghong", "/board?show=open&by=organisation"),
]


@pytest.fixture
def nameless(office: Office) -> Office:
    """The office, none of whose bodies has an English name."""
    with office.parts.sessions() as session:
        session.execute(update(Organisation).values(name_en="", credit_code=""))
        session.execute(update(OfficeRow).values(name_en=""))
        session.commit()
    return office


def is_whole(page: Page) -> bool:
    """Say whether the page names the body, says no None, and leaves no cell of a table empty."""
    empty = "not(*) and not(normalize-space()) and not(contains(@class, 'c-sel'))"
    cells = page.tree.xpath(f"//tbody//td[{empty}]")
    return BODY in page.said and "None" not in page.said and not cells


class TestChineseName:
    @pytest.mark.parametrize(("who", "path"), PAGES)
    def test_is_read_by_officers_and_administrators(self, nameless: Office, who: str, path: str):
        case_id = nameless.file()
        person = nameless.person(who)

        page = person.get(f"{path.format(case=case_id)}{'&' if '?' in path else '?'}lang=en")

        assert page.tree.get("lang") == "en"
        assert is_whole(page), page.said

    @pytest.mark.parametrize(
        "path", ["/portal/", "/portal/file", "/portal/case", "/portal/receipt"]
    )
    def test_is_read_by_subjects(self, nameless: Office, path: str):
        visitor = Visitor(nameless, nameless.app.test_client())
        visitor.file()

        assert is_whole(visitor.get(f"{path}?lang=en"))
