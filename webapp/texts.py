"""Every word a person reads comes from here, so that a page never mixes languages.

Texts are flat key -> sentence files, ``webapp/texts/<area>.<language>.json``. A sentence takes
facts by name: ``{count}``; a date becomes words; ``{count:day|days}`` picks the first form for one
and the second otherwise, which only English needs; ``{kind:@subject.kind}`` speaks the text
``subject.kind.<kind>`` where there is one. ``Phrase`` is a sentence not yet spoken:
presenters, checks and errors hand it on, and the page speaks it in the reader's language.
"""

from __future__ import annotations

import json
import string
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, g, has_request_context, request
from markupsafe import Markup, escape

from webapp.dates import day_words, moment_words
from webapp.phrases import Phrase, Words, phrase
from webapp.sizes import size_words

LANGUAGES = ("zh", "en")
DEFAULT_LANGUAGE = "zh"
TEXT_SIZES = ("standard", "large", "larger")
TEXTS = Path(__file__).with_name("texts")
COOKIE_AGE = 365 * 24 * 3600


class TextMissing(LookupError):
    """A key has no text, or a text lacks one of its facts."""


class _Sentence(string.Formatter):
    """Fills a sentence; a fact may be a date, another phrase, or markup that must stay markup."""

    def __init__(self, texts: Texts, language: str) -> None:
        self.texts = texts
        self.language = language

    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        try:
            return kwargs[str(key)]
        except KeyError:
            raise TextMissing(f"a text asks for {{{key}}}, which was not given") from None

    def format_field(self, value: Any, format_spec: str) -> str:
        if "|" in format_spec:
            one, many = format_spec.split("|", 1)
            return one if value == 1 else many
        if format_spec.startswith("@"):
            key = f"{format_spec[1:]}.{value}"
            known = self.texts.has(key)
            return self.texts.say(Phrase(key), language=self.language) if known else str(value)
        if isinstance(value, datetime | date):
            return _when(value, self.language)
        if isinstance(value, Phrase):
            return self.texts.say(value, language=self.language)
        return format(value, format_spec)


class _MarkedSentence(_Sentence):
    """The same sentence for a page: everything is escaped except facts that are markup."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Markup):
            return str(value)
        return str(escape(super().format_field(value, format_spec)))


class Texts:
    """The sentences of every area in every language."""

    def __init__(self, *, folder: Path = TEXTS, strict: bool = False) -> None:
        self.strict = strict
        self._by_language = {language: read_texts(folder, language) for language in LANGUAGES}

    def has(self, key: str) -> bool:
        """Return whether the key has a text in the default language."""
        return key in self._by_language[DEFAULT_LANGUAGE]

    def keys(self, language: str) -> Iterator[str]:
        """Return the keys of a language."""
        return iter(self._by_language[language])

    def say(self, words: Words, *, language: str) -> str:
        """Speak a phrase; words already spoken stay as they are.

        Raises TextMissing when strict and the key or one of its facts is missing; otherwise the key
        stands in, so that a reader sees that something is missing and the page still opens.
        """
        if isinstance(words, str):
            return words
        try:
            return self._fill(words, language)
        except TextMissing:
            if self.strict:
                raise
            return words.key

    def _fill(self, words: Phrase, language: str) -> str:
        sentence = self._by_language[language].get(words.key)
        if sentence is None:
            raise TextMissing(f"no {language} text for {words.key!r}")
        if any(isinstance(fact, Markup) for fact in words.facts.values()):
            filled = _MarkedSentence(self, language).vformat(str(escape(sentence)), (), words.facts)
            return Markup(filled)
        return _Sentence(self, language).vformat(sentence, (), words.facts)


def read_texts(folder: Path, language: str) -> dict[str, str]:
    """Return every key of a language; a key that stands in two areas is refused."""
    texts: dict[str, str] = {}
    for path in sorted(folder.glob(f"*.{language}.json")):
        area = json.loads(path.read_text(encoding="utf-8"))
        twice = sorted(texts.keys() & area.keys())
        if twice:
            raise ValueError(f"{path.name} repeats keys of another area: {', '.join(twice)}")
        texts.update(area)
    return texts


def placeholders(sentence: str) -> set[str]:
    """Return the names of the facts a sentence shows; one that only chooses a plural is no part."""
    parts = string.Formatter().parse(sentence)
    return {name for _, name, form, _ in parts if name and "|" not in (form or "")}


_texts: Texts | None = None


def current_texts() -> Texts:
    """Return the texts of this process, read on first use."""
    global _texts
    if _texts is None:
        _texts = Texts()
    return _texts


def current_language() -> str:
    """Return the reader's language; outside a request, Chinese."""
    return getattr(g, "language", DEFAULT_LANGUAGE) if has_request_context() else DEFAULT_LANGUAGE


def current_text_size() -> str:
    """Return the reader's text size: standard, large or larger."""
    return getattr(g, "text_size", "standard") if has_request_context() else "standard"


def t(key: str, /, **facts: Any) -> str:
    """Return the text of ``key`` in the reader's language."""
    return say(Phrase(key, facts))


def say(words: Words | None) -> str:
    """Return words in the reader's language; nothing stays nothing."""
    if words is None:
        return ""
    return current_texts().say(words, language=current_language())


def say_figure(words: Words | None) -> str:
    """Return words with their fact ``figure`` marked, so that a page can set it large."""
    if not isinstance(words, Phrase) or "figure" not in words.facts:
        return say(words)
    figure = Markup("<b>{}</b>").format(say(words.facts["figure"]))
    return say(Phrase(words.key, {**words.facts, "figure": figure}))


def _when(value: date, language: str) -> str:
    today = getattr(g, "business_today", None) if has_request_context() else None
    year = today.year if today else None
    if isinstance(value, datetime):
        return moment_words(value, language=language, this_year=year)
    return day_words(value, language=language, this_year=year)


def day(value: date, *, weekday: bool = True) -> str:
    """Return a day in the reader's words; the year shows only when it is not this year."""
    today = getattr(g, "business_today", None) if has_request_context() else None
    return day_words(
        value,
        language=current_language(),
        this_year=today.year if today else None,
        weekday=weekday,
    )


def moment(value: datetime) -> str:
    """Return a moment in the office's zone in the reader's words."""
    return _when(value, current_language())


def install_texts(app: Flask, *, strict: bool = False) -> None:
    """Give the app's pages ``t``, ``say``, ``day`` and ``moment`` and let a reader switch.

    ``?lang=en`` and ``?text=large`` switch for this page and, by cookie, for the following ones.
    The app sets ``g.business_today`` before a page is drawn.
    """
    global _texts
    _texts = Texts(strict=strict)
    app.jinja_env.globals.update(
        t=t,
        say=say,
        say_figure=say_figure,
        day=day,
        moment=moment,
        phrase=phrase,
        language=current_language,
        switch_url=switch_url,
        size_words=size_words,
    )
    app.before_request(_choose)
    app.after_request(_remember)


def switch_url(name: str, value: str) -> str:
    """Return the address of this page with the language or text size switched."""
    kept = {key: values for key, values in request.args.lists() if key not in ("lang", "text")}
    asked = {key: request.args[key] for key in ("lang", "text") if key in request.args}
    return f"{request.path}?{urlencode({**kept, **asked, name: value}, doseq=True)}"


def _choose() -> None:
    g.language = _chosen("lang", LANGUAGES)
    g.text_size = _chosen("text", TEXT_SIZES)


def _chosen(name: str, allowed: tuple[str, ...]) -> str:
    for value in (request.args.get(name), request.cookies.get(name)):
        if value in allowed:
            return value
    return allowed[0]


def _remember(response: Response) -> Response:
    for name, allowed in (("lang", LANGUAGES), ("text", TEXT_SIZES)):
        wanted = request.args.get(name)
        if wanted and wanted in allowed and wanted != request.cookies.get(name):
            response.set_cookie(
                name,
                wanted,
                max_age=COOKIE_AGE,
                httponly=True,
                samesite="Lax",
                secure=request.is_secure,
            )
    return response
