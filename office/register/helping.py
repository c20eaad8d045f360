"""/help says what this person can do now: how their work stands, and their commands with an example each."""

from collections.abc import Sequence
from typing import Any

from office.looking.listing import list_overdue
from office.notice.assigning import today
from office.rights import Right, covers, may
from office.saying import Kind, Recipient, say
from office.work import Work
from storage import accounts, ledger, reports
from storage.people import KnownPerson
from storage.states import Role


def show_help(work: Work, to: Recipient, person: KnownPerson, commands: Sequence[str]) -> None:
    """Answer /help for the roles a person has now; `commands` are those offered to them."""
    say(
        work,
        to,
        Kind.HELP,
        office=work.policy.office,
        name=person.name,
        parts=[{"role": part.role, "unit": part.unit_name} for part in person.parts],
        now=_now(work, person),
        reports=may(person, Right.REPORT),
        adopts=may(person, Right.ADOPT),
        commands=list(commands),
    )


def _now(work: Work, person: KnownPerson) -> dict[str, Any]:
    """Tell how a person's work stands: only what waits for them."""
    units = list(person.units_as(Role.LIAISON))
    owed = ledger.owed_by(work.tx, units, today=today(work))
    overdue = [item for item in list_overdue(work) if covers(person, Right.SEE_OVERDUE, item.due)]
    decides = may(person, Right.DECIDE_DELETION)
    found = {
        "unsigned": sum(task.signed_at is None for task in ledger.tasks_of_units(work.tx, units)),
        "owed": len(owed),
        "drafts": len(reports.drafts_of(work.tx, person.id)) if units else 0,
        "overdue": len(overdue),
        "deletions": len(accounts.waiting_deletions(work.tx)) if decides else 0,
    }
    waits = {name: count for name, count in found.items() if count}
    return {**waits, "due_at": owed[0].due_at.isoformat()} if owed else waits
