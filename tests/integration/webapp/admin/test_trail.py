"""The audit page shows what was done and read, and whether anybody changed it past the system."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, update

from webapp.business_clock import machine_now
from workflows.models import AuditEntry, Incident, ReadEntry
from workflows.storage.audit import hash_entry, seal_heads


@pytest.fixture
def auditor(office):
    return office.person("xuheng")


@pytest.fixture
def case_id(office):
    """A case with a few entries, sealed."""
    found = office.file()
    task = office.task(found, "task_formal_check")
    office.person("qianyu").post(f"/tasks/{task.id}/claim")
    seal(office)
    return found


def seal(office):
    with office.parts.sessions() as session:
        seal_heads(session, office_id=office.office_id, now=machine_now())
        session.commit()


def tamper(office, statement):
    """Change the database as somebody would who goes past the product."""
    with office.parts.sessions() as session:
        session.execute(statement)
        session.commit()


def entries(office, case_id):
    with office.reading() as session:
        rows = session.query(AuditEntry).filter_by(stream=f"case:{case_id}")
        return rows.order_by(AuditEntry.seq).all()


class TestChain:
    def test_is_whole_after_ordinary_work(self, auditor, case_id):
        page = auditor.get("/admin/audit").said

        assert "审计链完整" in page
        assert "最近一次封存" in page

    @pytest.mark.parametrize(
        "change", [{"person_id": "x" * 32}, {"content": {"facts": []}}, {"reason": "另一个理由"}]
    )
    def test_is_broken_by_a_changed_entry(self, office, auditor, case_id, change):
        entry = entries(office, case_id)[0]

        tamper(office, update(AuditEntry).where(AuditEntry.id == entry.id).values(**change))

        page = auditor.get("/admin/audit")
        assert "与散列不符" in page.problems
        assert f"case:{case_id} #1" in page.problems
        assert "报告主管领导" in page.problems

    def test_is_broken_by_an_entry_taken_out(self, office, auditor, case_id):
        entry = entries(office, case_id)[0]

        tamper(office, delete(AuditEntry).where(AuditEntry.id == entry.id))

        assert f"case:{case_id} #2" in auditor.get("/admin/audit").problems

    def test_that_was_cut_off_at_its_end_is_noticed_by_the_seal(self, office, auditor, case_id):
        last = entries(office, case_id)[-1]

        tamper(office, delete(AuditEntry).where(AuditEntry.id == last.id))

        assert "封存与其间的记录不符" in auditor.get("/admin/audit").problems

    def test_that_was_chained_anew_is_noticed_by_the_seal(self, office, auditor, case_id):
        last = entries(office, case_id)[-1]
        last.reason = "另一个理由"

        tamper(
            office,
            update(AuditEntry)
            .where(AuditEntry.id == last.id)
            .values(reason=last.reason, entry_hash=hash_entry(last)),
        )

        page = auditor.get("/admin/audit").problems
        assert "封存与其间的记录不符" in page
        assert f"case:{case_id} #" not in page


class TestTrail:
    def test_names_person_act_and_case(self, office, auditor, case_id):
        row = auditor.get("/admin/audit").said

        assert "钱雨" in row
        assert "认领待办" in row
        assert office.case(case_id).number in row

    def test_can_be_narrowed_to_one_case(self, office, auditor, case_id):
        other = office.case(office.file("XY-220500-2026-00012")).number

        page = auditor.get(f"/admin/audit?stream=case:{case_id}").said

        assert office.case(case_id).number in page
        assert other not in page

    def test_shows_who_looked_at_what(self, office, auditor, case_id):
        office.person("wangmin").get(f"/cases/{case_id}")

        page = auditor.get("/admin/audit").said

        assert "王敏" in page
        with office.reading() as session:
            assert session.query(ReadEntry).filter_by(case_id=case_id).count() >= 1

    def test_notes_that_the_auditor_looked(self, office, auditor):
        auditor.get("/admin/audit")

        with office.reading() as session:
            assert session.query(ReadEntry).filter_by(what="audit").count() == 1


class TestIncidents:
    @pytest.fixture
    def incident(self, office, monkeypatch):
        """A case whose first automatic step failed for a reason of the outside world."""

        def fail(context):
            raise ConnectionError("somewhere")

        with monkeypatch.context() as broken:
            broken.setitem(office.parts.desk.operations, "register_receipt", fail)
            office.file()
        with office.reading() as session:
            return session.query(Incident).one()

    def test_are_listed_with_their_cause_and_retried(self, office, incident):
        admin = office.person("lintao")
        listed = admin.get("/admin/incidents").said
        assert incident.number in listed
        assert "自动环节出错（ConnectionError）" in listed

        admin.post(f"/admin/incidents/{incident.id}/retry")

        assert f"{incident.number} 已办成" in admin.get("/admin/incidents").said
        with office.reading() as session:
            assert session.get_one(Incident, incident.id).status == "resolved"

    def test_that_do_not_exist_are_not_found(self, office):
        office.person("lintao").post("/admin/incidents/none/retry", status=404)


class TestRemedies:
    def test_changed_since_they_were_read_are_not_signed(self, office):
        reviewer = office.person("zhaolin")

        reviewer.post("/admin/remedies/sign", {"row_key": "error.person.platform", "row_hash": "x"})

        assert "没有签认" in reviewer.get("/admin/remedies").said
