"""What a screen is: who opens it, where, and in which state it is looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from playwright.sync_api import Page

from tests.browser.case_book import CaseBook

Values = Callable[[CaseBook], Mapping[str, str]]


def nothing(_: CaseBook) -> Mapping[str, str]:
    """Return no values: the address has none."""
    return {}


@dataclass(frozen=True)
class Screen:
    """A page in one state."""

    name: str
    endpoint: str
    who: str = ""
    values: Values = nothing
    query: Mapping[str, str] = field(default_factory=dict)
    # The scene whose case the visitor has proved to be their own.
    own_case: str = ""
    status: int = 200
    act: Callable[[Page], None] | None = None
    sizes: tuple[str, ...] = ()
