"""A lead unit asks its supporting units (请配合单位提供), they give it their part, and it makes one draft of them.

A supporting unit owes the office nothing: what it gives goes to its lead, and its silence is the lead's affair.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from office.apart import for_each
from office.auditing import record
from office.notice.assigning import may_push, today
from office.reports.drafting import button_label, keep_version, show_drafts, shown_task
from office.reports.finding import choose, earliest_owed, without_number
from office.saying import Action, Kind, Recipient, say
from office.work import Letter, Work
from rules.characters import count
from rules.clock import local
from rules.dates import read_day
from rules.numbering import read_choice
from rules.periods import due_on
from storage import contributions, conversations, ledger, outbox, people, reports, requests
from storage.contributions import Asked
from storage.ledger import AssignedTask, Due
from storage.people import Holder, KnownPerson
from storage.states import OWED, Reach, ReportState, Role

HEAD = re.compile(r"\s*((?:任务\s*)?第?\s*[0-9０-９]{1,3}\s*[项号]?)(?:[\s,，、。．:：]+|$|(?=请))(.*)", re.DOTALL)
BEFORE = re.compile(r"([^\s,，。；;、]{2,16}?)(?:之前|以前|前)")
IS_WISH = re.compile(r"\s*(?:请|烦请|麻烦|望|please)", re.IGNORECASE)
TELL_CONTRIBUTIONS = "tell_contributions"  # the tick, as failures name it
CANCEL = ("不发", "不发了")  # beside the fixed words for it
ROOM = 3500  # characters of a stitched draft in one message: Telegram takes 4096
SHOWN_TASK = 600  # characters of the task's own text in a request
ABOUT_A_REQUEST = (Kind.CONTRIBUTION_ASKED, Kind.CONTRIBUTE, Kind.CONTRIBUTION_KEPT, Kind.CONTRIBUTION_CLOSED)
MOST_CHOICES = 24


# --- the lead asks ---------------------------------------------------------------------------------------------------


def begin_ask(work: Work, letter: Letter, person: KnownPerson, words: str) -> None:
    """Begin to ask the supporting units of a task: `3 请于4月5日前提供…`; without words for a task asked for, show who answered."""
    to = Recipient(letter.chat_id, person.id)
    dues = _askable(work, person)
    head = HEAD.fullmatch(words)
    named = head is not None and read_choice(head[1]) is not None
    note = (head[2] if head is not None and named else words).strip()
    wanted = [due for due in dues if head is None or not named or due.no == read_choice(head[1])]
    if not dues:
        say(work, to, Kind.ASK_NOTHING)
    elif len(wanted) == 1:
        ask_units(work, to, person, wanted[0].obligation_id, note)
    else:
        _ask_which(work, to, wanted or dues, note, again=not wanted)


def ask_units(work: Work, to: Recipient, person: KnownPerson, obligation_id: int, note: str = "") -> None:
    """Show what would be sent to whom before it is; what was asked already is shown with who answered."""
    due = _own_due(work, person, obligation_id)
    if due is None:
        say(work, to, Kind.ASK_NOTHING)
    elif not note and any(asked.closed_at is None for asked in contributions.of_obligations(work.tx, [obligation_id])):
        show_asked(work, to, due)
    else:
        _preview(work, to, due, note)


def answer_which(work: Work, letter: Letter, person: KnownPerson, content: dict[str, Any]) -> bool:
    """Take a typed number as the task whose supporting units are asked; False where it is none."""
    dues = ledger.obligations(work.tx, content["among"])
    chosen = choose(letter.text, dues)
    if chosen is None and read_choice(letter.text) is None:
        return False
    to = Recipient(letter.chat_id, person.id)
    if chosen is None:
        _ask_which(work, to, dues, content["words"], again=True)
    else:
        ask_units(work, to, person, chosen.obligation_id, content["words"])
    return True


def answer_preview(work: Work, letter: Letter, person: KnownPerson, content: dict[str, Any]) -> bool:
    """Take a text as the wish that goes with the request; False where it is none, but a report."""
    text = letter.text.strip()
    to = Recipient(letter.chat_id, person.id)
    if text.strip("。.！!") in CANCEL:
        drop_ask(work, to)
        return True
    due = _own_due(work, person, content["obligation"])
    is_date = read_day(text, now=local(work.at, work.policy.zone), calendar=work.policy.calendar) is not None
    if due is None or not (is_date or letter.quoted_id is not None or IS_WISH.match(text)):
        return False
    _preview(work, to, due, text)
    return True


def drop_ask(work: Work, to: Recipient) -> None:
    """Call off a request that is previewed and not sent."""
    conversations.answered(work.tx, to.chat_id)
    say(work, to, Kind.ASK_DROPPED)


def send_ask(work: Work, to: Recipient, person: KnownPerson, action: Action) -> None:
    """Ask the supporting units of an obligation, as previewed."""
    due = _own_due(work, person, action["obligation"])
    until = date.fromisoformat(action["until"]) if action.get("until") else None
    if due is None:
        say(work, to, Kind.ASK_NOTHING)
    elif until is not None and until < today(work):
        _preview(work, to, due, action.get("note") or "")
    else:
        _call(work, to, person, due, {"note": action.get("note"), "wanted_on": until})


def remind_silent(work: Work, to: Recipient, person: KnownPerson, obligation_id: int | None) -> None:
    """Ask again whoever gave nothing yet, once a day; who supports the task since is asked too."""
    due = _own_due(work, person, obligation_id) if obligation_id is not None else _only_asked(work, person)
    asked = contributions.of_obligations(work.tx, [due.obligation_id]) if due is not None else []
    if due is None or not asked:
        say(work, to, Kind.ASK_NOTHING)
        return
    latest = max(asked, key=lambda each: each.called_at)
    _call(work, to, person, due, {"note": latest.note, "wanted_on": latest.wanted_on})


def show_asked(work: Work, to: Recipient, due: Due, *, called: int | None = None) -> None:
    """Show the lead who answered and who is silent; `called` tells how many units were just asked."""
    asked = contributions.of_obligations(work.tx, [due.obligation_id])
    by_unit = {each.unit_id: each for each in asked}
    supports = supports_of(work, [due.task_id])
    given = [each for each in asked if each.given is not None]
    silent = [part for part in supports if part.unit_id not in {each.unit_id for each in given}]
    named = {"obligation": due.obligation_id}
    row: list[Action] = [{"do": "stitch", **named}] if given else []
    conversations.ask(work.tx, to.chat_id, "asked", named, at=work.at)
    say(
        work,
        to,
        Kind.ASKED,
        buttons=[[*row, *([{"do": "remind_silent", **named}] if silent else [])]] if row or silent else [],
        tasks=[shown_task(due)],
        called=called,
        waits=not _may_tell(work),
        given=[shown_asked(each) for each in given],
        silent=[_shown_silent(work, part, by_unit.get(part.unit_id)) for part in silent],
    )


def shown_asked(asked: Asked) -> dict[str, Any]:
    """Give what a unit was asked for and gave, for showing."""
    return {
        "unit": asked.unit_name,
        "lead": asked.lead_name,
        "period": asked.period,
        "given_at": asked.given_at.isoformat() if asked.given_at else None,
        "characters": asked.characters,
        "wanted_on": asked.wanted_on.isoformat() if asked.wanted_on else None,
    }


def ask_button(work: Work, due: Due) -> list[Action]:
    """Give the button that asks the supporting units, where an obligation's task has any and its report is not sent."""
    if due.state not in OWED or not supports_of(work, [due.task_id]):
        return []
    return [{"do": "ask_units", "obligation": due.obligation_id}]


def supports_of(work: Work, task_ids: Sequence[int]) -> list[AssignedTask]:
    """List the supporting units of tasks."""
    return [part for part in ledger.assigned_tasks(work.tx, task_ids) if part.role == "support"]


# --- the supporting unit gives ---------------------------------------------------------------------------------------


def asked_of(work: Work, person: KnownPerson) -> list[Asked]:
    """List what a liaison's units are asked for as supporting units and may still give."""
    return contributions.of_units(work.tx, list(person.units_as(Role.LIAISON)))


def awaited_of(work: Work, person: KnownPerson) -> list[Asked]:
    """List what a liaison's units are asked for as supporting units and did not give yet."""
    return [asked for asked in asked_of(work, person) if asked.is_awaited]


def prompt_contribution(work: Work, to: Recipient, person: KnownPerson, request_id: int | None) -> None:
    """Ask for what a unit gives its lead; the next text in this chat is it."""
    open_ = asked_of(work, person)
    wanted = [asked for asked in open_ if request_id in (None, asked.id)]
    waiting = [asked for asked in wanted if asked.is_awaited] or wanted
    if len(waiting) == 1:
        asked = waiting[0]
        conversations.ask(work.tx, to.chat_id, "contribute", {"request": asked.id}, at=work.at)
        say(work, to, Kind.CONTRIBUTE, request=asked.id, **_shown_request(asked))
    elif waiting:
        buttons: list[list[Action]] = [[contribute_button(asked)] for asked in waiting[:MOST_CHOICES]]
        say(work, to, Kind.WHICH_CONTRIBUTION, buttons=buttons)
    else:
        say(work, to, Kind.CONTRIBUTION_GONE)


def contribute_button(asked: Asked) -> Action:
    """Give the button that begins a unit's answer to one request, with what names it."""
    return {"do": "contribute", "request": asked.id, "no": asked.no, "lead": asked.lead_name}


def answer_contribution(work: Work, letter: Letter, person: KnownPerson, content: dict[str, Any]) -> bool:
    """Take a text as what a prompt asked a supporting unit for; False where it is no longer wanted."""
    asked = contributions.request(work.tx, content["request"])
    if asked is None or not asked.is_open:
        conversations.answered(work.tx, letter.chat_id)
        return False
    give(work, letter, person, asked.id)
    return True


def quoted_request(work: Work, letter: Letter) -> int | None:
    """Give the request that a quoted message is about; where it is over, the same lead's present one for the task."""
    sent = outbox.sent_as(work.tx, letter.chat_id, letter.quoted_id) if letter.quoted_id is not None else None
    if sent is None or sent.kind not in ABOUT_A_REQUEST:
        return None
    asked = contributions.request(work.tx, sent.content["request"])
    if asked is None or asked.is_open:
        return asked.id if asked is not None else None
    same = [
        each
        for each in contributions.of_units(work.tx, [asked.unit_id])
        if (each.task_id, each.lead_id) == (asked.task_id, asked.lead_id)
    ]
    return same[0].id if same else asked.id


def give(work: Work, letter: Letter, person: KnownPerson, request_id: int) -> None:
    """Keep a text as what a supporting unit gives its lead, in place of what it gave before, which stays kept."""
    to = Recipient(letter.chat_id, person.id)
    asked = contributions.request(work.tx, request_id)
    if asked is None or asked.unit_id not in person.units_as(Role.LIAISON):
        say(work, to, Kind.NOT_ALLOWED)
        return
    if not asked.is_open:
        say(work, to, Kind.CONTRIBUTION_GONE)
        return
    text = without_number(asked.no, letter.text.strip())
    number = contributions.add_contribution(
        work.tx,
        {
            "request_id": asked.id,
            "version": (asked.version or 0) + 1,
            "text": text,
            "characters": count(text),
            "author_id": person.id,
            "chat_id": letter.chat_id,
            "message_id": letter.message_id,
            "sent_at": letter.sent_at,
            "created_at": work.at,
        },
    )
    record(work, "contribute", f"contribution:{number}", person.id, request=asked.id)
    conversations.answered(work.tx, to.chat_id)
    say(
        work,
        to,
        Kind.CONTRIBUTION_KEPT,
        **_shown_request(asked),
        request=asked.id,
        characters=count(text),
        is_new=asked.given is None,
    )


def take_edited(work: Work, letter: Letter, person: KnownPerson) -> bool:
    """Take the edited text of what a unit gave as its new version; False where the message gave nothing."""
    number = contributions.given_in(work.tx, letter.chat_id, letter.message_id)
    asked = contributions.request(work.tx, number) if number is not None else None
    if asked is None:
        return False
    text = letter.text.strip()
    if not text:
        say(work, Recipient(letter.chat_id, person.id), Kind.EMPTY_TEXT)
    elif without_number(asked.no, text) != asked.given:
        give(work, letter, person, asked.id)
    return True


# --- the lead makes one draft ----------------------------------------------------------------------------------------


def stitch(work: Work, letter: Letter, person: KnownPerson, obligation_id: int | None) -> None:
    """Make what the supporting units gave, each headed by its name, the lead's draft, behind what it wrote already."""
    to = Recipient(letter.chat_id, person.id)
    due = _own_due(work, person, obligation_id) if obligation_id is not None else _only_asked(work, person)
    asked = contributions.of_obligations(work.tx, [due.obligation_id]) if due is not None else []
    given = [each for each in asked if each.given is not None]
    if due is None or not asked:
        say(work, to, Kind.ASK_NOTHING)
        return
    if not given:
        show_asked(work, to, due)
        return
    newest = reports.newest(work.tx, due.obligation_id)
    written = newest.progress if newest is not None and newest.state == ReportState.DRAFT else ""
    pieces = [f"{each.unit_name}：{each.given}" for each in given]
    text = "\n".join([*([written] if written else []), *(piece for piece in pieces if piece not in written)])
    draft_id = keep_version(work, replace(letter, message_id=0), person.id, due, text)
    draft = reports.report(work.tx, draft_id)
    assert draft is not None  # noqa: S101  # kept above, in this transaction
    pages = [text[begin : begin + ROOM] for begin in range(0, len(text), ROOM)]
    silent = {part.unit_name for part in supports_of(work, [due.task_id])} - {each.unit_name for each in given}
    for page, shown in enumerate(pages, 1):
        say(
            work,
            to,
            Kind.STITCHED,
            tasks=[shown_task(due)],
            text=shown,
            page=page,
            pages=len(pages),
            characters=draft.characters,
            silent=sorted(silent),
        )
    show_drafts(work, to, [draft_id])


# --- what is told by the clock ---------------------------------------------------------------------------------------


def tell_contributions(work: Work) -> int:
    """Tell units what they are asked for, that it is no longer wanted, and leads that all is in or the day is over; gives how many messages.

    Nothing goes out in quiet hours or on a day off.
    """
    if not _may_tell(work):
        return 0
    return tell_units(work) + _tell_leads(work)


def tell_units(work: Work) -> int:
    """Tell supporting units what they are asked for, as far as somebody there can be reached; close what is over."""
    if not _may_tell(work):
        return 0
    asked_for = contributions.not_closed(work.tx)
    liaisons = _liaisons(work, [asked.unit_id for asked in asked_for])

    def tell(asked: Asked) -> int:
        to = liaisons.get(asked.unit_id, [])
        if not asked.is_open:
            contributions.change_request(work.tx, asked.id, closed_at=work.at)
            was_told = asked.told_at is not None and asked.given is None
            return _push(work, to, Kind.CONTRIBUTION_CLOSED, asked) if was_told else 0
        if asked.given is None and (asked.told_at is None or asked.told_at < asked.called_at) and to:
            contributions.change_request(work.tx, asked.id, told_at=work.at)
            return _push(work, to, Kind.CONTRIBUTION_ASKED, asked)
        return 0

    return sum(for_each(work, TELL_CONTRIBUTIONS, asked_for, tell, named=lambda asked: f"request:{asked.id}"))


def _push(work: Work, to: Sequence[Holder], kind: Kind, asked: Asked) -> int:
    buttons: list[list[Action]] = [[{"do": "contribute", "request": asked.id}]]
    for holder in to:
        say(
            work,
            Recipient(holder.telegram_id, holder.person_id),
            kind,
            buttons=buttons if kind == Kind.CONTRIBUTION_ASKED else (),
            priority=outbox.REMINDER,
            request=asked.id,
            again=asked.told_at is not None,
            **_shown_request(asked),
        )
    return len(to)


def _tell_leads(work: Work) -> int:
    """Tell each lead once that all its supporting units answered, or that the day it named is over and who is silent."""
    by_obligation: dict[int, list[Asked]] = {}
    for asked in contributions.not_closed(work.tx):
        if asked.is_open:
            by_obligation.setdefault(asked.obligation_id, []).append(asked)

    def tell(asked: list[Asked]) -> int:
        return _tell_lead(work, asked) if _is_news(work, asked) else 0

    groups = by_obligation.values()
    named = "obligation:{0.obligation_id}".format
    return sum(for_each(work, TELL_CONTRIBUTIONS, groups, tell, named=lambda asked: named(asked[0])))


def _is_news(work: Work, asked: Sequence[Asked]) -> bool:
    if all(each.given is not None for each in asked):
        return any(
            each.lead_told_at is None or (each.first_given_at is not None and each.first_given_at > each.lead_told_at)
            for each in asked
        )
    return any(
        each.given is None
        and each.wanted_on is not None
        and each.wanted_on < today(work)
        and (each.lead_told_at is None or local(each.lead_told_at, work.policy.zone).date() <= each.wanted_on)
        for each in asked
    )


def _tell_lead(work: Work, asked: Sequence[Asked]) -> int:
    due = ledger.obligation(work.tx, asked[0].obligation_id)
    to = _liaisons(work, [asked[0].lead_id]).get(asked[0].lead_id, [])
    if due is None or not to:
        return 0
    given = [each for each in asked if each.given is not None]
    named = {"obligation": due.obligation_id}
    row: list[Action] = [{"do": "stitch", **named}] if given else []
    if len(given) < len(asked):
        row.append({"do": "remind_silent", **named})
    for holder in to:
        say(
            work,
            Recipient(holder.telegram_id, holder.person_id),
            Kind.CONTRIBUTIONS_IN,
            buttons=[row],
            priority=outbox.REMINDER,
            tasks=[shown_task(due)],
            given=[each.unit_name for each in given],
            silent=[each.unit_name for each in asked if each.given is None],
        )
    for each in asked:
        contributions.change_request(work.tx, each.id, lead_told_at=work.at)
    return len(to)


# --- in this module only ---------------------------------------------------------------------------------------------


def _askable(work: Work, person: KnownPerson) -> list[Due]:
    """List what a liaison's units owe now, lead units of tasks with supporting ones: earliest period of each task."""
    owed = earliest_owed(work, person)
    with_supports = {part.task_id for part in supports_of(work, [due.task_id for due in owed])}
    return [due for due in owed if due.task_id in with_supports]


def _own_due(work: Work, person: KnownPerson, obligation_id: int) -> Due | None:
    """Give an obligation of the person's own units whose report is not sent and whose task has supporting units."""
    due = ledger.obligation(work.tx, obligation_id)
    if due is None or due.unit_id not in person.units_as(Role.LIAISON) or due.state not in OWED:
        return None
    return due if supports_of(work, [due.task_id]) else None


def _only_asked(work: Work, person: KnownPerson) -> Due | None:
    """Give the only obligation of the person's units for which supporting units were asked, for a typed word."""
    dues = _askable(work, person)
    asked = {each.obligation_id for each in contributions.of_obligations(work.tx, [d.obligation_id for d in dues])}
    found = [due for due in dues if due.obligation_id in asked]
    return found[0] if len(found) == 1 else None


def _ask_which(work: Work, to: Recipient, dues: Sequence[Due], words: str, *, again: bool) -> None:
    among = [due.obligation_id for due in dues]
    conversations.ask(work.tx, to.chat_id, "ask_which", {"among": among, "words": words}, at=work.at)
    buttons: list[list[Action]] = [
        [{"do": "ask_units", "obligation": due.obligation_id, "words": words, **button_label(due, dues)}]
        for due in dues[:MOST_CHOICES]
    ]
    say(work, to, Kind.ASK_WHICH, buttons=buttons, tasks=[shown_task(due) for due in dues], again=again)


def _preview(work: Work, to: Recipient, due: Due, note: str) -> None:
    until = _wanted_day(work, note)
    is_past = until is not None and until < today(work)
    asked = {each.unit_id: each for each in contributions.of_obligations(work.tx, [due.obligation_id])}
    supports = supports_of(work, [due.task_id])
    content = {
        "obligation": due.obligation_id,
        "note": note or None,
        "until": until.isoformat() if until is not None and not is_past else None,
    }
    conversations.ask(work.tx, to.chat_id, "ask", content, at=work.at)
    say(
        work,
        to,
        Kind.ASK_PREVIEW,
        buttons=[] if is_past else [[{"do": "send_ask", **content}]],
        tasks=[shown_task(due)],
        note=note,
        until=until.isoformat() if until is not None else None,
        is_past=is_past,
        is_late=until is not None and until > due_on(due.due_at, work.policy.zone),
        units=[p.unit_name for p in supports if p.unit_id not in asked or asked[p.unit_id].given is None],
        unreached=_unreached(work, supports),
    )


def _call(work: Work, to: Recipient, person: KnownPerson, due: Due, values: dict[str, Any]) -> None:
    """Have the units that gave nothing yet told, each once a day at most, and show the lead how it stands."""
    by_unit = {each.unit_id: each for each in contributions.of_obligations(work.tx, [due.obligation_id])}
    called = []
    for part in supports_of(work, [due.task_id]):
        before = by_unit.get(part.unit_id)
        if before is None:
            row = {"obligation_id": due.obligation_id, "unit_id": part.unit_id, "asked_by": person.id}
            contributions.add_request(work.tx, {**row, "called_at": work.at, **values})
        elif before.closed_at is not None:  # the report came back to the lead after it was sent
            values_now = {**values, "closed_at": None, "lead_told_at": None, "called_at": work.at}
            contributions.change_request(work.tx, before.id, **values_now)
        elif before.given is None and not _was_called_today(work, before):
            contributions.change_request(work.tx, before.id, **values, called_at=work.at)
        else:
            continue
        called.append(part.unit_name)
    if called:
        record(work, "ask_support", f"obligation:{due.obligation_id}", person.id, units=called)
        tell_units(work)
    show_asked(work, to, due, called=len(called))


def _was_called_today(work: Work, asked: Asked) -> bool:
    last = max(asked.called_at, asked.told_at or asked.called_at)
    return local(last, work.policy.zone).date() == today(work)


def _wanted_day(work: Work, note: str) -> date | None:
    """Read the day by which a wish wants something: 请于4月5日前…, or one that begins with a day."""
    now = local(work.at, work.policy.zone)
    said = [found[1] for found in BEFORE.finditer(note)]
    tries = [*said, *(text[sign + 1 :] for text in said for sign in (max(map(text.rfind, "于在请")),) if sign >= 0)]
    tries += re.split(r"[\s,，。；;]", note.strip(), maxsplit=1)[:1]
    found = (read_day(text, now=now, calendar=work.policy.calendar) for text in tries if text)
    return next((day.day for day in found if day is not None), None)


def _shown_request(asked: Asked) -> dict[str, Any]:
    return {
        "unit": asked.unit_name,
        "lead": asked.lead_name,
        "no": asked.no,
        "list": asked.list,
        "text": asked.text[:SHOWN_TASK],
        "period": asked.period,
        "due_at": asked.due_at.isoformat(),
        "until": asked.wanted_on.isoformat() if asked.wanted_on else None,
        "note": asked.note,
        "limit": asked.max_length,
    }


def _shown_silent(work: Work, part: AssignedTask, asked: Asked | None) -> dict[str, Any]:
    unreached = _unreached(work, [part])
    told = asked.told_at if asked is not None else None
    return {
        "unit": part.unit_name,
        "asked": asked is not None,
        "told_at": told.isoformat() if told is not None else None,
        "why": unreached[0]["why"] if unreached else None,
    }


def _unreached(work: Work, parts: Sequence[AssignedTask]) -> list[dict[str, str]]:
    """List the units whose liaisons no message reaches, and why: the lead phones them."""
    holders = people.holders(work.tx, Role.LIAISON, units=[part.unit_id for part in parts])
    found = []
    for part in parts:
        reaches = [holder.reach for holder in holders if holder.unit_id == part.unit_id]
        if Reach.YES not in reaches:
            found.append({"unit": part.unit_name, "why": reaches[0] if reaches else "not_registered"})
    return found


def _liaisons(work: Work, unit_ids: Sequence[int]) -> dict[int, list[Holder]]:
    """Give the liaisons of these units who are not away and whom messages reach."""
    away = {absence.person_id for absence in requests.away_on(work.tx, today(work))}
    found: dict[int, list[Holder]] = {}
    for holder in people.holders(work.tx, Role.LIAISON, units=unit_ids):
        if holder.reach == Reach.YES and holder.unit_id is not None and holder.person_id not in away:
            found.setdefault(holder.unit_id, []).append(holder)
    return found


def _may_tell(work: Work) -> bool:
    return may_push(work) and work.policy.calendar.is_workday(today(work))
