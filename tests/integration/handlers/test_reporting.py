"""Reports to the province: once per revision, through failure, rejection and repetition (R4)."""

from __future__ import annotations

from datetime import date

import pytest

from tests.integration.casebook import Casebook
from tests.integration.handlers.test_journeys import acknowledge
from workflows.errors import Conflict, InvalidAnswer, OutsideServiceFailed
from workflows.models import InboundMessage, Incident, Outbox
from workflows.services.deliver import retry_incident
from workflows.services.receive_exchange import receive_exchange, record_receipt_by_hand


def to_the_report(book: Casebook) -> None:
    book.file()
    book.accept()
    book.verify("wrong_correct")
    book.find("correct")


def answer(book: Casebook, kind: str, *, message_id: str, **payload) -> dict:
    return book.run(
        lambda work: receive_exchange(
            work,
            book.desk,
            source="province",
            message_id=message_id,
            kind=kind,
            payload=payload,
        )
    )


class TestReport:
    def test_carries_what_the_province_asks_for_and_no_more(self, book):
        to_the_report(book)
        report = book.effects("province_report")[0]

        assert report.key == f"report:{book.case_id}:r01"
        assert report.payload["finding"] == "correct"
        assert report.payload["record_number"] == "XY-220500-2026-00011"
        assert report.payload["base_version"] == 1
        assert "周航" not in str(report.payload)

    def test_is_sent_anew_after_a_rejection_under_a_new_key(self, book):
        to_the_report(book)
        book.send_outbox("province_report")
        first = book.effects("province_report")[0].key
        answer(book, "report_rejected", message_id="m1", report_key=first, reason="格式不对")
        assert book.is_open("task_repair_report")
        assert book.clock("report").status == "running"

        book.do("task_repair_report")

        keys = [row.key for row in book.effects("province_report")]
        assert keys == [f"report:{book.case_id}:r01", f"report:{book.case_id}:r02"]
        book.send_outbox("province_report")
        acknowledge(book, message_id="m2")
        assert book.clock("report").status == "stopped"


class TestInboundMessage:
    def test_is_handled_once_however_often_it_comes(self, any_book):
        to_the_report(any_book)
        any_book.send_outbox("province_report")

        first = acknowledge(any_book, message_id="same")
        second = acknowledge(any_book, message_id="same")

        assert (first["result"], second["result"]) == ("delivered", "repeated")
        assert len(any_book.all(InboundMessage)) == 1
        assert len(any_book.happened("report_acknowledged")) == 1

    def test_of_an_unknown_case_is_kept(self, book):
        result = answer(book, "report_acknowledged", message_id="m9", case_number="YY-0")

        kept = book.all(InboundMessage)[0]
        assert result["result"] == kept.result == "unknown_case"
        assert kept.handled_at is None

    def test_that_nobody_waits_for_is_kept(self, book):
        book.file()

        result = answer(book, "report_acknowledged", message_id="m1", case_number=book.case.number)

        assert result["result"] == "not_awaited"
        assert book.case.status == "open"

    def test_about_a_former_revision_changes_nothing(self, book):
        to_the_report(book)
        book.send_outbox("province_report")
        first = book.effects("province_report")[0].key
        answer(book, "report_rejected", message_id="m1", report_key=first, reason="x")
        book.do("task_repair_report")

        result = answer(book, "report_acknowledged", message_id="m2", report_key=first)

        assert result["result"] == "stale"
        assert book.clock("report").status == "running"


class TestReceiptByHand:
    def test_stops_the_clock_on_the_day_the_province_took_it(self, book):
        to_the_report(book)
        book.now = book.now.replace(day=29)
        book.run(
            lambda work: record_receipt_by_hand(
                work,
                book.desk,
                case_id=book.case_id,
                sent_on=date(2026, 9, 28),
                accepted_on=date(2026, 9, 29),
                receipt="网页回执 12",
            )
        )

        clock = book.clock("report")
        assert (clock.stopped_on, clock.entries[-1].evidence) == (date(2026, 9, 29), "网页回执 12")

    @pytest.mark.parametrize(
        ("dates", "field"),
        [
            ({}, "accepted_on"),
            ({"accepted_on": date(2026, 9, 23), "rejected_on": date(2026, 9, 23)}, "accepted_on"),
            ({"accepted_on": date(2026, 9, 1)}, "accepted_on"),
            ({"rejected_on": date(2027, 1, 1)}, "rejected_on"),
        ],
    )
    def test_refuses_dates_that_cannot_be(self, book, dates, field):
        to_the_report(book)

        with pytest.raises(InvalidAnswer) as refusal:
            book.run(
                lambda work: record_receipt_by_hand(
                    work,
                    book.desk,
                    case_id=book.case_id,
                    sent_on=date(2026, 9, 23),
                    receipt="1",
                    **dates,
                )
            )

        assert field in refusal.value.fields

    def test_needs_a_report_that_is_awaited(self, book):
        book.file()

        with pytest.raises(Conflict):
            book.run(
                lambda work: record_receipt_by_hand(
                    work,
                    book.desk,
                    case_id=book.case_id,
                    sent_on=date(2026, 9, 24),
                    accepted_on=date(2026, 9, 24),
                    receipt="1",
                )
            )


class TestProvinceDown:
    def refuse(self, book: Casebook) -> None:
        to_the_report(book)
        book.province.failure = OutsideServiceFailed(
            "error.province_refused", permanent=True, status=422, cause="record.version"
        )
        book.send_outbox("province_report")

    def test_opens_an_incident_with_the_real_cause(self, any_book):
        self.refuse(any_book)

        incident = any_book.all(Incident, case_id=any_book.case_id)[0]
        assert incident.cause_key == "error.province_refused"
        assert incident.cause_facts["cause"] == "record.version"
        assert incident.outbox_id == any_book.effects("province_report")[0].id
        assert any_book.clock("report").status == "running"

    def test_is_resolved_when_the_report_gets_through(self, book):
        self.refuse(book)
        incident = book.all(Incident, case_id=book.case_id)[0]
        book.province.failure = None
        book.run(lambda work: retry_incident(work, book.desk, incident_id=incident.id))
        book.send_outbox("province_report")

        assert book.all(Incident, case_id=book.case_id)[0].status == "resolved"
        assert book.all(Outbox, kind="province_report")[0].status == "sent"
        assert [effect.key for effect in book.province.received] == [f"report:{book.case_id}:r01"]

    def test_of_one_case_does_not_resolve_the_moves_of_another(self, book):
        self.refuse(book)
        failing = book.case_id
        book.file("S02", "XY-220500-2026-00012")
        book.accept()

        assert len(book.all(Incident, case_id=failing, status="open")) == 1


class TestVersions:
    def test_a_second_change_starts_where_the_first_one_ended(self, book):
        to_the_report(book)
        book.correct()
        book.send_outbox("province_report")
        acknowledge(book, message_id="first")
        book.file(body="JLPLAT")
        book.do("task_formal_check")
        book.verify("wrong_revoke")
        book.find("revoke")

        report = book.effects("province_report")[0].payload
        assert (report["base_version"], report["version"]) == (2, 3)

    def test_a_rejection_that_names_the_version_is_followed(self, book):
        to_the_report(book)
        first = book.effects("province_report")[0]
        answer(
            book,
            "report_rejected",
            message_id="m1",
            report_key=first.key,
            reason="记录版本号不符（应为 7，收到 1）",
        )

        book.do("task_repair_report")

        report = book.effects("province_report")[1].payload
        assert (report["base_version"], report["version"]) == (7, 8)
