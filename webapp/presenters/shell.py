"""What surrounds every page: brand, areas, search, the business day, the person, the demo clock.

The app's context processor puts one ``Shell`` into every template as ``ui``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from webapp.phrases import Words


@dataclass(frozen=True)
class NavLink:
    """A way to another page; ``count`` shows beside it, in red when ``is_late``."""

    label: Words
    url: str
    is_current: bool = False
    count: int | None = None
    is_late: bool = False


@dataclass(frozen=True)
class RailGroup:
    """Links of the rail under an optional heading."""

    links: tuple[NavLink, ...]
    title: Words = ""


@dataclass(frozen=True)
class DemoAction:
    """One thing a visitor may do with the virtual clock; posted to ``url``."""

    label: Words
    url: str
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class DemoRibbon:
    """The ribbon of the demo: that the clock is virtual, what it says, and how to move it."""

    sentence: Words
    actions: tuple[DemoAction, ...] = ()


@dataclass(frozen=True)
class ContactView:
    """Where a subject reaches the office, in the reader's language where the office gave it."""

    desk: str
    phone: str
    address: str
    hours: str

    @property
    def phone_link(self) -> str:
        """Return the number as a telephone dials it."""
        return "".join(sign for sign in self.phone if sign.isdigit() or sign == "+")


@dataclass(frozen=True)
class Shell:
    """The contract between the app's context processor and the base templates."""

    office_name: Words
    today: date
    is_working_day: bool
    now_text: str
    lang: str = "zh"
    text_size: str = "standard"
    home_url: str = "/"
    # Where one gets in again once the session is over.
    door_url: str = "/login"
    areas: tuple[NavLink, ...] = ()
    rail: tuple[RailGroup, ...] = ()
    search_url: str | None = None
    search_text: str = ""
    person: str = ""
    post: Words = ""
    account_url: str | None = None
    logout_url: str | None = None
    posts: tuple[NavLink, ...] = ()
    demo: DemoRibbon | None = None
    foot: tuple[NavLink, ...] = ()
    foot_words: Words = ""
    contact: ContactView | None = None
    has_shortcuts: bool = True
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def html_lang(self) -> str:
        """Return the language tag of the page."""
        return "en" if self.lang == "en" else "zh-CN"

    @property
    def other_lang(self) -> str:
        """Return the language the switch leads to."""
        return "zh" if self.lang == "en" else "en"
