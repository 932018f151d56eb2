"""The registers: what records, subjects, sanctions and queries lacked, and what stands beside them.

Rows of before get empty words; a record that is shown stays shown. No default is left behind in
the database: it is the models that say what a new row begins with.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "catalogue_supplement",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("group_name", sa.String(length=120), nullable=False),
        sa.Column("division_code", sa.String(length=6), nullable=False),
        sa.Column("edition", sa.String(length=40), nullable=False),
        sa.Column("lawful_basis", sa.String(length=400), nullable=False),
        sa.Column("basis_rank", sa.String(length=30), nullable=False),
        sa.Column("publicity", sa.String(length=20), nullable=False),
        sa.Column("measure_class", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.String(length=32), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.String(length=32), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("office_id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_supplement")),
        sa.UniqueConstraint(
            "office_id",
            "kind",
            "key",
            "valid_from",
            name=op.f("uq_catalogue_supplement_office_id_kind_key_valid_from"),
        ),
    )
    op.create_table(
        "import_job",
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "counts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "problem", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.String(length=32), nullable=True),
        sa.Column("organisation_id", sa.String(length=32), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("applied_by_id", sa.String(length=32), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("office_id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_job")),
    )
    with op.batch_alter_table("import_job", schema=None) as batch_op:
        batch_op.create_index("ix_import_job_office", ["office_id", "created_at"], unique=False)

    op.create_table(
        "credit_list",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("keeper_id", sa.String(length=32), nullable=False),
        sa.Column("basis", sa.String(length=1000), nullable=False),
        sa.Column("standard", sa.String(length=1000), nullable=False),
        sa.Column("procedure", sa.String(length=1000), nullable=False),
        sa.Column("objection_route", sa.String(length=1000), nullable=False),
        sa.Column("exit_rule", sa.String(length=1000), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.String(length=32), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.String(length=32), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("office_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["keeper_id"], ["organisation.id"], name=op.f("fk_credit_list_keeper_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_list")),
        sa.UniqueConstraint(
            "office_id", "name", "valid_from", name=op.f("uq_credit_list_office_id_name_valid_from")
        ),
    )
    op.create_table(
        "import_row",
        sa.Column("job_id", sa.String(length=32), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column(
            "problems", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("office_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"], ["import_job.id"], name=op.f("fk_import_row_job_id_import_job")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
        sa.UniqueConstraint("job_id", "line", name=op.f("uq_import_row_job_id_line")),
    )
    with op.batch_alter_table("import_row", schema=None) as batch_op:
        batch_op.create_index("ix_import_row_key", ["job_id", "key_hash"], unique=False)
        batch_op.create_index("ix_import_row_outcome", ["job_id", "outcome", "line"], unique=False)

    op.create_table(
        "commitment",
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("promised", sa.String(length=1000), nullable=False),
        sa.Column("received_by_id", sa.String(length=32), nullable=False),
        sa.Column("approval_document", sa.String(length=200), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=False),
        sa.Column("check_due_on", sa.Date(), nullable=False),
        sa.Column(
            "check_rule", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("checked_by_id", sa.String(length=32), nullable=True),
        sa.Column("finding", sa.String(length=1000), nullable=False),
        sa.Column("revocation_document", sa.String(length=200), nullable=False),
        sa.Column("record_id", sa.String(length=32), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("office_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["received_by_id"],
            ["organisation.id"],
            name=op.f("fk_commitment_received_by_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["credit_record.id"], name=op.f("fk_commitment_record_id_credit_record")
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subject.id"], name=op.f("fk_commitment_subject_id_subject")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
        sa.UniqueConstraint("office_id", "number", name=op.f("uq_commitment_office_id_number")),
    )
    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.create_index(
            "ix_commitment_due", ["office_id", "status", "check_due_on"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_commitment_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "credit_list_entry",
        sa.Column("list_id", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.String(length=32), nullable=False),
        sa.Column("record_id", sa.String(length=32), nullable=True),
        sa.Column("base_kind", sa.String(length=20), nullable=False),
        sa.Column("base_document", sa.String(length=200), nullable=False),
        sa.Column("severity", sa.String(length=400), nullable=False),
        sa.Column("warned_on", sa.Date(), nullable=True),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("left_reason", sa.String(length=400), nullable=False),
        sa.Column("left_document", sa.String(length=200), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("office_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["list_id"], ["credit_list.id"], name=op.f("fk_credit_list_entry_list_id_credit_list")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["credit_record.id"],
            name=op.f("fk_credit_list_entry_record_id_credit_record"),
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subject.id"], name=op.f("fk_credit_list_entry_subject_id_subject")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_list_entry")),
    )
    with op.batch_alter_table("credit_list_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_credit_list_entry_list_id"), ["list_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_credit_list_entry_subject_id"), ["subject_id"], unique=False
        )

    op.create_table(
        "publication",
        sa.Column("record_id", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column(
            "exclusions", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("basis", sa.String(length=400), nullable=False),
        sa.Column("basis_rank", sa.String(length=30), nullable=False),
        sa.Column("assessment", sa.String(length=1000), nullable=False),
        sa.Column("tier", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.String(length=32), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.String(length=32), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("office_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["credit_record.id"], name=op.f("fk_publication_record_id_credit_record")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
    )
    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_publication_record_id"), ["record_id"], unique=False)
        batch_op.create_index(
            "ix_publication_status", ["office_id", "status", "proposed_at"], unique=False
        )

    with op.batch_alter_table("credit_record", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "lawful_basis", sa.String(length=400), nullable=False, server_default=sa.text("''")
            )
        )
        batch_op.add_column(sa.Column("source_unit_id", sa.String(length=32), nullable=True))
        batch_op.add_column(
            sa.Column(
                "default_type", sa.String(length=40), nullable=False, server_default=sa.text("''")
            )
        )
        batch_op.add_column(
            sa.Column("tier", sa.String(length=20), nullable=False, server_default=sa.text("''"))
        )
        batch_op.add_column(sa.Column("misconduct_ended_on", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("is_protected", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("publicity_starts_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("publicity_min_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("publicity_ends_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("publicity_ended_on", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "publicity_rule",
                sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
                nullable=False,
                server_default=sa.text("'{}'"),
            )
        )
        batch_op.add_column(sa.Column("sharing_ended_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("repaired_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("entered_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("entered_by_id", sa.String(length=32), nullable=True))
        batch_op.create_index(
            "ix_credit_record_publicity", ["is_published", "publicity_ends_on"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_credit_record_source_unit_id_organisation"),
            "organisation",
            ["source_unit_id"],
            ["id"],
        )

    with op.batch_alter_table("record_query", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "purpose_code",
                sa.String(length=30),
                nullable=False,
                server_default=sa.text("'other'"),
            )
        )
        batch_op.add_column(sa.Column("person_id", sa.String(length=32), nullable=True))

    with op.batch_alter_table("sanction", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "measure_key", sa.String(length=60), nullable=False, server_default=sa.text("''")
            )
        )
        batch_op.add_column(
            sa.Column(
                "measure_class",
                sa.String(length=20),
                nullable=False,
                server_default=sa.text("'administrative'"),
            )
        )
        batch_op.add_column(
            sa.Column(
                "document", sa.String(length=200), nullable=False, server_default=sa.text("''")
            )
        )
        batch_op.add_column(sa.Column("ends_on", sa.Date(), nullable=True))

    with op.batch_alter_table("subject", schema=None) as batch_op:
        batch_op.add_column(sa.Column("name_index", sa.String(length=64), nullable=True))
        batch_op.add_column(
            sa.Column("is_minor", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.create_index(batch_op.f("ix_subject_name_index"), ["name_index"], unique=False)
        batch_op.create_index("ix_subject_office_name", ["office_id", "name"], unique=False)

    with op.batch_alter_table("credit_record", schema=None) as batch_op:
        batch_op.alter_column(
            "lawful_basis", existing_type=sa.String(length=400), server_default=None
        )
        batch_op.alter_column(
            "default_type", existing_type=sa.String(length=40), server_default=None
        )
        batch_op.alter_column("tier", existing_type=sa.String(length=20), server_default=None)
        batch_op.alter_column("is_protected", existing_type=sa.Boolean(), server_default=None)
        batch_op.alter_column(
            "publicity_rule",
            existing_type=sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            server_default=None,
        )

    with op.batch_alter_table("record_query", schema=None) as batch_op:
        batch_op.alter_column(
            "purpose_code", existing_type=sa.String(length=30), server_default=None
        )

    with op.batch_alter_table("sanction", schema=None) as batch_op:
        batch_op.alter_column(
            "measure_key", existing_type=sa.String(length=60), server_default=None
        )
        batch_op.alter_column(
            "measure_class", existing_type=sa.String(length=20), server_default=None
        )
        batch_op.alter_column("document", existing_type=sa.String(length=200), server_default=None)

    with op.batch_alter_table("subject", schema=None) as batch_op:
        batch_op.alter_column("is_minor", existing_type=sa.Boolean(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("subject", schema=None) as batch_op:
        batch_op.drop_index("ix_subject_office_name")
        batch_op.drop_index(batch_op.f("ix_subject_name_index"))
        batch_op.drop_column("is_minor")
        batch_op.drop_column("name_index")

    with op.batch_alter_table("sanction", schema=None) as batch_op:
        batch_op.drop_column("ends_on")
        batch_op.drop_column("document")
        batch_op.drop_column("measure_class")
        batch_op.drop_column("measure_key")

    with op.batch_alter_table("record_query", schema=None) as batch_op:
        batch_op.drop_column("person_id")
        batch_op.drop_column("purpose_code")

    with op.batch_alter_table("credit_record", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_credit_record_source_unit_id_organisation"), type_="foreignkey"
        )
        batch_op.drop_index("ix_credit_record_publicity")
        batch_op.drop_column("entered_by_id")
        batch_op.drop_column("entered_at")
        batch_op.drop_column("repaired_on")
        batch_op.drop_column("sharing_ended_on")
        batch_op.drop_column("publicity_rule")
        batch_op.drop_column("publicity_ended_on")
        batch_op.drop_column("publicity_ends_on")
        batch_op.drop_column("publicity_min_on")
        batch_op.drop_column("publicity_starts_on")
        batch_op.drop_column("is_protected")
        batch_op.drop_column("misconduct_ended_on")
        batch_op.drop_column("tier")
        batch_op.drop_column("default_type")
        batch_op.drop_column("source_unit_id")
        batch_op.drop_column("lawful_basis")

    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.drop_index("ix_publication_status")
        batch_op.drop_index(batch_op.f("ix_publication_record_id"))

    op.drop_table("publication")
    with op.batch_alter_table("credit_list_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credit_list_entry_subject_id"))
        batch_op.drop_index(batch_op.f("ix_credit_list_entry_list_id"))

    op.drop_table("credit_list_entry")
    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_commitment_subject_id"))
        batch_op.drop_index("ix_commitment_due")

    op.drop_table("commitment")
    with op.batch_alter_table("import_row", schema=None) as batch_op:
        batch_op.drop_index("ix_import_row_outcome")
        batch_op.drop_index("ix_import_row_key")

    op.drop_table("import_row")
    op.drop_table("credit_list")
    with op.batch_alter_table("import_job", schema=None) as batch_op:
        batch_op.drop_index("ix_import_job_office")

    op.drop_table("import_job")
    op.drop_table("catalogue_supplement")
