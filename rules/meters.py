"""What is counted while a process runs, for Prometheus; nothing here decides anything."""

from prometheus_client import Counter, Histogram

UPDATES = Counter("duban_updates", "Updates: received, handled, failed (a try), dead", ["what"])
POLLS = Counter("duban_polls", "Polls for updates, by how they ended", ["outcome"])
SENDS = Counter("duban_sends", "Messages handed to Telegram, by what became of them", ["outcome"])
SEND_SECONDS = Histogram(
    "duban_send_seconds", "How long Telegram took to take a message", buckets=(0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60)
)
WRITE_SECONDS = Histogram(
    "duban_database_write_seconds",
    "How long one commit took, the wait for the lock included",
    buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5),
)
TICK_SECONDS = Histogram(
    "duban_tick_seconds",
    "How long a tick took",
    ["tick"],
    buckets=(0.002, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60),
)
TICK_FAILURES = Counter("duban_tick_failures", "Ticks that failed as a whole", ["tick"])
ROW_FAILURES = Counter("duban_tick_row_failures", "Persons or rows that a tick had to leave out", ["tick"])
HEARTBEATS = Counter("duban_heartbeats", "Heartbeats, by how they ended", ["outcome"])
