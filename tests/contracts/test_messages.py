"""Keeps what is told and what can be told equal: a message without words fails in the outbox."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from notifications.messages.registry import LANGUAGES, MESSAGES, PARTS, template
from tests.contracts.sources import Source, dotted_name, python_sources, report

# Who tells, and where the kind of message stands among the arguments without a name.
TELLERS = {
    "inform_people": None,
    "mail_organisation": None,
    "mail_payload": None,
    "tell_people": 1,
    "tell_post": 1,
    "tell_body": 1,
    "tell_subject": 1,
}
# The tellers add it themselves.
ALWAYS_TOLD = {"case_number"}


def told_messages(source: Source) -> Iterator[tuple[str, str, set[str] | None]]:
    """Yield where a message is told, its kind, and its facts where they are written there."""
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call) or dotted_name(node.func) not in TELLERS:
            continue
        named = {keyword.arg: keyword.value for keyword in node.keywords}
        place = TELLERS[dotted_name(node.func)]
        kind = named.get("kind")
        if kind is None and place is not None and len(node.args) > place:
            kind = node.args[place]
        if isinstance(kind, ast.Constant) and isinstance(kind.value, str):
            yield source.line(node), kind.value, _written_facts(node)


def _written_facts(call: ast.Call) -> set[str] | None:
    """Return the names of the facts where they are written out, None when they come as a value."""
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    if dotted_name(call.func) == "tell_subject":
        return None if None in named else {str(name) for name in named}
    facts = named.get("facts")
    if not isinstance(facts, ast.Dict) or None in facts.keys:
        return None
    return {str(key.value) for key in facts.keys if isinstance(key, ast.Constant)}


def all_told() -> list[tuple[str, str, set[str] | None]]:
    sources = python_sources("handlers", "workflows/services", "webapp")
    return [told for source in sources for told in told_messages(source)]


class TestMessages:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_have_all_their_templates(self, language):
        found = [
            f"{kind}: no {part} in {language}"
            for kind in MESSAGES
            for part in PARTS
            if not template(kind=kind, part=part, language=language).strip()
        ]

        assert not found, report(found, "write it in notifications/messages/texts/.")

    def test_are_registered_when_they_are_told(self):
        found = [f"{line}: {kind}" for line, kind, _ in all_told() if kind not in MESSAGES]

        assert all_told()
        assert not found, report(
            found, "register it in notifications/messages/registry.py and write its texts."
        )

    def test_are_told_with_the_facts_they_need(self):
        found = [
            f"{line}: {kind} lacks {sorted(missing)}"
            for line, kind, facts in all_told()
            if facts is not None and kind in MESSAGES
            if (missing := set(MESSAGES[kind].facts) - facts - ALWAYS_TOLD)
        ]

        assert not found, report(found, "hand in the fact, or take it out of the message's needs.")

    def test_are_caught_without_a_fact(self):
        call = 'inform_people(work, case=case, kind="reminder", key="k", facts={"matter": 1})'

        told = list(told_messages(Source("workflows/x.py", call)))

        assert told == [("workflows/x.py:1", "reminder", {"matter"})]

    def test_are_told_by_somebody(self):
        spoken = {
            node.value
            for source in python_sources("handlers", "workflows/services", "webapp")
            for node in ast.walk(source.tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        found = sorted(MESSAGES.keys() - spoken)

        assert not found, report(found, "tell it where it is due, or take the message out.")
