"""Who did what is written down, each row chained to the one before by a key kept outside the database."""

import json
from typing import Any

from office.work import Work
from storage import records
from storage.vault import Vault


def record(work: Work, action: str, subject: str, person_id: int | None = None, **details: Any) -> None:
    """Append an act to the audit."""
    row = {
        "at": work.at,
        "person_id": person_id,
        "via": work.via,
        "action": action,
        "subject": subject,
        "content": details,
    }
    records.add_audit(work.tx, {**row, "chain": work.vault.sign(records.audit_head(work.tx) + _canonical(row))})


def find_break(rows: list[dict[str, Any]], vault: Vault) -> int | None:
    """Give the number of the first audit row that was changed, moved or put in, or None."""
    head = ""
    for row in rows:
        content = {name: row[name] for name in ("at", "person_id", "via", "action", "subject", "content")}
        if vault.sign(head + _canonical(content)) != row["chain"]:
            return int(row["id"])
        head = row["chain"]
    return None


def _canonical(row: dict[str, Any]) -> str:
    return json.dumps({**row, "at": row["at"].isoformat()}, ensure_ascii=False, sort_keys=True)
