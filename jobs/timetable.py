"""What recurs, in which order, how often: one list.

Each tick is a function of a unit of work (its instant, the database): run late, twice or by two processes it does what
is due as of its instant, and nothing that was done.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime

from jobs.upkeep import Upkeep, back_up_daily
from office.chasing.calendars import recount_periods
from office.chasing.catching_up import note_running
from office.chasing.inspections import remind_inspectors, remind_of_measures
from office.chasing.reminding import plan_nudges
from office.chasing.slips import review_slips
from office.looking.digesting import send_digests
from office.looking.group_digests import send_group_digests
from office.looking.telling import tell_at_once
from office.notice.assigning import push_new_tasks
from office.notice.signing import remind_to_sign
from office.register.groups import leave_unregistered
from office.reports.closing import accept_closed_reports
from office.reports.contributing import tell_contributions
from office.reports.submitting import submit_ripe_drafts
from office.requests.absences import tell_stand_ins, tell_who_is_back
from office.requests.deciding import lapse_extensions
from office.upkeep.self_reporting import report_on_itself
from office.upkeep.tidying import forget_old
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


@dataclass(frozen=True, slots=True)
class Errand:
    """One recurring piece of work beside the database, which may take long: a function of an instant and what is there."""

    name: str
    every: int  # seconds
    act: Callable[[Upkeep, datetime], object]


def _running(work: Work, polls: bool) -> Made:
    if polls:  # a single `duban tick` keeps no clock running
        note_running(work)
    return Made()


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


def _recount(work: Work, _polls: bool) -> Made:
    recount_periods(work)
    return Made()


def _nudge(work: Work, polls: bool) -> Made:
    planned = plan_nudges(work, polls=polls)
    return Made(nudges=planned.reminders, escalations=planned.escalations)


def _slips(work: Work, polls: bool) -> Made:
    review_slips(work, polls=polls)
    return Made()


def _inspections(work: Work, polls: bool) -> Made:
    remind_inspectors(work)
    remind_of_measures(work, polls=polls)
    return Made()


def _digest(work: Work, polls: bool) -> Made:
    return Made(digests=send_digests(work, polls=polls) + send_group_digests(work, polls=polls))


def _groups(work: Work, _polls: bool) -> Made:
    leave_unregistered(work)
    return Made()


def _lapse(work: Work, _polls: bool) -> Made:
    lapse_extensions(work)
    return Made()


def _self_report(work: Work, _polls: bool) -> Made:
    report_on_itself(work)
    return Made()


def _tell(work: Work, _polls: bool) -> Made:
    tell_at_once(work)
    return Made()


def _forget(work: Work, _polls: bool) -> Made:
    forget_old(work)
    return Made()


TIMETABLE: tuple[Tick | Errand, ...] = (
    # in this order: what an outage kept back is known before anything is told; due dates stand before anything follows
    # from them; drafts are submitted before anyone is reminded and before a period closes; reminders to report go
    # before those to sign
    Tick("note_running", 60, _running),
    Tick("recount_periods", 3600, _recount),
    Tick("submit_ripe_drafts", 15, _submit_ripe),
    Tick("lapse_extensions", 60, _lapse),
    Tick("push_new_tasks", 15, _push),
    Tick("tell_contributions", 15, _contributions),
    Tick("tell_absences", 15, _absences),
    Tick("plan_nudges", 15, _nudge),
    Tick("remind_to_sign", 15, _sign),
    Tick("tell_at_once", 60, _tell),
    Tick("review_slips", 60, _slips),
    Tick("follow_inspections", 60, _inspections),
    Tick("send_digests", 15, _digest),
    Tick("report_on_itself", 60, _self_report),
    Tick("leave_groups", 60, _groups),
    Tick("accept_closed_reports", 300, _accept),
    Tick("forget_old", 3600, _forget),
    Errand("back_up", 300, back_up_daily),
)
TICKS = tuple(item for item in TIMETABLE if isinstance(item, Tick))
