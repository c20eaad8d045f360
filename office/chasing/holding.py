"""Sending is held: all of it after a restore, or, paused by a supervisor, all that is pushed; until a person lets it go."""

import json
from datetime import datetime
from typing import Any

from office.auditing import record
from office.notice.assigning import today
from office.requests.forms import CANCEL, close_form, new_form, plain
from office.rights import Right, may
from office.saying import Action, Kind, Recipient, say
from office.work import Letter, Work
from rules.periods import days_overdue, due_on
from storage import conversations, outbox, records
from storage.backups import HELD, RESTORED
from storage.outbox import WaitingKind, WaitingMessage
from storage.people import KnownPerson

REMINDING = ("nudge", "sign_reminder", "digest")  # what goes stale by waiting, and is made anew when it is time again
ALL, FRESH = {"全部发送", "全部"}, {"丢弃催办", "丢弃"}


# --- the conversation ------------------------------------------------------------------------------------------------


def begin_pause(work: Work, letter: Letter, person: KnownPerson, _words: str) -> None:
    """Hold everything pushed from now on; answers go on."""
    was_held = held(work) is not None
    if not was_held:
        pause(work, by=person.id, name=person.name)
    say(work, Recipient(letter.chat_id, person.id), Kind.PAUSED, was_held=was_held, **_held_since(work))


def begin_resume(work: Work, letter: Letter, person: KnownPerson, _words: str) -> None:
    """Show what would go out, and let the person choose: all of it, or without what has gone stale."""
    to = Recipient(letter.chat_id, person.id)
    if held(work) is None:
        say(work, to, Kind.RESUME, step="not_held", waiting=[])
        return
    waiting = waiting_messages(work)
    if not waiting:
        _let_go(work, to, person, drop=False)
        return
    form = new_form()
    conversations.ask(work.tx, to.chat_id, "resume", form, at=work.at)
    row: list[Action] = [{"do": "resume_all", **form}]
    if any(each.kind in REMINDING for each in waiting):
        row.append({"do": "resume_fresh", **form})
    said = [{"kind": each.kind, "count": each.count, "oldest": each.oldest.isoformat()} for each in waiting]
    drop: list[Action] = [{"do": "drop_form", **form}]
    say(work, to, Kind.RESUME, buttons=[row, drop], step="choose", waiting=said, **_held_since(work))


def resume(work: Work, to: Recipient, person: KnownPerson, *, drop: bool) -> None:
    """Let messages go out again, without the reminders and digests that waited where they are to be dropped."""
    if held(work) is None:
        say(work, to, Kind.RESUME, step="not_held", waiting=[])
    else:
        _let_go(work, to, person, drop=drop)


def answer_resume(work: Work, letter: Letter, person: KnownPerson, content: dict[str, Any]) -> bool:
    """Take a typed choice; False for anything else."""
    word = plain(letter.text)
    if word in CANCEL or word not in ALL | FRESH or not may(person, Right.PAUSE):
        return False
    resume(work, Recipient(letter.chat_id, person.id), person, drop=word in FRESH)
    return True


# --- for every desk --------------------------------------------------------------------------------------------------


def held(work: Work) -> dict[str, Any] | None:
    """Tell why nothing, or nothing pushed, is sent at present: {"why", "by", "at"}; None where everything is."""
    value = records.noted(work.tx, HELD)
    if not value:
        return None
    said: dict[str, Any] = {"why": RESTORED, "by": None, "at": None} if value == RESTORED else json.loads(value)
    return said


def paused_for(work: Work, person: KnownPerson) -> dict[str, Any]:
    """Give what a list shown to a person says of a pause, where the person may end it."""
    return {"paused": held(work) if may(person, Right.PAUSE) else None}


def waiting_messages(work: Work) -> list[WaitingKind]:
    """Count what would go out, by kind, with since when the oldest of it waits."""
    why = held(work)
    return outbox.waiting_by_kind(work.tx, answers=why is not None and why["why"] == RESTORED)


def pause(work: Work, *, by: int | None, name: str | None) -> None:
    """Hold everything pushed; what is held after a restore stays held whole."""
    if held(work) is None:
        said = {"why": "paused", "by": name, "at": work.at.isoformat()}
        records.note(work.tx, HELD, json.dumps(said, ensure_ascii=False), at=work.at)
        record(work, "pause_sending", "outbox", by)


def let_go(work: Work, *, by: int | None = None, drop: bool = False) -> int:
    """Let messages go out again; gives how many are not sent any more.

    Of several reminders of one thing a person gets only the latest, with the days as they are now; no digest of a past day.
    """
    if drop:
        ended = [each.id for each in outbox.waiting_of(work.tx, REMINDING)]
        for number in ended:
            outbox.cancel(work.tx, number, "dropped when sending was resumed")
    else:
        ended = _end_overtaken(work)
    records.note(work.tx, HELD, "", at=work.at)
    record(work, "resume_sending", "outbox", by, dropped=len(ended), drop=drop)
    return len(ended)


# --- in this module only ---------------------------------------------------------------------------------------------


def _let_go(work: Work, to: Recipient, person: KnownPerson, *, drop: bool) -> None:
    asked = conversations.asked(work.tx, to.chat_id)
    if asked is not None and asked.kind == "resume":
        close_form(work, to, asked.content)
    dropped = let_go(work, by=person.id, drop=drop)
    left = sum(each.count for each in waiting_messages(work))
    say(work, to, Kind.RESUMED, dropped=dropped, left=left)


def _held_since(work: Work) -> dict[str, Any]:
    return {"paused": held(work)}


def _end_overtaken(work: Work) -> list[int]:
    """End what a later message to the same person says too, or what is past; gives the numbers of what is wholly so."""
    ended: list[int] = []
    told: dict[int, set[Any]] = {}
    for message in reversed(outbox.waiting_of(work.tx, ("nudge", "digest"))):
        left = _not_told(work, message, told.setdefault(message.chat_id, set()))
        if left is None:
            ended.append(message.id)
            outbox.cancel(work.tx, message.id, "overtaken by a later one while sending was held")
        elif left != message.content:
            outbox.change_content(work.tx, message.id, left)
    return ended


def _not_told(work: Work, message: WaitingMessage, told: set[Any]) -> dict[str, Any] | None:
    """Give what of a message no later one says and is true today; None where that is nothing. `told` grows by it."""
    if message.kind == "digest":
        return message.content if message.content.get("day") == today(work).isoformat() else None
    if "tasks" not in message.content:
        return message.content
    tasks = [task for task in message.content["tasks"] if (task["obligation_id"], task["role"]) not in told]
    told |= {(task["obligation_id"], task["role"]) for task in tasks}
    now = [{**task, **_days_now(work, datetime.fromisoformat(task["due_at"]))} for task in tasks]
    return {**message.content, "tasks": now, "days": now[0]["days"]} if now else None


def _days_now(work: Work, due_at: datetime) -> dict[str, int]:
    zone = work.policy.zone
    left = (due_on(due_at, zone) - today(work)).days
    return {"days": days_overdue(due_at, work.at, zone), "days_left": left}
