"""How does the service do? Counts over what it received, sent and still has to do."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, case, func, select

from storage.rows import one
from storage.states import OWED
from storage.store import Transaction
from storage.tables import Audit, Inbox, Obligation, Outbox, Period, columns_of

_inbox, _outbox, _obligation, _period, _audit = (
    columns_of(table) for table in (Inbox, Outbox, Obligation, Period, Audit)
)
_put_off = func.coalesce(_outbox.c.not_before, _outbox.c.judged_at)
_tried = func.coalesce(_outbox.c.retry_at, _outbox.c.judged_at)
_later = case((_put_off > _tried, _put_off), else_=_tried)
_ready_since = case(
    (_later > _outbox.c.judged_at, _later), else_=_outbox.c.judged_at
)  # what is put off waits from then on


@dataclass(frozen=True, slots=True)
class Owed:
    """How many obligations are open or returned in periods begun, and how many of them are past due."""

    owed: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Traffic:
    """What came in and went out during a span, and what waits now."""

    received: int
    sent: int
    undelivered: int  # undeliverable or doubtful
    dead: int
    waiting: int


def owed(tx: Transaction, *, today: date, at: datetime) -> Owed:
    """Count what is owed now."""
    counted = (
        select(
            func.count().label("owed"),
            func.coalesce(func.sum(case((_obligation.c.due_at <= at, 1), else_=0)), 0).label("overdue"),
        )
        .select_from(_obligation.join(_period, _period.c.id == _obligation.c.period_id))
        .where(_obligation.c.state.in_(OWED), _period.c.begins_on <= today)
    )
    found = one(tx, Owed, counted)
    assert found is not None  # noqa: S101  # counting always gives a row
    return found


def traffic(tx: Transaction, *, since: datetime) -> Traffic:
    """Count what came in and went out since then, and what waits to go out now."""
    return Traffic(
        received=_count(tx, _inbox.c.received_at > since),
        sent=_count(tx, and_(_outbox.c.state == "sent", _outbox.c.sent_at > since)),
        undelivered=_count(tx, and_(_outbox.c.state.in_(("unknown", "undeliverable")), _outbox.c.judged_at >= since)),
        dead=_count(tx, and_(_inbox.c.state == "dead", _inbox.c.received_at > since)),
        waiting=_count(tx, _outbox.c.state == "ready"),
    )


def waiting_since(tx: Transaction, *, at: datetime) -> datetime | None:
    """Give since when the oldest message that may go out has been waiting, or None."""
    due = and_(_outbox.c.state == "ready", _ready_since <= at)
    found: datetime | None = tx.execute(select(func.min(_ready_since)).where(due)).scalar_one()
    return found


def last_sent_at(tx: Transaction) -> datetime | None:
    """Give when a message last went out."""
    found: datetime | None = tx.execute(select(func.max(_outbox.c.sent_at))).scalar_one()
    return found


def untried_since(tx: Transaction) -> datetime | None:
    """Give when the oldest update that nobody tried to handle came in, or None."""
    untried = and_(_inbox.c.state == "new", _inbox.c.attempts == 0)
    found: datetime | None = tx.execute(select(func.min(_inbox.c.received_at)).where(untried)).scalar_one()
    return found


def downtime(tx: Transaction, *, since: datetime) -> tuple[int, timedelta]:
    """Give how many outages ended since then, and how long they were together."""
    ended = select(_audit.c.content).where(_audit.c.action == "outage", _audit.c.at > since)
    spans = [
        datetime.fromisoformat(content["ends"]) - datetime.fromisoformat(content["begins"])
        for content in tx.execute(ended).scalars()
    ]
    return len(spans), sum(spans, timedelta())


def _count(tx: Transaction, condition: object) -> int:
    return int(tx.execute(select(func.count()).where(condition)).scalar_one())  # type: ignore[arg-type]
