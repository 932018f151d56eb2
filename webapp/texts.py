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
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple
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


class _Gap(NamedTuple):
    """Where a fact goes, and in what form: ``{count:day|days}``, ``{kind:@subject.kind}``."""

    name: str
    form: str


# A text taken apart once: words, and the gaps between them. One without gaps is said as it is.
_Sentence = str | tuple[str | _Gap, ...]


def _take_apart(text: str) -> _Sentence:
    parts: list[str | _Gap] = []
    for words, name, form, _ in string.Formatter().parse(text):
        if words:
            parts.append(words)
        if name is not None:
            parts.append(_Gap(name, form or ""))
    has_gaps = any(isinstance(part, _Gap) for part in parts)
    return tuple(parts) if has_gaps else "".join(map(str, parts))


class Texts:
    """The sentences of every area in every language."""

    def __init__(self, *, folder: Path = TEXTS, strict: bool = False) -> None:
        self.strict = strict
        self._by_language = {language: read_texts(folder, language) for language in LANGUAGES}
        self._taken_apart: dict[str, dict[str, _Sentence]] = {each: {} for each in LANGUAGES}

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
        return self.fill(words.key, words.facts, language)

    def fill(self, key: str, facts: Mapping[str, Any], language: str) -> str:
        """Speak the sentence of a key with its facts, as ``say`` does."""
        try:
            sentence = self._taken_apart[language].get(key)
            if sentence is None:
                sentence = self._read(key, language)
            return sentence if isinstance(sentence, str) else self._join(sentence, facts, language)
        except TextMissing:
            if self.strict:
                raise
            return key

    def _read(self, key: str, language: str) -> _Sentence:
        text = self._by_language[language].get(key)
        if text is None:
            raise TextMissing(f"no {language} text for {key!r}")
        sentence = self._taken_apart[language][key] = _take_apart(text)
        return sentence

    def _join(self, parts: tuple[str | _Gap, ...], facts: Mapping[str, Any], language: str) -> str:
        said = [
            part if isinstance(part, str) else self._fact(part, facts, language) for part in parts
        ]
        # Beside a fact that is markup and must stay it, everything is escaped.
        return (Markup("") if Markup in map(type, said) else "").join(said)

    def _fact(self, gap: _Gap, facts: Mapping[str, Any], language: str) -> str:
        name, form = gap
        if name not in facts:
            raise TextMissing(f"a text asks for {{{name}}}, which was not given")
        value = facts[name]
        if isinstance(value, str) and not form:
            return value
        if "|" in form:
            one, many = form.split("|", 1)
            return one if value == 1 else many
        if form.startswith("@"):
            key = f"{form[1:]}.{value}"
            return self.say(Phrase(key), language=language) if self.has(key) else str(value)
        if isinstance(value, datetime | date):
            return _when(value, language)
        if isinstance(value, Phrase):
            return self.say(value, language=language)
        return format(value, form)


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
# Asked for every text of a page, so it lies nearer than Flask's ``g``.
_language: ContextVar[str] = ContextVar("language", default=DEFAULT_LANGUAGE)


def current_texts() -> Texts:
    """Return the texts of this process, read on first use."""
    global _texts
    if _texts is None:
        _texts = Texts()
    return _texts


def current_language() -> str:
    """Return the reader's language; outside a request, Chinese."""
    return _language.get()


def current_text_size() -> str:
    """Return the reader's text size: standard, large or larger."""
    return getattr(g, "text_size", "standard") if has_request_context() else "standard"


def t(key: str, /, **facts: Any) -> str:
    """Return the text of ``key`` in the reader's language."""
    return current_texts().fill(key, facts, _language.get())


def say(words: Words | None) -> str:
    """Return words in the reader's language; nothing stays nothing."""
    if isinstance(words, str):
        return words
    return current_texts().fill(words.key, words.facts, _language.get()) if words else ""


def say_figure(words: Words | None) -> str:
    """Return words with their fact ``figure`` marked, so that a page can set it large."""
    if not isinstance(words, Phrase) or "figure" not in words.facts:
        return say(words)
    figure = Markup(f"<b>{escape(say(words.facts['figure']))}</b>")
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
    # Long lists speak through filters: a template calls a function through the page's context.
    app.jinja_env.filters.update(say=say, say_figure=say_figure)
    app.before_request(_choose)
    app.after_request(_remember)
    app.teardown_request(_forget_language)


def switch_url(name: str, value: str) -> str:
    """Return the address of this page with the language or text size switched."""
    kept = {key: values for key, values in request.args.lists() if key not in ("lang", "text")}
    asked = {key: request.args[key] for key in ("lang", "text") if key in request.args}
    return f"{request.path}?{urlencode({**kept, **asked, name: value}, doseq=True)}"


def _choose() -> None:
    _language.set(_chosen("lang", LANGUAGES))
    g.text_size = _chosen("text", TEXT_SIZES)


def _forget_language(_error: BaseException | None) -> None:
    """A thread serves the next reader too."""
    _language.set(DEFAULT_LANGUAGE)


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
