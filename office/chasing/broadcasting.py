"""The office tells its liaisons something (通知): who gets it and who cannot be reached is shown before it goes out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from office.auditing import record
from office.naming import nearest_units
from office.notice.assigning import let_wait, today
from office.register.inviting import find_unit
from office.requests.forms import CANCEL, CONFIRM, close_form, filled, new_form, plain
from office.rights import Right, may
from office.saying import Action, Kind, Recipient, say
from office.work import Letter, OfficeError, Work
from storage import conversations, ledger, outbox, people, requests
from storage.ledger import KnownUnit
from storage.people import Holder, KnownPerson
from storage.states import Reach, Role

TO = re.compile(r"给\s*([^:：\n]{1,400})[:：]\s*(.*)", re.DOTALL)  # 给 区教体局、区卫健委：…
BETWEEN = re.compile(r"[、,，;；\s]+")
LEAST, MOST = 2, 2000  # characters
FIELDS = ("form", "units", "text")


@dataclass(frozen=True, slots=True)
class Audience:
    """Who gets a message, each person once, and the units of which nobody does, with the reason."""

    holders: list[Holder]
    units: list[str]
    unreached: list[tuple[str, str]]  # (unit, why: no_liaison, away, or how its liaison is reached)


def begin_broadcast(work: Work, letter: Letter, person: KnownPerson, words: str) -> None:
    """Take a message and to whom it goes: the units it begins with (给 …：), or every liaison."""
    to, said = Recipient(letter.chat_id, person.id), TO.fullmatch(words.strip())
    names = [name for name in BETWEEN.split(said[1]) if name] if said is not None else []
    try:
        units = [find_unit(work, name, allow_group=True).name for name in names]
    except OfficeError:
        wrong = next(name for name in names if not _is_unit(work, name))
        say(work, to, Kind.BROADCAST_ASK, step="no_unit", name=wrong, near=nearest_units(work, wrong))
        return
    _go_on(work, to, {**new_form(units=units), "text": said[2] if said is not None else words})


def answer_broadcast(work: Work, letter: Letter, person: KnownPerson, content: dict[str, Any]) -> bool:
    """Take a text as the message, or as its confirmation; False where it is neither."""
    word, to = plain(letter.text), Recipient(letter.chat_id, person.id)
    if word in CANCEL or not may(person, Right.BROADCAST):
        return False
    if content["step"] == "text":
        _go_on(work, to, {**content, "text": letter.text})
    elif word in CONFIRM | {"确认发送", "发送"}:
        send_broadcast(work, to, person, content)
    else:
        return False
    return True


def send_broadcast(work: Work, to: Recipient, person: KnownPerson, values: dict[str, Any]) -> None:
    """Send a confirmed message, once: only while its preview is the question that is open."""
    form = filled(values, FIELDS)
    asked = conversations.asked(work.tx, to.chat_id)
    if asked is None or asked.kind != "broadcast" or asked.content.get("form") != form["form"]:
        say(work, to, Kind.BROADCAST_ASK, step="gone", name="", near=[])
        return
    close_form(work, to, form)
    audience = broadcast(work, form["text"], form["units"], by=person.id)
    say(work, to, Kind.BROADCAST_DONE, persons=len(audience.holders), units=len(audience.units))


def audience_of(work: Work, units: Sequence[str] = ()) -> Audience:
    """Tell who gets a message: the liaisons of these units, or of every unit that has a part in a task."""
    known = _known(work, units)
    away = {absence.person_id for absence in requests.away_on(work.tx, today(work))}
    holders: dict[int, Holder] = {}
    reached, unreached = [], []
    for unit in known:
        liaisons = people.holders(work.tx, Role.LIAISON, units=[unit.id])
        there = [each for each in liaisons if each.reach == Reach.YES and each.person_id not in away]
        holders |= {each.person_id: each for each in there}
        if there:
            reached.append(unit.name)
        else:
            silent = [each for each in liaisons if each.reach != Reach.YES]
            why = "no_liaison" if not liaisons else silent[0].reach if len(silent) == len(liaisons) else "away"
            unreached.append((unit.name, why))
    return Audience(list(holders.values()), reached, unreached)


def broadcast(work: Work, text: str, units: Sequence[str], *, by: int | None) -> Audience:
    """Tell the liaisons of these units, or all, something; at night and on days off it waits."""
    audience = audience_of(work, units)
    for holder in audience.holders:
        to = Recipient(holder.telegram_id, holder.person_id)
        office = work.policy.office
        let_wait(work, say(work, to, Kind.BROADCAST, priority=outbox.REMINDER, office=office, text=text.strip()))
    record(work, "broadcast", "liaisons", by, text=text.strip(), units=list(units), persons=len(audience.holders))
    return audience


def _go_on(work: Work, to: Recipient, values: dict[str, Any]) -> None:
    """Ask for the message where there is none that fits, or show it with who gets it."""
    form = {**filled(values, FIELDS), "text": values["text"].strip()}
    length = len(form["text"])
    drop: Action = {"do": "drop_form", "form": form["form"]}
    if not LEAST <= length <= MOST:
        conversations.ask(work.tx, to.chat_id, "broadcast", {**form, "text": "", "step": "text"}, at=work.at)
        say(work, to, Kind.BROADCAST_ASK, buttons=[[drop]], step="long" if length > MOST else "text", name="", near=[])
        return
    conversations.ask(work.tx, to.chat_id, "broadcast", {**form, "step": "confirm"}, at=work.at)
    audience = audience_of(work, form["units"])
    send: list[Action] = [{"do": "send_broadcast", **form}] if audience.holders else []
    say(
        work,
        to,
        Kind.BROADCAST_PREVIEW,
        buttons=[[*send, drop]],
        text=form["text"],
        office=work.policy.office,
        persons=len(audience.holders),
        units=audience.units,
        unreached=[{"unit": unit, "why": why} for unit, why in audience.unreached],
    )


def _known(work: Work, names: Sequence[str]) -> list[KnownUnit]:
    if names:
        return list({unit.id: unit for unit in (find_unit(work, name, allow_group=True) for name in names)}.values())
    involved = {part.unit_id for part in ledger.assigned_tasks(work.tx)}
    return [unit for unit in ledger.units(work.tx) if unit.id in involved]


def _is_unit(work: Work, name: str) -> bool:
    return any(name == unit.name or name in unit.aliases for unit in ledger.units(work.tx))
