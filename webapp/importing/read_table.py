"""Read a table line by line from Excel or CSV, so that a long one never stands in memory whole.

CSV may be UTF-8 or GBK; heads are the column's Chinese or English name, or its key.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook

from webapp.uploading import EXCEL
from workflows.errors import InvalidAnswer
from workflows.rules.catalogue import Column
from workflows.services.import_values import Line

ENCODINGS = ("utf-8-sig", "gb18030")
MOST_LINES = 500_000
# What an Excel file may unpack to; a small file can hold a very large table.
LARGEST_UNPACKED = 1024 * 1024 * 1024
LONGEST_VALUE = 4000


def read_lines(
    content: bytes, *, media_type: str, columns: Sequence[Column], after: int = 0
) -> Iterator[Line]:
    """Yield the lines of a table after a line number, the empty ones left out.

    Raises InvalidAnswer for a file that is none, an unknown head or a missing one.
    """
    rows = _excel_rows(content) if media_type == EXCEL else _csv_rows(content)
    keys = _keys(next(iter(rows), ()), columns)
    for number, row in enumerate(rows, start=2):
        if number > MOST_LINES:
            raise InvalidAnswer("error.import_too_long", limit=MOST_LINES)
        if number <= after:
            continue
        values = {key: _text(value) for key, value in zip(keys, row, strict=False)}
        if any(value.strip() for value in values.values()):
            yield Line(number, values)


def _keys(heads: Iterable[Any], columns: Sequence[Column]) -> list[str]:
    known = {name.lower(): each.key for each in columns for name in _names(each)}
    texts = [_text(head).strip() for head in heads]
    while texts and not texts[-1]:
        texts.pop()
    unknown = [text for text in texts if text.lower() not in known]
    if unknown:
        raise InvalidAnswer("error.import_unknown_heads", heads="、".join(unknown)[:200])
    keys = [known[text.lower()] for text in texts]
    missing = [each.name for each in columns if each.is_required and each.key not in keys]
    if missing:
        raise InvalidAnswer("error.import_missing_heads", heads="、".join(missing))
    return keys


def _names(column: Column) -> tuple[str, str, str]:
    return column.key, column.name, column.name_en


def _csv_rows(content: bytes) -> Iterator[Sequence[str]]:
    text = io.TextIOWrapper(io.BytesIO(content), encoding=_encoding(content), newline="")
    head = text.readline()
    text.seek(0)
    tabs = head.count("\t") > head.count(",")
    try:
        yield from csv.reader(text, delimiter="\t" if tabs else ",", strict=True)
    except csv.Error as problem:
        raise InvalidAnswer("error.import_unreadable") from problem


def _encoding(content: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    raise InvalidAnswer("error.import_encoding")


def _excel_rows(content: bytes) -> Iterator[Sequence[Any]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(each.file_size for each in archive.infolist())
        if unpacked > LARGEST_UNPACKED:
            raise InvalidAnswer("error.import_too_long", limit=MOST_LINES)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as problem:
        raise InvalidAnswer("error.import_unreadable") from problem
    try:
        yield from book.worksheets[0].iter_rows(values_only=True)
    finally:
        book.close()


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)[:LONGEST_VALUE]
