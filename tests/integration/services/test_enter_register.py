"""What enters the registers, what is refused with its rule, and who may see it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from tests.integration.casebook import RECORD, Casebook, at
from workflows.errors import Conflict, InvalidAnswer, NotAllowed, NotFound
from workflows.models import CreditRecord, Event, Post, RecordVersion, Subject
from workflows.services.change_value import change_value
from workflows.services.enter_record import NewRecord, enter_record
from workflows.services.find_registered import (
    get_visible_record,
    list_records_of,
    search_records,
    search_subjects,
)
from workflows.services.keep_catalogue import (
    NewSupplement,
    confirm_entry,
    decide_supplement,
    find_item,
    propose_supplement,
)
from workflows.services.keep_subjects import NewSubject, enter_subject, succeed_subject

# Valid by GB 32100 and GB 11643, and in nobody's possession.
BODY_CODE = "11220500MB81744944"
NEW_BODY = NewSubject(
    kind="government_body",
    name="通化市测试管理局",
    code="11320000MB151840XJ",
    division_code="220500",
)
ADULT = NewSubject(
    kind="natural_person", name="周晓航", code="11010519491231002X", division_code="220500"
)


def subject_of(book: Casebook, code: str = BODY_CODE) -> Subject:
    return book.all(Subject, credit_code=code)[0]


def record_entry(book: Casebook, **changes: Any) -> NewRecord:
    """Return a record of a government body that nothing speaks against."""
    entry = NewRecord(
        number="XY-220500-2026-00901",
        subject_id=subject_of(book).id,
        recogniser_id=book.body("THHUD").id,
        catalogue_item="gov.default",
        area="procurement",
        title="未按合同支付采购资金",
        source_kind="accountability",
        base_document="通市住建问〔2026〕3号",
        base_document_on=date(2026, 9, 1),
        lawful_basis="《优化营商环境条例》第三十一条",
        items=({"name": "欠付金额", "value": "38.6 万元"},),
        default_type="no_payment",
    )
    return replace(entry, **changes)


def enter(book: Casebook, entry: NewRecord, username: str = "wangmin") -> dict[str, Any]:
    actor = book.person(username)
    return book.run(lambda work: enter_record(work, book.desk, entry=entry), actor=actor)


def refused(book: Casebook, entry: NewRecord) -> InvalidAnswer:
    with pytest.raises(InvalidAnswer) as refusal:
        enter(book, entry)
    assert book.all(CreditRecord, number=entry.number) == []
    return refusal.value


def minor_number(book: Casebook) -> str:
    """Return a valid number of somebody born in 2012."""
    from stdnum.cn import ric

    stem = "22050220120415021"
    return stem + ric.calc_check_digit(f"{stem}0")


class TestSubject:
    def test_enters_once_by_a_valid_code(self, any_book):
        book = any_book
        actor = book.person("wangmin")

        first = book.run(lambda w: enter_subject(w, book.desk, entry=NEW_BODY), actor=actor)
        again = book.run(lambda w: enter_subject(w, book.desk, entry=NEW_BODY), actor=actor)

        assert first["is_new"] and not again["is_new"]
        assert first["subject_id"] == again["subject_id"]

    @pytest.mark.parametrize("code", ["91350100M000100Y4Z", "91310115MA1H8R7C6D", "12345"])
    def test_refuses_a_code_that_cannot_exist(self, book, code):
        entry = replace(NEW_BODY, code=code)

        with pytest.raises(InvalidAnswer) as refusal:
            book.run(lambda work: enter_subject(work, book.desk, entry=entry))

        assert "code" in refusal.value.fields

    def test_refuses_a_province_that_does_not_exist(self, book):
        with pytest.raises(InvalidAnswer) as refusal:
            book.run(
                lambda work: enter_subject(
                    work, book.desk, entry=replace(NEW_BODY, division_code="990000")
                )
            )

        assert refusal.value.fields == {"division_code": ["check.division_unknown"]}

    def test_refuses_another_name_for_a_known_code(self, book):
        with pytest.raises(Conflict):
            book.run(
                lambda work: enter_subject(work, book.desk, entry=replace(NEW_BODY, code=BODY_CODE))
            )

    def test_keeps_a_person_masked_and_sealed(self, any_book):
        book = any_book
        result = book.run(lambda work: enter_subject(work, book.desk, entry=ADULT))

        person = book.all(Subject, id=result["subject_id"])[0]

        assert person.name == "周某某"
        assert person.credit_code is None
        assert ADULT.code.encode() not in bytes(person.identity_number or b"")
        with book.read() as session:
            opened = book.desk.vault.open(session, owner_id=person.id, value=person.full_name)
        assert opened == "周晓航"

    def test_ends_with_a_successor(self, book):
        new = book.run(lambda work: enter_subject(work, book.desk, entry=NEW_BODY))["subject_id"]
        old = subject_of(book).id

        book.run(
            lambda work: succeed_subject(
                work,
                book.desk,
                subject_id=old,
                successor_id=new,
                on=date(2026, 9, 1),
                reason="机构合并",
            )
        )

        ended = book.all(Subject, id=old)[0]
        assert (ended.valid_to, ended.succeeded_by_id) == (date(2026, 9, 1), new)


class TestRecord:
    def test_is_entered_unpublished_with_its_first_version(self, any_book):
        book = any_book
        result = enter(book, record_entry(book))

        record = book.all(CreditRecord, id=result["record_id"])[0]
        versions = book.all(RecordVersion, record_id=record.id)

        assert record.publicity_state == "unpublished"
        assert record.changing_unit_id == book.body("THHUD").id
        assert [each.version for each in versions] == [1]
        assert [each.kind for each in book.all(Event, kind="record_entered")] == ["record_entered"]

    def test_is_entered_once(self, book):
        first = enter(book, record_entry(book))
        again = enter(book, record_entry(book))

        assert again == {"record_id": first["record_id"], "is_new": False}

    def test_does_not_take_the_number_of_another(self, book):
        with pytest.raises(InvalidAnswer) as refusal:
            enter(book, record_entry(book, number=RECORD))

        assert "number" in refusal.value.fields

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"catalogue_item": "invented"}, "catalogue_item"),
            ({"catalogue_item": "commitment"}, "catalogue_item"),
            ({"catalogue_item": "abnormal_list"}, "catalogue_item"),
            ({"lawful_basis": " "}, "lawful_basis"),
            ({"area": "statistics", "default_type": ""}, "area"),
            ({"source_kind": "sanction"}, "source_kind"),
            ({"area": "ppp"}, "default_type"),
            ({"base_document_on": date(2026, 9, 25)}, "base_document_on"),
            ({"recogniser_id": "0" * 32}, "recogniser_id"),
            ({"tier": "fatal"}, "tier"),
        ],
    )
    def test_is_refused_by_field(self, book, changes, field):
        refusal = refused(book, record_entry(book, **changes))

        assert field in refusal.fields

    @pytest.mark.parametrize(
        ("changes", "rule"),
        [
            ({"items": ({"name": "宗教信仰", "value": "无"},)}, "R18, N18"),
            ({"title": "绝密文件泄露"}, "R18"),
            ({"items": ({"name": "说明", "value": "其血型为 A 型"},)}, "R18, N18"),
        ],
    )
    def test_is_refused_what_may_not_be_collected_with_the_rule(self, book, changes, rule):
        refusal = refused(book, record_entry(book, **changes))

        assert refusal.key == "check.prohibited"
        assert refusal.facts["rule"] == rule
        assert refusal.facts["source"]

    def test_may_name_an_authority_whose_name_holds_the_word(self, book):
        items = ({"name": "认定单位", "value": "市疾病预防控制中心、市宗教局"},)

        assert enter(book, record_entry(book, items=items))["is_new"]

    def test_may_speak_of_a_bodys_income_but_not_of_a_persons(self, book):
        person = book.run(lambda work: enter_subject(work, book.desk, entry=ADULT))["subject_id"]
        items = ({"name": "收入", "value": "隐瞒不报"},)

        assert enter(book, record_entry(book, items=items))["is_new"]
        refusal = refused(
            book,
            record_entry(
                book,
                number="XY-220500-2026-00902",
                subject_id=person,
                catalogue_item="penalty",
                items=items,
            ),
        )
        assert refusal.facts["word"] == "收入"

    def test_is_refused_an_identity_number_in_a_text(self, book):
        refusal = refused(book, record_entry(book, title=f"承办人 {ADULT.code} 拖欠"))

        assert refusal.key == "check.identity_number_in_text"
        assert ADULT.code not in str(refusal)

    def test_of_a_department_is_entered_by_that_department(self, book):
        entry = record_entry(book)

        assert enter(book, entry, "gaoyuan")["is_new"]
        with pytest.raises(NotAllowed):
            enter(book, replace(entry, number="XY-220500-2026-00903"), "majun")

    def test_of_an_act_as_a_minor_is_protected(self, book):
        young = replace(ADULT, code=minor_number(book))
        person = book.run(lambda work: enter_subject(work, book.desk, entry=young))["subject_id"]

        result = enter(
            book, record_entry(book, subject_id=person, catalogue_item="penalty", default_type="")
        )

        assert book.all(CreditRecord, id=result["record_id"])[0].is_protected


class TestValue:
    def test_is_changed_by_its_source_unit_alone(self, any_book):
        book = any_book
        record = book.all(CreditRecord, number=RECORD)[0]

        def change(work):
            return change_value(
                work,
                record_id=record.id,
                title="拖欠工程款（已付部分）",
                items=({"name": "拖欠金额", "value": "40 万元"},),
                reason="付款凭证",
            )

        with pytest.raises(NotAllowed):
            book.run(change, actor=book.person("majun"))
        first = book.run(change, actor=book.person("gaoyuan"))
        again = book.run(change, actor=book.person("gaoyuan"))

        assert first["version"] == again["version"] == 2
        assert book.all(CreditRecord, id=record.id)[0].title == "拖欠工程款（已付部分）"
        former = book.all(RecordVersion, record_id=record.id, version=1)[0]
        assert former.content["title"] == "拖欠工程款"


class TestCatalogue:
    def test_item_counts_once_the_legal_reviewer_has_confirmed_it(self, book):
        def confirm(work):
            return confirm_entry(
                work, key="commitment", against_text="全国目录2024年版 第八类（核对原文）"
            )

        with pytest.raises(NotAllowed):
            book.run(confirm, actor=book.person("wangmin"))
        book.run(confirm, actor=book.person("zhaolin"))

        assert enter(book, record_entry(book, catalogue_item="commitment"))["is_new"]

    def test_measure_of_a_plan_is_never_confirmed(self, book):
        with pytest.raises(NotAllowed) as refusal:
            book.run(
                lambda work: confirm_entry(
                    work, key="market_ban", against_text="规划第四章四2，逐字核对"
                ),
                actor=book.person("zhaolin"),
            )

        assert refusal.value.facts["rule"] == "N26, N27"

    def test_supplement_needs_a_law_and_a_second_person(self, any_book):
        book = any_book
        entry = NewSupplement(
            kind="item",
            key="local.heating",
            name="供热欠费",
            name_en="Heating arrears",
            group="公用事业",
            division_code="220000",
            lawful_basis="吉林省社会信用条例",
            basis_rank="policy_document",
        )
        with pytest.raises(InvalidAnswer):
            book.run(lambda w: propose_supplement(w, entry=entry), actor=book.person("wangmin"))

        lawful = replace(entry, basis_rank="local_regulation")
        result = book.run(
            lambda w: propose_supplement(w, entry=lawful), actor=book.person("wangmin")
        )
        with book.read() as session:
            assert find_item(session, office_id=book.office_id, key=entry.key, on=at_day()) is None
        book.run(
            lambda w: decide_supplement(w, supplement_id=result["supplement_id"], agrees=True),
            actor=book.person("chenlixin"),
        )

        with book.read() as session:
            found = find_item(session, office_id=book.office_id, key=entry.key, on=at_day())
        assert found is not None and found.division == "22"


def at_day() -> date:
    return at("2026-09-24").date()


class TestSight:
    def test_person_is_found_by_whole_name_or_number_and_never_by_a_part(self, any_book):
        book = any_book

        def found(text: str, username: str = "wangmin") -> list[str]:
            with book.read() as session:
                rows = search_subjects(
                    session,
                    text=text,
                    actor=book.person(username),
                    office_id=book.office_id,
                    vault=book.desk.vault,
                )
                return [row.name for row in rows]

        assert found("邵明川") == ["邵某某"]
        assert found("220502198204150211") == ["邵某某"]
        assert found("邵") == []
        assert found("邵某") == []
        assert "通化市柳林开发区管理委员会" in found("柳林")
        assert found("邵明川", "qianyu") == []

    def test_person_is_hidden_from_the_employer(self, book):
        person = next(each for each in book.all(Subject) if each.name == "邵某某")
        record = book.all(CreditRecord, subject_id=person.id)[0]
        employer = book.all(Post, organisation_id=person.employer_id)[0]

        with book.read() as session, pytest.raises(NotFound):
            get_visible_record(
                session,
                record_id=record.id,
                actor=book.actor_of(employer),
                office_id=book.office_id,
            )

    def test_department_sees_what_it_recognised_or_sanctions(self, book):
        with book.read() as session:
            rows = search_records(
                session,
                text="",
                actor=book.person("gaoyuan"),
                office_id=book.office_id,
                vault=book.desk.vault,
            )
            own = book.body("THHUD").id
            assert rows
            for row in rows:
                hangs = {each.department_id for each in sanctions(session, row.id)}
                assert own in {row.recogniser_id, row.source_unit_id, *hangs}

    def test_protected_record_is_not_listed_to_the_window(self, book):
        record = book.all(CreditRecord, number=RECORD)[0]

        def protect(work):
            work.session.get(CreditRecord, record.id).is_protected = True

        book.run(protect)

        with book.read() as session:
            seen = [
                len(
                    list_records_of(
                        session,
                        subject_id=record.subject_id,
                        actor=book.person(username),
                        office_id=book.office_id,
                    )
                )
                for username in ("wangmin", "qianyu")
            ]
        assert seen[0] == seen[1] + 1


def sanctions(session, record_id):
    from workflows.models import Sanction

    return session.scalars(select(Sanction).where(Sanction.record_id == record_id)).all()
