"""Who may do what (角色 × 事项 × 范围): the one table that every command, button and message is checked against."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from storage.overdue import Bounds
from storage.people import KnownPerson
from storage.states import Role


class Scope(StrEnum):
    """How far a right reaches."""

    OWN = "own"  # the units the person serves in this role
    LED = "led"  # the tasks that name the person as their leader
    ALL = "all"  # the whole office


class Right(StrEnum):
    """What a person may be allowed to do."""

    REPORT = "report"
    SIGN_FOR = "sign_for"
    SEE_TASKS = "see_tasks"
    SEE_OVERDUE = "see_overdue"
    ADOPT = "adopt"
    ASK_SUPPORT = "ask_support"
    CONTRIBUTE = "contribute"
    HAND_OVER = "hand_over"
    SEE_REGISTRATIONS = "see_registrations"
    EXTEND = "extend"
    COMPLETE = "complete"
    BE_AWAY = "be_away"
    DECIDE = "decide"
    REVIEW = "review"
    ENTER = "enter"
    WAIVE = "waive"
    PAUSE = "pause"
    BROADCAST = "broadcast"
    SEE_BOARD = "see_board"
    REMIND = "remind"
    SEE_UNITS = "see_units"
    PLAN = "plan"
    SEE_PLANS = "see_plans"
    DECIDE_DELETION = "decide_deletion"
    SET_CALENDAR = "set_calendar"
    ISSUE_SLIPS = "issue_slips"
    SEE_SLIPS = "see_slips"
    SIGN_SLIP = "sign_slip"
    INSPECT = "inspect"
    SEE_INSPECTIONS = "see_inspections"
    ANSWER_MEASURE = "answer_measure"
    CORRECT = "correct"  # tasks, periods, a wrong adoption
    MANAGE_PEOPLE = "manage_people"  # invite and end roles of units and leaders
    APPOINT = "appoint"  # the same for supervisors and admins
    MANAGE_GROUPS = "manage_groups"


RIGHTS: dict[Right, dict[Role, Scope]] = {
    Right.REPORT: {Role.LIAISON: Scope.OWN},
    Right.SIGN_FOR: {Role.LIAISON: Scope.OWN},
    Right.SEE_TASKS: {
        Role.LIAISON: Scope.OWN,
        Role.HEAD: Scope.OWN,
        Role.LEADER: Scope.LED,
        Role.SUPERVISOR: Scope.ALL,
        Role.ADMIN: Scope.ALL,
    },
    Right.SEE_OVERDUE: {
        Role.LIAISON: Scope.OWN,
        Role.HEAD: Scope.OWN,
        Role.LEADER: Scope.LED,
        Role.SUPERVISOR: Scope.ALL,
        Role.ADMIN: Scope.ALL,
    },
    Right.ADOPT: {Role.SUPERVISOR: Scope.ALL, Role.ADMIN: Scope.ALL},
    Right.ASK_SUPPORT: {Role.LIAISON: Scope.OWN},
    Right.CONTRIBUTE: {Role.LIAISON: Scope.OWN},
    Right.HAND_OVER: {Role.LIAISON: Scope.OWN},
    Right.SEE_REGISTRATIONS: {Role.SUPERVISOR: Scope.ALL, Role.ADMIN: Scope.ALL},
    Right.EXTEND: {Role.LIAISON: Scope.OWN},
    Right.COMPLETE: {Role.LIAISON: Scope.OWN},
    Right.BE_AWAY: {Role.LIAISON: Scope.OWN},
    Right.DECIDE: {Role.SUPERVISOR: Scope.ALL, Role.ADMIN: Scope.ALL},
    Right.REVIEW: {Role.SUPERVISOR: Scope.ALL, Role.ADMIN: Scope.ALL},
    Right.ENTER: {Role.SUPERVISOR: Scope.ALL, Role.ADMIN: Scope.ALL},
    Right.WAIVE: {Role.SUPERVISOR: Scope.ALL, Role.ADMIN: Scope.ALL},
    Right.PAUSE: {Role.SUPERVISOR: Scope.ALL, Role.ADMIN: Scope.ALL},
    Right.BROADCAST: {Role.SUPERVISOR: Scope.ALL, Role.ADMIN: Scope.ALL},
    Right.SEE_BOARD: {
        Role.HEAD: Scope.OWN,
        Role.LEADER: Scope.LED,
        Role.SUPERVISOR: Scope.ALL,
        Role.ADMIN: Scope.ALL,
    },
    Right.REMIND: {Role.SUPERVISOR: Scope.ALL, Role.ADMIN: Scope.ALL},
    Right.SEE_UNITS: {Role.SUPERVISOR: Scope.ALL, Role.ADMIN: Scope.ALL},
    Right.PLAN: {Role.LIAISON: Scope.OWN},
    Right.SEE_PLANS: {Role.SUPERVISOR: Scope.ALL, Role.ADMIN: Scope.ALL},
    Right.DECIDE_DELETION: {Role.SUPERVISOR: Scope.ALL, Role.ADMIN: Scope.ALL},
    Right.SET_CALENDAR: {Role.ADMIN: Scope.ALL},
    Right.ISSUE_SLIPS: {Role.SUPERVISOR: Scope.ALL, Role.ADMIN: Scope.ALL},
    Right.SEE_SLIPS: {
        Role.LIAISON: Scope.OWN,
        Role.HEAD: Scope.OWN,
        Role.LEADER: Scope.LED,
        Role.SUPERVISOR: Scope.ALL,
        Role.ADMIN: Scope.ALL,
    },
    Right.SIGN_SLIP: {Role.LIAISON: Scope.OWN, Role.HEAD: Scope.OWN, Role.LEADER: Scope.LED},
    Right.INSPECT: {Role.SUPERVISOR: Scope.ALL, Role.ADMIN: Scope.ALL},
    Right.SEE_INSPECTIONS: {
        Role.LIAISON: Scope.OWN,
        Role.HEAD: Scope.OWN,
        Role.LEADER: Scope.LED,
        Role.SUPERVISOR: Scope.ALL,
        Role.ADMIN: Scope.ALL,
    },
    Right.ANSWER_MEASURE: {Role.LIAISON: Scope.OWN},
    Right.CORRECT: {Role.SUPERVISOR: Scope.ALL, Role.ADMIN: Scope.ALL},
    Right.MANAGE_PEOPLE: {Role.SUPERVISOR: Scope.ALL, Role.ADMIN: Scope.ALL},
    Right.APPOINT: {Role.ADMIN: Scope.ALL},
    Right.MANAGE_GROUPS: {Role.SUPERVISOR: Scope.ALL, Role.ADMIN: Scope.ALL},
}


class Covered(Protocol):
    """What a right may reach: an obligation, a task, whatever has a unit and leaders."""

    @property
    def unit_id(self) -> int:
        """Give the unit's number."""

    @property
    def leaders(self) -> Sequence[str]:
        """Give the leaders' names."""


def may(person: KnownPerson, right: Right) -> bool:
    """Tell whether a person has a right at all, in whatever scope."""
    return any(part.role in RIGHTS[right] for part in person.parts)


def covers(person: KnownPerson, right: Right, due: Covered) -> bool:
    """Tell whether a person's right reaches this obligation or task: by its unit, its leaders, or the whole office."""
    for part in person.parts:
        scope = RIGHTS[right].get(Role(part.role))
        if scope == Scope.ALL or (scope == Scope.OWN and part.unit_id == due.unit_id):
            return True
        if scope == Scope.LED and part.leader_name in due.leaders:
            return True
    return False


def bounds(person: KnownPerson, right: Right) -> Bounds | None:
    """Give how far a person's right reaches, for a query; None is the whole office. It says what `covers` says of each."""
    scopes = [(part, RIGHTS[right].get(Role(part.role))) for part in person.parts]
    if any(scope == Scope.ALL for _, scope in scopes):
        return None
    return Bounds(
        units=tuple(part.unit_id for part, scope in scopes if scope == Scope.OWN and part.unit_id is not None),
        leaders=tuple(part.leader_name for part, scope in scopes if scope == Scope.LED and part.leader_name),
    )
