"""Reads a page as a browser does: what it says, where it leads, and its forms, filled and sent.

A form takes only what it offers: an answer to a question that is not on the page, or a choice that
is not among its choices, fails the test.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from lxml import html

UNTYPED = ("submit", "button", "reset", "file", "image")


@dataclass
class Form:
    """One form of a page, with what a browser would send."""

    tree: Any
    values: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Take over what the page has filled in already."""
        for control in self._controls():
            name, sent = control.get("name"), _initial(control)
            if name and sent is not None and not _is_switched_off(control):
                self.values.setdefault(name, []).append(sent)

    @property
    def action(self) -> str:
        """Return the address the form is sent to."""
        return str(self.tree.get("action") or "")

    @property
    def names(self) -> set[str]:
        """Return the names of everything that can be filled in."""
        pickers = {str(each) for each in self.tree.xpath(".//@data-name")}
        return {control.get("name") for control in self._controls()} | pickers

    def options(self, name: str) -> list[str]:
        """Return the choices of a question."""
        listed = self.tree.xpath(".//select[@name=$name]/option/@value", name=name)
        picks = ".//input[@name=$name][@type='radio' or @type='checkbox']/@value"
        return [str(each) for each in (*listed, *self.tree.xpath(picks, name=name)) if each]

    def fill(self, answers: Mapping[str, Any]) -> Form:
        """Answer questions; None leaves one empty."""
        for name, answer in answers.items():
            if answer is None and name not in self.names:
                continue
            assert name in self.names, f"{name} is not asked; asked are {sorted(self.names)}"
            self.values[name] = self._checked(name, _texts(answer))
        return self

    def upload_address(self, name: str) -> str:
        """Return where the page's script would send a file for this question."""
        found = self.tree.xpath(".//*[@data-name=$name]/@data-upload", name=name)
        assert found and found[0], f"{name} takes no files"
        return str(found[0])

    def _checked(self, name: str, sent: list[str]) -> list[str]:
        options = self.options(name)
        strange = [each for each in sent if options and each not in options]
        assert not strange, f"{name} offers {options}, not {strange}"
        return sent

    def _controls(self) -> Iterable[Any]:
        inside = self.tree.xpath(".//input | .//select | .//textarea")
        own = self.tree.get("id")
        if own:
            outside = "//*[self::input or self::select or self::textarea][@form=$own]"
            inside += [each for each in self.tree.xpath(outside, own=own) if each not in inside]
        return [each for each in inside if each.get("type") not in UNTYPED]


@dataclass(frozen=True)
class Page:
    """An answer of the product, read."""

    path: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @cached_property
    def tree(self) -> Any:
        """Return the page's tree of elements."""
        return html.document_fromstring(self.body.decode("utf-8"))

    @property
    def said(self) -> str:
        """Return what stands in the page's own part, without bars and menus."""
        main = self.tree.xpath("//main") or [self.tree]
        return " ".join(str(main[0].text_content()).split())

    @property
    def is_page(self) -> bool:
        """Say whether it is a page at all."""
        return self.headers.get("Content-Type", "").startswith("text/html")

    @property
    def codes(self) -> list[str]:
        """Return everything the page shows as a code, such as a case number."""
        found = self.tree.xpath("//*[contains(concat(' ', @class, ' '), ' code ')]")
        return [" ".join(each.text_content().split()) for each in found]

    @property
    def links(self) -> list[str]:
        """Return where the page leads."""
        return [str(each) for each in self.tree.xpath("//a/@href")]

    def form(self, action: str) -> Form:
        """Return the one form whose address contains this."""
        found = [each for each in self._forms() if action in (each.get("action") or "")]
        assert len(found) == 1, f"{len(found)} forms for {action} on {self.path}: {self.actions}"
        return Form(found[0])

    @property
    def forms(self) -> list[Form]:
        """Return every form that is sent."""
        return [Form(each) for each in self._forms()]

    def form_to(self, action: str) -> Form:
        """Return the one form with exactly this address."""
        found = [each for each in self._forms() if each.get("action") == action]
        assert len(found) == 1, f"{len(found)} forms to {action} on {self.path}: {self.said[:400]}"
        return Form(found[0])

    def has_form(self, action: str) -> bool:
        """Say whether there is a form whose address contains this."""
        return any(action in each for each in self.actions)

    @property
    def actions(self) -> list[str]:
        """Return the addresses of all forms."""
        return [str(each.get("action") or "") for each in self._forms()]

    def _forms(self) -> Sequence[Any]:
        found: Sequence[Any] = self.tree.xpath("//form[translate(@method, 'POST', 'post')='post']")
        return found


def _texts(answer: Any) -> list[str]:
    if answer is None or answer is False:
        return []
    if answer is True:
        return ["true"]
    return [str(each) for each in answer] if isinstance(answer, list | tuple) else [str(answer)]


def _initial(control: Any) -> str | None:
    """Return what the control would send untouched, or None where it would send nothing."""
    if control.tag == "textarea":
        return str(control.text or "")
    if control.tag == "select":
        chosen = control.xpath("./option[@selected]/@value") or control.xpath("./option/@value")
        return str(chosen[0]) if chosen else None
    if control.get("type") in ("checkbox", "radio"):
        return str(control.get("value", "on")) if control.get("checked") is not None else None
    return str(control.get("value", ""))


def _is_switched_off(control: Any) -> bool:
    off = "ancestor-or-self::*[@disabled]"
    return bool(control.xpath(off))
