"""Which commands Telegram was last told to offer in a chat."""

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT clause compiles for SQLite too

from storage.store import Transaction
from storage.tables import Menu, columns_of

_menu = columns_of(Menu)
_new = insert(_menu)
_note = _new.on_conflict_do_update(index_elements=["chat_id"], set_={"shown": _new.excluded.shown})


def shown(tx: Transaction) -> dict[int, str]:
    """Give what Telegram was last told, by chat."""
    return {row.chat_id: row.shown for row in tx.execute(select(_menu))}


def note_shown(tx: Transaction, chat_id: int, value: str | None) -> None:
    """Note what Telegram was told for a chat; None: to offer nothing of its own there."""
    if value is None:
        tx.execute(delete(_menu).where(_menu.c.chat_id == chat_id))
    else:
        tx.execute(_note, {"chat_id": chat_id, "shown": value})
