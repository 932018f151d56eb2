"""What the templates are read with: their indentation is for us, and is not sent."""

from __future__ import annotations

import re

from flask import Flask
from jinja2.ext import Extension

INDENTATION = re.compile(r"^[ ]+", re.MULTILINE)


class Outdent(Extension):
    """Read a template without the spaces its lines begin with.

    HTML takes a line break for a space, so a page looks the same; it is a quarter smaller. Lines
    keep their numbers, so an error names the right one.
    """

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Return the source as the compiler reads it."""
        return INDENTATION.sub("", source)


def install_templating(app: Flask) -> None:
    """Have every template read so."""
    app.jinja_env.add_extension(Outdent)
