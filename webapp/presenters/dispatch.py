"""A letter in work: its dispatch sheet, the steps it goes through, and how it looks on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from notifications.letters.words import chinese_date
from webapp.phrases import Words, phrase
from webapp.presenters.letters import Paper, Paragraph, SheetCell, SheetRow, Step
from workflows.models import Document

# The steps of a letter in order, each with the task that does it (E, "Outgoing documents").
STEPS: tuple[tuple[str, str], ...] = (
    ("draft", "task_draft_letter"),
    ("check", "task_check_letter"),
    ("legal", "task_legal_check_letter"),
    ("sign", "task_sign_letter"),
    ("number", ""),
    ("seal", "task_seal_letter"),
    ("dispatch", "task_dispatch_letter"),
    ("service", "task_register_service"),
    ("archive", ""),
)
LETTER_TASKS = frozenset(element for _, element in STEPS if element)


@dataclass(frozen=True)
class Signature:
    """What somebody wrote on the sheet at one step, and when."""

    person: str
    outcome: Words
    at_words: Words
    remark: str = ""


@dataclass(frozen=True)
class SheetFacts:
    """What a dispatch sheet needs besides the letter."""

    signatures: Mapping[str, Signature] = field(default_factory=dict)
    awaited: Mapping[str, Words] = field(default_factory=dict)
    kind_name: Words = ""
    form_name: Words = ""
    needs_legal: bool = False
    organisation: str = ""
    stopped: Words = ""


def letter_steps(current: str, *, revision: int) -> list[Step]:
    """Return the steps of the letter with where it is now."""
    places = [element for _, element in STEPS]
    now = places.index(current) if current in places else len(places)
    found: list[Step] = []
    for place, (name, _) in enumerate(STEPS):
        label = phrase(f"letter.step.{name}")
        if place == 0 and now == 0:
            label = phrase("letter.step.draft_no", revision=revision)
        found.append(Step(label, "now" if place == now else "was" if place < now else ""))
    return found


def sheet_rows(document: Document, facts: SheetFacts) -> list[SheetRow]:
    """Return the dispatch sheet (发文稿纸) from the top: who signs, who checked, what goes out."""
    letter = document.letter
    first = [SheetRow((_cell("sign", "task_sign_letter", facts),))]
    checks = [_cell("check", "task_check_letter", facts)]
    if facts.needs_legal or "task_legal_check_letter" in facts.signatures:
        checks.append(_cell("legal", "task_legal_check_letter", facts))
    draft = _cell("draft", "task_draft_letter", facts)
    unit = SheetCell(phrase("letter.sheet.unit"), facts.organisation)
    number = document.number or phrase("letter.sheet.number.open")
    copies = "、".join(str(name) for name in letter.get("cc", []))
    files = [str(name) for name in letter.get("attachments", [])]
    attachments = "　".join(f"{place}. {name}" for place, name in enumerate(files, start=1))
    return [
        *first,
        SheetRow(tuple(checks)),
        SheetRow((draft, unit)),
        SheetRow(
            (
                SheetCell(phrase("letter.sheet.to"), str(letter.get("addressee", ""))),
                SheetCell(phrase("letter.sheet.cc"), copies or phrase("letter.sheet.none")),
            )
        ),
        SheetRow(
            (
                SheetCell(phrase("letter.sheet.kind"), facts.kind_name),
                SheetCell(phrase("letter.sheet.number"), number, is_open=not document.number),
            )
        ),
        SheetRow((SheetCell(phrase("letter.sheet.public"), phrase("letter.sheet.public.no")),)),
        SheetRow(
            (SheetCell(phrase("letter.sheet.files"), attachments or phrase("letter.sheet.none")),)
        ),
    ]


def _cell(name: str, element: str, facts: SheetFacts) -> SheetCell:
    label = phrase(f"letter.step.{name}")
    found = facts.signatures.get(element)
    if found is None:
        waited = facts.awaited.get(element, "")
        text = phrase("letter.sheet.waits", who=waited) if waited else phrase("letter.sheet.open")
        return SheetCell(label, text, is_open=True)
    return SheetCell(
        label, found.remark or found.outcome, signed_by=found.person, signed_at=found.at_words
    )


def paper_of(letter: Mapping[str, Any], *, kind_is_red: bool, revision: int) -> Paper:
    """Return the letter as it looks on paper; remedies and register rows are locked."""
    number = letter.get("number")
    mark: Words = (
        "" if number or letter.get("dated_on") else phrase("letter.draft_mark", no=revision)
    )
    return Paper(
        organisation=str(letter.get("issuer", "")),
        title=str(letter.get("title", "")),
        paragraphs=tuple(_paragraphs(letter)),
        addressee=str(letter.get("addressee", "")),
        number=str(number) if number else None,
        signed_by=str(letter.get("issuer", "")),
        signed_on=_chinese_day(letter.get("dated_on")),
        draft_mark=mark,
        is_red_head=kind_is_red,
    )


def _paragraphs(letter: Mapping[str, Any]) -> list[Paragraph]:
    found = [Paragraph(str(text)) for text in letter.get("paragraphs", [])]
    found += [
        Paragraph(f"{row['label']}：{row['value']}", is_locked=True)
        for row in letter.get("rows", [])
    ]
    for table in letter.get("tables", []):
        found += _table(table)
    remedies = letter.get("remedies") or {}
    found += [Paragraph(str(text), is_locked=True) for text in remedies.get("paragraphs", [])]
    found += [Paragraph(str(text)) for text in letter.get("closing", [])]
    return found


def _table(table: Mapping[str, Any]) -> list[Paragraph]:
    caption = str(table.get("caption", ""))
    lines = ["；".join(str(cell) for cell in line) for line in table.get("lines", [])]
    return [Paragraph(text, is_locked=True) for text in (caption, *lines) if text]


def _chinese_day(text: Any) -> str:
    """Return the date as letters write it in every language of the page."""
    return chinese_date(date.fromisoformat(str(text)[:10])) if text else ""


def filled_letter(
    letter: Mapping[str, Any], *, title: str | None, body: Sequence[str] | None
) -> dict[str, Any]:
    """Return the letter with the words in the form, for the preview beside it."""
    changed = dict(letter)
    if title is not None:
        changed["title"] = title
    if body is not None:
        changed["paragraphs"] = list(body)
    return changed
