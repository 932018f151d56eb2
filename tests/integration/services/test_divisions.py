"""The divisions a list may be narrowed to: those of the cases a post may see, and no other."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from tests.integration.casebook import Casebook
from workflows.models import Case
from workflows.services.find_case import visible_cases
from workflows.services.list_cases import list_divisions

HERE, ELSEWHERE = "XY-220500-2026-00011", "XY-220281-2026-00002"
POSTS = ("wangmin", "qianyu", "zhenghong", "tangwei")


@pytest.fixture
def book(any_book: Casebook) -> Casebook:
    """An office with cases of two divisions; the second is of a natural person and restricted."""
    any_book.file(record=HERE)
    restricted = any_book.file(record=ELSEWHERE)
    with any_book.sessions.begin() as session:
        session.execute(update(Case).where(Case.id == restricted).values(is_restricted=True))
    return any_book


def divisions_for(book: Casebook, username: str) -> list[str]:
    actor = book.person(username)
    with book.read() as session:
        return list(list_divisions(session, actor=actor, office_id=book.office_id))


class TestListDivisions:
    def test_names_restricted_ones_to_whom_they_are_open(self, book: Casebook):
        assert divisions_for(book, "wangmin") == ["220281", "220500"]
        assert divisions_for(book, "zhenghong") == ["220500"]

    @pytest.mark.parametrize("username", POSTS)
    def test_names_those_of_the_cases_a_post_sees(self, book: Casebook, username: str):
        actor = book.person(username)
        query = select(Case.division_code).where(visible_cases(actor, office_id=book.office_id))

        with book.read() as session:
            seen = sorted(set(session.scalars(query)))

        assert divisions_for(book, username) == seen
