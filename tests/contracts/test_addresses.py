"""Keeps outside addresses out of the tree: the user's own client knows where packages are."""

from __future__ import annotations

import json
import re

import pytest

from tests.contracts.sources import ROOT, list_files, relative, report

FOLDERS = (
    ".ci",
    "benchmarks",
    "requirements",
    "tools",
    "webapp",
    "handlers",
    "notifications",
    "workflows",
)
TEXT_FILES = (".py", ".sh", ".txt", ".in", ".toml", ".json", ".cfg", ".ini", ".mjs", ".xml")
PINS = ("requirements/run", "requirements/build", "requirements/test")
PEER_PINS = "benchmarks/peers/viewflow/requirements"
LOCKS = ("package-lock.json", "benchmarks/peers/bpmn_engine/package-lock.json")
INDEX_LINES = re.compile(
    r"(^|\s)(-i|--(extra-)?index-url|--find-links|-f)(\s|=)|\bregistry\s*=|\bindex-url\s*="
    r"|pypi\.org|pythonhosted\.org|registry\.npmjs|registry\.yarnpkg|npmmirror|tuna\.tsinghua",
    re.MULTILINE,
)
OUTSIDE = re.compile(
    r"""(?:src|href|action|hx-\w+)\s*=\s*["'](?:https?:)?//|url\(\s*["']?(?:https?:)?//"""
    r"|@import\s+[\"'](?:https?:)?//|cdn\.|unpkg\.com|jsdelivr|googleapis|gstatic",
    re.IGNORECASE,
)
INLINE = re.compile(
    r"""<style\b|\sstyle\s*=\s*["']|\son(?!ly\b)[a-z]+\s*=\s*["']|javascript:""", re.IGNORECASE
)
INLINE_SCRIPT = re.compile(r"<script\b(?![^>]*\bsrc\s*=)", re.IGNORECASE)
DATA_SCRIPT = re.compile(r"""<script\b[^>]*type\s*=\s*["']application/json["']""", re.IGNORECASE)


def lines_matching(pattern: re.Pattern[str], *, text: str, name: str) -> list[str]:
    """Return "file:line: what was found" for each match."""
    return [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {match.group().strip()}"
        for match in pattern.finditer(text)
    ]


class TestSetUp:
    def test_names_no_package_index(self):
        files = [
            *list_files(*FOLDERS, suffixes=TEXT_FILES),
            *list_files("", suffixes=(*TEXT_FILES, "Makefile", ".npmrc", ".gitignore")),
            ROOT / ".ci" / "run",
        ]
        found = [
            line
            for path in files
            for line in lines_matching(
                INDEX_LINES, text=path.read_text(encoding="utf-8"), name=relative(path)
            )
        ]

        assert not found, report(
            found, "take the address out: packages are named and hashed, the client knows where."
        )

    @pytest.mark.parametrize("name", LOCKS)
    def test_locks_npm_without_addresses(self, name):
        lock = json.loads((ROOT / name).read_text(encoding="utf-8"))
        found = [name for name, entry in lock["packages"].items() if "resolved" in entry]

        assert not found, report(found, f'take the "resolved" lines out of {name}.')

    @pytest.mark.parametrize("name", [*PINS, PEER_PINS])
    def test_pins_every_requirement_with_a_hash(self, name):
        text = (ROOT / f"{name}.txt").read_text(encoding="utf-8")
        entries = re.findall(r"^[A-Za-z0-9].*\n(?:[ ].*\n)*", text, re.MULTILINE)
        found = [e.splitlines()[0] for e in entries if "==" not in e or "--hash=sha256:" not in e]

        assert entries
        assert not found, report(found, "type: make requirements")

    def test_pins_what_the_package_asks_for(self):
        pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
        wanted = re.search(r"^dependencies = \[(.*?)^\]", pyproject, re.MULTILINE | re.DOTALL)
        assert wanted is not None
        names = {n.split("[")[0].lower() for n in re.findall(r'"([^"]+)"', wanted.group(1))}
        pinned = (ROOT / "requirements" / "run.in").read_text(encoding="utf-8")

        in_file = {n.lower() for n in re.findall(r"^([A-Za-z0-9-]+)", pinned, re.MULTILINE)}

        assert names == in_file, "pyproject.toml and requirements/run.in must name the same."


class TestPages:
    def test_load_nothing_from_elsewhere(self):
        files = list_files("webapp", suffixes=(".html", ".jinja", ".css", ".js", ".svg"))
        found = [
            line
            for path in files
            for line in lines_matching(
                OUTSIDE, text=path.read_text(encoding="utf-8"), name=relative(path)
            )
        ]

        assert not found, report(
            found, "vendor the file (package.json and webapp/vendoring.py) and link it from here."
        )

    def test_pass_a_strict_content_policy(self):
        found = []
        for path in list_files("webapp/templates"):
            text, name = path.read_text(encoding="utf-8"), relative(path)
            without_data = DATA_SCRIPT.sub("<data src=", text)
            found += lines_matching(INLINE, text=text, name=name)
            found += lines_matching(INLINE_SCRIPT, text=without_data, name=name)

        assert not found, report(
            found, "put styles into webapp/static/css and scripts into webapp/static/js."
        )

    @pytest.mark.parametrize(
        "text",
        ['<script src="https://x">', "url(//x/y.woff)", '<link href="//cdn.x">'],
    )
    def test_are_caught_when_they_load_from_elsewhere(self, text):
        assert OUTSIDE.search(text)

    @pytest.mark.parametrize("text", ['<p style="x">', '<a onclick="x()">', "<style>"])
    def test_are_caught_when_they_style_inline(self, text):
        assert INLINE.search(text)
