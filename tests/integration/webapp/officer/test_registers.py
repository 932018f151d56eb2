"""The pages of the registers: found, entered, refused with the rule, published by two persons."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest

from tests.integration.webapp.factory import Office, Officer, Page
from webapp.demo.fill_registers import fill_registers
from webapp.importing.run_imports import ImportRunner
from workflows.models import (
    Commitment,
    CreditList,
    CreditListEntry,
    CreditRecord,
    ImportJob,
    ReadEntry,
    RecordQuery,
    Sanction,
    Subject,
)

CODE = "11220500MB81744944"
NUMBER = "XY-220500-2026-00011"


def row(office: Office, model: Any, **wanted: Any) -> Any:
    with office.reading() as session:
        return session.query(model).filter_by(**wanted).one()


def person_record(office: Office) -> str:
    with office.reading() as session:
        found = next(each for each in session.query(CreditRecord) if each.subject.is_natural_person)
        return str(found.id)


def record_form(office: Office, **changes: str) -> dict[str, str]:
    with office.reading() as session:
        body = session.query(CreditRecord).filter_by(number=NUMBER).one().recogniser_id
    form = {
        "place": "new",
        "number": "XY-220500-2026-00950",
        "title": "未按合同支付采购资金",
        "catalogue_item": "gov.default",
        "area": "procurement",
        "source_kind": "accountability",
        "default_type": "no_payment",
        "base_document": "通市住建问〔2026〕3号",
        "base_document_on": "2026-09-01",
        "recogniser_id": body,
        "lawful_basis": "《优化营商环境条例》第三十一条",
        "items": "欠付金额：38.6 万元",
    }
    return {**form, **changes}


def enter_record(office: Office, who: Officer, status: int = 302, **changes: str) -> Page:
    subject = row(office, Subject, credit_code=CODE)
    path = f"/registers/subjects/{subject.id}/records/new"
    return who.post(path, record_form(office, **changes), status=status)


class TestSearch:
    @pytest.mark.parametrize("words", ["柳林开发区", CODE, NUMBER, "拖欠工程款"])
    def test_finds_by_name_identifier_and_number(self, office, words):
        page = office.person("wangmin").get(f"/registers?q={words}")

        assert NUMBER in page.said

    def test_finds_a_person_by_the_whole_name_and_shows_the_masked_one(self, office):
        who = office.person("wangmin")

        found = who.get("/registers?q=邵明川")
        part = who.get("/registers?q=邵明")

        assert "邵某某" in found.said
        assert "邵明川" not in found.said
        assert "邵某某" not in part.said

    def test_shows_the_window_no_person(self, office):
        page = office.person("qianyu").get("/registers?q=邵明川")

        assert "邵某某" not in page.said

    def test_is_for_no_administrator(self, office):
        office.person("dongjie").get("/registers", status=403)


class TestSubjectPage:
    def test_shows_records_cases_and_who_asked(self, office):
        office.file(NUMBER)
        subject = row(office, Subject, credit_code=CODE)

        page = office.person("wangmin").get(f"/registers/subjects/{subject.id}")

        assert CODE in page.said
        assert NUMBER in page.said
        assert "YY-220500-2026-00001" in page.said
        assert "投标资格审查" in page.said

    def test_of_a_person_is_not_found_by_the_window(self, office):
        with office.reading() as session:
            person = next(each for each in session.query(Subject) if each.is_natural_person).id

        office.person("qianyu").get(f"/registers/subjects/{person}", status=404)


class TestRecordPage:
    def test_of_a_person_opens_after_a_purpose_is_stated(self, office):
        who, record_id = office.person("wangmin"), person_record(office)
        path = f"/registers/records/{record_id}"

        closed = who.get(path)
        refused = who.post(
            f"{path}/queries", {"place": "query", "purpose_code": "other"}, status=422
        )
        who.post(f"{path}/queries", {"place": "query", "purpose_code": "promotion"})
        opened = who.get(path)

        assert "先写明查询事由" in closed.said
        assert "版本" not in closed.said
        assert refused.problems
        assert "版本" in opened.said
        asked = row(office, RecordQuery, record_id=record_id, purpose_code="promotion")
        assert "王敏" in asked.queried_by

    def test_is_kept_as_read(self, office):
        record = row(office, CreditRecord, number=NUMBER)

        office.person("wangmin").get(f"/registers/records/{record.id}")

        assert row(office, ReadEntry, what=f"record:{NUMBER}")

    def test_says_what_it_rests_on(self, office):
        record = row(office, CreditRecord, number=NUMBER)

        page = office.person("wangmin").get(f"/registers/records/{record.id}")

        for words in ("归集依据", "政府和社会资本合作项目失信违约", "数源单位", "限制评优评先"):
            assert words in page.said

    def test_lets_the_source_unit_alone_change_a_value(self, office):
        record = row(office, CreditRecord, number=NUMBER)
        form = {"place": "value", "title": "拖欠工程款（部分）", "items": "拖欠金额：1 元"}
        form["reason"] = "付款凭证"
        path = f"/registers/records/{record.id}/values"

        refused = office.person("wangmin").post(path, form, status=403)
        office.person("gaoyuan").post(path, form)

        assert "数源单位" in refused.said
        assert row(office, CreditRecord, number=NUMBER).title == "拖欠工程款（部分）"


class TestEntering:
    def test_refuses_what_may_not_be_collected_and_shows_the_rule(self, office):
        who = office.person("wangmin")

        refused = enter_record(office, who, status=422, items="宗教信仰：无")

        assert "山东省社会信用条例 第四十二条" in refused.said
        assert "R18" in refused.said
        assert refused.value("title") == "未按合同支付采购资金"
        enter_record(office, who)
        assert row(office, CreditRecord, number="XY-220500-2026-00950").is_published is False

    def test_sends_twice_and_enters_once(self, office):
        who = office.person("wangmin")

        enter_record(office, who, command_id="once")
        enter_record(office, who, command_id="once")

        assert row(office, CreditRecord, number="XY-220500-2026-00950")

    def test_of_a_subject_needs_a_valid_code(self, office):
        who = office.person("wangmin")
        form = {"place": "new", "kind": "enterprise", "name": "甲公司", "division_code": "220500"}

        bad = who.post(
            "/registers/subjects/new", {**form, "code": "91310115MA1H8R7C6D"}, status=422
        )
        who.post("/registers/subjects/new", {**form, "code": "91350100M000100Y43"})

        assert "校验位" in bad.said
        assert row(office, Subject, credit_code="91350100M000100Y43").name == "甲公司"

    def test_is_not_for_the_reviewer(self, office):
        office.person("liuchang").get("/registers/subjects/new", status=403)


class TestPublication:
    def test_goes_through_two_persons(self, office):
        clerk, approver = office.person("wangmin"), office.person("chenlixin")
        enter_record(office, clerk)
        record = row(office, CreditRecord, number="XY-220500-2026-00950")
        path = f"/registers/records/{record.id}"
        form = {"place": "publish", "basis": "吉政办发〔2017〕75号", "tier": ""}
        form["basis_rank"] = "policy_document"
        grounds = ("information_security", "state_secret", "trade_secret", "privacy")

        refused = clerk.post(
            f"{path}/publication", {**form, **dict.fromkeys(grounds[:3], "clear")}, status=422
        )
        clerk.post(f"{path}/publication", {**form, **dict.fromkeys(grounds, "clear")})
        page = approver.get(path)
        decide = page.tree.xpath("//form[.//button[@value='approve']]/@action")[0]
        clerk.post(decide, {"decision": "approve"}, status=403)
        approver.post(decide, {"place": "decide", "decision": "approve"})

        assert "R21" in refused.said
        shown = row(office, CreditRecord, id=record.id)
        assert (shown.publicity_state, shown.published_on) == ("published", date(2026, 10, 13))
        clerk.post(f"{path}/publication/end", {"place": "end", "reason": "已履行"})
        assert row(office, CreditRecord, id=record.id).publicity_state == "ended"


class TestSanction:
    def test_is_entered_with_law_and_list_item_and_lifted(self, office):
        who = office.person("wangmin")
        record = row(office, CreditRecord, number=NUMBER)
        with office.reading() as session:
            body = session.query(Sanction).filter_by(record_id=record.id).first().department_id
        path = f"/registers/records/{record.id}/sanctions"
        form = {
            "place": "sanction",
            "department_id": body,
            "measure_key": "pilots",
            "legal_basis": "关于健全社会信用体系的意见 二(一)",
            "basis_rank": "policy_document",
            "document": "通财函〔2026〕5号",
            "imposed_on": "2026-10-01",
        }

        refused = who.post(path, form, status=422)
        who.post(path, {**form, "basis_rank": "central_policy"})
        entered = row(office, Sanction, measure_key="pilots")
        who.post(
            f"{path}/{entered.id}/lifting",
            {"lifted_on": "2026-10-12", "lifted_document": "通财函〔2026〕9号"},
        )

        assert "N27" in refused.said
        assert row(office, Sanction, id=entered.id).status == "lifted"


class TestListsAndCommitments:
    @pytest.fixture
    def filled(self, office: Office) -> Office:
        desk = office.parts
        fill_registers(desk.sessions, desk.desk, office_id=office.office_id, now=office.clock.now())
        return office

    def test_are_filled_once_in_the_demo(self, filled):
        desk = filled.parts
        fill_registers(desk.sessions, desk.desk, office_id=filled.office_id, now=filled.clock.now())

        with filled.reading() as session:
            assert session.query(CreditList).count() == 3
            assert session.query(Commitment).count() == 4
            assert session.query(CreditListEntry).count() == 2

    def test_show_what_makes_a_list_valid_and_let_a_second_person_approve(self, filled):
        waiting = row(filled, CreditList, status="proposed")
        path = f"/registers/lists/{waiting.id}"

        page = filled.person("chenlixin").get(path)
        for words in ("认定依据", "认定标准", "认定程序", "异议途径", "退出机制"):
            assert words in page.said
        filled.person("chenlixin").post(f"{path}/decision", {"decision": "approve"})

        assert row(filled, CreditList, id=waiting.id).status == "active"

    def test_refuse_a_list_without_an_exit_rule(self, filled):
        keeper = row(filled, CreditList, status="proposed").keeper_id
        form = {"place": "new", "kind": "watch", "name": "新名单", "keeper_id": keeper}
        form |= {"valid_from": "2026-10-01", "basis": "甲", "standard": "乙"}
        form |= {"procedure": "丙", "objection_route": "丁", "exit_rule": " "}

        page = filled.person("wangmin").post("/registers/lists", form, status=422)

        assert "R17" in page.said

    def test_put_a_subject_on_a_list_and_take_it_off(self, filled):
        active = row(filled, CreditList, kind="sanction")
        who, path = filled.person("wangmin"), f"/registers/lists/{active.id}"
        form = {"place": "enter", "subject_code": CODE, "base_kind": "judgment"}
        form |= {"base_document": "判决", "severity": "严重", "entered_on": "2026-10-10"}

        refused = who.post(f"{path}/entries", form, status=422)
        who.post(f"{path}/entries", {**form, "warned_on": "2026-10-01"})
        subject = row(filled, Subject, credit_code=CODE)
        entry = row(filled, CreditListEntry, subject_id=subject.id)
        who.post(
            f"{path}/entries/{entry.id}/leaving",
            {"left_on": "2026-10-12", "left_reason": "履行完毕", "left_document": "决定"},
        )

        assert "R53" in refused.said
        assert row(filled, CreditListEntry, id=entry.id).left_on == date(2026, 10, 12)

    def test_enter_and_check_a_commitment(self, filled):
        who = filled.person("wangmin")
        keeper = row(filled, CreditList, status="proposed").keeper_id
        form = {"place": "new", "number": "CN-9", "subject_code": CODE, "kind": "approval"}
        form |= {"received_by_id": keeper, "approved_on": "2026-09-01", "promised": "材料真实"}
        form["approval_document"] = "许可一号"

        refused = who.post("/registers/commitments", form, status=422)
        who.post("/registers/commitments", {**form, "check_due_on": "2026-11-01"})
        found = row(filled, Commitment, number="CN-9")
        who.post(
            f"/registers/commitments/{found.id}/check",
            {"result": "kept", "checked_on": "2026-10-12", "finding": "一致"},
        )

        assert "没有现行规则给出期限" in refused.said
        assert row(filled, Commitment, number="CN-9").status == "kept"

    def test_show_the_catalogue_with_what_is_unconfirmed(self, filled):
        page = filled.person("zhaolin").get("/registers/catalogue")
        assert "没有法律依据，不能使用" in page.said

        form = {"key": "commitment", "against_text": "全国目录2024年版，核对原文第八类"}
        filled.person("zhaolin").post("/registers/catalogue", form)
        again = filled.person("zhaolin").get("/registers/catalogue")

        assert again.said.count("未经确认，不能使用") == page.said.count("未经确认，不能使用") - 1


class TestImport:
    def upload(self, who: Officer, content: bytes, status: int = 302) -> Page:
        form = {"place": "new", "kind": "subjects", "file": (io.BytesIO(content), "表.csv")}
        return who.post("/registers/imports", form, status=status)

    def test_goes_from_upload_to_applied_with_a_report(self, office):
        who = office.person("wangmin")
        template = who.get("/registers/imports/templates/subjects.csv").text
        heads = template.splitlines()[0].lstrip("\ufeff")
        lines = [heads, "企业,甲公司,91350100M000100Y43,220500,,", "企业,,91310115MA1H8R7C6D,2,,"]
        page = self.upload(who, "\n".join(lines).encode("gb18030"))
        path = page.place

        assert "核对中" in who.get(path).said
        runner = ImportRunner(office.parts.sessions, office.parts.desk, now=office.clock.now)
        runner.run(seconds=30)
        checked = who.get(path)
        report = who.get(f"{path}/report.csv?lang=en")
        who.post(f"{path}/apply")
        runner.run(seconds=30)

        assert "待导入" in checked.said and "校验位" in checked.said
        assert "Line,Column,Problem" in report.text
        assert "Name" in report.text
        assert row(office, ImportJob, kind="subjects").counts == {
            "new": 0,
            "wrong": 1,
            "applied": 1,
        }
        assert row(office, Subject, credit_code="91350100M000100Y43").name == "甲公司"

    def test_refuses_what_is_no_table(self, office):
        page = self.upload(office.person("wangmin"), b"%PDF-1.7", status=422)

        assert "Excel" in page.said

    def test_has_excel_templates(self, office):
        answer = office.person("wangmin").client.get("/registers/imports/templates/records.xlsx")

        assert answer.status_code == 200
        assert answer.data[:2] == b"PK"

    def test_is_for_those_who_import(self, office):
        office.person("gaoyuan").get("/registers/imports", status=403)
