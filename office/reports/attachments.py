"""Attachments (附件) of reports: which a report has, how they are put with it, shown and removed."""

from collections.abc import Sequence
from typing import Any

from office.auditing import record
from office.reports.drafting import show_drafts, shown_task
from office.saying import Action, Kind, Recipient, say
from office.work import Work
from rules.attachments import MOST_FILES
from storage import attachments, conversations, outbox, reports
from storage.attachments import Attached
from storage.ledger import Due
from storage.people import KnownPerson
from storage.states import OWED, OutboxState

KEEPS_ITS_QUESTION = ("part", "reason", "attest")  # what is asked about a draft stays asked when a file comes


def put_with(work: Work, to: Recipient, found: Sequence[Attached], due: Due) -> int:
    """Put attachments with an obligation's report; the same file twice is one, and what is too much is refused.

    Gives how many were put there.
    """
    standing = attachments.of_obligations(work.tx, [due.obligation_id])
    known = {file.unique_id for file in standing}
    count, put, refused = len(standing), 0, 0
    for file in found:
        if file.unique_id in known or count == MOST_FILES:
            refused += file.unique_id not in known
            attachments.remove(work.tx, file.id, at=work.at)
            continue
        attachments.place(work.tx, file.id, due.obligation_id)
        known.add(file.unique_id)
        count, put = count + 1, put + 1
        record(work, "attach", f"obligation:{due.obligation_id}", to.person_id, attachment=file.id, name=file.name)
    if refused:
        say(work, to, Kind.ATTACHMENT_REFUSED, code="too_many", tasks=[shown_task(due)])
    return put


def waiting_with(work: Work, chat_id: int, message_id: int) -> list[Attached]:
    """List what came with a message and is with no report yet."""
    return [file for file in attachments.sent_with(work.tx, chat_id, message_id) if file.obligation_id is None]


def show_attached(work: Work, to: Recipient, due: Due, *, in_place: bool = False) -> None:
    """Show a report with its attachments: its draft, or what stands; `in_place` of the last message, if it said the same.

    A report that is owed and has no draft yet is asked for: the next text is it.
    """
    asked = conversations.asked(work.tx, to.chat_id)
    edits = _takes_place_of(work, to.chat_id, due) if in_place else None
    draft = reports.draft_of(work.tx, due.obligation_id)
    if draft is not None and (asked is None or asked.kind not in KEEPS_ITS_QUESTION):
        shown = asked.content["reports"] if asked is not None and asked.kind == "draft" else []
        show_drafts(work, to, shown if draft.id in shown else [draft.id], edits=edits)
        return
    needs_text = draft is None and due.state in OWED
    if needs_text:
        conversations.ask(work.tx, to.chat_id, "report_on", {"obligation": due.obligation_id}, at=work.at)
    files = names_of(work, due)
    remove: list[list[Action]] = [[{"do": "remove_file", "obligation": due.obligation_id}]] if files else []
    values: dict[str, Any] = {} if edits is None else {"edits": edits}
    say(
        work,
        to,
        Kind.ATTACHED,
        buttons=remove,
        tasks=[{**shown_task(due), "attachments": files}],
        needs_text=needs_text,
        **values,
    )


def names_of(work: Work, due: Due) -> list[str]:
    """List the names of the attachments a report has."""
    return [file.name for file in attachments.of_obligations(work.tx, [due.obligation_id])]


def remove_file(work: Work, person: KnownPerson, file: Attached) -> None:
    """Remove an attachment, bytes and all; that it was there stays on record."""
    attachments.remove(work.tx, file.id, at=work.at)
    subject = f"obligation:{file.obligation_id}"
    record(work, "remove_attachment", subject, person.id, attachment=file.id, name=file.name)


def _takes_place_of(work: Work, chat_id: int, due: Due) -> int | None:
    """Give the message in whose place the next one may stand, if the last one spoke of this report; unsent it is dropped."""
    last = outbox.last_in(work.tx, chat_id)
    if last is None or last.kind not in (Kind.DRAFT, Kind.ATTACHED):
        return None
    if due.obligation_id not in {task["obligation_id"] for task in last.content["tasks"]}:
        return None
    if last.state == OutboxState.READY:
        outbox.end(work.tx, last.id, OutboxState.CANCELLED, "more of the album came")
        edits: int | None = last.content.get("edits")
        return edits
    return last.message_id
