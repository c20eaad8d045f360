"""What the office waived (免报), and why."""

from datetime import datetime

from sqlalchemy import insert, text, update

from storage.states import ObligationState, Waiver
from storage.store import Transaction
from storage.tables import Exemption, Obligation, columns_of

_exemption, _obligation = columns_of(Exemption), columns_of(Obligation)
_is_owed = text("obligation.state IN ('open', 'returned')")


def waive(tx: Transaction, obligation_id: int, *, reason: str, by: int | None, at: datetime) -> bool:
    """Waive what is owed still; False where it is not any more."""
    owed = update(_obligation).where(_obligation.c.id == obligation_id, _is_owed)
    done = tx.execute(owed.values(state=ObligationState.WAIVED, waived_for=Waiver.OFFICE)).rowcount == 1
    if done:
        values = {"obligation_id": obligation_id, "reason": reason, "waived_at": at, "waived_by": by}
        tx.execute(insert(_exemption).values(**values))
    return done
