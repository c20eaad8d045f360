"""The audit's chain, and the few facts the service keeps about itself."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert  # its ON CONFLICT clause compiles for SQLite too

from storage.store import Transaction
from storage.tables import Audit, Fact, columns_of

_audit, _fact = columns_of(Audit), columns_of(Fact)
_head = select(_audit.c.chain).order_by(_audit.c.id.desc()).limit(1)
_add_audit = insert(_audit)
_new = upsert(_fact)
_value = select(_fact.c.value).where(_fact.c.name == bindparam("wanted"))
_note = _new.on_conflict_do_update(
    index_elements=["name"], set_={"value": _new.excluded.value, "noted_at": _new.excluded.noted_at}
)


def audit_head(tx: Transaction) -> str:
    """Give the last link of the audit's chain, empty at its beginning."""
    if tx.dialect.name == "postgresql":  # writers side by side would both chain to the same head
        tx.exec_driver_sql("SELECT pg_advisory_xact_lock(7243)")
    return tx.execute(_head).scalar_one_or_none() or ""


def add_audit(tx: Transaction, values: dict[str, Any]) -> None:
    """Append to the audit."""
    tx.execute(_add_audit, values)


def audit_rows(tx: Transaction) -> list[dict[str, Any]]:
    """List the whole audit, oldest first."""
    return [dict(row._mapping) for row in tx.execute(select(_audit).order_by(_audit.c.id))]  # noqa: SLF001


def note(tx: Transaction, name: str, value: str, *, at: datetime) -> None:
    """Note a fact in place of what was noted before."""
    tx.execute(_note, {"name": name, "value": value, "noted_at": at})


def noted(tx: Transaction, name: str) -> str | None:
    """Give a noted fact."""
    found: str | None = tx.execute(_value, {"wanted": name}).scalar_one_or_none()
    return found


def count_up(tx: Transaction, name: str, *, at: datetime, within: timedelta) -> int:
    """Count one more of something that happened within a span since the first; gives the count."""
    found = tx.execute(select(_fact.c.value, _fact.c.noted_at).where(_fact.c.name == name)).first()
    if found is None or found.noted_at <= at - within:
        note(tx, name, "1", at=at)
        return 1
    count = int(found.value) + 1
    note(tx, name, str(count), at=found.noted_at)
    return count


def counted(tx: Transaction, name: str, *, at: datetime, within: timedelta) -> int:
    """Give what `count_up` counted within the span."""
    found = tx.execute(select(_fact.c.value, _fact.c.noted_at).where(_fact.c.name == name)).first()
    return int(found.value) if found is not None and found.noted_at > at - within else 0
