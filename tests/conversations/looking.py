"""How the tests look into a stage's database."""

from typing import Any

from sqlalchemy import text

from storage.reports import ReportRow, list_reports
from tests.cast import Cast


def rows(people: Cast, statement: str, **values: Any) -> list[tuple[Any, ...]]:
    """Give the rows of a query."""
    return people.stage.store.read_now(lambda tx: [tuple(row) for row in tx.execute(text(statement), values)])


def states(people: Cast) -> list[tuple[int, int, str]]:
    """List (task, version, state) of every version kept, in the order written."""
    return rows(
        people,
        "SELECT task.no, report.version, report.state FROM report JOIN obligation ON obligation.id ="
        " report.obligation_id JOIN task ON task.id = obligation.task_id ORDER BY report.id",
    )


def reported(people: Cast) -> list[ReportRow]:
    """List what stands as reported."""
    return people.stage.store.read_now(lambda tx: list_reports(tx, period=None, unit=None, notice_id=None))


def outbox(people: Cast, kind: str) -> list[tuple[str, str | None]]:
    """List (state, reason) of the messages of a kind."""
    return rows(people, "SELECT state, reason FROM outbox WHERE kind = :kind ORDER BY id", kind=kind)


def plain(people: Cast, who_said: str) -> bool:
    """Whether any stored update holds these words in plain."""
    return any(who_said in raw for (raw,) in rows(people, "SELECT raw FROM inbox"))
