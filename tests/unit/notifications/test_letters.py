"""Letters print what they were given and nothing else, with our type, the same bytes every time."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from notifications.letters.kinds import get_kind, shipped_kinds
from notifications.letters.letter import LetterData, revise, with_number
from notifications.letters.render import (
    missing_glyphs,
    render_letter,
    render_pages,
    template_hash,
)
from notifications.letters.titles import title_lines
from tests.unit.notifications.samples import (
    CASE,
    all_letters,
    numbered_and_sealed,
    reply,
    supplement_notice,
)
from workflows.errors import NotFound, RuleMissing

FONTS = Path(__file__).resolve().parents[3] / "webapp" / "static" / "vendor" / "fonts"
LETTERS = all_letters()


def text_of(pdf: bytes) -> str:
    """Return the words of a PDF without spaces and line ends."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def squeezed(text: str) -> str:
    return "".join(text.split())


class TestEveryKind:
    def test_has_a_sample_and_every_sample_a_kind(self):
        assert set(LETTERS) == set(shipped_kinds())

    @pytest.mark.parametrize("kind", sorted(LETTERS))
    def test_draws_all_its_words_with_embedded_noto_serif_only(self, kind):
        letter = LETTERS[kind]

        pdf = render_letter(letter, fonts=FONTS)

        words = text_of(pdf)
        expected = [letter.title, *letter.paragraphs, *letter.closing, *letter.attachments]
        expected += [row.value for row in letter.rows] + [row.label for row in letter.rows]
        expected += [cell for table in letter.tables for line in table.lines for cell in line]
        for each in expected:
            assert squeezed(each) in words
        assert font_names(pdf) <= {"NotoSerifSC-Regular", "NotoSerifSC-Bold"}

    @pytest.mark.parametrize("kind", sorted(LETTERS))
    def test_survives_json_unchanged(self, kind):
        letter = numbered_and_sealed(LETTERS[kind], "吉发改信用函〔2026〕57号")

        again = LetterData.from_json(letter.to_json())

        assert again == letter
        assert again.to_json() == letter.to_json()


def font_names(pdf: bytes) -> set[str]:
    names = set()
    pages: Any = PdfReader(io.BytesIO(pdf)).pages
    for page in pages:
        for font in page["/Resources"]["/Font"].values():
            entry = font.get_object()
            below = entry["/DescendantFonts"][0].get_object()
            descriptor = below["/FontDescriptor"].get_object()
            assert "/FontFile2" in descriptor or "/FontFile3" in descriptor, "not embedded"
            names.add(str(entry["/BaseFont"]).lstrip("/").split("+")[-1].split("-Identity")[0])
    return names


class TestRenderLetter:
    def test_gives_the_same_bytes_each_time(self):
        letter = numbered_and_sealed(reply(), "吉发改信用函〔2026〕57号")

        first = render_letter(letter, fonts=FONTS)
        second = render_letter(LetterData.from_json(letter.to_json()), fonts=FONTS)

        assert first == second

    @pytest.mark.parametrize(
        "name",
        [
            '#read("/etc/passwd")',
            "$ x^2 $ *粗* _斜_ `码` \\ // 注释",
            '"}]) #panic() {case.number} {0.__class__}',
            "<标签> @引用 = 标题",
        ],
    )
    def test_prints_source_like_names_as_they_were_typed(self, name):
        letter = replace(reply(), addressee=name, paragraphs=(f"{name}：收悉。",))

        words = text_of(render_letter(letter, fonts=FONTS))

        assert squeezed(f"{name}：收悉。") in words
        assert "root:" not in words

    def test_spells_a_character_that_no_font_can_draw(self):
        letter = replace(reply(), addressee="𠮷田村村民委员会")

        words = text_of(render_letter(letter, fonts=FONTS))

        assert missing_glyphs(letter, fonts=FONTS) == ["𠮷"]
        assert "〔U+20BB7〕田村村民委员会" in words

    @pytest.mark.parametrize(
        "text",
        [
            "\x00甲\x1b",
            "\x7f\u0085\u200b\ufeff\u202e\u2028",
            "😀\ue000\uffff\U0010ffff",
            "e\u0301 العربية १२३",
            "甲\r\n\t乙",
            "长" * 400,
            "http://example.com/" + "a" * 150,
            "",
        ],
    )
    def test_draws_whatever_somebody_typed(self, text):
        letter = replace(
            reply(),
            title=text,
            issuer=text,
            addressee=text,
            paragraphs=(text,),
            attachments=(text,),
            cc=(text,),
        )

        assert render_letter(letter, fonts=FONTS).startswith(b"%PDF")

    def test_draws_rare_characters_that_the_font_has(self):
        letter = replace(reply(), addressee="㐂𬭎䶮")

        assert missing_glyphs(letter, fonts=FONTS) == []
        assert "㐂𬭎䶮" in text_of(render_letter(letter, fonts=FONTS))

    def test_frames_a_draft_and_not_a_numbered_letter(self):
        draft = text_of(render_letter(revise(letter=reply()), fonts=FONTS))
        final = text_of(
            render_letter(
                with_number(
                    letter=reply(), number="吉发改信用函〔2026〕57号", dated_on=date(2026, 10, 21)
                ),
                fonts=FONTS,
            )
        )

        assert "第2稿·未编号" in draft
        assert "未编号" not in final
        assert "吉发改信用函〔2026〕57号" in final
        assert "2026年10月21日" in final

    def test_shows_a_seal_only_where_one_was_recorded(self):
        unsealed = with_number(letter=reply(), number="甲〔2026〕1号", dated_on=date(2026, 10, 21))
        sealed = numbered_and_sealed(reply(), "甲〔2026〕1号")

        assert "已用印" not in text_of(render_letter(unsealed, fonts=FONTS))
        assert "已用印" in text_of(render_letter(sealed, fonts=FONTS))

    def test_prints_every_supplement_item_over_as_many_pages_as_it_takes(self):
        letter = supplement_notice(items=60)

        pdf = render_letter(letter, fonts=FONTS)

        assert len(PdfReader(io.BytesIO(pdf)).pages) > 2
        assert text_of(pdf).count("授权委托书") == 20

    def test_never_leaves_a_signature_alone_on_a_page(self):
        for lines in range(1, 24):
            letter = replace(reply(), paragraphs=("一行正文。",) * lines)
            pages = PdfReader(io.BytesIO(render_letter(letter, fonts=FONTS))).pages
            signed = [page for page in pages if "附件：" in page.extract_text()]
            assert "特此答复" in signed[0].extract_text(), lines

    def test_gives_pictures_of_all_pages(self):
        pages = render_pages(reply(), fonts=FONTS, ppi=40)

        assert len(pages) == 2
        assert all(page.startswith(b"\x89PNG") for page in pages)


class TestTemplateHash:
    def test_differs_between_forms_and_stays_for_one(self):
        assert template_hash("reply") == template_hash("verification_request")
        assert template_hash("reply") != template_hash("receipt")


class TestKinds:
    def test_refuses_an_unknown_kind(self):
        with pytest.raises(NotFound):
            get_kind("love_letter")

    def test_names_the_lost_fact_of_a_phrase(self):
        with pytest.raises(RuleMissing) as caught:
            get_kind("reply").say("title", issuer="甲")

        assert caught.value.facts["fact"] == "subject"

    def test_never_reads_a_filled_in_value_again(self):
        title = get_kind("reply").say("title", issuer="{subject}", subject="{issuer.__class__}")

        assert title == "{subject}关于{issuer.__class__}异议申请的答复"

    def test_promises_no_deemed_decision_and_no_stopped_clock(self):
        words = get_kind("progress_notice").wording

        assert "不停止也不延长" in words["no_stop"]


class TestTitleLines:
    def test_keeps_names_whole_and_loses_nothing(self):
        issuer = "吉林省社会信用体系建设联席会议办公室"
        title = f"{issuer}关于督促办理{CASE.subject}异议核查事项的函"

        lines = title_lines(title=title, names=(issuer, CASE.subject))

        assert "".join(lines) == title
        assert all(len(line) <= 20 for line in lines)
        assert any(issuer in line for line in lines)
        assert any(CASE.subject in line for line in lines)

    def test_leaves_a_title_longer_than_four_lines_to_the_typesetter(self):
        assert title_lines(title="长" * 300, names=()) == ["长" * 300]


class TestVerificationCode:
    def test_stands_on_every_numbered_letter_in_groups_of_four(self):
        coded = replace(reply(), meta={**reply().meta, "verification_code": "7K3MQ9TD28XA"})
        numbered = with_number(letter=coded, number="甲〔2026〕1号", dated_on=date(2026, 10, 21))

        assert "校验码7K3M-Q9TD-28XA" in text_of(render_letter(numbered, fonts=FONTS))
        assert "校验码" not in text_of(render_letter(coded, fonts=FONTS))
