"""Name the record a case is about, once the examiner has found it (C1 step 2)."""

from __future__ import annotations

from workflows.errors import InvalidAnswer
from workflows.models import Case, CreditRecord
from workflows.services.find_case import find_record
from workflows.storage.unit_of_work import UnitOfWork


def identify_record(work: UnitOfWork, *, case: Case, record_id: str) -> CreditRecord:
    """Give the case its record by id or number; naming the same one again changes nothing.

    Raises InvalidAnswer for an unknown record, or another one once the first is marked disputed.
    """
    found = work.session.get(CreditRecord, record_id)
    if found is None or found.office_id != case.office_id:
        found = find_record(work.session, office_id=case.office_id, number=record_id)
    if found is None:
        raise InvalidAnswer(fields={"record_id": ["check.record_unknown"]})
    if case.record_id == found.id:
        return found
    if "contested_version" in case.flags:
        raise InvalidAnswer(fields={"record_id": ["check.record_is_marked"]})
    before = case.record.number if case.record else ""
    case.record = found
    case.record_id = found.id
    case.title = found.title
    doubts = [each for each in case.flags.get("doubts", []) if each != "record_unknown"]
    case.flags = {**case.flags, "doubts": doubts}
    work.record("record_identified", case_id=case.id, before=before, record=found.number)
    return found
