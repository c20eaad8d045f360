"""Who may do what (角色 × 事项 × 范围): the one table that every command, button and message is checked against."""

from enum import StrEnum

from storage.ledger import Due
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
    DECIDE_DELETION = "decide_deletion"


RIGHTS: dict[Right, dict[Role, Scope]] = {
    Right.REPORT: {Role.LIAISON: Scope.OWN},
    Right.SIGN_FOR: {Role.LIAISON: Scope.OWN},
    Right.SEE_TASKS: {Role.LIAISON: Scope.OWN},
    Right.SEE_OVERDUE: {
        Role.LIAISON: Scope.OWN,
        Role.HEAD: Scope.OWN,
        Role.LEADER: Scope.LED,
        Role.SUPERVISOR: Scope.ALL,
        Role.ADMIN: Scope.ALL,
    },
    Right.ADOPT: {Role.SUPERVISOR: Scope.ALL, Role.ADMIN: Scope.ALL},
    Right.DECIDE_DELETION: {Role.SUPERVISOR: Scope.ALL, Role.ADMIN: Scope.ALL},
}


def may(person: KnownPerson, right: Right) -> bool:
    """Tell whether a person has a right at all, in whatever scope."""
    return any(part.role in RIGHTS[right] for part in person.parts)


def covers(person: KnownPerson, right: Right, due: Due) -> bool:
    """Tell whether a person's right reaches this obligation: by its unit, its leaders, or the whole office."""
    for part in person.parts:
        scope = RIGHTS[right].get(Role(part.role))
        if scope == Scope.ALL or (scope == Scope.OWN and part.unit_id == due.unit_id):
            return True
        if scope == Scope.LED and part.leader_name in due.leaders:
            return True
    return False
