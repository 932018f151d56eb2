"""A table becomes registers: checked line by line, applied in batches, once, and after a crash."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook
from stdnum.cn import uscc

from tests.integration.casebook import Casebook
from webapp.importing.read_table import read_lines
from webapp.importing.run_imports import ImportRunner
from webapp.uploading import EXCEL
from workflows.errors import InvalidAnswer
from workflows.models import (
    Case,
    CreditRecord,
    ImportJob,
    ImportRow,
    Project,
    ProjectStage,
    RecordVersion,
    StageDuty,
    Subject,
    Task,
    Tenure,
)
from workflows.rules.catalogue import read_columns
from workflows.services.run_import import (
    approve_import,
    batch_command,
    check_batch,
    read_wrong_rows,
    start_import,
)

SUBJECT_HEADS = ("主体类别", "名称或姓名", "统一社会信用代码或公民身份号码", "行政区划代码")
RECORD_HEADS = (
    "number",
    "subject_code",
    "recogniser_code",
    "catalogue_item",
    "area",
    "title",
    "source_kind",
    "base_document",
    "base_document_on",
    "lawful_basis",
    "items",
    "tier",
)
CASE_HEADS = (
    "former_number",
    "subject_kind",
    "subject_name",
    "subject_code",
    "record_number",
    "body_code",
    "received_on",
    "statement",
)
PROJECT_HEADS = ("number", "name", "division_code", "begun_on", "coordinator_code")
TENURE_HEADS = (
    "project_number",
    "template",
    "stage",
    "department_code",
    "duty",
    "role",
    "post",
    "full_name",
    "valid_from",
    "valid_to",
)
BODY_CODE = "11220500MB81744944"


def company_code(number: int) -> str:
    """Return a valid code that differs for each number."""
    stem = f"91220500MA{number:07d}"
    return stem + uscc.calc_check_digit(stem)


def table(heads: Iterable[str], rows: Iterable[Iterable[str]], encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(heads)
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def companies(count: int) -> list[tuple[str, ...]]:
    return [("企业", f"导入公司{n}", company_code(n), "220500") for n in range(count)]


def record_row(number: str, **changes: str) -> tuple[str, ...]:
    row = dict(
        zip(
            RECORD_HEADS,
            (
                number,
                BODY_CODE,
                "THHUD",
                "政府机构失信违约记录",
                "政府采购",
                "未按合同支付采购资金",
                "问责处理",
                "通市住建问〔2026〕3号",
                "2026年5月18日",
                "《优化营商环境条例》第三十一条",
                "欠付金额：38.6 万元；起止日期：2025-06-30 至今",
                "严重",
            ),
            strict=True,
        )
    )
    return tuple({**row, **changes}.values())


class Desk:
    """Somebody who imports."""

    def __init__(self, book: Casebook) -> None:
        self.book = book
        self.runner = ImportRunner(book.sessions, book.desk, now=lambda: book.now)

    def upload(self, kind: str, content: bytes, media_type: str = "text/plain") -> str:
        digest = self.book.desk.files.put(content)
        result = self.book.run(
            lambda work: start_import(
                work,
                kind=kind,
                file_name="表.csv",
                sha256=digest,
                media_type=media_type,
                size=len(content),
            ),
            actor=self.book.person("wangmin"),
        )
        return str(result["job_id"])

    def check(self, kind: str, content: bytes, media_type: str = "text/plain") -> ImportJob:
        job_id = self.upload(kind, content, media_type)
        self.runner.run(seconds=60)
        return self.job(job_id)

    def apply(self, job: ImportJob) -> ImportJob:
        self.book.run(
            lambda work: approve_import(work, job_id=job.id), actor=self.book.person("wangmin")
        )
        self.runner.run(seconds=60)
        return self.job(job.id)

    def job(self, job_id: str) -> ImportJob:
        return self.book.all(ImportJob, id=job_id)[0]

    def wrong(self, job: ImportJob) -> dict[int, list[tuple[str, str]]]:
        with self.book.read() as session:
            return {
                line: [(each["column"], each["key"]) for each in problems]
                for line, problems in read_wrong_rows(session, job_id=job.id)
            }


@pytest.fixture
def desk(any_book: Casebook) -> Desk:
    return Desk(any_book)


def count(book: Casebook, model: Any, **wanted: Any) -> int:
    return len(book.all(model, **wanted))


PROJECT = ("PPP-220500-2020-009", "通化市示例停车场PPP项目", "220500", "2020年3月1日", "JLDRC")


def tenure_row(name: str, *days: str, role: str = "第一责任人", **changes: str) -> tuple[str, ...]:
    cells = (PROJECT[0], "jilin-2017", "项目实施", "THFIN", "按合同付费", role, "局长", name, *days)
    row = dict(zip(TENURE_HEADS, (*cells, "")[: len(TENURE_HEADS)], strict=True))
    return tuple({**row, **changes}.values())


class TestProjects:
    """R61, R65: the standing register exists before anything goes wrong; it comes from tables."""

    def test_come_in_with_their_people_once(self, desk):
        desk.apply(desk.check("projects", table(PROJECT_HEADS, [PROJECT])))
        rows = [
            tenure_row("葛云峰", "2020-04-01", "2022-12-31"),
            tenure_row("齐文涛", "2023-01-01"),
            tenure_row("侯晓东", "2020-04-01", role="经办人"),
        ]

        done = desk.apply(desk.check("tenures", table(TENURE_HEADS, rows)))
        again = desk.check("tenures", table(TENURE_HEADS, rows))

        assert (done.counts, again.counts) == ({"new": 0, "applied": 3}, {"same": 3})
        [project] = desk.book.all(Project, number=PROJECT[0])
        [stage] = desk.book.all(ProjectStage, project_id=project.id)
        assert count(desk.book, StageDuty, stage_id=stage.id) == 1
        tenures = desk.book.all(Tenure, stage_id=stage.id)
        assert {row.name for row in tenures} == {"葛某某", "齐某某", "侯某某"}
        assert desk.check("projects", table(PROJECT_HEADS, [PROJECT])).counts == {"same": 1}

    def test_are_not_overwritten(self, desk):
        desk.apply(desk.check("projects", table(PROJECT_HEADS, [PROJECT])))
        desk.apply(desk.check("tenures", table(TENURE_HEADS, [tenure_row("葛云峰", "2020-04-01")])))
        other = [(PROJECT[0], "另一个项目", *PROJECT[2:])]
        longer = [tenure_row("葛云峰", "2020-04-01", "2024-01-31")]

        assert desk.wrong(desk.check("projects", table(PROJECT_HEADS, other))) == {
            2: [("number", "import.project_differs")]
        }
        assert desk.wrong(desk.check("tenures", table(TENURE_HEADS, longer))) == {
            2: [("full_name", "import.tenure_differs")]
        }

    def test_have_one_first_responsible_person_at_a_time(self, desk):
        desk.apply(desk.check("projects", table(PROJECT_HEADS, [PROJECT])))
        rows = [
            tenure_row("葛云峰", "2020-04-01", "2022-12-31"),
            tenure_row("齐文涛", "2022-12-31"),
            tenure_row("侯晓东", "2022-12-31", role="分管负责人"),
        ]

        job = desk.check("tenures", table(TENURE_HEADS, rows))

        assert desk.wrong(job) == {3: [("valid_from", "check.tenures_overlap")]}

    def test_are_reported_column_by_column(self, desk):
        rows = [
            tenure_row("", "某日", role="主任", project_number="PPP-0", department_code="NOBODY")
        ]
        projects = [("", "名称", "220500", "2020-02-30", "NOBODY")]

        assert desk.wrong(desk.check("tenures", table(TENURE_HEADS, rows))) == {
            2: [
                ("full_name", "check.required"),
                ("valid_from", "check.not_a_day"),
                ("project_number", "check.project_unknown"),
                ("department_code", "check.organisation_unknown"),
                ("role", "check.not_choice"),
            ]
        }
        assert desk.wrong(desk.check("projects", table(PROJECT_HEADS, projects))) == {
            2: [
                ("number", "check.required"),
                ("begun_on", "check.not_a_day"),
                ("coordinator_code", "check.organisation_unknown"),
            ]
        }


class TestSubjects:
    def test_are_checked_without_writing_then_applied_once(self, desk):
        before = count(desk.book, Subject)
        content = table(SUBJECT_HEADS, companies(7))

        job = desk.check("subjects", content)

        assert (job.status, job.counts) == ("checked", {"new": 7})
        assert count(desk.book, Subject) == before
        done = desk.apply(job)
        assert (done.status, done.counts) == ("done", {"new": 0, "applied": 7})
        assert count(desk.book, Subject) == before + 7
        again = desk.apply(desk.check("subjects", content))
        assert again.counts == {"same": 7, "new": 0}
        assert count(desk.book, Subject) == before + 7

    def test_are_reported_line_by_line_and_the_right_ones_come_in(self, desk):
        rows = companies(3)
        rows[1] = ("企业", "", "91310115MA1H8R7C6D", "22050")
        rows.append(rows[0])
        rows.append(("政府机构", "另一个名称", BODY_CODE, "220500"))

        job = desk.check("subjects", table(SUBJECT_HEADS, rows))

        assert desk.wrong(job) == {
            3: [
                ("name", "check.required"),
                ("code", "check.uscc.checksum"),
                ("division_code", "check.division_code"),
            ],
            5: [("", "import.twice_in_file")],
            6: [("code", "error.subject_code_taken")],
        }
        assert desk.apply(job).counts == {"new": 0, "wrong": 3, "applied": 2}

    def test_of_persons_are_sealed(self, desk):
        number = "11010519491231002X"
        rows = [("自然人", "周晓航", number, "220500")]

        desk.apply(desk.check("subjects", table(SUBJECT_HEADS, rows)))

        index = desk.book.desk.vault.blind_index(number)
        person = desk.book.all(Subject, identity_index=index)[0]
        assert person.name == "周某某"
        kept = desk.book.all(ImportRow)[0]
        assert number not in f"{kept.key_hash}{kept.problems}"

    def test_come_from_gbk_and_from_excel_alike(self, book):
        desk = Desk(book)
        gbk = table(SUBJECT_HEADS, companies(2), "gbk")
        page = Workbook()
        page.active.append(SUBJECT_HEADS)
        for row in companies(4):
            page.active.append(row)
        excel = io.BytesIO()
        page.save(excel)

        first = desk.apply(desk.check("subjects", gbk))
        second = desk.apply(desk.check("subjects", excel.getvalue(), EXCEL))

        assert first.counts["applied"] == 2
        assert second.counts == {"same": 2, "new": 0, "applied": 2}

    @pytest.mark.parametrize(
        ("heads", "key"),
        [
            ((*SUBJECT_HEADS, "多余的列"), "error.import_unknown_heads"),
            (SUBJECT_HEADS[:2], "error.import_missing_heads"),
        ],
    )
    def test_with_other_heads_are_not_read(self, book, heads, key):
        job = Desk(book).check("subjects", table(heads, companies(1)))

        assert (job.status, job.problem["key"]) == ("refused", key)

    def test_that_are_no_table_are_not_read(self, book):
        job = Desk(book).check("subjects", b"PK\x03\x04 no archive", EXCEL)

        assert (job.status, job.problem["key"]) == ("refused", "error.import_unreadable")


class TestInterruption:
    def test_goes_on_after_the_last_batch_with_another_runner(self, desk, monkeypatch):
        monkeypatch.setattr("workflows.services.import_subjects.SubjectImporter.at_a_time", 4)
        job_id = desk.upload("subjects", table(SUBJECT_HEADS, companies(10)))

        desk.runner.run(seconds=0)
        assert (desk.job(job_id).position, desk.job(job_id).status) == (5, "checking")
        desk.runner = ImportRunner(desk.book.sessions, desk.book.desk, now=lambda: desk.book.now)
        desk.runner.run(seconds=60)

        assert desk.job(job_id).counts == {"new": 10}
        assert count(desk.book, ImportRow) == 10

    def test_by_a_doubled_batch_has_one_effect(self, desk):
        content = table(SUBJECT_HEADS, companies(3))
        job = desk.job(desk.upload("subjects", content))
        lines = list(read_lines(content, media_type="text/plain", columns=read_columns("subjects")))
        command = batch_command(job, now=desk.book.now)
        for _ in range(2):
            desk.book.desk.bus.run(
                command,
                lambda work: check_batch(
                    work, desk.book.desk, job_id=job.id, lines=lines, is_last=True
                ),
            )

        assert desk.job(job.id).counts == {"new": 3}


class TestRecords:
    def test_come_in_unpublished_with_their_first_version(self, desk):
        rows = [record_row("XY-IMPORT-1"), record_row("XY-IMPORT-2")]

        job = desk.apply(desk.check("records", table(RECORD_HEADS, rows)))

        assert job.counts == {"new": 0, "applied": 2}
        record = desk.book.all(CreditRecord, number="XY-IMPORT-1")[0]
        assert record.publicity_state == "unpublished"
        assert record.base_document_on == date(2026, 5, 18)
        assert record.tier == "serious"
        version = desk.book.all(RecordVersion, record_id=record.id)[0]
        assert version.content["items"][1] == {"name": "起止日期", "value": "2025-06-30 至今"}

    def test_are_refused_what_a_form_would_be_refused(self, desk):
        rows = [
            record_row("XY-IMPORT-1", items="宗教信仰：无"),
            record_row("XY-IMPORT-2", subject_code="91350100M000100Y43"),
            record_row("XY-IMPORT-3", catalogue_item="没有的事项", base_document_on="五月"),
            record_row("XY-IMPORT-4", lawful_basis=""),
            record_row("XY-220500-2026-00011"),
        ]

        job = desk.check("records", table(RECORD_HEADS, rows))

        assert desk.wrong(job) == {
            2: [("items", "check.prohibited")],
            3: [("subject_code", "check.subject_unknown")],
            4: [
                ("base_document_on", "check.not_a_day"),
                ("catalogue_item", "check.not_in_catalogue"),
            ],
            5: [("lawful_basis", "check.required")],
            6: [("number", "import.record_differs")],
        }
        assert desk.apply(job).counts == {"wrong": 5, "new": 0}


class TestCases:
    def test_come_in_open_with_clocks_by_the_rules(self, desk):
        rows = [
            (
                "旧-2026-0018",
                "政府机构",
                "通化市柳林开发区管理委员会",
                BODY_CODE,
                "XY-220500-2026-00011",
                "JLDRC",
                "2026-09-18",
                "记录与实际情况不符。",
            )
        ]
        content = table(CASE_HEADS, rows)

        job = desk.apply(desk.check("cases", content))
        again = desk.apply(desk.check("cases", content))

        assert (job.counts, again.counts) == ({"new": 0, "applied": 1}, {"same": 1, "new": 0})
        cases = desk.book.all(Case)
        assert [case.status for case in cases] == ["open"]
        desk.book.case_id = cases[0].id
        assert desk.book.case.received_on == date(2026, 9, 18)
        # 2026-09-18 + 15 working days over National Day, as computed in N34.
        assert desk.book.clock("reply").due_on == date(2026, 10, 15)

    @pytest.mark.parametrize(
        ("kind", "steps"),
        [
            ("信用修复", {"task_check_repair"}),
            ("rectification", {"task_register_matter"}),
            ("投诉举报", {"task_check_complaint"}),
            ("leniency", {"task_check_identity", "task_check_leniency"}),
            ("litigation", {"task_register_suit"}),
            ("PPP失信责任回溯", {"task_register_event"}),
        ],
    )
    def test_of_any_kind_begin_as_the_process_says(self, desk, kind, steps):
        facts = ("通化市柳林开发区管理委员会", BODY_CODE, "XY-220500-2026-00011", "JLDRC")
        rows = [("旧-7", "政府机构", *facts, "2026-09-18", "已移交，正在办理。", kind)]

        desk.apply(desk.check("cases", table((*CASE_HEADS, "kind"), rows)))

        [case] = desk.book.all(Case)
        desk.book.case_id = case.id
        assert case.received_on == date(2026, 9, 18)
        open_steps = {task.element for task in desk.book.all(Task) if task.status == "open"}
        assert open_steps and open_steps <= steps

    @pytest.mark.parametrize(
        ("kind", "record", "wrong"),
        [
            ("信用修复", "", ("record_number", "check.required")),
            ("季度调度", "无", ("kind", "check.not_choice")),
        ],
    )
    def test_that_do_not_fit_their_process_stay_out(self, desk, kind, record, wrong):
        rows = [("旧-8", "企业", "甲公司", "91", record, "JLDRC", "2026-09-18", "已履行", kind)]

        job = desk.check("cases", table((*CASE_HEADS, "kind"), rows))

        assert desk.wrong(job) == {2: [wrong]}

    def test_with_a_day_ahead_stay_out(self, desk):
        rows = [("旧-1", "企业", "甲公司", "91", "无", "JLDRC", "2026-12-01", "不符")]

        job = desk.check("cases", table(CASE_HEADS, rows))

        assert desk.wrong(job) == {2: [("received_on", "check.date_in_future")]}


class TestReading:
    def test_refuses_bytes_in_no_known_encoding(self):
        content = b"\xff\xfe\x00\x80\x81"

        with pytest.raises(InvalidAnswer):
            list(read_lines(content, media_type="text/plain", columns=read_columns("subjects")))

    def test_takes_numbers_and_dates_of_excel_as_text(self):
        page = Workbook()
        page.active.append([*SUBJECT_HEADS, "登记日期"])
        page.active.append(["企业", "甲公司", 91220500, 220500.0, date(2026, 1, 2)])
        content = io.BytesIO()
        page.save(content)

        lines = list(
            read_lines(content.getvalue(), media_type=EXCEL, columns=read_columns("subjects"))
        )

        assert lines[0].number == 2
        assert lines[0].values["division_code"] == "220500"
        assert lines[0].values["valid_from"] == "2026-01-02"
