"""Lets the commands about dates speak both languages without a page or a database behind them."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date
from typing import Any

import click

from webapp.dates import weekday_words
from webapp.phrases import Phrase
from webapp.texts import LANGUAGES, current_texts
from workflows.errors import CaseworkError

language_option = click.option(
    "--lang", "language", type=click.Choice(LANGUAGES), default="zh", show_default=True
)


class Speaker:
    """Speaks texts in one language; a date is written with its weekday, always with its year."""

    def __init__(self, language: str) -> None:
        self.language = language

    def say(self, key: str, **facts: Any) -> str:
        """Return the sentence of a key."""
        return current_texts().say(Phrase(key, self._plain(facts)), language=self.language)

    def explain(self, problem: CaseworkError) -> str:
        """Return what an error says to a person."""
        return self.say(problem.key, **problem.facts)

    def day(self, on: date) -> str:
        """Return a date as 2026-10-22 with its weekday."""
        return f"{on.isoformat()} {weekday_words(on, language=self.language)}"

    def fail(self, key: str, **facts: Any) -> click.ClickException:
        """Return the end of a command that cannot go on."""
        return SpokenFailure(self.say(key, **facts))

    def _plain(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: self.day(fact) if isinstance(fact, date) else fact for name, fact in facts.items()
        }


class SpokenFailure(click.ClickException):
    """A failure already in the person's words: no English "Error:" before a Chinese sentence."""

    def show(self, file: Any = None) -> None:
        """Write the sentence to standard error."""
        click.echo(self.message, file=file or sys.stderr)
