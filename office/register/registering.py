"""People register: a code gives a role; name and phone can be put right at any time."""

import re
import unicodedata
from datetime import timedelta

from office.auditing import record
from office.notice.assigning import push_to_person
from office.register.handing_over import hand_over
from office.register.inheriting import take_over_drafts, take_over_question
from office.register.inviting import code_hash
from office.saying import Kind, Recipient, say
from office.work import Letter, Work
from storage import conversations, people, records
from storage.people import KnownPerson, OpenInvite
from storage.states import Reach, Role

FAILED_CODES = "failed_codes:"  # facts, one an account
HOUR = timedelta(hours=1)
CODE = re.compile(r"(?:邀请码\s*[:：]?\s*)?([A-Za-z0-9_-]{22})")  # secrets.token_urlsafe(16)
LINK = re.compile(r"(?:t\.me/\w+\?start=|邀请码:\s*)([A-Za-z0-9_-]{1,64})")  # in a text, or in a message passed on
PHONE = re.compile(
    r"(?:(?:我的)?(?:电话|手机|手机号|手机号码|联系电话)\s*(?:是|为)?\s*:?\s*)?"
    r"((?:\+?86)?[- ]?1[3-9]\d(?:[- ]?\d{4}){2}|0\d{2,3}[- ]?\d{7,8})",
    re.ASCII,
)
NAME = re.compile(  # letters only: a name stands in others' lists
    r"(?:(?:我的)?(?:姓名|名字)(?:\s*[:：]\s*|\s+)|我的(?:姓名|名字)(?:是|为|改为)\s*[:：]?\s*)"
    r"([^\W\d_](?:[^\W\d_]|[ ·•.'-]){0,18}[^\W\d_])"
)


def register(work: Work, letter: Letter, code: str) -> None:
    """Use a code: it gives its role at once, and a liaison gets the unit's tasks; wrong, used and expired sound alike."""
    person = people.who_is(work.tx, letter.telegram_id)
    code = _squeezed(code)
    invite = _open_invite(work, letter, code)
    if invite is None:
        _refuse(work, letter, person, code)
        return
    if person is not None and invite.predecessor_id == person.id:
        say(work, Recipient(letter.chat_id, person.id), Kind.OWN_HANDOVER, unit=invite.unit_name)
        return
    person_id = person.id if person else _add_person(work, letter, invite)
    if not people.use_invite(work.tx, invite.id, person_id=person_id, at=work.at):
        _refuse(work, letter, person, code)
        return
    if person is None or not _holds(person, invite):
        _give_role(work, person_id, invite)
    people.set_reach(work.tx, letter.telegram_id, Reach.YES)
    if invite.predecessor_id is not None:
        hand_over(work, invite, person_id)
    _welcome(work, letter, person_id, invite)


def find_code(work: Work, text: str, *, is_stranger: bool) -> str | None:
    """Find the invite code that a text is, full-width or with spaces in it too.

    Of somebody registered a text with spaces is a code only if there is one such: it may be a report's words.
    """
    plain = unicodedata.normalize("NFKC", text.strip())
    if (found := CODE.fullmatch(plain) or LINK.search(plain)) is not None:
        return found[1]
    found = CODE.fullmatch(_squeezed(plain))
    if found is not None and (is_stranger or people.is_known_code(work.tx, code_hash(found[1]))):
        return found[1]
    return None


def skip_phone(work: Work, letter: Letter, person: KnownPerson) -> None:
    """Take it that a liaison leaves no phone number, where the office does not require one."""
    to = Recipient(letter.chat_id, person.id)
    if work.policy.registration.phone == "required" and not person.has_phone:
        say(work, to, Kind.PHONE_REQUIRED)
        return
    conversations.answered(work.tx, letter.chat_id)
    say(work, to, Kind.PHONE_SKIPPED)


def change_name(work: Work, letter: Letter, person: KnownPerson, name: str) -> None:
    """Put a person's name right."""
    people.change_person(work.tx, person.id, name=name)
    record(work, "change_name", f"person:{person.id}", person.id)
    say(work, Recipient(letter.chat_id, person.id), Kind.NAME_CHANGED, name=name)


def keep_phone(work: Work, letter: Letter, person: KnownPerson, phone: str) -> None:
    """Keep a person's phone number, encrypted; only its last four digits are ever shown."""
    digits = re.sub(r"[^\d+]", "", phone)
    people.change_person(work.tx, person.id, phone=work.vault.encrypt(digits))
    people.forget_plain_words(work.tx, letter.chat_id)
    record(work, "keep_phone", f"person:{person.id}", person.id)
    say(work, Recipient(letter.chat_id, person.id), Kind.PHONE_KEPT, last=digits[-4:])


def receive_contact(work: Work, letter: Letter, phone: str, owner_id: int | None) -> None:
    """Take the number of a shared contact, but only of the sender's own account (Bot API, Contact.user_id)."""
    person = people.who_is(work.tx, letter.telegram_id)
    if person is None or not person.parts:
        say(work, Recipient(letter.chat_id), Kind.STRANGER)
    elif owner_id != letter.telegram_id:
        say(work, Recipient(letter.chat_id, person.id), Kind.FOREIGN_CONTACT)
    else:
        keep_phone(work, letter, person, phone)


def note_reach(work: Work, telegram_id: int, *, blocked: bool) -> None:
    """Note that a person blocked the bot, or took it back."""
    changed = people.set_reach(work.tx, telegram_id, Reach.BLOCKED if blocked else Reach.YES)
    person = people.who_is(work.tx, telegram_id) if changed else None
    if person is not None:
        record(work, "blocked" if blocked else "unblocked", f"person:{person.id}", person.id)


def _squeezed(code: str) -> str:
    return "".join(unicodedata.normalize("NFKC", code).split())


def _open_invite(work: Work, letter: Letter, code: str) -> OpenInvite | None:
    """Look a code up, unless this account guessed too often within the hour (OWASP ASVS 5.0, 6.6.3)."""
    failures, most = f"{FAILED_CODES}{letter.telegram_id}", work.policy.limits.failed_codes_per_hour
    if records.counted(work.tx, failures, at=work.at, within=HOUR) >= most:
        return None
    invite = people.open_invite(work.tx, code_hash(code), at=work.at) if CODE.fullmatch(code) else None
    if invite is None and not _is_own(work, letter, code):
        records.count_up(work.tx, failures, at=work.at, within=HOUR)
    return invite


def _is_own(work: Work, letter: Letter, code: str) -> bool:
    """Whether this account used the code itself: opening one's own link again is no guess."""
    return people.used_by(work.tx, code_hash(code)) == letter.telegram_id


def _refuse(work: Work, letter: Letter, person: KnownPerson | None, code: str) -> None:
    if person is not None and person.parts and _is_own(work, letter, code):
        parts = [{"role": part.role, "unit": part.unit_name} for part in person.parts]
        say(work, Recipient(letter.chat_id, person.id), Kind.ALREADY_REGISTERED, parts=parts)
    else:
        known = person.id if person is not None and person.parts else None
        say(work, Recipient(letter.chat_id, known), Kind.WRONG_CODE)


def _add_person(work: Work, letter: Letter, invite: OpenInvite) -> int:
    name = invite.person_name or letter.name or str(letter.telegram_id)
    return people.add_person(work.tx, telegram_id=letter.telegram_id, name=name, at=work.at)


def _holds(person: KnownPerson, invite: OpenInvite) -> bool:
    leader = _leader_name(invite)
    held = {(part.role, part.unit_id, part.leader_name) for part in person.parts}
    return (invite.role, invite.unit_id, leader) in held


def _leader_name(invite: OpenInvite) -> str | None:
    return invite.person_name if invite.role == Role.LEADER else None


def _give_role(work: Work, person_id: int, invite: OpenInvite) -> None:
    people.add_membership(
        work.tx,
        person_id=person_id,
        role=invite.role,
        unit_id=invite.unit_id,
        leader_name=_leader_name(invite),
        at=work.at,
    )
    record(work, "register", f"person:{person_id}", person_id, role=invite.role, unit=invite.unit_name)


def _welcome(work: Work, letter: Letter, person_id: int, invite: OpenInvite) -> None:
    person = people.who_is(work.tx, letter.telegram_id)
    assert person is not None  # noqa: S101  # registered above, in this transaction
    to = Recipient(letter.chat_id, person_id)
    phone = work.policy.registration.phone
    asks_phone = phone if invite.role == Role.LIAISON and not person.has_phone and phone != "off" else None
    if asks_phone:
        conversations.ask(work.tx, letter.chat_id, "phone", {}, at=work.at)
    old = people.account_of(work.tx, invite.predecessor_id).name if invite.predecessor_id is not None else None
    say(
        work,
        to,
        Kind.WELCOME,
        office=work.policy.office,
        name=person.name,
        role=invite.role,
        unit=invite.unit_name,
        asks_phone=asks_phone,
        predecessor=old,
    )
    if invite.role == Role.LIAISON and invite.unit_id is not None:
        push_to_person(work, to, invite.unit_id)
        take_over_drafts(work, to, invite.unit_id, waits=False)
    if invite.predecessor_id is not None:
        take_over_question(work, letter, person, invite.predecessor_id)
