"""What recurs, in which order, how often: one list.

Each tick is a function of a unit of work (its instant, the database): run late, twice or by two processes it does what
is due as of its instant, and nothing that was done.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields

from office.absences import tell_stand_ins, tell_who_is_back
from office.assigning import push_new_tasks
from office.closing import accept_closed_reports
from office.contributing import tell_contributions
from office.digesting import send_digests
from office.group_digests import send_group_digests
from office.groups import leave_unregistered
from office.reminding import plan_nudges
from office.signing import remind_to_sign
from office.submitting import submit_ripe_drafts
from office.tidying import forget_old
from office.work import Work


@dataclass(frozen=True, slots=True)
class Made:
    """How many rows a tick made."""

    nudges: int = 0
    escalations: int = 0
    digests: int = 0
    outbox: int = 0

    def __add__(self, other: "Made") -> "Made":
        return Made(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(self)))


@dataclass(frozen=True, slots=True)
class Tick:
    """One recurring piece of work; `polls` tells it whether this process also receives."""

    name: str
    every: int  # seconds
    act: Callable[[Work, bool], Made]


def _push(work: Work, _polls: bool) -> Made:
    push_new_tasks(work)
    return Made()


def _submit_ripe(work: Work, _polls: bool) -> Made:
    submit_ripe_drafts(work)
    return Made()


def _accept(work: Work, _polls: bool) -> Made:
    accept_closed_reports(work)
    return Made()


def _contributions(work: Work, _polls: bool) -> Made:
    tell_contributions(work)
    return Made()


def _sign(work: Work, _polls: bool) -> Made:
    remind_to_sign(work)
    return Made()


def _absences(work: Work, _polls: bool) -> Made:
    tell_stand_ins(work)
    tell_who_is_back(work)
    return Made()


def _nudge(work: Work, polls: bool) -> Made:
    planned = plan_nudges(work, polls=polls)
    return Made(nudges=planned.reminders, escalations=planned.escalations)


def _digest(work: Work, polls: bool) -> Made:
    return Made(digests=send_digests(work, polls=polls) + send_group_digests(work, polls=polls))


def _groups(work: Work, _polls: bool) -> Made:
    leave_unregistered(work)
    return Made()


def _forget(work: Work, _polls: bool) -> Made:
    forget_old(work)
    return Made()


TIMETABLE = (  # drafts are submitted before anyone is reminded and before a period closes; reports before signing
    Tick("submit_ripe_drafts", 15, _submit_ripe),
    Tick("push_new_tasks", 15, _push),
    Tick("tell_contributions", 15, _contributions),
    Tick("tell_absences", 15, _absences),
    Tick("plan_nudges", 15, _nudge),
    Tick("remind_to_sign", 15, _sign),
    Tick("send_digests", 15, _digest),
    Tick("leave_groups", 60, _groups),
    Tick("accept_closed_reports", 300, _accept),
    Tick("forget_old", 3600, _forget),
)
