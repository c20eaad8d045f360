"""What is kept about a person is shown to them, and deleted where they and the office agree (个人信息)."""

from typing import Any

from office.auditing import record
from office.notice.assigning import let_wait
from office.register.handing_over import end_liaison
from office.saying import Action, Kind, Recipient, say
from office.work import OfficeError, Work
from storage import accounts, conversations, inbox, outbox, people
from storage.accounts import Account, AskedDeletion
from storage.people import KnownPerson
from storage.states import Role

FORMER = {  # whose name stands in the place of a forgotten person's: the first of these roles they had
    Role.LIAISON: "原联络员",
    Role.HEAD: "原责任人",
    Role.LEADER: "原牵头领导",
    Role.SUPERVISOR: "原督查人员",
    Role.ADMIN: "原管理员",
}


def show_my_data(work: Work, to: Recipient, person: KnownPerson) -> None:
    """Answer /mydata: everything kept about a person, and for how long."""
    kept = _account(work, person.id)
    counts: dict[str, Any] = {**accounts.counts(work.tx, kept)}
    say(
        work,
        to,
        Kind.MY_DATA,
        name=kept.name,
        phone=work.vault.decrypt(kept.phone)[-4:] if kept.phone else None,
        language=kept.language,
        since=kept.created_at.isoformat(),
        roles=_roles(work, person.id),
        days=inbox.KEPT_FOR.days,
        **counts,
    )


def ask_forgetting(work: Work, to: Recipient, person: KnownPerson) -> None:
    """Answer /forget: say what deleting means, and ask for a yes."""
    if _is_last_admin(work, person.id):
        say(work, to, Kind.LAST_ADMIN)
        return
    if _waiting(work, person.id) is not None:
        say(work, to, Kind.DELETION_WAITS)
        return
    conversations.ask(work.tx, to.chat_id, "forget", {"forget": True}, at=work.at)
    drafts = accounts.counts(work.tx, _account(work, person.id))["drafts"]
    buttons: list[list[Action]] = [[{"do": "ask_deletion", "forget": True}, {"do": "keep_data"}]]
    say(work, to, Kind.FORGET, buttons=buttons, drafts=drafts, unit=_only_liaison_of(work, person))


def request_deletion(work: Work, to: Recipient, person: KnownPerson, action: Action) -> None:
    """Pass a person's request to be forgotten to the office, once it was explained to them."""
    if "forget" not in action or _is_last_admin(work, person.id) or _waiting(work, person.id) is not None:
        ask_forgetting(work, to, person)
        return
    conversations.answered(work.tx, to.chat_id)
    deletion = accounts.ask_deletion(work.tx, person.id, at=work.at)
    record(work, "ask_deletion", f"person:{person.id}", person.id)
    deciders = {
        holder.person_id: holder
        for holder in people.holders(work.tx, Role.SUPERVISOR, Role.ADMIN)
        if holder.person_id != person.id
    }
    for holder in deciders.values():
        let_wait(work, _show(work, Recipient(holder.telegram_id, holder.person_id), deletion, outbox.REMINDER))
    say(work, to, Kind.DELETION_SENT, told=len(deciders))


def keep_data(work: Work, to: Recipient) -> None:
    """Call off what /forget began."""
    conversations.answered(work.tx, to.chat_id)
    say(work, to, Kind.DATA_KEPT)


def decide_deletion(work: Work, to: Recipient, person: KnownPerson, action: Action, *, agreed: bool) -> None:
    """Take the office's decision on a request: of the button's, or the only one there is; of several one is shown."""
    waiting = [found for found in accounts.waiting_deletions(work.tx) if found.person_id != person.id]
    meant = [found for found in waiting if action.get("deletion") in (None, found.id)]
    if not meant:
        say(work, to, Kind.DELETION_GONE)
    elif len(meant) > 1:
        conversations.ask(work.tx, to.chat_id, "deletion", {"deletion": meant[0].id}, at=work.at)
        _show(work, to, meant[0].id, outbox.ANSWER)
    else:
        _decide(work, to, person, meant[0], agreed=agreed)


def forget_person(work: Work, person_id: int, *, by: int | None = None) -> str:
    """Delete what is a person's own; the reports stay with the unit. Gives the name that stands in its place.

    Raises: OfficeError for a number nobody has, someone forgotten before, or the last administrator.
    """
    kept = _account(work, person_id)
    if kept.is_forgotten:
        raise OfficeError(f"person {person_id} was forgotten before")
    if _is_last_admin(work, person_id):
        raise OfficeError(
            "the last administrator cannot be forgotten; invite another one first: duban invite --role admin"
        )
    had = [held.role for held in accounts.roles_held(work.tx, person_id)]
    name = FORMER[next((role for role in FORMER if role in had), Role.LIAISON)]
    accounts.decide_deletions(work.tx, person_id, agreed=True, by=by, at=work.at)
    serving = people.who_is(work.tx, kept.telegram_id)
    accounts.forget(work.tx, kept, name=name, at=work.at)
    for unit_id, unit in serving.units_as(Role.LIAISON).items() if serving is not None else ():
        end_liaison(work, person_id, name, unit_id, unit)  # under the new name, after it took the old one's place
    say(
        work, Recipient(kept.telegram_id, person_id), Kind.FORGOTTEN, office=work.policy.office
    )  # the last use of it: no pause keeps it
    record(work, "forget", f"person:{person_id}", by)
    return name


def waiting_requests(work: Work) -> list[dict[str, Any]]:
    """List who waits for the office's decision, for the digest."""
    return [_asker(work, found) for found in accounts.waiting_deletions(work.tx)]


def shown_request(work: Work, deletion_id: int) -> dict[str, Any] | None:
    """Give who asks to be forgotten, or None once that is decided; looked up when it is said, not kept with it."""
    waiting = {found.id: found for found in accounts.waiting_deletions(work.tx)}
    return _asker(work, waiting[deletion_id]) if deletion_id in waiting else None


def _decide(work: Work, to: Recipient, person: KnownPerson, asked: AskedDeletion, *, agreed: bool) -> None:
    conversations.answered(work.tx, to.chat_id)
    asker = _account(work, asked.person_id)
    if not agreed:
        accounts.decide_deletions(work.tx, asked.person_id, agreed=False, by=person.id, at=work.at)
        record(work, "refuse_deletion", f"person:{asked.person_id}", person.id)
        say(work, Recipient(asker.telegram_id, asker.id), Kind.DELETION_REFUSED, priority=outbox.REMINDER)
        say(work, to, Kind.DELETION_NOTED)
    elif _is_last_admin(work, asked.person_id):
        say(work, to, Kind.LAST_ADMIN)
    else:
        shown = forget_person(work, asked.person_id, by=person.id)
        say(work, to, Kind.DELETION_AGREED, shown=shown)


def _show(work: Work, to: Recipient, deletion: int, priority: int) -> int:
    row: list[Action] = [
        {"do": "agree_deletion", "deletion": deletion},
        {"do": "refuse_deletion", "deletion": deletion},
    ]
    return say(work, to, Kind.DELETION_ASKED, buttons=[row], priority=priority, deletion=deletion)


def _asker(work: Work, asked: AskedDeletion) -> dict[str, Any]:
    roles = [role for role in _roles(work, asked.person_id) if role["until"] is None]
    return {"name": _account(work, asked.person_id).name, "roles": roles, "asked_at": asked.asked_at.isoformat()}


def _roles(work: Work, person_id: int) -> list[dict[str, Any]]:
    return [
        {
            "role": held.role,
            "unit": held.unit,
            "since": held.since.isoformat(),
            "until": held.until.isoformat() if held.until else None,
        }
        for held in accounts.roles_held(work.tx, person_id)
    ]


def _account(work: Work, person_id: int) -> Account:
    found = accounts.account(work.tx, person_id)
    if found is None:
        raise OfficeError(f"there is no person {person_id}; `duban people` lists them")
    return found


def _waiting(work: Work, person_id: int) -> AskedDeletion | None:
    return next((found for found in accounts.waiting_deletions(work.tx) if found.person_id == person_id), None)


def _is_last_admin(work: Work, person_id: int) -> bool:
    return {holder.person_id for holder in people.holders(work.tx, Role.ADMIN)} == {person_id}


def _only_liaison_of(work: Work, person: KnownPerson) -> str | None:
    """Name a unit that would be left without a liaison."""
    for unit_id, name in person.units_as(Role.LIAISON).items():
        holders = people.holders(work.tx, Role.LIAISON, units=[unit_id])
        if all(holder.person_id == person.id for holder in holders):
            return name
    return None
