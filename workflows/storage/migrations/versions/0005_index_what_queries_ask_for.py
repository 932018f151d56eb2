"""Index what queries ask for, and nothing else.

Each completed task wrote to eight indexes of its table, half of which no query used: an office's
own id tells one row from another only where several offices share a database.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_case_id"))
        batch_op.drop_index(batch_op.f("ix_answer_office_id"))
        batch_op.create_index("ix_answer_case", ["case_id", "answered_at"], unique=False)

    with op.batch_alter_table("calendar_notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_notice_office_id"))

    with op.batch_alter_table("case_clock", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_clock_case_id"))
        batch_op.drop_index(batch_op.f("ix_case_clock_office_id"))

    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_file_office_id"))
        batch_op.create_index("ix_case_file_division", ["office_id", "division_code"], unique=False)

    with op.batch_alter_table("case_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_link_case_id"))
        batch_op.drop_index(batch_op.f("ix_case_link_office_id"))

    with op.batch_alter_table("case_party", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_party_office_id"))

    with op.batch_alter_table("case_series", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_series_office_id"))

    with op.batch_alter_table("credit_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credit_record_office_id"))

    with op.batch_alter_table("deployment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deployment_office_id"))

    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_office_id"))

    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_office_id"))

    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_office_kind"))

    with op.batch_alter_table("inbound_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inbound_message_office_id"))

    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incident_office_id"))

    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledger_entry_clock_id"))
        batch_op.drop_index(batch_op.f("ix_ledger_entry_office_id"))

    with op.batch_alter_table("letter_number", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_letter_number_office_id"))

    with op.batch_alter_table("letter_series", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_letter_series_office_id"))

    with op.batch_alter_table("login", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_office_id"))

    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notice_office_id"))

    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisation_office_id"))

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_office_id"))

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_office_id"))

    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_post_office_id"))

    with op.batch_alter_table("protection_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_protection_key_office_id"))

    with op.batch_alter_table("quality_ticket", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quality_ticket_office_id"))

    with op.batch_alter_table("read_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_read_entry_office_id"))

    with op.batch_alter_table("record_query", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_record_query_office_id"))

    with op.batch_alter_table("record_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_record_version_office_id"))

    with op.batch_alter_table("remedy_signature", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_remedy_signature_office_id"))

    with op.batch_alter_table("rule_confirmation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rule_confirmation_office_id"))

    with op.batch_alter_table("sanction", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sanction_office_id"))

    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stored_file_office_id"))

    with op.batch_alter_table("subject", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_subject_office_id"))

    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_task_open_role",
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )
        batch_op.drop_index(batch_op.f("ix_task_case_id"))
        batch_op.drop_index(batch_op.f("ix_task_office_id"))
        batch_op.drop_index(batch_op.f("ix_task_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_task_owner_due"))
        batch_op.drop_index(batch_op.f("ix_task_owner_id"))
        batch_op.create_index(
            "ix_task_case",
            ["case_id", "status", "role", "organisation_id", "done_at"],
            unique=False,
        )
        batch_op.create_index(
            "ix_task_done",
            ["done_by_id", "done_at", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'done'"),
            postgresql_where=sa.text("status = 'done'"),
        )
        batch_op.create_index(
            "ix_task_department",
            ["office_id", "sort_on", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'open' AND role = 'department_officer'"),
            postgresql_where=sa.text("status = 'open' AND role = 'department_officer'"),
        )

    with op.batch_alter_table("timer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_timer_case_id"))
        batch_op.drop_index(batch_op.f("ix_timer_office_id"))
        batch_op.drop_index(batch_op.f("ix_timer_status_due"))
        batch_op.create_index("ix_timer_case", ["case_id", "status"], unique=False)
        batch_op.create_index(
            "ix_timer_due",
            ["due_at", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'waiting'"),
            postgresql_where=sa.text("status = 'waiting'"),
        )


def downgrade() -> None:
    with op.batch_alter_table("timer", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_timer_due",
            sqlite_where=sa.text("status = 'waiting'"),
            postgresql_where=sa.text("status = 'waiting'"),
        )
        batch_op.drop_index("ix_timer_case")
        batch_op.create_index(
            batch_op.f("ix_timer_status_due"), ["status", "due_at", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_timer_office_id"), ["office_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_timer_case_id"), ["case_id"], unique=False)

    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_task_department",
            sqlite_where=sa.text("status = 'open' AND role = 'department_officer'"),
            postgresql_where=sa.text("status = 'open' AND role = 'department_officer'"),
        )
        batch_op.create_index(
            "ix_task_open_role",
            ["office_id", "role", "sort_on", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )
        batch_op.drop_index(
            "ix_task_done",
            sqlite_where=sa.text("status = 'done'"),
            postgresql_where=sa.text("status = 'done'"),
        )
        batch_op.drop_index("ix_task_case")
        batch_op.create_index(batch_op.f("ix_task_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_task_owner_due"),
            ["office_id", "status", "owner_id", "due_on", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_task_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_task_office_id"), ["office_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_task_case_id"), ["case_id"], unique=False)

    with op.batch_alter_table("subject", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subject_office_id"), ["office_id"], unique=False)

    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stored_file_office_id"), ["office_id"], unique=False)

    with op.batch_alter_table("sanction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sanction_office_id"), ["office_id"], unique=False)

    with op.batch_alter_table("rule_confirmation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_rule_confirmation_office_id"), ["office_id"], unique=False
        )

    with op.batch_alter_table("remedy_signature", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_remedy_signature_office_id"), ["office_id"], unique=False
        )

    with op.batch_alter_table("record_version", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_record_version_office_id"), ["office_id"], unique=False
        )

    with op.batch_alter_table("record_query", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_record_query_office_id"), ["office_id"], unique=False)

    with op.batch_alter_table("read_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_read_entry_office_id"), ["office_id"], unique=False)

    with op.batch_alter_table("quality_ticket", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_quality_ticket_office_id"), ["office_id"], unique=False
        )

    with op.batch_alter_table("protection_key", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_protection_key_office_id"), ["office_id"], unique=False
        )

    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_office_id"), ["office_id"], unique=False)

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_office_id"), ["office_id"], unique=False)

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_office_id"), ["office_id"], unique=False)

    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organisation_office_id"), ["office_id"], unique=False)

    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_office_id"), ["office_id"], unique=False)

    with op.batch_alter_table("login", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_office_id"), ["office_id"], unique=False)

    with op.batch_alter_table("letter_series", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letter_series_office_id"), ["office_id"], unique=False)

    with op.batch_alter_table("letter_number", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letter_number_office_id"), ["office_id"], unique=False)

    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_entry_office_id"), ["office_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ledger_entry_clock_id"), ["clock_id"], unique=False)

    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incident_office_id"), ["office_id"], unique=False)

    with op.batch_alter_table("inbound_message", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_inbound_message_office_id"), ["office_id"], unique=False
        )

    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_event_office_kind"), ["office_id", "kind"], unique=False
        )

    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_office_id"), ["office_id"], unique=False)

    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_office_id"), ["office_id"], unique=False)

    with op.batch_alter_table("deployment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deployment_office_id"), ["office_id"], unique=False)

    with op.batch_alter_table("credit_record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_credit_record_office_id"), ["office_id"], unique=False)

    with op.batch_alter_table("case_series", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_series_office_id"), ["office_id"], unique=False)

    with op.batch_alter_table("case_party", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_party_office_id"), ["office_id"], unique=False)

    with op.batch_alter_table("case_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_link_office_id"), ["office_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_link_case_id"), ["case_id"], unique=False)

    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.drop_index("ix_case_file_division")
        batch_op.create_index(batch_op.f("ix_case_file_office_id"), ["office_id"], unique=False)

    with op.batch_alter_table("case_clock", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_clock_office_id"), ["office_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_clock_case_id"), ["case_id"], unique=False)

    with op.batch_alter_table("calendar_notice", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_calendar_notice_office_id"), ["office_id"], unique=False
        )

    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.drop_index("ix_answer_case")
        batch_op.create_index(batch_op.f("ix_answer_office_id"), ["office_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_answer_case_id"), ["case_id"], unique=False)
