"""While the service was down nothing was told: what it missed meanwhile is told once, saying when it was meant to be."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from office.work import Work
from storage import records

LAST_RUN = "clock_ran"  # when the clock last ran, to the minute
DOWN_FROM, DOWN_UNTIL = "clock_down_from", "clock_down_until"  # the last outage
OUTAGE = timedelta(minutes=30)  # a shorter one delays nothing that is worth a word


@dataclass(frozen=True, slots=True)
class Outage:
    """A time in which the clock did not run."""

    begins: datetime
    ends: datetime

    def kept_back(self, hour: datetime) -> bool:
        """Whether it kept back what was to be told at this hour, for long enough to say so."""
        return self.begins < hour <= self.ends - OUTAGE


def note_run(work: Work) -> Outage | None:
    """Note that the clock runs; gives the outage that ends with it, if one does."""
    before = _noted(work, LAST_RUN)
    records.note(work.tx, LAST_RUN, work.at.isoformat(), at=work.at)
    if before is None or work.at - before < OUTAGE:
        return None
    records.note(work.tx, DOWN_FROM, before.isoformat(), at=work.at)
    records.note(work.tx, DOWN_UNTIL, work.at.isoformat(), at=work.at)
    return Outage(before, work.at)


def last_outage(work: Work) -> Outage | None:
    """Give the last outage."""
    begins, ends = _noted(work, DOWN_FROM), _noted(work, DOWN_UNTIL)
    return Outage(begins, ends) if begins is not None and ends is not None else None


def missed(work: Work, hour: datetime) -> bool:
    """Whether the last outage kept back what was to be told at this hour."""
    outage = last_outage(work)
    return outage is not None and outage.kept_back(hour)


def _noted(work: Work, name: str) -> datetime | None:
    found = records.noted(work.tx, name)
    return datetime.fromisoformat(found) if found else None
