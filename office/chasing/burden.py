"""How much does the office ask of people? The messages of a span: sent, by unit, by kind (减负)."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from office.work import OfficeError, Work
from storage import nudges, summaries

ANSWERS = "answer"  # all answers count as one kind: they were asked for


@dataclass(frozen=True, slots=True)
class UnitBurden:
    """What the persons of one unit got; someone who serves two units counts for both."""

    unit: str
    persons: int
    pushed: int
    answers: int
    failed: int


@dataclass(frozen=True, slots=True)
class Burden:
    """The messages of a span; `pushed` are those nobody asked for, `persons` those who got any of them."""

    since: datetime | None
    until: datetime
    persons: int
    pushed: int
    answers: int
    failed: int  # pushed ones that did not arrive, or may not have
    by_kind: dict[str, int]
    by_unit: tuple[UnitBurden, ...]


def burden(work: Work, *, since: datetime | None, until: datetime) -> Burden:
    """Count the messages made in a span, the most burdened unit first."""
    pushed, answers, failed = Counter[int](), Counter[int](), Counter[int]()
    by_kind = Counter[str]()
    for found in summaries.messages(work.tx, since=since, until=until):
        if found.is_answer:
            answers[found.person_id] += found.count
            by_kind[ANSWERS] += found.count
            continue
        pushed[found.person_id] += found.count
        by_kind[found.kind] += found.count
        if found.state in ("unknown", "undeliverable"):
            failed[found.person_id] += found.count
    units: dict[str, set[int]] = defaultdict(set)
    for served in summaries.served(work.tx, since=since, until=until):
        units[served.unit].add(served.person_id)
    by_unit = [
        UnitBurden(
            unit, len(persons), *(sum(count[person] for person in persons) for count in (pushed, answers, failed))
        )
        for unit, persons in units.items()
    ]
    return Burden(
        since,
        until,
        len(pushed),
        pushed.total(),
        answers.total(),
        failed.total(),
        dict(by_kind.most_common()),
        tuple(sorted(by_unit, key=lambda each: (-each.pushed, each.unit))),
    )


def burden_of_period(work: Work, label: str | None, *, notice_id: int | None = None) -> Burden:
    """Count the messages of a period, from the due instant before to its own; without a label, since the last one.

    Raises: OfficeError where there is no such period.
    """
    if label is None:
        return burden(work, since=nudges.last_due(work.tx, until=work.at), until=work.at)
    found = summaries.period_named(work.tx, label, notice_id=notice_id)
    if not found:
        raise OfficeError(f"there is no period {label}; `duban reports` shows periods such as 2025-Q1")
    since = summaries.due_before(work.tx, found[0].notice_id, found[0].due_at)
    return burden(work, since=since, until=min(found[0].due_at, work.at))
