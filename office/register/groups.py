"""Group chats: supervisors may work in a registered one; the bot leaves every other and says nothing there."""

import re
from datetime import datetime, timedelta
from typing import Any

from office.apart import for_each
from office.auditing import record
from office.rights import Right, may
from office.saying import Action, Kind, Recipient, say
from office.work import Letter, Work
from storage import groups, outbox, people
from storage.groups import KnownGroup
from storage.people import KnownPerson
from storage.states import GroupState, OutboxState

ASKED_FOR = timedelta(days=1)  # until then whoever added the bot may register the group
BEFORE_LEAVING = timedelta(seconds=30)  # a group that has just become a supergroup says so in a message of its own
OPEN = (GroupState.ASKED, GroupState.REGISTERED)
SAID = re.compile(r"(登记|不登记|退出群聊)\s*(\d{1,9})")
WORDS = {"登记": "register_group", "不登记": "refuse_group", "退出群聊": "leave_group"}


def note_added(work: Work, chat_id: int, title: str, *, by: int, is_group: bool) -> None:
    """Note that somebody added the bot: one of the office's people is asked in private, of others the chat is left."""
    known = groups.find(work.tx, chat_id)
    if known is not None and known.state in OPEN:
        return
    person = people.who_is(work.tx, by)
    if not is_group or person is None or not may(person, Right.MANAGE_GROUPS):
        leave_unknown(work, chat_id, title)
        return
    groups.put(work.tx, chat_id, title=title, state=GroupState.ASKED, added_by=person.id, at=work.at)
    group = groups.find(work.tx, chat_id)
    assert group is not None  # noqa: S101  # put above
    record(work, "group_added", f"group:{group.id}", person.id, title=title)
    to = Recipient(person.telegram_id, person.id)
    say(work, to, Kind.GROUP_ASKED, buttons=[_choice(group)], title=title, group=group.id)


def note_removed(work: Work, chat_id: int) -> None:
    """Note that the bot is not in a group any more; a registration ends with that."""
    group = groups.find(work.tx, chat_id)
    if group is not None and group.state in OPEN:
        state = GroupState.KICKED if group.state == GroupState.REGISTERED else GroupState.REFUSED
        groups.change_state(work.tx, group.id, state, before=OPEN, at=work.at)
        outbox.end_waiting(work.tx, chat_id, "the bot was removed from the group")
        record(work, "group_removed", f"group:{group.id}", title=group.title)


def move_group(work: Work, old: int, new: int) -> None:
    """Follow a group that became a supergroup: it is the same group, registered or not."""
    group = groups.find(work.tx, old)
    if group is None:
        return
    groups.move(work.tx, old, new)
    outbox.move_chat(work.tx, old, new)
    if group.state == GroupState.KICKED and work.at - group.changed_at < BEFORE_LEAVING:
        groups.change_state(work.tx, group.id, GroupState.REGISTERED, before=(GroupState.KICKED,), at=work.at)
    record(work, "group_moved", f"group:{group.id}", title=group.title)


def leave_unknown(work: Work, chat_id: int, title: str) -> None:
    """Have the bot leave a chat it has no business in, unless it turns out to be one it has."""
    known = groups.find(work.tx, chat_id)
    if known is None or known.state == GroupState.KICKED:
        groups.put(work.tx, chat_id, title=title, state=GroupState.REFUSED, added_by=None, at=work.at)
        record(work, "group_refused", f"chat:{chat_id}", title=title)
    _leave(work, chat_id, waits=True)


def leave_unregistered(work: Work) -> None:
    """Leave the groups that nobody registered within a day."""
    asked = [each for each in groups.groups_in(work.tx, GroupState.ASKED) if each.changed_at <= work.at - ASKED_FOR]

    def leave(group: KnownGroup) -> None:
        _end(work, group, GroupState.REFUSED, None)

    for_each(work, "leave_groups", asked, leave, named=lambda group: f"group:{group.id}")


def is_registered(work: Work, chat_id: int) -> bool:
    """Whether a group is registered now."""
    group = groups.find(work.tx, chat_id)
    return group is not None and group.state == GroupState.REGISTERED


def is_asked(work: Work, chat_id: int) -> bool:
    """Whether it is still open whether a group is to be registered."""
    group = groups.find(work.tx, chat_id)
    return group is not None and group.state == GroupState.ASKED


def register_group(work: Work, to: Recipient, person: KnownPerson, number: int | None) -> None:
    """Register a group that waits for it: the one of the button or word, or the only one."""
    group = _meant(work, to, number, GroupState.ASKED)
    if group is None:
        return
    groups.change_state(work.tx, group.id, GroupState.REGISTERED, before=(GroupState.ASKED,), at=work.at)
    record(work, "group_registered", f"group:{group.id}", person.id, title=group.title)
    say(work, to, Kind.GROUP_REGISTERED, title=group.title, digests=work.policy.digests.groups)
    say(work, Recipient(group.chat_id), Kind.GROUP_WELCOME, office=work.policy.office)


def refuse_group(work: Work, to: Recipient, person: KnownPerson, number: int | None) -> None:
    """Leave a group that waits to be registered."""
    if (group := _meant(work, to, number, GroupState.ASKED)) is not None:
        _end(work, group, GroupState.REFUSED, person)
        say(work, to, Kind.GROUP_LEFT, title=group.title)


def leave_group(work: Work, to: Recipient, person: KnownPerson, number: int | None) -> None:
    """End a group's registration and leave it."""
    if (group := _meant(work, to, number, GroupState.REGISTERED)) is not None:
        _end(work, group, GroupState.LEFT, person)
        say(work, to, Kind.GROUP_LEFT, title=group.title)


def decide_group(work: Work, letter: Letter, person: KnownPerson) -> bool:
    """Take 登记 2, 不登记 2 or 退出群聊 2; False for any other text."""
    said = SAID.fullmatch(letter.text.strip())
    if said is None:
        return False
    act = {"register_group": register_group, "refuse_group": refuse_group, "leave_group": leave_group}[WORDS[said[1]]]
    act(work, Recipient(letter.chat_id, person.id), person, int(said[2]))
    return True


def show_groups(work: Work, to: Recipient) -> None:
    """Answer /groups: which are registered, which wait for it, each with its buttons."""
    found = groups.groups_in(work.tx, *OPEN)
    say(
        work,
        to,
        Kind.GROUPS,
        buttons=[_listed(group) for group in found],
        groups=[
            {"group": group.id, "title": group.title, "state": group.state, "added_by": group.added_by}
            for group in found
        ],
    )


def list_groups(work: Work) -> list[KnownGroup]:
    """List every group the bot is or was in."""
    return groups.groups_in(work.tx, *GroupState)


def changed_groups(work: Work, *, since: datetime | None) -> dict[str, Any] | None:
    """Tell which registered groups removed the bot since then, and how many others it left; None where neither."""
    kicked = groups.kicked_from(work.tx, since=since, until=work.at)
    refused = groups.count_refused(work.tx, since=since, until=work.at)
    return {"kicked": kicked, "refused": refused} if kicked or refused else None


def _choice(group: KnownGroup) -> list[Action]:
    return [{"do": "register_group", "group": group.id}, {"do": "refuse_group", "group": group.id}]


def _listed(group: KnownGroup) -> list[Action]:
    choice = _choice(group) if group.state == GroupState.ASKED else [{"do": "leave_group", "group": group.id}]
    return [{**action, "is_listed": True} for action in choice]


def _meant(work: Work, to: Recipient, number: int | None, state: GroupState) -> KnownGroup | None:
    """Give the group that is meant; where there is none, or one of several, say what there is."""
    found = groups.groups_in(work.tx, state)
    named = [group for group in found if number is None or group.id == number]
    if len(named) == 1:
        return named[0]
    if number is None and len(found) > 1:
        show_groups(work, to)
    else:
        say(work, to, Kind.GROUP_GONE)
    return None


def _end(work: Work, group: KnownGroup, state: GroupState, person: KnownPerson | None) -> None:
    groups.change_state(work.tx, group.id, state, before=OPEN, at=work.at)
    outbox.end_waiting(work.tx, group.chat_id, "the group is not registered any more")
    record(work, f"group_{state}", f"group:{group.id}", person.id if person else None, title=group.title)
    _leave(work, group.chat_id, waits=False)


def _leave(work: Work, chat_id: int, *, waits: bool) -> None:
    last = outbox.last_in(work.tx, chat_id)
    if last is not None and last.kind == Kind.LEAVE_GROUP and last.state in (OutboxState.READY, OutboxState.CLAIMED):
        return
    message = say(work, Recipient(chat_id), Kind.LEAVE_GROUP)
    if waits:
        outbox.let_wait(work.tx, message, until=work.at + BEFORE_LEAVING)
