"""Fills in a form as a person does, question after question, each as the page offers it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Locator, expect

from webapp.demo.paper import sample_paper

PAPER: Any = {"name": "附件.pdf", "mimeType": "application/pdf", "buffer": sample_paper()}


def fill_in(form: Locator, answers: Mapping[str, Any]) -> None:
    """Answer the questions; None or nothing leaves one as it is, "@file" hands a paper in."""
    for name, answer in answers.items():
        if answer not in (None, []):
            _answer(form, name, answer)


def hand_in(form: Locator, name: str, paper: Any = PAPER) -> None:
    """Choose a file for a question and wait until the office has it."""
    box = form.locator(f'.upload[data-name="{name}"]')
    received = box.locator(f'input[type=hidden][name="{name}"]')
    before = received.count()
    box.locator("input[type=file]").set_input_files(paper)
    expect(received).to_have_count(before + 1)


def _answer(form: Locator, name: str, answer: Any) -> None:
    if answer == "@file":
        hand_in(form, name)
        return
    controls = form.locator(f'[name="{name}"]:not([type=file])')
    assert controls.count(), f"{name} is not asked"
    first = controls.first
    kind = first.get_attribute("type") or first.evaluate("each => each.tagName.toLowerCase()")
    if kind == "hidden":
        # The page has decided it: the approver's two buttons stand for the question.
        assert first.input_value() == answer, f"{name} is {first.input_value()}"
    elif kind in ("radio", "checkbox"):
        _choose(form, name, answer)
    elif kind == "select":
        _select(first, str(answer))
    else:
        first.fill(str(answer))


def _select(question: Locator, answer: str) -> None:
    """Choose from a list; "@first" is the first real choice."""
    if answer == "@first":
        question.select_option(index=1)
    else:
        question.select_option(answer)


def _choose(form: Locator, name: str, answer: Any) -> None:
    if answer == "@first":
        form.locator(f'[name="{name}"]').first.check()
        return
    values = answer if isinstance(answer, list) else [answer]
    for value in values:
        wanted = "true" if value is True else value
        form.locator(f'[name="{name}"][value="{wanted}"]').check()
