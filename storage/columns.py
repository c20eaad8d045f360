"""Which column types the tables are made of?"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field

BigId = BigInteger().with_variant(Integer, "sqlite")  # Telegram ids need 52 bits; SQLite counts up INTEGER keys only


class UtcDateTime(TypeDecorator[datetime]):
    """Keep an aware instant in UTC and refuse a naive one.

    SQLite drops the offset and PostgreSQL takes a naive value as local time: both would be silently wrong.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"instant {value.isoformat()} has no time zone; pass an aware datetime")
        instant = value.astimezone(UTC)
        return instant if dialect.name == "postgresql" else instant.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def key() -> Any:
    """Make a table's own number."""
    return Field(default=None, primary_key=True, sa_type=BigId)


def ref(target: str, *, optional: bool = False, index: bool = False) -> Any:
    """Point to another table's number."""
    if optional:
        return Field(default=None, foreign_key=target, sa_type=BigId, index=index, nullable=True)
    return Field(foreign_key=target, sa_type=BigId, index=index)


def instant(*, optional: bool = False) -> Any:
    """Hold an instant (aware, UTC)."""
    return Field(default=None, sa_type=UtcDateTime, nullable=True) if optional else Field(sa_type=UtcDateTime)
