from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from webapp.phrases import Phrase
from webapp.presenters.timeline import TimelineNames, happenings
from workflows.services.read_timeline import TimelineEntry

AT = datetime(2026, 10, 9, 2, 0, tzinfo=UTC)
NAMES = TimelineNames(
    element=lambda element: element,
    item=lambda item: {"org-1": "市财政局", "org-2": "市住建局"}.get(item or "", ""),
    has_text=lambda key: True,
)


def entry(kind: str, *, at: datetime = AT, number: int = 1, **facts: Any) -> TimelineEntry:
    return TimelineEntry(id=number, kind=kind, facts=facts, at=at, person="王敏", is_public=False)


def kinds(entries: list[TimelineEntry]) -> list[str]:
    return [
        one.what.key.removeprefix("event.")
        for one in happenings(entries, names=NAMES)
        if isinstance(one.what, Phrase)
    ]


class TestTimeline:
    @pytest.mark.parametrize(
        ("kind", "person", "who"),
        [
            ("supplement_filed", "", Phrase("event.by_subject")),
            ("withdrawal_requested", "", Phrase("event.by_subject")),
            ("supplement_filed", "钱雨", "钱雨"),
            ("record_marked", "", Phrase("event.by_system")),
        ],
    )
    def test_does_not_call_the_subject_the_system(self, kind: str, person: str, who: object):
        [line] = happenings([TimelineEntry(1, kind, {}, AT, person, False)], names=NAMES)

        assert isinstance(line.what, Phrase)
        assert line.what.facts["who"] == who

    def test_tells_a_letter_of_one_act_once_by_its_last_step(self):
        told = kinds(
            [
                entry("document_dispatched", title="协查函", revision=1),
                entry("document_numbered", title="协查函", revision=1),
                entry("document_drafted", title="协查函", revision=1),
            ]
        )

        assert told == ["document_dispatched"]

    def test_tells_two_letters_of_one_title_apart_by_their_numbers(self):
        first = {"title": "解除惩戒通知书", "kind": "lifting_notice"}
        entries = [
            TimelineEntry(9, "document_dispatched", {**first, "number": "19号"}, AT, "", False),
            TimelineEntry(8, "document_numbered", {**first, "number": "19号"}, AT, "", False),
            TimelineEntry(7, "document_drafted", {**first, "revision": 1}, AT, "", False),
            TimelineEntry(6, "document_dispatched", {**first, "number": "18号"}, AT, "", False),
            TimelineEntry(5, "document_numbered", {**first, "number": "18号"}, AT, "", False),
        ]

        assert kinds(entries) == ["document_dispatched", "document_dispatched"]

    def test_tells_steps_of_different_days_apart(self):
        later = AT + timedelta(days=1)
        told = kinds(
            [
                entry("document_dispatched", at=later, title="答复书"),
                entry("document_numbered", title="答复书"),
            ]
        )

        assert told == ["document_dispatched", "document_numbered"]

    def test_puts_what_a_clock_did_under_the_act_that_did_it(self):
        moved = happenings(
            [
                entry("clock_started", clock="reply", due_on="2026-10-22"),
                entry("case_opened", received_on="2026-09-24"),
            ],
            names=NAMES,
        )

        assert len(moved) == 1
        assert isinstance(moved[0].clock_move, Phrase)

    def test_puts_a_departments_clock_under_the_act_that_names_it(self):
        moved = happenings(
            [
                entry("verification_asked", organisation="市财政局"),
                entry("clock_started", clock="verification", item="org-1"),
                entry("verification_asked", organisation="市住建局"),
                entry("clock_started", clock="verification", item="org-2"),
                entry("task_done", element="task_self_check"),
            ],
            names=NAMES,
        )

        assert [bool(one.clock_move) for one in moved] == [True, True, False]

    def test_speaks_codes_and_days_as_words(self):
        told = happenings(
            [entry("finding_recorded", finding="partly", approved_on="2026-10-09")], names=NAMES
        )[0]

        assert isinstance(told.what, Phrase)
        assert told.what.facts["finding"] == Phrase("case.finding.partly", {})
        assert told.what.facts["approved_on"].isoformat() == "2026-10-09"

    def test_tells_a_reason_that_somebody_gave(self):
        told = happenings(
            [entry("task_reassigned", before="王敏", after="孙立", reason="出差")], names=NAMES
        )[0]

        assert isinstance(told.note, Phrase)
        assert told.note.facts["reason"] == "出差"
