"""Tells Alembic which tables we mean; `workflows/storage/migrate.py` hands in the connection."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy import JSON, TypeDecorator

from workflows.models import Base


def render_item(kind: str, item: Any, autogenerate: Any) -> str | Literal[False]:
    """Write our column types as the plain type below, so that old revisions outlive the models."""
    if kind == "type" and isinstance(item, JSON):
        autogenerate.imports.add("from sqlalchemy.dialects import postgresql")
        return "sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')"
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


def run() -> None:
    """Run the revisions asked for on the connection that was handed in."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=render_item,
        compare_server_default=True,
        # SQLite can roll a migration back as well, because we begin its transactions ourselves.
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
