"""Tables as Excel files, because ledgers are passed on and bound (E, "Archive")."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Response, make_response
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from webapp.current import today

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 60
# What a spreadsheet would run as a formula is written as text.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Sheet:
    """A table with a title, column heads and lines."""

    title: str
    heads: tuple[str, ...]
    lines: Sequence[Sequence[Any]]


def send_sheet(sheet: Sheet, *, name: str) -> Response:
    """Return the table as a file to download."""
    response = make_response(write_sheet(sheet))
    response.headers["Content-Type"] = XLSX
    file_name = f"{name}-{today():%Y%m%d}.xlsx"
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


def write_sheet(sheet: Sheet) -> bytes:
    """Return the bytes of the Excel file."""
    book = Workbook()
    page = book.active
    page.title = sheet.title[:31]
    page.append(list(sheet.heads))
    for cell in page[1]:
        cell.font = Font(bold=True)
    for line in sheet.lines:
        page.append([_cell(value) for value in line])
    page.freeze_panes = "A2"
    page.auto_filter.ref = page.dimensions
    for place, head in enumerate(sheet.heads, start=1):
        texts = [str(head), *(str(line[place - 1] or "") for line in sheet.lines)]
        width = max((_width(text) for text in texts), default=8)
        page.column_dimensions[get_column_letter(place)].width = min(WIDEST, width + 2)
    for row in page.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if value is None or isinstance(value, date | int | float):
        return value
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def _width(text: str) -> int:
    """Return the width of a text: a Chinese character takes two places."""
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)
