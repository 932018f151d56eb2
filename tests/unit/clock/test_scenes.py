"""The four scenes that practitioners gave us, as far as they are a matter of dates."""

from __future__ import annotations

from datetime import date, datetime, time

from tests.unit.clock.factories import FIFTEEN, FIVE, calendar, calendar_days, day, entry
from workflows.clock.allowances import NO_ALLOWANCE, check_entry
from workflows.clock.ledger import Reckoning, clock_point, reckon
from workflows.clock.terms import Term, deadline, legal_date
from workflows.rules.packs import read_rule_book

OPENING = time(9)


def due(start_on: str, term: Term) -> date:
    return deadline(start_on=day(start_on), term=term, calendar=calendar()).due_on


def rule(key: str, *, on: str, subject_kind: str):
    return read_rule_book().get(key, division="220500", on=day(on), subject_kind=subject_kind)


class TestNationalDay:
    """A government body; the mail room signs on 24 September, the window registers on the 29th."""

    reply = rule("obj.reply.limit", on="2026-09-24", subject_kind="government_body").term
    report = rule("obj.report.limit", on="2026-10-09", subject_kind="government_body").term

    def test_counts_from_the_day_the_mail_room_signed(self):
        assert due("2026-09-24", self.reply) == day("2026-10-22")
        assert due("2026-09-29", self.reply) == day("2026-10-26")

    def test_is_put_right_by_a_correction(self):
        entries = [
            entry("started", "2026-09-29"),
            entry("corrected", "2026-09-30", start_on="2026-09-24"),
        ]

        found = reckon(entries=entries, term=self.reply, calendar=calendar())

        assert found.due_on == day("2026-10-22")

    def test_does_not_move_for_the_supplement(self):
        policy = rule("obj.supplement.clock", on="2026-09-24", subject_kind="government_body")

        assert policy.value == "continue"
        assert read_rule_book().get("obj.pause", division="220500", on=day("2026-09-30")).value is (
            None
        )

    def test_reports_to_the_province_before_the_reply_is_due(self):
        assert due("2026-10-09", self.report) == day("2026-10-15")
        assert calendar().is_working(day("2026-10-10"))
        assert due("2026-10-09", self.report) < due("2026-09-24", self.reply)

    def test_sends_the_notice_of_silence_on_day_thirteen(self):
        point = rule("obj.reply.silence_notice", on="2026-09-24", subject_kind="government_body")
        found = self._point(point.value)

        assert found is not None
        assert legal_date(found) == day("2026-10-20")

    def test_is_stopped_by_service_one_working_day_late(self):
        stop = rule("obj.reply.stop", on="2026-09-24", subject_kind="government_body")
        posted = self._stopped("2026-10-21")
        served = self._stopped("2026-10-23")

        assert (stop.value, stop.confirmed) == ("served", False)
        assert (posted.late_by, posted.early_by) == (0, 1)
        assert (served.late_by, served.early_by) == (1, 0)

    def _stopped(self, on: str) -> Reckoning:
        return check_entry(
            entries=[entry("started", "2026-09-24")],
            entry=entry("stopped", on),
            allowance=NO_ALLOWANCE,
            calendar=calendar(),
            term=self.reply,
        )

    def _point(self, point: str) -> datetime | None:
        found = reckon(
            entries=[entry("started", "2026-09-24")], term=self.reply, calendar=calendar()
        )
        return clock_point(
            reckoning=found, term=self.reply, point=point, calendar=calendar(), opening=OPENING
        )


class TestSpringFestival:
    """A government body; received on 23 January, served at 18:30 on the last day."""

    def test_is_due_before_the_festival(self):
        assert due("2026-01-23", FIFTEEN) == day("2026-02-13")

    def test_is_in_time_at_half_past_six(self):
        served_at = datetime.fromisoformat("2026-02-13T18:30:00+08:00")
        stopped = entry("stopped", legal_date(served_at).isoformat())

        found = reckon(
            entries=[entry("started", "2026-01-23"), stopped], term=FIFTEEN, calendar=calendar()
        )

        assert (found.late_by, found.early_by) == (0, 0)

    def test_the_sixtieth_day_after_service_is_the_fourteenth_of_april(self):
        assert due("2026-02-13", calendar_days(60)) == day("2026-04-14")

    def test_a_base_revoked_on_a_worked_saturday_gives_three_working_days(self):
        limit = rule("obj.base_revoked.limit", on="2026-02-14", subject_kind="enterprise")

        assert limit.label == "statutory"
        assert due("2026-02-14", limit.term) == day("2026-02-26")


class TestDragonBoat:
    """A civil servant objects on the first working day after the festival."""

    def test_is_due_in_july(self):
        reply = rule("obj.reply.limit", on="2026-06-22", subject_kind="civil_servant")

        assert due("2026-06-22", reply.term) == day("2026-07-13")


class TestCrossingTheYear:
    """Received in December, due in a year whose notice nobody has read."""

    def test_is_provisional(self):
        found = deadline(start_on=day("2026-12-11"), term=FIFTEEN, calendar=calendar())

        assert (found.due_on, found.provisional) == (day("2027-01-04"), True)

    def test_five_days_earlier_is_certain(self):
        found = deadline(start_on=day("2026-12-11"), term=FIVE, calendar=calendar())

        assert (found.due_on, found.provisional) == (day("2026-12-18"), False)
