"""Sending is held after a restore until a person has seen what would go out and lets it go."""

from office.auditing import record
from office.work import Work
from storage import outbox, records
from storage.backups import HELD


def is_held(work: Work) -> bool:
    """Whether nothing is sent at present."""
    return bool(records.noted(work.tx, HELD))


def waiting_messages(work: Work) -> dict[str, int]:
    """Count what would go out, by kind."""
    return outbox.count_waiting_by_kind(work.tx)


def let_go(work: Work) -> None:
    """Let messages go out again."""
    records.note(work.tx, HELD, "", at=work.at)
    record(work, "resume_sending", "outbox")
