"""A period at a glance (/status): reported, waiting for review, returned, overdue, cannot be reached; by list."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from office.chasing.holding import paused_for
from office.looking.listing import ask_what_is_meant, contacts_of, overdue_units
from office.looking.understanding import Understood, understand
from office.notice.assigning import today
from office.rights import Right, bounds
from office.saying import Kind, Recipient, say
from office.work import Letter, OfficeError, Work
from rules.periods import due_on
from storage import tallies
from storage.overdue import Filter
from storage.people import KnownPerson
from storage.tallies import ListTally, PeriodDates

IN_PLAY = timedelta(days=10)  # so long before its due day a period is the one that is asked about
KINDS = ("accepted", "waiting", "done", "open", "returned", "overdue")  # they part what is due; waived is not due
NAMED = 8  # units named in one line


@dataclass
class Standing:
    """How much is due, by kind: accepted, waiting (for review), done (closed out), open, returned, overdue."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    late: int = 0  # of what was reported
    waived: int = 0

    @property
    def due(self) -> int:
        """Give how many reports are due, waived ones left out."""
        return sum(self.counts.values())

    @property
    def reported(self) -> int:
        """Give how many were reported, or need no report any more."""
        return self.counts["accepted"] + self.counts["waiting"] + self.counts["done"]

    def add(self, tally: ListTally) -> None:
        """Count more."""
        if tally.kind == "waived":
            self.waived += tally.count
        else:
            self.counts[tally.kind] += tally.count
            self.late += tally.late


@dataclass(frozen=True)
class ListStanding:
    """How one list of a notice stands."""

    notice_id: int
    title: str
    list: str
    standing: Standing


@dataclass(frozen=True)
class Status:
    """How a period stands, in all and by list; the units that owe something and that no message reaches; what is older."""

    period: str
    due_on: date
    total: Standing
    lists: Sequence[ListStanding]
    units: int
    unreachable: Sequence[str]
    overdue_units: int
    older: int  # overdue of other periods


def show_status(work: Work, letter: Letter, person: KnownPerson, words: str) -> None:
    """Answer /status: of the period named, or of the one that is reported on now."""
    to, within = Recipient(letter.chat_id, person.id), bounds(person, Right.SEE_UNITS)
    understood = understand(work, words, within)
    if understood.unknown:
        ask_what_is_meant(work, to, words, understood, then="status")
        return
    found = status_of(work, understood)
    if found is None:
        say(work, to, Kind.STATUS, period=None, **paused_for(work, person))
        return
    say(
        work,
        to,
        Kind.STATUS,
        buttons=[[{"do": "board", "words": words}]],
        period=found.period,
        at=work.at.isoformat(),
        due_on=found.due_on.isoformat(),
        due=found.total.due,
        reported=found.total.reported,
        late=found.total.late,
        waived=found.total.waived,
        counts=found.total.counts,
        units=found.units,
        overdue_units=found.overdue_units,
        unreachable=list(found.unreachable[:NAMED]),
        unreached=len(found.unreachable),
        older=found.older,
        lists=[
            {
                "list": each.list,
                "due": each.standing.due,
                "reported": each.standing.reported,
                "overdue": each.standing.counts["overdue"],
            }
            for each in found.lists
        ],
        **paused_for(work, person),
    )


def status_of(work: Work, understood: Understood | None = None) -> Status | None:
    """Count how a period stands, within the units and tasks that were named; None where nothing is due at all."""
    understood = understood or Understood()
    named_in = replace(understood.filter(work, None), periods=(), due_at=None, until=work.at)
    known = tallies.periods(work.tx, named_in)
    named = [period for period in known if period.label in understood.periods]
    if not known or (understood.periods and not named):
        return None
    period = named[-1] if named else _in_play(work, known)
    counted = tallies.by_list(work.tx, named_in, period.label)
    total = Standing()
    lists: dict[tuple[int, str], ListStanding] = {}
    for tally in counted:
        place = (tally.notice_id, tally.list)
        lists.setdefault(place, ListStanding(tally.notice_id, tally.title, tally.list, Standing())).standing.add(tally)
        total.add(tally)
    contacts = contacts_of(work)
    owing = dict.fromkeys(tally.unit_id for tally in counted if tally.kind in ("open", "returned", "overdue"))
    everything = sum(unit.count for unit in overdue_units(work, named_in))
    return Status(
        period=period.label,
        due_on=due_on(period.due_at, work.policy.zone),
        total=total,
        lists=list(lists.values()),
        units=len({tally.unit_id for tally in counted if tally.kind != "waived"}),
        unreachable=[contacts.names[unit] for unit in owing if not contacts.of(unit)[1]],
        overdue_units=len({tally.unit_id for tally in counted if tally.kind == "overdue"}),
        older=everything - total.counts["overdue"],
    )


def status_of_period(work: Work, label: str | None) -> Status | None:
    """Count how a period stands, by its label or the one that is reported on now.

    Raises: OfficeError where there is no such period.
    """
    if label is None:
        return status_of(work)
    known = [period.label for period in tallies.periods(work.tx, Filter(until=work.at))]
    if label not in known:
        raise OfficeError(f"there is no period {label}; there are: {', '.join(known) or 'none'}")
    return status_of(work, understand(work, label, None))


def _in_play(work: Work, known: Sequence[PeriodDates]) -> PeriodDates:
    """Choose the period that is reported on now: the last that is over or soon due, else the first."""
    day, zone = today(work), work.policy.zone
    begun = [each for each in known if min(each.ends_on, due_on(each.due_at, zone) - IN_PLAY) < day]
    return begun[-1] if begun else known[0]
