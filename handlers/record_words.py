"""Read and word what a credit record says item by item, for letters, reports and corrections."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def items_words(content: Mapping[str, Any], chosen: Iterable[Any] | None = None) -> str:
    """Return the items of a version in one line, only the chosen ones if any are named."""
    names = {str(each) for each in chosen or ()}
    lines = [
        f"{item['name']}：{item['value']}"
        for item in content.get("items") or []
        if not names or item["name"] in names
    ]
    return "；".join(lines)


def corrected_items(content: Mapping[str, Any], text: str) -> list[dict[str, str]]:
    """Return the items with the values that ``text`` gives, one ``name: value`` a line."""
    values = _values(text)
    items = [
        {"name": str(item["name"]), "value": values.get(str(item["name"]), str(item["value"]))}
        for item in content.get("items") or []
    ]
    return items


def _values(text: str) -> dict[str, str]:
    values: dict[str, str] = {}
    for line in text.replace("；", "\n").splitlines():
        name, found, value = line.replace(":", "：", 1).partition("：")
        if found and value.strip():
            values[name.strip()] = value.strip()
    return values
