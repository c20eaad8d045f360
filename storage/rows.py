"""How do rows become values?"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, TypeVar

from sqlalchemy import Executable

from storage.store import Transaction

T = TypeVar("T")
AT_ONCE = 500  # values in one IN (…): PostgreSQL and SQLite set limits to the parameters of a statement


def many(tx: Transaction, kind: type[T], statement: Executable, values: Mapping[str, Any] | None = None) -> list[T]:
    """Give each row as a value of `kind`, whose fields bear the names of the statement's columns."""
    return [kind(**row._mapping) for row in tx.execute(statement, values or {})]  # noqa: SLF001  # Row's public mapping


def one(tx: Transaction, kind: type[T], statement: Executable, values: Mapping[str, Any] | None = None) -> T | None:
    """Give the first row as a value of `kind`, or None."""
    row = tx.execute(statement, values or {}).first()
    return None if row is None else kind(**row._mapping)  # noqa: SLF001


def in_parts(values: Collection[T]) -> Iterator[list[T]]:
    """Give values in parts that one statement can name."""
    every = list(values)
    return (every[start : start + AT_ONCE] for start in range(0, len(every), AT_ONCE))


def add(tx: Transaction, statement: Executable, values: Mapping[str, Any]) -> int:
    """Insert one row and give its number."""
    found = tx.execute(statement, values).inserted_primary_key
    assert found is not None  # noqa: S101  # every table here counts its own rows
    return int(found[0])
