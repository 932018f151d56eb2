"""Rules that an office agrees on change what its cases do, and only once they are confirmed."""

from __future__ import annotations

import pytest

from tests.acceptance import packs
from tests.acceptance.business_day import at
from tests.acceptance.conftest import Begin
from tests.acceptance.crew import Crew
from tests.acceptance.test_formal_check import ASKED, FIRST, SUPPLEMENT

ENTERPRISE = "XY-220000-2026-00031"


@pytest.fixture
def crew(begin: Begin) -> Crew:
    return Crew(begin("2026-09-24 10:00"))


class TestSilenceByProvision:
    """A province whose text says that silence means giving up; ours says no such thing."""

    @pytest.fixture(autouse=True)
    def rule(self, crew: Crew) -> None:
        pack = packs.change(
            packs.read("jilin"),
            "obj.supplement.silence",
            value="given_up",
            clause="第十八条",
            note="虚构，只供测试。",
        )
        packs.put_into_force(crew, pack)

    def test_ends_a_case_whose_papers_never_came(self, crew: Crew):
        case = crew.register()
        crew.do(case, "task_formal_check", **SUPPLEMENT)
        crew.do(case, "task_self_check")
        crew.do(case, "task_verify")

        crew.office.go_to(at("2026-10-16 09:30"))

        assert case.end == "end_given_up"
        assert case.row.outcome == "given_up"
        assert not case.record.is_disputed
        assert case.letter("closing_letter").number

    def test_ends_a_case_whose_record_nobody_named(self, crew: Crew):
        case = crew.register("XY-220500-2026-09999")
        crew.do(case, "task_formal_check", **FIRST)

        crew.office.go_to(at("2026-10-16 09:30"))

        assert case.end == "end_given_up"

    def test_does_not_touch_one_who_answered(self, crew: Crew):
        case = crew.register()
        crew.do(case, "task_formal_check", **SUPPLEMENT)
        crew["qianyu"].act_on(
            case, "supplement", supplied_items=[ASKED.splitlines()[0]], materials="@file"
        )

        crew.office.go_to(at("2026-10-16 09:30"))

        assert case.row.status == "open"


class TestStopOfTheReply:
    @pytest.mark.parametrize(("confirmed", "last"), [(True, "stopped"), (False, "started")])
    def test_may_be_dispatch_where_the_pack_says_so(self, crew: Crew, confirmed, last):
        # An unconfirmed rule has no effect outside: the strictest reading, service, stands.
        pack = packs.change(
            packs.read("jilin"), "obj.reply.stop", value="dispatched", confirmed=confirmed
        )
        packs.put_into_force(crew, pack)
        case = crew.decide("uphold")
        crew.sign(case)
        crew.do(case, "task_seal_letter")
        crew.office.go_to(at("2026-09-28 10:00"))

        crew.do(
            case,
            "task_dispatch_letter",
            service_method="post",
            tracking_number="EMS 1059 2231 7",
            postal_address="通化市新华大街 1 号",
        )

        assert case.ledger("reply")[-1][0] == last
        assert case.open_tasks == ["task_register_service"]


class TestEnterprise:
    def test_gets_the_office_promise_shown_as_such(self, crew: Crew):
        case = crew.register(ENTERPRISE)

        clock = case.clock("reply")
        page = crew["wangmin"].get(f"/cases/{case.id}/clocks/{clock.id}")

        assert clock.rule["label"] == "promise"
        assert "承诺时限" in page.said
        assert "法定" not in page.said.replace("法定节假日", "")
