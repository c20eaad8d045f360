"""What the office sums up: a period that closed, the week that passed, a list's progress where its notice promises it."""

import re
from collections import Counter
from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Literal

from office.chasing.burden import burden
from office.notice.assigning import today
from office.work import Work
from storage import ledger, summaries
from storage.states import OWED
from storage.summaries import ClosedPeriod, Outcome

Rhythm = Literal["monthly", "quarterly", "semiannual", "annual"]
RHYTHMS: Final[dict[Rhythm, re.Pattern[str]]] = {
    "monthly": re.compile("每月|每个月|按月|逐月|月度|月通报"),
    "quarterly": re.compile("每季|每个季度|按季|逐季|季度"),
    "semiannual": re.compile("每半年|按半年|半年"),
    "annual": re.compile("每年|按年|年度|全年"),
}
MONTHS: Final[dict[Rhythm, int]] = {"monthly": 1, "quarterly": 3, "semiannual": 6, "annual": 12}
ALIKE: Final = 4  # characters that a promise and a list's name share, so that the one is about the other
WEEK: Final = timedelta(days=7)


def closed_periods(work: Work, *, since: datetime, until: datetime, leader: str | None = None) -> list[dict[str, Any]]:
    """Give for each period that closed in a span who reported on time, late and not; of one leader's tasks or of all."""
    found = []
    for period in summaries.closed_periods(work.tx, since=since, until=until):
        every = summaries.outcomes(work.tx, period.id)
        outcomes = [each for each in every if leader is None or leader in each.leaders]
        if outcomes:
            found.append(_closed(work, period, outcomes, with_burden=leader is None))
    return found


def past_week(work: Work) -> dict[str, Any] | None:
    """Give what the last seven days brought and what the next seven ask for, if anything."""
    on_time, late = summaries.first_reports(work.tx, since=work.at - WEEK, until=work.at)
    coming = ledger.all_owed(work.tx, due_from=work.at, due_until=work.at + WEEK)
    if not (on_time or late or coming):
        return None
    days = Counter(due.due_at for due in coming)
    units = {due_at: len({due.unit_id for due in coming if due.due_at == due_at}) for due_at in days}
    return {
        "on_time": on_time,
        "late": late,
        "due": [{"due_at": at.isoformat(), "owed": days[at], "units": units[at]} for at in sorted(days)],
    }


def promised_lists(work: Work, *, since: datetime) -> list[dict[str, Any]]:
    """Give the progress of the lists whose notice promises to publish it, for a rhythm that ended since then."""
    found = []
    for notice_id, promises in summaries.promises(work.tx).items():
        names = summaries.lists_of(work.tx, notice_id) if promises else []
        for name, rhythm in promised(promises, names).items():
            begins_on, ends_on = last_span(rhythm, today(work))
            if _midnight(work, ends_on) <= since:
                continue
            span = {"since": _midnight(work, begins_on), "until": _midnight(work, ends_on)}
            progress = summaries.list_progress(work.tx, notice_id, name, **span)
            counts = {each: getattr(progress, each) for each in ("tasks", "due", "reported", "overdue", "closed_out")}
            last_on = ends_on - timedelta(days=1)
            found.append({"list": name, "from": begins_on.isoformat(), "to": last_on.isoformat(), **counts})
    return found


def promised(promises: Collection[str], lists: Collection[str]) -> dict[str, Rhythm]:
    """Read which list a notice's words promise to publish in which rhythm; words that name no list mean all of them."""
    found: dict[str, Rhythm] = {}
    for words in promises:
        rhythm = next((name for name, pattern in RHYTHMS.items() if pattern.search(words)), None)
        if rhythm is not None:
            named = [name for name in lists if _share(words, name)]
            for name in named or lists:
                if named or name not in found:
                    found[name] = rhythm
    return found


def last_span(rhythm: Rhythm, day: date) -> tuple[date, date]:
    """Give the last whole month, quarter, half-year or year before a day: its first day, and the day after its last."""
    width = MONTHS[rhythm]
    index = (day.year * 12 + day.month - 1) // width * width
    return _first_of(index - width), _first_of(index)


def _first_of(index: int) -> date:
    return date(index // 12, index % 12 + 1, 1)


def _share(words: str, name: str) -> bool:
    return any(name[n : n + ALIKE] in words for n in range(len(name) - ALIKE + 1))


def _midnight(work: Work, day: date) -> datetime:
    return datetime.combine(day, time(), work.policy.zone)


def _closed(work: Work, period: ClosedPeriod, outcomes: list[Outcome], *, with_burden: bool) -> dict[str, Any]:
    kinds = [(each.unit, _kind(work, each)) for each in outcomes]
    counts = Counter(kind for _, kind in kinds)
    by_kind = {kind: Counter(unit for unit, found in kinds if found == kind) for kind in ("late", "missed")}
    behind = set(by_kind["late"]) | set(by_kind["missed"])
    shown = {
        "notice": period.title,
        "period": period.label,
        "due_at": period.due_at.isoformat(),
        "due": counts.total(),
        **{kind: counts[kind] for kind in ("on_time", "late", "missed", "extended", "closed_out")},
        "units_on_time": len({unit for unit, _ in kinds} - behind),
        **{f"{kind}_units": [[unit, n] for unit, n in found.most_common()] for kind, found in by_kind.items()},
    }
    if with_burden:
        since = summaries.due_before(work.tx, period.notice_id, period.due_at)
        found = burden(work, since=since, until=work.at)
        most = found.by_unit[0] if found.by_unit else None
        shown["burden"] = {
            "pushed": found.pushed,
            "persons": found.persons,
            "kinds": list(found.by_kind.items())[:4],
            "most": [most.unit, most.pushed] if most else None,
        }
    return shown


def _kind(work: Work, outcome: Outcome) -> str:
    if outcome.first_sent_at is not None:
        return "late" if outcome.is_late else "on_time"
    if outcome.state not in OWED:
        return "closed_out"
    return "extended" if outcome.due_at > work.at else "missed"
