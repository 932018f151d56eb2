"""Publicity, measures, lists and commitments: what the law asks before each of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.integration.casebook import RECORD, Casebook, at
from workflows.errors import Conflict, InvalidAnswer, NotAllowed
from workflows.models import Commitment, CreditListEntry, CreditRecord, RecordQuery, Sanction
from workflows.rules.catalogue import read_words
from workflows.rules.packs import RuleBook
from workflows.services.add_sanction import NewSanction, add_sanction, lift_by_hand
from workflows.services.keep_commitments import (
    NewCommitment,
    add_commitment,
    check_commitment,
    list_commitments,
)
from workflows.services.keep_lists import (
    NewEntry,
    NewList,
    decide_list,
    define_list,
    enter_on_list,
    leave_list,
)
from workflows.services.log_query import log_query
from workflows.services.publish_record import (
    PublicationRequest,
    decide_publication,
    end_expired,
    end_publication,
    period_of,
    propose_publication,
)

CLEAR = dict.fromkeys(read_words("exclusions"), "clear")
# A product-quality penalty of a company, and a civil servant's record.
COMPANY_RECORD = "XY-220000-2026-00031"


def record_of(book: Casebook, number: str = RECORD) -> CreditRecord:
    return book.all(CreditRecord, number=number)[0]


def person_record(book: Casebook) -> CreditRecord:
    return next(each for each in book.all(CreditRecord) if each.subject.is_natural_person)


def hide(book: Casebook, record: CreditRecord) -> None:
    book.run(lambda work: end_publication(work, record_id=record.id, reason="测试前撤下"))


def asked(record: CreditRecord, **changes: Any) -> PublicationRequest:
    request = PublicationRequest(
        record_id=record.id,
        exclusions=CLEAR,
        basis="国办发〔2025〕22号 二",
        basis_rank="policy_document",
        tier="general",
    )
    return replace(request, **changes)


def propose(book: Casebook, request: PublicationRequest, by: str = "wangmin") -> str:
    result = book.run(
        lambda work: propose_publication(work, book.desk, request=request), actor=book.person(by)
    )
    return str(result["publication_id"])


def decide(book: Casebook, publication_id: str, by: str = "chenlixin") -> dict[str, Any]:
    return book.run(
        lambda work: decide_publication(
            work, book.desk, publication_id=publication_id, agrees=True
        ),
        actor=book.person(by),
    )


class TestPublication:
    def test_takes_two_persons(self, any_book):
        book = any_book
        record = record_of(book, COMPANY_RECORD)
        hide(book, record)

        proposal = propose(book, asked(record))

        with pytest.raises(NotAllowed):
            decide(book, proposal, by="wangmin")
        assert record_of(book, COMPANY_RECORD).publicity_state == "ended"
        decide(book, proposal)
        shown = record_of(book, COMPANY_RECORD)
        assert shown.publicity_state == "published"
        with pytest.raises(Conflict):
            decide(book, proposal)

    def test_has_the_period_of_its_tier_with_the_rule(self, book):
        record = record_of(book, COMPANY_RECORD)
        hide(book, record)

        decide(book, propose(book, asked(record)))

        shown = record_of(book, COMPANY_RECORD)
        assert shown.published_on == date(2026, 9, 24)
        assert shown.publicity_min_on == date(2026, 12, 24)
        # The rule on the start is unconfirmed: the longest period counts from the penalty.
        assert shown.base_document_on == date(2026, 7, 8)
        assert shown.publicity_ends_on == date(2027, 7, 8)
        assert shown.publicity_rule["confirmed"] is False
        assert {"rep.tier.general.max", "rep.periodStart"} <= {
            each["key"] for each in shown.publicity_rule["rules"]
        }

    @pytest.mark.parametrize("answer", ["excluded", ""])
    @pytest.mark.parametrize("ground", sorted(CLEAR))
    def test_is_refused_while_one_of_the_four_grounds_is_not_clear(self, book, ground, answer):
        record = record_of(book, COMPANY_RECORD)
        hide(book, record)

        with pytest.raises(InvalidAnswer) as refusal:
            propose(book, asked(record, exclusions={**CLEAR, ground: answer}))

        assert list(refusal.value.fields) == [ground]

    def test_of_a_person_needs_a_law_and_an_assessment(self, book):
        record = person_record(book)

        with pytest.raises(InvalidAnswer) as no_law:
            propose(book, asked(record))
        with pytest.raises(InvalidAnswer) as no_assessment:
            propose(book, asked(record, basis="个人信息保护法第二十七条", basis_rank="law"))

        assert no_law.value.fields == {"basis_rank": ["check.person_needs_law"]}
        assert no_assessment.value.fields == {"assessment": ["check.person_needs_assessment"]}
        assessment = "公开范围、影响和保护措施已逐项评估，见评估报告第 3 号；遮蔽姓名和证件号码。"
        law = asked(
            record,
            basis="个人信息保护法第二十七条",
            basis_rank="law",
            tier="",
            assessment=assessment,
        )
        with pytest.raises(NotAllowed):
            propose(book, replace(law, basis="某市条例第九条", basis_rank="local_regulation"))
        assert decide(book, propose(book, law))["status"] == "approved"

    def test_of_an_item_for_inner_use_is_refused(self, book):
        """R110, R92: the catalogue says of each item who may see it; some are never published."""
        record = record_of(book)

        def keep_inside(work):
            work.session.get_one(CreditRecord, record.id).catalogue_item = "official.file"
            return {}

        book.run(keep_inside)
        hide(book, record)
        with pytest.raises(NotAllowed) as refusal:
            propose(book, asked(record))

        assert refusal.value.facts["rule"] == "R110"

    def test_of_a_revoked_record_is_refused(self, book):
        record = record_of(book, COMPANY_RECORD)
        hide(book, record)

        def revoke(work):
            work.session.get(CreditRecord, record.id).status = "revoked"

        book.run(revoke)

        with pytest.raises(NotAllowed):
            propose(book, asked(record))

    def test_of_a_minors_act_is_refused(self, book):
        record = person_record(book)

        def protect(work):
            work.session.get(CreditRecord, record.id).is_protected = True

        book.run(protect)

        with pytest.raises(NotAllowed) as refusal:
            propose(book, asked(record, basis_rank="law", assessment="评" * 30))
        assert refusal.value.facts["rule"] == "R22"

    def test_ends_by_itself_after_its_longest_period(self, any_book):
        book = any_book
        record = record_of(book, COMPANY_RECORD)
        hide(book, record)
        decide(book, propose(book, asked(record)))

        book.now = at("2027-07-08")
        kept = book.run(lambda work: end_expired(work))
        book.now = at("2027-07-09")
        ended = book.run(lambda work: end_expired(work))

        assert (kept["ended"], ended["ended"]) == (0, 1)
        after = record_of(book, COMPANY_RECORD)
        assert (after.publicity_state, after.publicity_ended_on) == ("ended", date(2027, 7, 9))

    def test_has_no_period_where_no_rule_gives_one(self, book):
        record = record_of(book)

        found = period_of(
            RuleBook([]), record=record, tier="serious", published_on=date(2026, 9, 24)
        )

        assert (found.min_on, found.ends_on) == (None, None)


def sanction(book: Casebook, **changes: Any) -> NewSanction:
    entry = NewSanction(
        record_id=record_of(book).id,
        department_id=book.body("JLFIN").id,
        measure_key="fiscal_funds",
        legal_basis="关于健全社会信用体系的意见 二(一)",
        basis_rank="central_policy",
        document="吉财函〔2026〕12号",
        imposed_on=date(2026, 9, 20),
    )
    return replace(entry, **changes)


def impose(book: Casebook, entry: NewSanction, by: str = "wangmin") -> dict[str, Any]:
    return book.run(lambda work: add_sanction(work, entry=entry), actor=book.person(by))


class TestSanction:
    def test_is_entered_once_with_basis_and_list_item(self, any_book):
        book = any_book
        first, again = impose(book, sanction(book)), impose(book, sanction(book))

        row = book.all(Sanction, id=first["sanction_id"])[0]
        assert again["is_new"] is False
        assert row.measure_key == "fiscal_funds"
        assert "2024年版" in row.list_item
        assert row.legal_basis

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"legal_basis": ""}, "legal_basis"),
            ({"basis_rank": "policy_document"}, "basis_rank"),
            ({"measure_key": "invented"}, "measure_key"),
            ({"measure_key": "market_ban"}, "measure_key"),
            ({"measure_key": "focus_inspection"}, "measure_key"),
            ({"document": ""}, "document"),
            ({"imposed_on": date(2026, 9, 25)}, "imposed_on"),
            ({"ends_on": date(2026, 9, 1)}, "ends_on"),
        ],
    )
    def test_is_refused_without_what_the_law_asks(self, book, changes, field):
        before = len(book.all(Sanction))

        with pytest.raises(InvalidAnswer) as refusal:
            impose(book, sanction(book, **changes))

        assert field in refusal.value.fields
        assert len(book.all(Sanction)) == before

    def test_of_another_department_is_not_for_us(self, book):
        with pytest.raises(NotAllowed):
            impose(book, sanction(book), by="majun")

    def test_is_lifted_by_its_department_with_a_document(self, book):
        sanction_id = impose(book, sanction(book))["sanction_id"]

        def lift(work, document="吉财函〔2026〕20号", on=date(2026, 9, 24)):
            return lift_by_hand(work, sanction_id=sanction_id, lifted_on=on, document=document)

        with pytest.raises(NotAllowed):
            book.run(lift, actor=book.person("majun"))
        with pytest.raises(InvalidAnswer):
            book.run(lambda work: lift(work, document=""), actor=book.person("tangwei"))
        with pytest.raises(InvalidAnswer):
            book.run(lambda work: lift(work, on=date(2026, 9, 19)), actor=book.person("tangwei"))
        book.run(lift, actor=book.person("tangwei"))

        assert book.all(Sanction, id=sanction_id)[0].status == "lifted"


def new_list(book: Casebook, **changes: Any) -> NewList:
    entry = NewList(
        kind="sanction",
        name="通化市拖欠账款失信名单",
        keeper_id=book.body("THFIN").id,
        basis="依据条款",
        standard="认定标准",
        procedure="告知、复核、决定",
        objection_route="向认定部门或平台提出异议",
        exit_rule="履行完毕并满公示期",
        valid_from=date(2026, 9, 1),
    )
    return replace(entry, **changes)


def active_list(book: Casebook, **changes: Any) -> str:
    entry = new_list(book, **changes)
    list_id = str(
        book.run(lambda work: define_list(work, entry=entry), actor=book.person("wangmin"))[
            "list_id"
        ]
    )
    book.run(
        lambda work: decide_list(work, list_id=list_id, agrees=True),
        actor=book.person("chenlixin"),
    )
    return list_id


def new_entry(book: Casebook, list_id: str, **changes: Any) -> NewEntry:
    entry = NewEntry(
        list_id=list_id,
        subject_id=record_of(book).subject_id,
        base_kind="judgment",
        base_document="（2026）吉05民终212号",
        severity="拒不履行生效判决",
        entered_on=date(2026, 9, 20),
        warned_on=date(2026, 9, 1),
    )
    return replace(entry, **changes)


class TestList:
    @pytest.mark.parametrize(
        "need", ["basis", "standard", "procedure", "objection_route", "exit_rule"]
    )
    def test_is_invalid_without_any_of_the_five(self, book, need):
        with pytest.raises(InvalidAnswer) as refusal:
            book.run(lambda work: define_list(work, entry=new_list(book, **{need: " "})))

        assert refusal.value.fields == {need: ["check.list_needs"]}
        assert refusal.value.facts["rule"] == "R17"

    def test_is_entered_after_a_warning_and_left_by_its_rule(self, any_book):
        book = any_book
        list_id = active_list(book)

        with pytest.raises(InvalidAnswer) as unwarned:
            book.run(
                lambda work: enter_on_list(
                    work, book.desk, entry=new_entry(book, list_id, warned_on=None)
                )
            )
        assert unwarned.value.fields == {"warned_on": ["check.warning_first"]}
        entered = book.run(
            lambda work: enter_on_list(work, book.desk, entry=new_entry(book, list_id))
        )
        again = book.run(
            lambda work: enter_on_list(work, book.desk, entry=new_entry(book, list_id))
        )
        assert again["entry_id"] == entered["entry_id"]
        book.run(
            lambda work: leave_list(
                work,
                entry_id=entered["entry_id"],
                left_on=date(2026, 9, 24),
                reason="履行完毕",
                document="移出决定3号",
            )
        )
        assert book.all(CreditListEntry)[0].left_on == date(2026, 9, 24)

    def test_that_nobody_approved_takes_no_subject(self, book):
        list_id = book.run(lambda work: define_list(work, entry=new_list(book)))["list_id"]

        with pytest.raises(NotAllowed):
            book.run(lambda work: enter_on_list(work, book.desk, entry=new_entry(book, list_id)))

    def test_to_watch_needs_no_warning(self, book):
        list_id = active_list(book, kind="watch", name="重点关注对象名单")
        entry = new_entry(book, list_id, warned_on=None)

        result = book.run(lambda work: enter_on_list(work, book.desk, entry=entry))

        assert result["is_new"]


def promise(book: Casebook, **changes: Any) -> NewCommitment:
    entry = NewCommitment(
        number="CN-2025-001",
        subject_id=record_of(book, COMPANY_RECORD).subject_id,
        kind="approval",
        promised="提供的材料真实，符合许可条件。",
        received_by_id=book.body("THMKT").id,
        approved_on=date(2025, 10, 20),
        approval_document="通市监许〔2025〕7号",
    )
    return replace(entry, **changes)


class TestCommitment:
    def test_is_due_two_calendar_months_after_the_approval(self, any_book):
        book = any_book
        result = book.run(lambda work: add_commitment(work, book.desk, entry=promise(book)))

        assert result["check_due_on"] == "2025-12-22"  # the 20th is a Saturday
        row = book.all(Commitment)[0]
        assert row.check_rule["rules"] == ["R111"]

    def test_has_a_day_that_a_person_sets_where_no_rule_is_in_force(self, book):
        late = promise(book, approved_on=date(2026, 8, 3))

        with pytest.raises(InvalidAnswer) as refusal:
            book.run(lambda work: add_commitment(work, book.desk, entry=late))
        assert refusal.value.fields == {"check_due_on": ["check.no_rule_set_a_day"]}
        set_by_hand = replace(late, check_due_on=date(2026, 10, 3))
        book.run(lambda work: add_commitment(work, book.desk, entry=set_by_hand))

        assert book.all(Commitment)[0].check_rule == {"set_by_person": True}

    def test_that_was_broken_needs_the_revocation(self, book):
        commitment_id = book.run(lambda w: add_commitment(w, book.desk, entry=promise(book)))[
            "commitment_id"
        ]

        def check(work, document=""):
            return check_commitment(
                work,
                commitment_id=commitment_id,
                result="broken",
                finding="现场与承诺不符",
                checked_on=date(2026, 9, 24),
                revocation_document=document,
            )

        with pytest.raises(InvalidAnswer):
            book.run(check)
        book.run(lambda work: check(work, "通市监撤〔2026〕1号"))

        with book.read() as session:
            rows = list_commitments(session, office_id=book.office_id, status="broken")
        assert [row.id for row in rows] == [commitment_id]
        with pytest.raises(Conflict):
            book.run(
                lambda work: check_commitment(
                    work,
                    commitment_id=commitment_id,
                    result="kept",
                    finding="符合",
                    checked_on=date(2026, 9, 24),
                )
            )


class TestQuery:
    def test_has_a_purpose_code_or_words(self, book):
        def ask(work, **changes):
            details = {"queried_by": "通化市委组织部", "purpose": "", "purpose_code": "promotion"}
            record = work.session.get(CreditRecord, record_of(book).id)
            log_query(work, record=record, **{**details, **changes})

        book.run(ask)
        with pytest.raises(InvalidAnswer):
            book.run(lambda work: ask(work, purpose_code="other"))
        with pytest.raises(InvalidAnswer):
            book.run(lambda work: ask(work, purpose_code="curiosity"))

        row = book.all(RecordQuery, purpose_code="promotion")[0]
        assert row.purpose == "职务晋升"
