"""Every message has all its texts in every language and asks only for its registered facts."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from datetime import date

import pytest

from notifications.messages.registry import LANGUAGES, MESSAGES, PARTS, TEXTS, template
from notifications.messages.write import placeholders, write_mail, write_notice
from tests.contracts.sources import dotted_name, python_sources, report
from workflows.errors import NotFound, RuleMissing

FACTS = {
    "case_number": "YY-220500-2026-00417",
    "step": {"zh": "核查", "en": "Verification"},
    "matter": {"zh": "书面答复", "en": "The written reply"},
    "department": "通化市财政局",
    "due_on": "2026-10-22",
    "received_on": "2026-09-24",
    "served_on": "2026-10-23",
    "lifted_on": "2026-10-20",
    "old_on": "2027-01-04",
    "new_on": date(2027, 1, 5),
    "why": "2027",
    "left": 2,
    "count": 1,
    "year": 2027,
    "document": "x",
    "receipt": "SJPT-1",
    "reason": "x",
    "number": "1",
    "title": "x",
    "operation": "x",
    "other_number": "YY-2",
    "to": "x",
    "record": "JL-1",
}
CHINESE = re.compile(r"[\u3400-\u9fff]")


class TestRegistry:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_has_every_message_with_every_part_and_no_other(self, language):
        texts = json.loads((TEXTS / f"{language}.json").read_text(encoding="utf-8"))["messages"]

        assert set(texts) == set(MESSAGES)
        for kind, parts in texts.items():
            assert set(parts) == set(PARTS), kind
            assert all(text.strip() for text in parts.values()), kind

    @pytest.mark.parametrize("kind", sorted(MESSAGES))
    def test_asks_only_for_registered_facts_in_both_languages(self, kind):
        for language in LANGUAGES:
            for part in PARTS:
                text = template(kind=kind, part=part, language=language)
                needed, _ = placeholders(text)
                assert needed <= set(MESSAGES[kind].facts), (language, part)
                if language == "en":
                    assert not CHINESE.search(text)

    @pytest.mark.parametrize("kind", sorted(MESSAGES))
    def test_asks_for_the_same_facts_in_both_languages(self, kind):
        for part in PARTS:
            chinese, english = (
                placeholders(template(kind=kind, part=part, language=language))
                for language in LANGUAGES
            )
            assert chinese[0] | chinese[1] == english[0] | english[1]


class TestWriteNotice:
    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("kind", sorted(MESSAGES))
    def test_leaves_no_placeholder_behind(self, kind, language):
        mail = write_mail(kind=kind, language=language, facts=FACTS, link="http://127.0.0.1/")

        for text in (write_notice(kind=kind, language=language, facts=FACTS), *vars(mail).values()):
            assert not re.search(r"[{}]|\[\[|\]\]", text)

    def test_says_dates_numbers_and_labels_in_the_readers_language(self):
        chinese = write_notice(kind="reminder", language="zh", facts=FACTS)
        english = write_notice(kind="reminder", language="en", facts={**FACTS, "left": 1})

        assert chinese == "YY-220500-2026-00417：书面答复，期限2026年10月22日，还剩 2 个工作日。"
        assert english.endswith("The written reply, due 22 October 2026, 1 working day left.")

    @pytest.mark.parametrize(("left", "words"), [(0, "今天到期"), (-3, "逾期 3 个工作日")])
    def test_never_says_nought_days(self, left, words):
        text = write_notice(kind="reminder", language="zh", facts={**FACTS, "left": left})

        assert text.endswith(f"{words}。")

    def test_leaves_out_what_is_not_known(self):
        facts = {"case_number": "YY-1", "step": "核查", "due_on": ""}

        assert write_notice(kind="task_assigned", language="zh", facts=facts).endswith("请办理。")

    def test_refuses_a_message_that_lacks_a_fact(self):
        with pytest.raises(RuleMissing) as caught:
            write_notice(kind="date_moved", language="zh", facts={"case_number": "YY-1"})

        assert caught.value.facts["fact"] == "matter"

    def test_refuses_an_unknown_message(self):
        with pytest.raises(NotFound):
            write_notice(kind="hello", language="zh", facts={})

    def test_reads_no_placeholder_inside_a_fact(self):
        facts = {**FACTS, "reason": "{case_number} [[x]]"}

        text = write_notice(kind="report_rejected", language="zh", facts=facts)

        assert text.endswith("{case_number} [[x]]")


class TestWriteMail:
    def test_keeps_the_subject_on_one_line(self):
        facts = {**FACTS, "title": "甲\r\nBcc: someone@example.com"}

        mail = write_mail(kind="letter_served", language="zh", facts=facts)

        assert "\n" not in mail.subject
        assert "\r" not in mail.subject


class TestUse:
    def test_is_made_of_registered_messages_only(self):
        found = [
            f"{source.line(node)}: {kind}"
            for source in python_sources("workflows", "handlers", "webapp")
            for node, kind in used_kinds(source.tree)
            if kind not in MESSAGES
        ]

        assert not found, report(found, "register the message in notifications/messages/.")


def used_kinds(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    """Yield each kind of message that the code tells, where it is written out."""
    constants = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = dotted_name(node.func).split(".")[-1]
        given: list[ast.expr] = []
        if name in {"inform_people", "mail_organisation", "mail_payload"}:
            given = [word.value for word in node.keywords if word.arg == "kind"]
        elif name in {"tell_people", "tell_post", "tell_body", "tell_subject"}:
            given = node.args[1:2]
        for value in given:
            if isinstance(value, ast.Constant):
                yield node, str(value.value)
            elif isinstance(value, ast.Name) and value.id in constants:
                yield node, str(constants[value.id])
