"""What officers of the tests enter: whole forms, so that a test changes only what it is about."""

from __future__ import annotations

from typing import Any

from tests.integration.webapp.factory import Office, Officer


def formal_check(office: Office, case_id: str, **changes: Any) -> dict[str, Any]:
    """A formal check that accepts."""
    return {
        "record_id": office.case(case_id).record_id,
        "identity_checked": "yes",
        "authority_checked": "none",
        "record_exists": "yes",
        "applicant_is_subject": "yes",
        "contested_items": ["拖欠金额"],
        "grounds": ["error"],
        "regime": "public_credit",
        "repetition": "first",
        "formal_outcome": "accept",
        **changes,
    }


def verify(officer: Officer, **changes: Any) -> dict[str, Any]:
    """An opinion entered from a stamped paper."""
    return {
        "answered_by": "paper",
        "incoming_number": "通市住建函〔2026〕131号",
        "document_date": "2026-10-10",
        "arrived_on": "2026-10-12",
        "incoming_scan": officer.paper(),
        "conclusion": "partly_wrong",
        "facts": "经核对 2026年3月拨付凭证，工程款已于 2026-03-27 付清。",
        "base_document": "通市住建罚决〔2026〕18号",
        "wrong_items": ["拖欠金额"],
        "correct_values": "拖欠金额＝已付清",
        "subject_heard": "not_needed",
        "evidence": officer.paper(),
        "recusal": "true",
        **changes,
    }


def filing(officer: Officer, **changes: Any) -> dict[str, Any]:
    """A filing handed in at the window."""
    return {
        "channel": "window",
        "channel_body": "office",
        "received_on": "2026-10-13",
        "application_scan": officer.paper(),
        "subject_kind": "government_body",
        "subject_name": "通化市柳林开发区管理委员会",
        "subject_code": "11220500MB81744944",
        "applicant_role": "representative",
        "applicant_name": "周航",
        "phone": "13843500417",
        "record_reference": "XY-220500-2026-00011",
        "record_description": "拖欠工程款",
        "grounds": ["error"],
        "statement": "工程款已经付清，附付款凭证。",
        "request": "correct",
        "also_filed_with": "none",
        "service_preference": "window",
        **changes,
    }
