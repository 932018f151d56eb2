"""A clock may be paused or lengthened only where a confirmed rule says so (O-1, N20)."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from tests.integration.casebook import Casebook
from workflows.clock.ledger import EntryKind
from workflows.errors import NotAllowed
from workflows.models import Deployment, Timer
from workflows.services.change_case import file_supplement
from workflows.services.run_clock import change_clock, find_clock

PACKS = Path(__file__).parents[2] / "unit" / "clock" / "data"


def adopt(book: Casebook, region: str) -> None:
    """Let a region's rules on pause and extension hold in this office."""
    pack = json.loads((PACKS / f"{region}.json").read_text(encoding="utf-8"))
    pack["jurisdiction"] = "22"
    kept = ("obj.pause", "obj.extension")
    pack["parameters"] = [row for row in pack["parameters"] if row["key"] in kept]

    _install(book, pack)


def _install(book: Casebook, pack: dict) -> None:
    def work(unit):
        unit.session.add(
            Deployment(
                office_id=unit.command.office_id,
                kind="pack",
                key=pack["id"],
                content_hash=pack["id"],
                content=json.dumps(pack, ensure_ascii=False),
                status="active",
                proposed_at=unit.command.now,
            )
        )

    book.run(work, actor=book.person("wangmin"))


def adopt_supplement_policy(book: Casebook, value: str) -> None:
    """Let the reply clock pause or start anew while papers are awaited."""
    pack = json.loads((PACKS / "henan.json").read_text(encoding="utf-8"))
    pack["id"], pack["jurisdiction"] = "test-supplement", "22"
    rule = {"key": "obj.supplement.clock", "value": value, "unit": "choice", "confirmed": True}
    rule |= {"choices": ["continue", "restart", "pause"], "quote": "—", "clause": "—"}
    rule |= {"name": "补正", "name_en": "Supplement", "document": "doc", "rule_ids": ["N35"]}
    pack["parameters"] = [rule]
    _install(book, pack)


def change(book: Casebook, kind: EntryKind, on: str, **values) -> None:
    def work(unit):
        case = unit.get_case(book.case_id)
        clock = find_clock(unit, case_id=case.id, name="reply")
        assert clock is not None
        change_clock(
            unit,
            book.desk,
            case=case,
            clock=clock,
            kind=kind,
            on=date.fromisoformat(on),
            legal_basis="test",
            **values,
        )

    book.run(work, actor=book.person("chenlixin"))


class TestChangeClock:
    def test_is_refused_where_the_pack_allows_neither(self, book):
        book.file()

        with pytest.raises(NotAllowed) as refused:
            change(book, EntryKind.PAUSED, "2026-09-28", reason="鉴定")

        assert refused.value.key == "error.clock_pause_not_allowed"
        assert book.clock("reply").due_on == date(2026, 10, 22)

    def test_moves_date_and_timers_by_the_extension_and_keeps_the_raw_date(self, any_book):
        any_book.file()
        adopt(any_book, "zhejiang")
        before = {row.id: row.due_at for row in any_book.all(Timer, clock_name="reply")}

        change(
            any_book,
            EntryKind.EXTENDED,
            "2026-09-28",
            reason="情况复杂",
            days=5,
            approved_by="省发展改革部门负责人",
        )

        clock = any_book.clock("reply")
        assert (clock.raw_due_on, clock.due_on) == (date(2026, 10, 22), date(2026, 10, 29))
        after = {row.id: row.due_at for row in any_book.all(Timer, clock_name="reply")}
        assert all(after[key] > at for key, at in before.items())

    def test_needs_the_approval_that_the_rule_names(self, book):
        book.file()
        adopt(book, "zhejiang")

        with pytest.raises(NotAllowed) as refused:
            change(book, EntryKind.EXTENDED, "2026-09-28", reason="情况复杂", days=5)

        assert refused.value.key == "error.clock_extension_approval"

    def test_has_no_timer_while_it_is_paused_and_gives_the_days_back(self, book):
        book.file()
        adopt(book, "henan")

        change(book, EntryKind.PAUSED, "2026-09-28", reason="委托鉴定")

        assert book.clock("reply").due_on is None
        assert all(row.due_at is None for row in book.all(Timer, clock_name="reply"))

        book.go_on("2026-10-09")
        change(book, EntryKind.RESUMED, "2026-10-09", reason="鉴定完毕")

        clock = book.clock("reply")
        # 29 and 30 September, 8 and 9 October were paused: four working days come back.
        assert (clock.raw_due_on, clock.due_on) == (date(2026, 10, 22), date(2026, 10, 28))
        assert all(row.due_at for row in book.all(Timer, clock_name="reply"))


class TestSupplementPolicy:
    def ask(self, book: Casebook) -> None:
        book.do(
            "task_formal_check", formal_outcome="supplement", supplement_list="授权委托书：缺原件"
        )

    def bring(self, book: Casebook) -> None:
        content: dict[str, object] = {"supplied_items": [], "materials": []}
        book.run(
            lambda unit: file_supplement(unit, book.desk, case_id=book.case_id, content=content)
        )

    def test_lets_the_reply_clock_go_on_in_jilin(self, book):
        book.file()
        self.ask(book)

        assert book.clock("reply").status == "running"
        assert book.clock("reply").due_on == date(2026, 10, 22)

    def test_pauses_it_where_a_confirmed_provision_says_so(self, book):
        adopt_supplement_policy(book, "pause")
        book.file()
        self.ask(book)

        assert book.clock("reply").status == "paused"

        book.go_on("2026-09-28")
        self.bring(book)

        clock = book.clock("reply")
        # Asked on the day of receipt, brought on the first working day: one day comes back.
        assert (clock.raw_due_on, clock.due_on) == (date(2026, 10, 22), date(2026, 10, 23))

    def test_starts_it_anew_where_a_confirmed_provision_says_so(self, book):
        adopt_supplement_policy(book, "restart")
        book.file()
        self.ask(book)
        book.go_on("2026-09-28")

        self.bring(book)

        clock = book.clock("reply")
        assert (clock.raw_due_on, clock.start_on) == (date(2026, 10, 22), date(2026, 9, 28))
        assert clock.due_on == date(2026, 10, 23)
