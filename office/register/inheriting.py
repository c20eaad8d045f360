"""What a liaison left unfinished goes on with the unit: whoever serves it next gets the drafts and the open question."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from office.notice.assigning import ROOM, let_wait
from office.reports.drafting import shown_task
from office.reports.reporting import receive_report
from office.saying import Kind, Recipient, say
from office.work import Letter, Work
from storage import conversations, ledger, outbox, people, reports
from storage.people import KnownPerson
from storage.reports import ReportVersion
from storage.states import Role

FRESH = timedelta(days=7)  # an older question was left unanswered on purpose


def take_over_drafts(work: Work, to: Recipient, unit_id: int, *, waits: bool) -> None:
    """Make a unit's drafts whose authors serve it no more those of the recipient, who is shown them.

    The texts keep their own dates, so that what was written in time stays in time. `waits` where the recipient asked
    for nothing and is told in waking hours.
    """
    assert to.person_id is not None  # noqa: S101  # only a liaison takes over
    serving = {holder.person_id for holder in people.holders(work.tx, Role.LIAISON, units=[unit_id])}
    left = [draft for draft in reports.drafts_of_unit(work.tx, unit_id) if draft.author_id not in serving]
    taken = [_shown(work, draft, _take(work, draft, to)) for draft in left]
    for group in _fitting(taken):
        numbers = [task["report_id"] for task in group]
        buttons = [[{"do": "submit", "reports": numbers}, {"do": "change", "reports": numbers}]]
        message = say(work, to, Kind.INHERITED, buttons=buttons, priority=outbox.REMINDER, tasks=group)
        if waits:
            let_wait(work, message)


def take_over_question(work: Work, letter: Letter, successor: KnownPerson, predecessor_id: int) -> None:
    """Ask a successor what a predecessor who serves no unit now had not answered: which task a kept text is for."""
    account = people.account_of(work.tx, predecessor_id)
    predecessor = people.who_is(work.tx, account.telegram_id)
    if predecessor is not None and predecessor.units_as(Role.LIAISON):
        return  # it may be meant for a unit they still serve
    conversations.answered(work.tx, account.telegram_id)
    kept = reports.last_open_kept(work.tx, predecessor_id, since=work.at - FRESH)
    if kept is None:
        return
    reports.change_kept(work.tx, kept.id, used_at=work.at)
    place = {"person_id": successor.id, "chat_id": letter.chat_id, "message_id": 0}  # it stands in no message here
    again = reports.keep_text(work.tx, {**place, "text": kept.text, "sent_at": kept.sent_at, "used_at": None})
    say(work, Recipient(letter.chat_id, successor.id), Kind.INHERITED_TEXT, by=account.name, text=kept.text[:ROOM])
    written = Letter(letter.chat_id, letter.telegram_id, letter.name, 0, kept.sent_at, kept.text)
    receive_report(work, written, successor, kept_id=again)


def _take(work: Work, draft: ReportVersion, to: Recipient) -> int:
    """Keep a draft's text as the new author's version; the version before stays its own author's."""
    return reports.add_draft(
        work.tx,
        {
            "obligation_id": draft.obligation_id,
            "version": draft.version + 1,
            "progress": draft.progress,
            "problems": draft.problems,
            "next_step": draft.next_step,
            "stage_met": draft.stage_met,
            "characters": draft.characters,
            "over_limit_reason": draft.over_limit_reason,
            "findings": draft.findings,
            "author_id": to.person_id,
            "chat_id": to.chat_id,
            "message_id": None,  # it stands in no message of this chat that could be edited
            "sent_at": draft.sent_at,
            "created_at": work.at,
        },
    )


def _shown(work: Work, draft: ReportVersion, taken: int) -> dict[str, Any]:
    due = ledger.obligation(work.tx, draft.obligation_id)
    assert due is not None  # noqa: S101  # a report points to its obligation
    by = people.account_of(work.tx, draft.author_id).name if draft.author_id is not None else ""
    text = draft.progress[:ROOM]
    return {**shown_task(due), "report_id": taken, "characters": draft.characters, "text": text, "by": by}


def _fitting(tasks: Sequence[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Group drafts so that each group's texts fit one message."""
    group: list[dict[str, Any]] = []
    for task in tasks:
        if group and sum(len(each["text"]) + 80 for each in [*group, task]) > ROOM:
            yield group
            group = []
        group.append(task)
    if group:
        yield group
