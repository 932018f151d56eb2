"""Rules that every page any test fetches must keep, so that no page needs a test of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect

from tests.acceptance.page import Page


def broken_rules(page: Page, *, app: Flask) -> list[str]:
    """Return what is wrong with the page, in words; empty for a good one."""
    return [*_ids(page), *_labels(page), *_forms(page), *_addresses(page, app), *_words(page)]


def _ids(page: Page) -> Iterator[str]:
    counted = Counter(str(each) for each in page.tree.xpath("//@id"))
    yield from (f"id {each} stands {count} times" for each, count in counted.items() if count > 1)


def _labels(page: Page) -> Iterator[str]:
    ids = {str(each) for each in page.tree.xpath("//@id")}
    for target in page.tree.xpath("//label/@for | //@aria-labelledby | //@aria-describedby"):
        missing = set(target.split()) - ids
        yield from (f"{each} is named as a label and is nowhere" for each in sorted(missing))


def _forms(page: Page) -> Iterator[str]:
    for form in page.tree.xpath("//form[@method='post']"):
        if not form.xpath(".//input[@name='csrf_token']"):
            yield f"form to {form.get('action')} carries no token"


def _addresses(page: Page, app: Flask) -> Iterator[str]:
    rules = app.url_map.bind("localhost")
    sources = "//a/@href | //link/@href | //script/@src | //img/@src"
    places = [("GET", str(each)) for each in page.tree.xpath(sources)]
    places += [("POST", str(each)) for each in page.tree.xpath("//form[@method='post']/@action")]
    places += [("POST", str(each)) for each in page.tree.xpath("//@formaction | //@data-draft-url")]
    for method, place in places:
        path = urlsplit(place)
        if path.scheme or path.netloc or not path.path.startswith("/"):
            continue
        try:
            rules.match(path.path, method=method)
        except RequestRedirect:
            continue
        except (NotFound, MethodNotAllowed):
            yield f"{method} {place} leads nowhere"


def _words(page: Page) -> Iterator[str]:
    if not page.tree.xpath("normalize-space(//title)"):
        yield "the page has no title"
    if "None" in page.said.split():
        yield "the page says None"
