from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

from pypdf import PdfReader

from tests.integration.webapp.factory import Office, Page
from tests.integration.webapp.portal.test_own_case import accept
from tests.integration.webapp.portal.visitor import Visitor, links
from workflows.models import Case, Document, StoredFile
from workflows.services.receive_document import receive_document
from workflows.storage.unit_of_work import UnitOfWork


def words_of(page: Page) -> str:
    pages = PdfReader(io.BytesIO(page.answer.get_data())).pages
    return "".join("".join(each.extract_text().split()) for each in pages)


def document(office: Office, kind: str) -> Document:
    with office.reading() as session:
        return session.query(Document).filter_by(kind=kind).one()


class TestLetters:
    def test_are_drawn_with_what_their_data_leaves_out(self, office: Office, visitor: Visitor):
        visitor.file()
        letter = document(office, "receipt")

        page = visitor.get(f"/portal/case/letters/{letter.id}")

        assert visitor.code() in words_of(page)
        assert visitor.code() not in str(letter.letter)

    def test_of_another_case_are_not_to_be_had(self, office: Office, visitor: Visitor):
        visitor.file()
        letter = document(office, "receipt")
        other = visitor.another()
        other.file(command_id="e" * 24, record_reference="XY-220500-2026-00012")

        other.get(f"/portal/case/letters/{letter.id}", status=404)

    def test_opened_at_the_agreed_address_are_read_but_not_served_again(
        self, office: Office, visitor: Visitor
    ):
        case = visitor.filed()
        accept(office, case.id)
        notice = document(office, "acceptance_notice")
        served_at = notice.served_at
        office.later(days=2)

        visitor.get(f"/portal/case/letters/{notice.id}")

        notice = document(office, "acceptance_notice")
        assert notice.served_at == served_at
        assert notice.service_evidence == "文书到达受送达人的系统：2026年10月13日09:42"
        assert notice.read_at == office.clock.now()

    def test_wait_at_the_window_where_nobody_agreed_to_electronic_service(
        self, office: Office, visitor: Visitor
    ):
        case = visitor.filed(service_preference="window", electronic_consent=None)

        accept(office, case.id)

        page = visitor.get("/portal/case")
        assert "有文书等您领取" in page.said
        assert "等您领取：受理通知书" in page.said
        notice = document(office, "acceptance_notice")
        visitor.get(f"/portal/case/letters/{notice.id}", status=404)

    def test_include_each_departments_lifting_receipt(self, office: Office, visitor: Visitor):
        case = visitor.filed()
        given = document(office, "receipt").letter

        def work(unit: UnitOfWork) -> dict[str, Any]:
            receive_document(
                unit,
                case=unit.session.get_one(Case, case.id),
                kind="lifting_receipt",
                title="解除惩戒回执（通化市财政局）",
                sender="通化市财政局",
                number="通财函〔2026〕7号",
                document_on=None,
                arrived_on=office.clock.now().date(),
                letter={**given, "title": "解除惩戒回执"},
                is_for_subject=True,
            )
            return {}

        office.run("receive", work)

        page = visitor.get("/portal/case")
        address = links(page, holding="解除惩戒回执（通化市财政局）")[0]
        assert "通财函〔2026〕7号" in page.said
        assert "解除惩戒回执" in words_of(visitor.get(address))


class TestCertificate:
    def test_is_issued_once_for_each_version_of_the_record(self, office: Office, visitor: Visitor):
        case = visitor.filed()
        accept(office, case.id)

        first = visitor.post("/portal/case/certificate")
        second = visitor.post("/portal/case/certificate")

        assert first.place == second.place
        letter = document(office, "pending_certificate")
        assert letter.status == "dispatched"
        said = words_of(visitor.get(first.place))
        assert "异议处理中证明" in said
        assert letter.verification_code[:4] in said
        assert "http://127.0.0.1:8000/portal/verify" in said

    def test_is_refused_before_the_objection_is_accepted(self, office: Office, visitor: Visitor):
        first = visitor.filed()
        accept(office, first.id)
        other = visitor.another()
        other.file(command_id="e" * 24, subject_code="", subject_name="别的公司")

        page = other.post("/portal/case/certificate", status=409)

        assert "不能出具异议处理中证明" in page.said


class TestVerification:
    def test_says_that_a_certificate_holds_and_what_it_does_not_prove(
        self, office: Office, visitor: Visitor
    ):
        case = visitor.filed()
        accept(office, case.id)
        visitor.post("/portal/case/certificate")
        code = document(office, "pending_certificate").verification_code

        page = visitor.another().get(f"/portal/verify?code={code[:4].lower()}-{code[4:]}")

        assert "这份证明是真的，现在仍然有效" in page.said
        assert "不表示记录有误" in page.said
        assert "通化市柳林开发区管理委员会" in page.said

    def test_says_when_a_certificate_no_longer_holds(self, office: Office, visitor: Visitor):
        case = visitor.filed()
        accept(office, case.id)
        visitor.post("/portal/case/certificate")
        code = document(office, "pending_certificate").verification_code

        def close(unit: UnitOfWork) -> dict[str, Any]:
            found = unit.get_case(case.id)
            found.status, found.closed_at = "closed", unit.command.now
            return {}

        office.run("close", close)

        page = visitor.get(f"/portal/verify?code={code}")
        assert "已经失效" in page.said
        assert "10月13日" in page.said

    def test_names_no_natural_person(self, office: Office, visitor: Visitor):
        case_id = office.file("XY-220500-2026-00020")
        code = document(office, "receipt").verification_code

        page = visitor.get(f"/portal/verify?code={code}")

        with office.reading() as session:
            name = session.get_one(Case, case_id).subject.name
        assert "这份文书是真的" in page.said
        assert name not in page.said
        assert "自然人，不在此公开" in page.said

    def test_finds_no_draft_and_no_invention(self, office: Office, visitor: Visitor):
        visitor.file()

        def back_to_draft(unit: UnitOfWork) -> dict[str, Any]:
            unit.session.query(Document).filter_by(kind="receipt").one().status = "draft"
            return {}

        office.run("draft", back_to_draft)
        code = document(office, "receipt").verification_code

        for wrong in (code, "ABCDEFGH2345", "A", "%20"):
            page = visitor.get(
                f"/portal/verify?code={wrong}", status=404 if wrong != "%20" else 200
            )
            assert "是真的" not in page.said

    def test_offers_the_digest_of_a_drawn_letter(self, office: Office, visitor: Visitor):
        visitor.file()
        letter = document(office, "receipt")

        def attach(unit: UnitOfWork) -> dict[str, Any]:
            file = StoredFile(
                office_id=office.office_id,
                holder="test",
                name="x.pdf",
                media_type="application/pdf",
                size=1,
                sha256="a" * 64,
                stored_at=unit.command.now - timedelta(hours=1),
                is_staged=False,
            )
            unit.session.add(file)
            unit.session.flush()
            unit.session.get_one(Document, letter.id).pdf_id = file.id
            return {}

        office.run("attach", attach)

        page = visitor.get(f"/portal/verify?code={letter.verification_code}")
        assert page.tree.xpath("//@data-compare") == ["a" * 64]
