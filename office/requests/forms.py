"""What every form that is filled in step by step shares: its fixed words, its own name, how it is dropped."""

import re
import secrets
from collections.abc import Iterable, Sequence
from typing import Any

from office.notice.assigning import let_wait, today
from office.saying import Action, Kind, Recipient, say
from office.work import Work
from storage import conversations, outbox, people, requests
from storage.people import Holder
from storage.states import Reach, Role

MARKS = " \t\r\n。．.！!，,、：:；;~～“”\"'"
CONFIRM = {
    "确认",
    "确定",
    "提交",
    "确认提交",
    "是",
    "是的",
    "对",
    "好",
    "好的",
    "可以",
    "ok",
    "yes",
    "y",
    "confirm",
    "submit",
}
CANCEL = {"取消", "不申请了", "算了", "放弃", "cancel"}
NO = {"否", "不是", "不对", "no", "n"}
SKIP = {"跳过", "无", "没有", "skip"}
LEAST_WORDS, MOST_WORDS = 4, 500  # characters of a reason
FORMS = (  # the questions that belong to one
    "extend",
    "complete",
    "away",
    "decide",
    "plan",
    "review",
    "review_reason",
    "accept_all",
    "enter",
    "waive",
    "resume",
    "broadcast",
    "slip",
    "inspect",
    "edit",
    "due",
    "why",
    "put_right",
)
NAMES = ("form", "request", "report")  # what tells one form from another
NUMBER = re.compile(
    r"\s*((?:任务\s*)?第?\s*(?:\d{1,3}|[一二三四五六七八九十]{1,3})\s*[项条号]?(?:任务)?)(?:[\s，,、:：。]+|$)"
)
Form = dict[str, Any]


def new_form(**values: Any) -> Form:
    """Begin a form; its name lets it be sent once, however often it is confirmed."""
    return {"form": secrets.token_urlsafe(9), **values}


def plain(text: str) -> str:
    """Give a text as fixed words are compared."""
    return text.strip(MARKS).lower()


def split_number(words: str) -> tuple[str, str]:
    """Take a task's number off the beginning of the words; gives the number as written (or nothing) and the rest."""
    found = NUMBER.match(words)
    return (found[1], words[found.end() :]) if found else ("", words)


def filled(values: dict[str, Any], fields: Iterable[str]) -> Form:
    """Give a form's fields out of what a button or a question carries."""
    return {name: values[name] for name in fields if name in values}


def is_sent(work: Work, form: Form) -> bool:
    """Whether a form was sent already."""
    return requests.is_form_used(work.tx, form["form"])


def close_form(work: Work, to: Recipient, form: Form) -> None:
    """Ask nothing more about a form; another conversation begun meanwhile goes on."""
    asked = conversations.asked(work.tx, to.chat_id)
    if asked is not None and asked.content.get("form") == form["form"]:
        conversations.answered(work.tx, to.chat_id)


def drop_form(work: Work, to: Recipient, named: dict[str, Any]) -> None:
    """Drop the form that is being filled in, if one is and it is the one named."""
    asked = conversations.asked(work.tx, to.chat_id)
    is_open = asked is not None and asked.kind in FORMS
    if asked is not None and any(name in named and named[name] != asked.content.get(name) for name in NAMES):
        is_open = False  # an old button of another form
    if is_open:
        conversations.answered(work.tx, to.chat_id)
    say(work, to, Kind.FORM_DROPPED, was_open=is_open)


def ask_office(work: Work, kind: Kind, buttons: Sequence[Sequence[Action]], **values: Any) -> int:
    """Put a request before everybody who may decide it; at night and on days off it waits. Gives how many persons."""
    found = deciders(work)
    for holder in found:
        to = Recipient(holder.telegram_id, holder.person_id)
        let_wait(work, say(work, to, kind, buttons=buttons, priority=outbox.REMINDER, **values))
    return len(found)


def deciders(work: Work) -> list[Holder]:
    """List who decides on requests: the supervisors whom messages reach, or where there are none, the admins."""
    holders = people.holders(work.tx, Role.SUPERVISOR, Role.ADMIN)
    reached = [holder for holder in holders if holder.reach == Reach.YES]
    supervisors = [holder for holder in reached if holder.role == Role.SUPERVISOR]
    return list({holder.person_id: holder for holder in supervisors or reached}.values())


def liaisons_there(work: Work, unit_id: int, asker: int | None = None) -> list[Holder]:
    """List a unit's liaisons whom messages reach and who are there, and whoever asked, away or not."""
    away = {absence.person_id for absence in requests.away_on(work.tx, today(work))}
    return [
        holder
        for holder in people.holders(work.tx, Role.LIAISON, units=[unit_id])
        if holder.reach == Reach.YES and (holder.person_id == asker or holder.person_id not in away)
    ]
