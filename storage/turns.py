"""Does another process do the same work now? Two rounds of one tick at a time would both decide to tell everybody."""

from storage.store import Transaction

TURNS = 7244  # the first number of our advisory locks, apart from the audit's


def take_turn(tx: Transaction, name: str) -> bool:
    """Take the turn for a piece of work until the transaction ends; False where another process has it.

    On SQLite writers come one after the other by themselves.
    """
    if tx.dialect.name != "postgresql":
        return True
    asked = tx.exec_driver_sql("SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", (TURNS, name))
    return bool(asked.scalar_one())
