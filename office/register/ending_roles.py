"""The office ends somebody's role (撤销职务); reports and history stay, and the last administrator cannot go."""

from typing import Any

from office.auditing import record
from office.notice.editing import EditError
from office.register.handing_over import end_liaison
from office.rights import Right
from office.saying import Kind, Recipient, say
from office.work import Work
from storage import accounts, outbox, people, reports
from storage.accounts import Account
from storage.people import Holder
from storage.states import Role

APPOINTED = (Role.SUPERVISOR, Role.ADMIN)  # whom only an administrator invites and ends
Values = dict[str, Any]  # person, role, unit (its number, or None), reason


def right_to_end(values: Values) -> Right:
    """Give the right it takes to end this role."""
    return Right.APPOINT if values["role"] in APPOINTED else Right.MANAGE_PEOPLE


def hold(work: Work, values: Values) -> None:
    """Keep other writers off who holds the role: two administrators must not end each other."""
    people.lock_holders(work.tx, Role(values["role"]))


def look(work: Work, values: Values) -> Values:
    """Tell what ending a role would do.

    Raises: EditError where nobody holds it so, or it is the last administrator's.
    """
    held = _held(work, values)
    person = _account(work, held.person_id)
    others = [h for h in people.holders(work.tx, Role(held.role)) if h.person_id != held.person_id]
    if held.role == Role.ADMIN and not others:
        raise EditError(
            "last_admin", "the last administrator cannot go; invite another one first: duban invite --role admin"
        )
    serves = [holder for holder in others if holder.unit_id == held.unit_id]
    drafts = reports.drafts_of_unit(work.tx, held.unit_id) if held.unit_id is not None else []
    return {
        "person": held.person_id,
        "name": person.name,
        "role": held.role,
        "unit": _unit_name(work, held),
        "is_last": held.role == Role.LIAISON and not serves,
        "drafts": sum(draft.author_id == held.person_id for draft in drafts) if held.role == Role.LIAISON else 0,
        "reason": values["reason"],
    }


def end_role(work: Work, values: Values, by: int | None) -> None:
    """End a role and tell the person; a liaison's drafts go to another one, or the heads are told that there is none."""
    held, shown = _held(work, values), look(work, values)
    if held.role == Role.LIAISON and held.unit_id is not None:
        end_liaison(work, held.person_id, shown["name"], held.unit_id, shown["unit"])
    else:
        people.end_membership(work.tx, person_id=held.person_id, role=held.role, unit_id=held.unit_id, at=work.at)
    details = {name: shown[name] for name in ("role", "unit", "reason")}
    record(work, "end_role", f"person:{held.person_id}", by, **details)
    to = Recipient(held.telegram_id, held.person_id)
    say(
        work,
        to,
        Kind.ROLE_ENDED,
        priority=outbox.REMINDER,
        office=work.policy.office,
        role=held.role,
        unit=shown["unit"],
    )


def _held(work: Work, values: Values) -> Holder:
    mine = [holder for holder in people.holders(work.tx, *Role) if holder.person_id == values["person"]]
    found = next((h for h in mine if (h.role, h.unit_id) == (values["role"], values["unit"])), None)
    if found is None:
        _account(work, values["person"])
        has = ", ".join(f"{holder.role} {_unit_name(work, holder) or ''}".strip() for holder in mine) or "none"
        raise EditError("no_role", f"person {values['person']} has no such role now; roles: {has}")
    return found


def _account(work: Work, person_id: int) -> Account:
    found = accounts.account(work.tx, person_id)
    if found is None:
        raise EditError("no_role", f"there is no person {person_id}; `duban people` lists them")
    return found


def _unit_name(work: Work, holder: Holder) -> str | None:
    held = people.who_is(work.tx, holder.telegram_id)
    parts = held.parts if held is not None else ()
    return next((part.unit_name for part in parts if part.unit_id == holder.unit_id and part.unit_id is not None), None)
