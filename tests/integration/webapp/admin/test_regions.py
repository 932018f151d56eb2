"""The page of two regions: who may see it, what it says of a day, and what is not certain."""

from __future__ import annotations

import pytest


@pytest.fixture
def reviewer(office):
    return office.person("zhaolin")


def rows(page):
    """Return the words of each row by the rule's key."""
    found = {}
    for row in page.tree.xpath("//table[contains(@class, 'compare')]/tbody/tr"):
        key = row.xpath(".//span[contains(@class, 'code')]")[0].text_content()
        found[key] = " ".join(row.text_content().split())
    return found


class TestRegions:
    def test_are_reached_from_the_rule_packs(self, reviewer):
        link = reviewer.get("/admin/packs").tree.xpath("//a[contains(@href, '/admin/regions')]")

        assert link[0].text == "两地规则对照"

    @pytest.mark.parametrize("username", ["lintao", "zhaolin", "xuheng"])
    def test_are_shown_to_whoever_sees_the_packs(self, office, username):
        assert "两地规则对照" in office.person(username).get("/admin/regions").said

    def test_are_not_for_others(self, office):
        office.person("wangmin").get("/admin/regions", status=403)

    def test_begin_with_the_office_s_own_and_another_province(self, reviewer):
        page = reviewer.get("/admin/regions")

        chosen = page.tree.xpath("//select/option[@selected]/@value")
        assert chosen[:2] == ["22", "32"]

    def test_mark_what_differs_with_clause_and_rank(self, reviewer):
        found = rows(reviewer.get("/admin/regions?left=2205&right=37&on=2026-11-02"))

        assert "通市信用[2018]2号 二(7)" in found["obj.reply.limit"]
        assert "山东省社会信用条例 第三十九条第二款" in found["obj.reply.limit"]
        assert "法定" in found["obj.reply.limit"]
        assert "不同" in found["obj.reply.limit"]
        assert "没有规定" in found["obj.other.limit"]
        assert "rep.accept" not in found

    def test_show_everything_when_asked_and_one_process_alone(self, reviewer):
        everything = rows(reviewer.get("/admin/regions?right=37&only=all&on=2026-11-02"))
        ppp = rows(reviewer.get("/admin/regions?right=37&only=all&process=ppp_traceback"))

        assert "规则未确认" in everything["rep.accept"]
        assert ppp
        assert {key.partition(".")[0] for key in ppp} == {"ppp"}

    def test_follow_the_day(self, reviewer):
        before = rows(reviewer.get("/admin/regions?left=22&right=37&on=2025-06-02"))
        after = rows(reviewer.get("/admin/regions?left=22&right=37&on=2026-06-02"))

        assert "rec.publicCriticism" not in before
        assert "失效" in after["rec.publicCriticism"]

    def test_say_what_nobody_has_read(self, reviewer):
        page = reviewer.get("/admin/regions?left=22&right=32&on=2026-11-02").said

        assert "尚未确认的" in page
        assert "吉林省社会信用条例的异议、信用修复条款" in page
        assert "苏政规〔2025〕4号" in page
        assert "正文未读到" in page
        assert "此日不生效" in page

    def test_show_the_words_of_the_text(self, reviewer):
        page = reviewer.get("/admin/regions?left=22&right=32&only=all&process=credit_repair")

        quotes = [each.text for each in page.tree.xpath("//blockquote")]
        assert "经认定符合容错纠错情形和条件的,可不纳入政务失信记录" in quotes

    @pytest.mark.parametrize("query", ["left=99", "on=2026-13-40", "process=x", "only=x&right="])
    def test_take_an_address_that_says_nothing_for_the_usual(self, reviewer, query):
        assert rows(reviewer.get(f"/admin/regions?{query}"))

    def test_speak_english(self, reviewer):
        page = reviewer.get("/admin/regions?right=37&lang=en").said

        assert "Two regions side by side" in page
        assert "Gives way" in page
        assert "Local regulation" in page
