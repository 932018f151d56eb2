"""Turns a frozen letter into its PDF, the same bytes every time, with our own type only.

Text of people and companies reaches Typst as JSON data and never as source, so ``#read(...)`` in a
company name prints as it was typed. System fonts are ignored: a machine without Chinese type draws
the same paper as one with it.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from notifications.letters.glyphs import Coverage, read_coverage, spell_missing
from notifications.letters.kinds import get_kind
from notifications.letters.letter import LetterData
from notifications.letters.titles import title_lines

TEMPLATES = Path(__file__).resolve().parent / "templates"
WEIGHTS = ("400Regular", "700Bold")
_NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)


def render_letter(letter: LetterData, *, fonts: Path) -> bytes:
    """Return the PDF of a letter; the same letter gives the same bytes.

    ``fonts`` is a folder with type files: the two weights of Noto Serif SC, or the office's own.
    """
    drawn = _compile(letter, fonts=fonts, output="pdf", ppi=None)
    return drawn[0]


def render_pages(letter: LetterData, *, fonts: Path, ppi: float = 96) -> list[bytes]:
    """Return the pages of a letter as PNG pictures, for the preview beside a draft."""
    return _compile(letter, fonts=fonts, output="png", ppi=ppi)


@lru_cache(maxsize=64)
def template_hash(kind: str) -> str:
    """Return the SHA-256 of the templates that draw this kind, kept with the frozen letter."""
    form = get_kind(kind).form
    digest = hashlib.sha256()
    for name in ("main.typ", "page.typ", f"{form}.typ"):
        content = (TEMPLATES / name).read_bytes()
        digest.update(f"{name}:{len(content)}:".encode())
        digest.update(content)
    return digest.hexdigest()


def missing_glyphs(letter: LetterData, *, fonts: Path) -> list[str]:
    """Return the characters of a letter that none of the fonts can draw."""
    text = letter.to_json()
    coverage = _coverage(fonts)
    return sorted({char for char in text if not coverage.covers(char)})


def _compile(
    letter: LetterData, *, fonts: Path, output: typst.OutputFormat, ppi: float | None
) -> list[bytes]:
    printed = spell_missing(_printed(letter), _coverage(fonts))
    drawn = typst.compile(
        TEMPLATES / "main.typ",
        root=TEMPLATES,
        font_paths=_fonts(fonts),
        ignore_system_fonts=True,
        format=output,
        ppi=ppi,
        sys_inputs={
            "letter": json.dumps(printed, ensure_ascii=False),
            "form": get_kind(letter.kind).form,
        },
        timestamp=_timestamp(letter),
        # PDF/A-2b, because the letter is archived with its case (N43).
        pdf_standards=["a-2b"] if output == "pdf" else [],
    )
    return drawn if isinstance(drawn, list) else [drawn]


def _printed(letter: LetterData) -> dict[str, Any]:
    """Return the letter as the templates read it: its data and where its title breaks."""
    names = (letter.issuer, letter.addressee, letter.meta.get("subject", ""))
    return {
        **letter.to_mapping(),
        "title_lines": title_lines(title=letter.title, names=names),
        "numbered": get_kind(letter.kind).numbered,
    }


def _timestamp(letter: LetterData) -> datetime:
    """Return the letter's own date, because a clock would make every copy different."""
    if letter.dated_on is None:
        return _NO_DATE
    return datetime.combine(letter.dated_on, datetime.min.time(), tzinfo=UTC)


def _folders(fonts: Path) -> list[Path]:
    """Return only the weights a letter needs where the folder holds the whole family."""
    needed = [fonts / weight for weight in WEIGHTS if (fonts / weight).is_dir()]
    return needed or [fonts]


@lru_cache(maxsize=4)
def _fonts(fonts: Path) -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=_folders(fonts)
    )


@lru_cache(maxsize=4)
def _coverage(fonts: Path) -> Coverage:
    files = [
        path
        for folder in _folders(fonts)
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in {".ttf", ".otf", ".ttc"}
    ]
    return read_coverage(files)
