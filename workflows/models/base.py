"""What every table has in common: identifiers, offices, instants and protected values."""

from __future__ import annotations

import os
import secrets
import threading
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, LargeBinary, MetaData, String, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """Store an aware instant as UTC and give it back aware.

    SQLite has no zone of its own; a naive value is refused rather than guessed at.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant must carry its zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Sealed(bytes):
    """A value enciphered by the vault; only such values enter a protected column."""


class Protected(TypeDecorator[Sealed]):
    """A column of personal data: it takes what the vault has enciphered and nothing else."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Sealed | None, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        if not isinstance(value, Sealed):
            raise TypeError("a protected column takes only values sealed by the vault")
        return bytes(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Sealed | None:
        return None if value is None else Sealed(value)


ID_LENGTH = 32
DRAWN_AHEAD = 64

Json = JSON().with_variant(JSONB(), "postgresql")


class Base(DeclarativeBase):
    """The one registry of tables."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {
        datetime: UtcDateTime(),
        dict[str, Any]: Json,
        list[Any]: Json,
        Sealed: Protected(),
    }


class _Ids(threading.local):
    """Identifiers that a thread has drawn ahead: asking the system costs as much as an insert."""

    def __init__(self) -> None:
        self.left: list[str] = []

    def draw(self) -> None:
        """Draw some more; a forked process must not have the same ones as its parent."""
        drawn = secrets.token_hex(ID_LENGTH // 2 * DRAWN_AHEAD)
        self.left = [drawn[at : at + ID_LENGTH] for at in range(0, len(drawn), ID_LENGTH)]

    def forget(self) -> None:
        """Throw away what is left."""
        self.left.clear()


_IDS = _Ids()
os.register_at_fork(after_in_child=_IDS.forget)


def new_id() -> str:
    """Return a fresh internal identifier: random, and never shown to a subject."""
    if not _IDS.left:
        _IDS.draw()
    return _IDS.left.pop()


class OfficeRow:
    """A row that belongs to one office (tenant)."""

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    office_id: Mapped[str] = mapped_column(String(32))
