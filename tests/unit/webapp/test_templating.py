"""Templates are read without their indentation, and their lines keep their numbers."""

import pytest
from flask import Flask, render_template_string
from jinja2 import TemplateSyntaxError

from webapp.templating import install_templating


@pytest.fixture
def app():
    app = Flask("templates")
    install_templating(app)
    return app


class TestOutdent:
    def test_sends_no_indentation(self, app):
        with app.app_context():
            page = render_template_string("<ul>\n    <li>一 二\n  </li>\n</ul>")

        assert page == "<ul>\n<li>一 二\n</li>\n</ul>"

    def test_leaves_what_a_value_begins_with(self, app):
        with app.app_context():
            assert render_template_string("  {{ words }}", words="  a\n  b") == "  a\n  b"

    def test_keeps_the_numbers_of_lines(self, app):
        with app.app_context(), pytest.raises(TemplateSyntaxError) as problem:
            render_template_string("<p>\n    {{ words }}\n    {% gone %}\n</p>")

        assert problem.value.lineno == 3
