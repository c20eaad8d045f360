"""Which states may a row be in?

The words stand in the database as they are here; partial indexes in `tables` repeat them literally.
"""

from enum import StrEnum


class Role(StrEnum):
    LIAISON = "liaison"
    HEAD = "head"
    LEADER = "leader"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


class ObligationState(StrEnum):
    OPEN = "open"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    WAIVED = "waived"
    DONE = "done"


class Waiver(StrEnum):
    """Why an obligation was waived; what a correction waived may be asked for again by the next one."""

    BEFORE = "before"  # due before the day a late adoption begins with
    WITHDRAWN = "task_withdrawn"
    REASSIGNED = "not_responsible"
    PERIOD = "period_removed"
    OFFICE = "by_the_office"  # with a reason of its own, see exemption
    MERGED = "unit_merged"  # owed by the unit this one was another name of


CORRECTED = (Waiver.WITHDRAWN, Waiver.REASSIGNED, Waiver.PERIOD, Waiver.MERGED)
OWED = (ObligationState.OPEN, ObligationState.RETURNED)


class ReportState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    REPLACED = "replaced"  # an older version, kept


class CorrectionState(StrEnum):
    """How a request to correct an accepted report stands."""

    WAITING = "waiting"
    GRANTED = "granted"
    REFUSED = "refused"
    REPLACED = "replaced"  # by a newer request of the unit


class RequestState(StrEnum):
    """What became of something a unit asked for."""

    WAITING = "waiting"
    GRANTED = "granted"
    REFUSED = "refused"
    REPLACED = "replaced"  # by a newer request for the same
    LAPSED = "lapsed"  # the date it asked for passed without an answer


class SlipColour(StrEnum):
    """The grades of a supervision slip, in the order they are issued."""

    BLUE = "blue"
    ORANGE = "orange"
    RED = "red"


class SlipState(StrEnum):
    PROPOSED = "proposed"  # by the clock; nobody was told
    DECLINED = "declined"  # by a supervisor: not proposed again
    ISSUED = "issued"
    CLOSED = "closed"


class SlipEnd(StrEnum):
    """Why a slip was closed."""

    REPORTED = "reported"
    WAIVED = "waived"  # nothing is owed any more
    MOVED = "moved"  # a later due date was given
    NEXT = "next"  # the next colour took its place
    REASON = "reason"  # a supervisor's


class InspectionState(StrEnum):
    PLANNED = "planned"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class MeasureState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"  # by the unit; waits for a supervisor
    DONE = "done"


class Reach(StrEnum):
    """Whether messages get through to a person."""

    YES = "yes"
    BLOCKED = "blocked"
    DEACTIVATED = "deactivated"
    NOT_FOUND = "not_found"


class InboxState(StrEnum):
    NEW = "new"
    DONE = "done"
    DEAD = "dead"


class OutboxState(StrEnum):
    READY = "ready"
    CLAIMED = "claimed"
    SENT = "sent"
    UNKNOWN = "unknown"  # may have gone out twice or not at all; a person is told
    UNDELIVERABLE = "undeliverable"
    CANCELLED = "cancelled"


class GroupState(StrEnum):
    """How the office stands to a group chat the bot was added to."""

    ASKED = "asked"  # whoever added the bot is asked whether to register it
    REGISTERED = "registered"
    REFUSED = "refused"  # never registered: the bot leaves
    LEFT = "left"  # the office had the bot leave
    KICKED = "kicked"
