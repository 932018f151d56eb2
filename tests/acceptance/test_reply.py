"""The written reply: drafted, checked, signed, numbered without gaps, sealed, served and proved."""

from __future__ import annotations

import pytest

from tests.acceptance.business_day import at
from tests.acceptance.conftest import Begin
from tests.acceptance.crew import Answers, Crew
from tests.acceptance.page import Page
from tests.acceptance.subject import PHONE

SENT_BACK = {"return_reason": "结论一段与核查意见不一致，请改。"}
WAYS: dict[str, Answers] = {
    "window": {},
    "post": {"tracking_number": "EMS 1059 2231 7", "postal_address": "通化市新华大街 1 号"},
    "leaving": {"leaving_place": "通化市新华大街 1 号收发室"},
    "public_notice": {"notice_reason": "其他方式均无法送达。", "notice_place": "信用中国（吉林）"},
}


@pytest.fixture
def crew(begin: Begin) -> Crew:
    return Crew(begin("2026-09-24 10:00"))


class TestReply:
    def test_passes_every_hand_before_it_leaves(self, crew: Crew):
        case = crew.decide("uphold")
        steps = []
        for element in (
            "task_draft_letter",
            "task_check_letter",
            "task_sign_letter",
            "task_seal_letter",
        ):
            crew.do(case, element)
            steps.append((element, case.letter("reply").status))

        assert steps == [
            ("task_draft_letter", "draft"),
            ("task_check_letter", "draft"),
            ("task_sign_letter", "numbered"),
            ("task_seal_letter", "sealed"),
        ]
        assert "〔2026〕" in case.letter("reply").number

    def test_shows_the_checker_what_a_new_draft_changed(self, crew: Crew):
        case = crew.decide("uphold")
        crew.do(case, "task_draft_letter", letter_body="一、金额 186 万元。\n二、予以维持。")
        crew.do(case, "task_check_letter", check_outcome="return", **SENT_BACK)
        crew.do(case, "task_draft_letter", letter_body="一、金额 183 万元。\n二、予以维持。")

        page = crew["liuchang"].get(f"/tasks/{case.task('task_check_letter').id}")

        [changes] = page.tree.xpath("//details[contains(@class, 'changes')]")
        marked = [(each.tag, each.text) for each in changes.xpath(".//del | .//ins")]
        assert marked == [("del", "6"), ("ins", "3")]
        assert "二、予以维持。" in changes.text_content()

    def test_is_sealed_and_posted_with_what_the_case_knows(self, crew: Crew):
        case = crew.decide(
            "uphold", service_preference="post", postal_address="通化市新华大街 1 号"
        )
        crew.sign(case)
        seal = crew["qianyu"].get(f"/tasks/{case.task('task_seal_letter').id}")
        crew.do(case, "task_seal_letter")
        way = crew["qianyu"].get(f"/tasks/{case.task('task_dispatch_letter').id}")

        assert value_of(seal, "seal_name") == "吉林省发展和改革委员会"
        assert value_of(way, "postal_address") == "通化市新华大街 1 号"

    @pytest.mark.parametrize(
        ("element", "outcome"),
        [
            ("task_check_letter", "check_outcome"),
            ("task_legal_check_letter", "letter_legal_outcome"),
            ("task_sign_letter", "sign_outcome"),
        ],
    )
    def test_sent_back_is_drafted_anew(self, crew: Crew, element, outcome):
        case = crew.decide("revoke")
        for before in ("task_draft_letter", "task_check_letter", "task_legal_check_letter"):
            if before == element:
                break
            crew.do(case, before)
        assert element in case.open_tasks

        crew.do(case, element, **{outcome: "return", **SENT_BACK})

        assert "task_draft_letter" in case.open_tasks
        assert case.letter("reply").number == ""
        crew.issue(case)
        assert case.letter("reply").status == "served"
        assert case.letter("reply").revision > 1

    def test_numbers_run_without_a_gap(self, crew: Crew):
        numbers: list[str] = []
        for record in ("XY-220500-2026-00015", "XY-220500-2026-00022"):
            case = crew.decide("uphold", record)
            crew.sign(case)
            numbers += [letter.number for letter in case.letters() if "函〔" in letter.number]

        ordinals = sorted(int(number.rpartition("〕")[2].rstrip("号")) for number in numbers)
        assert ordinals == list(range(1, len(numbers) + 1))

    @pytest.mark.parametrize("way", WAYS)
    def test_is_served_and_stops_the_clock(self, crew: Crew, way):
        case = crew.decide("uphold")
        served: Answers = {}
        if way == "leaving":
            served = {"service_result": "left", "witnesses": "社区工作人员二人"}
        if way == "public_notice":
            served = {"service_result": "notice_over"}
        crew.sign(case)
        crew.do(case, "task_seal_letter")
        crew.office.go_to(at("2026-09-28 14:00"))
        crew.do(case, "task_dispatch_letter", service_method=way, **WAYS[way])
        crew.office.go_to(at("2026-11-10 11:00" if way == "public_notice" else "2026-09-30 11:00"))

        crew.do(case, "task_register_service", **served)

        letter = case.letter("reply")
        assert (letter.service_method, letter.status) == (way, "served")
        assert letter.dispatched_at == at("2026-09-28 14:00")
        # Made, dispatched and served are three instants; the shipped pack stops on service.
        assert case.ledger("reply")[-1] == ("stopped", str(letter.served_on))
        assert case.end == "end_upheld"

    def test_is_served_electronically_with_consent(self, crew: Crew):
        case = crew.decide("uphold", service_preference="electronic", electronic_consent=True)
        crew.sign(case)
        crew.do(case, "task_seal_letter")
        crew.office.go_to(at("2026-09-28 14:00"))
        _, form = crew["qianyu"].fill_in(case, "task_dispatch_letter", service_method="electronic")
        consent = form.options("consent_document")[0]

        crew["qianyu"].send(form.fill({"consent_document": consent}))

        letter = case.letter("reply")
        assert letter.served_at == at("2026-09-28 14:00")
        assert letter.read_at is None
        subject = crew.subject
        subject.enter(case.code, proof=PHONE[-4:])
        crew.office.go_to(at("2026-09-29 10:00"))
        crew.office.tick()
        pdf = subject.client.get(f"/portal/case/letters/{letter.id}")
        assert pdf.data.startswith(b"%PDF-")
        assert case.letter("reply").read_at == at("2026-09-29 10:00")
        assert str(case.letter("reply").served_on) == "2026-09-28"

    def test_is_not_sent_electronically_without_consent(self, crew: Crew):
        case = crew.decide("uphold")
        crew.sign(case)
        crew.do(case, "task_seal_letter")

        _, form = crew["qianyu"].fill_in(case, "task_dispatch_letter", service_method="electronic")
        refused = crew["qianyu"].send(form, status=422)

        assert case.letter("reply").status == "sealed"
        assert refused.form_to(form.action).values["service_method"] == ["electronic"]


def value_of(page: Page, name: str) -> str:
    """Return what stands in a field before anybody types."""
    [found] = page.tree.xpath(f"//input[@name='{name}']/@value")
    return str(found)
