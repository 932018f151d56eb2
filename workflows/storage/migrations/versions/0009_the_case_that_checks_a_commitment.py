"""The case that checks a commitment."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("case_id", sa.String(length=32), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_commitment_case_id_case_file"), "case_file", ["case_id"], ["id"]
        )
        batch_op.create_index(batch_op.f("ix_commitment_case_id"), ["case_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_commitment_case_id"))
        batch_op.drop_constraint(batch_op.f("fk_commitment_case_id_case_file"), type_="foreignkey")
        batch_op.drop_column("case_id")
