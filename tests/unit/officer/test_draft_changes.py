from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from webapp.presenters.draft_changes import GONE, NEW, SAME, Piece, compare, text_of

LETTERS = some.lists(some.text("核查更正金额已付清，。", min_size=1, max_size=12), max_size=6)


class TestCompare:
    def test_marks_the_characters_that_changed_in_a_paragraph(self):
        assert compare(["金额为 186.4 万元。"], ["金额为 168.4 万元。"]) == [
            (
                Piece(SAME, "金额为 1"),
                Piece(NEW, "6"),
                Piece(SAME, "8"),
                Piece(GONE, "6"),
                Piece(SAME, ".4 万元。"),
            )
        ]

    def test_shows_another_sentence_as_struck_out_and_added(self):
        assert compare(["经核查，记录属实。"], ["请提交付款凭证。"]) == [
            (Piece(GONE, "经核查，记录属实。"),),
            (Piece(NEW, "请提交付款凭证。"),),
        ]

    @given(before=LETTERS, after=LETTERS)
    def test_holds_both_drafts_whole(self, before: list[str], after: list[str]):
        lines = compare(before, after)

        assert _words(lines, GONE) == "".join(before)
        assert _words(lines, NEW) == "".join(after)

    def test_of_the_same_draft_marks_nothing(self):
        draft = text_of({"letter_title": "答复", "letter_body": "一、甲\n\n二、乙"})

        assert draft == ["答复", "一、甲", "二、乙"]
        assert {piece.standing for line in compare(draft, draft) for piece in line} == {SAME}


def _words(lines: list[tuple[Piece, ...]], standing: str) -> str:
    kept = (standing, SAME)
    return "".join(piece.text for line in lines for piece in line if piece.standing in kept)
