"""One process, several regions: the pack decides, and neither diagram nor program knows which."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.acceptance import packs
from tests.acceptance.business_day import at
from tests.acceptance.case_file import CaseFile
from tests.acceptance.conftest import Begin
from tests.acceptance.crew import RECORD, Crew
from tests.acceptance.page import Page

OWN_RECORD = "XY-220582-2026-00009"  # made by the platform itself; an enterprise's
GOVERNMENT = RECORD  # recognised by a bureau: another unit must verify
RECEIVED = "2026-09-21 10:00"

In = Callable[[str], Crew]


@pytest.fixture
def crew_in(begin: Begin) -> In:
    def go(region: str) -> Crew:
        return Crew(begin(RECEIVED, region=region))

    return go


def clock_page(crew: Crew, case: CaseFile) -> Page:
    return crew["wangmin"].get(f"/cases/{case.id}/clocks/{case.clock('reply').id}")


class TestShandong:
    """N18: three working days for an own matter, seven when another unit must verify."""

    @pytest.fixture
    def crew(self, crew_in: In) -> Crew:
        return crew_in("shandong")

    def test_starts_with_the_own_term_whatever_the_kind_of_subject(self, crew: Crew):
        for number in (OWN_RECORD, GOVERNMENT):
            clock = crew.register(number).clock("reply")

            assert (clock.amount, clock.unit, str(clock.due_on)) == (3, "WD", "2026-09-24")
            assert clock.rule["label"] == "statutory"
            assert clock.rule["pack_id"] == "shandong-2020"
            assert clock.rule["clause"] == "第三十九条第二款"

    def test_keeps_it_where_the_office_finds_its_own_error(self, crew: Crew):
        case = crew.accept(OWN_RECORD)

        crew.do(case, "task_self_check", self_check="own_error", error_kind="matching")

        assert case.ledger("reply") == [("started", "2026-09-21")]
        assert str(case.due("reply")) == "2026-09-24"

    def test_takes_the_longer_one_when_another_unit_is_asked(self, crew: Crew):
        case = crew.accept(GOVERNMENT)
        crew.office.go_to(at("2026-09-22 10:00"))

        crew.do(case, "task_self_check")

        # Seven working days from receipt, not from the request: 09-25 to 09-27 and October off.
        assert case.ledger("reply") == [("started", "2026-09-21"), ("extended", "2026-09-22")]
        assert str(case.clock("reply").raw_due_on) == "2026-09-24"
        assert str(case.due("reply")) == "2026-10-08"
        said = clock_page(crew, case).said
        assert "山东省社会信用条例 第三十九条第二款" in said
        assert "需要其他单位协助核查" in said

    def test_unconfirmed_longer_term_changes_nothing(self, crew: Crew):
        pack = packs.change(packs.read("shandong"), "obj.other.limit", confirmed=False)
        packs.put_into_force(crew, {**pack, "version": "2026-12-01"})
        case = crew.accept(GOVERNMENT)

        crew.do(case, "task_self_check")

        assert case.ledger("reply") == [("started", "2026-09-21")]
        assert "7个工作日" not in str(case.letter("receipt").letter)

    def test_longer_term_of_a_lower_rank_gives_way(self, crew: Crew):
        # A paper of the office itself cannot lengthen what the regulation says (O-12).
        shandong = packs.read("shandong")
        own = {
            **next(each for each in shandong["parameters"] if each["key"] == "obj.other.limit"),
            "document": "office",
            "standing": "inner",
            "value": 30,
        }
        shandong["parameters"] = [
            each for each in shandong["parameters"] if each["key"] != "obj.other.limit"
        ]
        office = packs.read("office_shandong")
        office["parameters"].append(own)
        for pack in (shandong, office):
            packs.put_into_force(crew, {**pack, "version": "2026-12-01"})
        case = crew.accept(GOVERNMENT)

        crew.do(case, "task_self_check")

        assert case.ledger("reply") == [("started", "2026-09-21")]

    def test_verification_by_its_inner_term_ends_before_the_reply(self, crew: Crew):
        case = crew.accept(GOVERNMENT)
        crew.do(case, "task_self_check")

        verification, reply = case.due("verification", body="THHUD"), case.due("reply")

        assert verification is not None
        assert reply is not None
        assert verification < reply

    def test_letters_name_both_terms_and_the_regulation(self, crew: Crew):
        case = crew.accept(GOVERNMENT)

        for kind in ("receipt", "acceptance_notice"):
            words = str(case.letter(kind).letter)
            assert "3个工作日" in words
            assert "需要其他单位协助核查的" in words
            assert "7个工作日内" in words
            assert "山东省社会信用条例" in words
            assert "吉政办发" not in words

    def test_reply_goes_out_with_the_remedies_of_the_province(self, crew: Crew):
        case = crew.decide("uphold", GOVERNMENT)
        crew.issue(case)

        assert case.end == "end_upheld"
        words = str(case.letter("reply").letter)
        assert "山东省社会信用体系建设联席会议办公室" in words
        assert "吉林" not in words

    def test_reviewer_is_shown_the_province_s_own_provisions(self, crew: Crew):
        said = crew["zhaolin"].get("/admin/remedies").said

        assert "山东省社会信用条例" in said
        assert "吉政办发" not in said


class TestJiangsu:
    """N19: no text that was read gives a number, so the office promises one and says so."""

    @pytest.fixture
    def crew(self, crew_in: In) -> Crew:
        return crew_in("jiangsu")

    def test_runs_on_the_office_s_promise_for_a_public_body_too(self, crew: Crew):
        case = crew.register(GOVERNMENT)
        clock = case.clock("reply")

        assert clock.rule["label"] == "promise"
        assert clock.rule["pack_id"] == "office-jiangsu"
        assert clock.amount == 15
        said = clock_page(crew, case).said
        assert "承诺时限" in said
        assert "江苏省社会信用条例" in said

    def test_does_not_lengthen_when_another_unit_is_asked(self, crew: Crew):
        case = crew.accept(GOVERNMENT)
        crew.do(case, "task_self_check")

        assert case.ledger("reply") == [("started", "2026-09-21")]

    def test_case_carries_the_pack_of_its_jurisdiction(self, crew: Crew):
        assert crew.register(GOVERNMENT).row.pack_id == "jiangsu-2023"

    def test_reply_names_the_leading_group_of_the_province(self, crew: Crew):
        case = crew.decide("uphold", GOVERNMENT)
        crew.issue(case)

        assert "江苏省社会信用体系建设领导小组办公室" in str(case.letter("reply").letter)


class TestTonghua:
    """R6: the city copies the province word for word, so its own paper is the one that is cited."""

    def test_takes_the_city_s_own_clause(self, crew_in: In):
        case = crew_in("").register(GOVERNMENT)
        clock = case.clock("reply")

        assert (clock.amount, clock.rule["document"]) == (15, "通市信用[2018]2号")
        assert clock.rule["clause"] == "二(7)"
        assert case.row.pack_id == "tonghua-2018"

    def test_inherits_from_the_province_what_it_does_not_say(self, crew_in: In):
        crew = crew_in("")
        case = crew.register(GOVERNMENT)

        with crew.office.reading() as session:
            rules = crew.office.parts.desk.rules(session, crew.office.office_id)
        stages = rules.get("ppp.stages", division=case.row.division_code, on=case.row.received_on)

        assert stages.pack_id == "jilin-2017"
        assert len(stages.value) == 6
