"""What Prometheus reads of the state that stands in the database; what is counted as it happens is in rules.meters."""

import asyncio
from typing import NamedTuple

from prometheus_client import Gauge

from duban.watch import DATABASE_SECONDS, Watch
from office.notice.assigning import today
from storage import inbox, outbox, watching
from storage.states import InboxState, OutboxState
from storage.store import Transaction
from storage.watching import Owed

UPDATES = Gauge("duban_inbox_updates", "Stored updates by state", ["state"])
MESSAGES = Gauge("duban_outbox_messages", "Messages by state", ["state"])
OWED = Gauge("duban_obligations_owed", "Obligations open or returned in periods begun")
OVERDUE = Gauge("duban_obligations_overdue", "Those of them past their due instant")
TICKED = Gauge("duban_tick_last_success_timestamp_seconds", "When a tick last succeeded", ["tick"])
POLL_AGE = Gauge("duban_seconds_since_last_poll", "How long ago a poll last came back")
PROBLEMS = Gauge("duban_problems", "How many things are wrong, as /healthz names them")


class _Standing(NamedTuple):
    updates: dict[str, int]
    messages: dict[str, int]
    owed: Owed


async def read_gauges(watch: Watch) -> None:
    """Read the state as it is now into the gauges; where the database does not answer, theirs stay as they were."""
    problems = await watch.problems()
    PROBLEMS.set(len(problems))
    POLL_AGE.set(watch.poll_age().total_seconds())
    for tick, at in watch.ticked.items():
        TICKED.labels(tick).set(at.timestamp())
    if any(problem.what == "database" for problem in problems):
        return
    async with asyncio.timeout(DATABASE_SECONDS):
        found = await watch.store.read(lambda tx: _look(tx, watch))
    for update_state in InboxState:
        UPDATES.labels(update_state).set(found.updates.get(update_state, 0))
    for message_state in OutboxState:
        MESSAGES.labels(message_state).set(found.messages.get(message_state, 0))
    OWED.set(found.owed.owed)
    OVERDUE.set(found.owed.overdue)


def _look(tx: Transaction, watch: Watch) -> _Standing:
    work = watch.premises.work(tx)
    owed = watching.owed(tx, today=today(work), at=work.at)
    return _Standing(inbox.count_by_state(tx), outbox.count_by_state(tx), owed)
