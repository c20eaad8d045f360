"""Somebody sends a file: it goes with the text under it, else with the report it is meant for, else they are asked."""

from dataclasses import dataclass
from typing import Any

from office.reports.attachments import put_with, remove_file, show_attached
from office.reports.drafting import shown_task
from office.reports.finding import all_owed, earliest_owed, latest_submitted, may_still_report, quoted_obligations
from office.reports.reporting import ask_task, keep_text
from office.reports.submitting import submittable
from office.rights import Right, may
from office.saying import Action, Kind, Recipient, say
from office.work import Letter, Work
from rules.attachments import ending_of, is_as_named
from rules.numbering import read_choice
from storage import attachments, conversations, files, ledger, people, reports
from storage.attachments import Attached
from storage.files import FileContent
from storage.ledger import Due
from storage.people import KnownPerson

ALL = {"全部", "全删", "全部删除", "all"}


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as it came; `unique_id` is Telegram's name for its content."""

    content: FileContent
    unique_id: str


@dataclass(frozen=True, slots=True)
class UnfitFile:
    """A file that is not taken: too_large, type or unavailable."""

    code: str


def may_attach(work: Work, letter: Letter) -> bool:
    """Whether files of this person go with reports."""
    person = people.who_is(work.tx, letter.telegram_id)
    return person is not None and may(person, Right.REPORT)


def fit(content: FileContent, unique_id: str) -> SentFile | UnfitFile:
    """Tell whether a file can be taken, by its name and its first bytes."""
    return SentFile(content, unique_id) if is_as_named(content.name, content.data) else UnfitFile("type")


def is_type_taken(name: str) -> bool:
    """Whether a file of this name may be fetched at all."""
    return ending_of(name) is not None


def keep_file(work: Work, letter: Letter, person: KnownPerson, sent: SentFile, *, album: str | None) -> None:
    """Keep a file until it is known which report it goes with."""
    file_id = files.add(work.tx, sent.content, purpose="attachment", person_id=person.id, at=work.at)
    attachments.add(
        work.tx,
        {
            "person_id": person.id,
            "file_id": file_id,
            "unique_id": sent.unique_id,
            "name": sent.content.name,
            "media_type": sent.content.media_type,
            "size": len(sent.content.data),
            "chat_id": letter.chat_id,
            "message_id": letter.message_id,
            "album": album,
            "sent_at": letter.sent_at,
            "added_at": work.at,
        },
    )


def settle_files(work: Work, letter: Letter, person: KnownPerson) -> None:
    """Put what came with a message and no text has claimed where it belongs; what may be meant for several is asked about."""
    together = attachments.sent_with(work.tx, letter.chat_id, letter.message_id)
    waiting = [file for file in together if file.obligation_id is None]
    if not waiting or _is_asked_about(work, letter, together):
        return
    to = Recipient(letter.chat_id, person.id)
    known = {file.obligation_id for file in together} - {None}
    dues = ledger.obligations(work.tx, [number for number in known if number is not None])
    if len(dues) == 1 and may_still_report(person, dues[0]):
        if put_with(work, to, waiting, dues[0]):
            show_attached(work, to, dues[0], in_place=True)
        return
    meant = _meant(work, letter, person)
    if len(meant) == 1:
        put_with(work, to, waiting, meant[0])
        show_attached(work, to, meant[0])
    else:
        ask_task(work, to, keep_text(work, _silent(letter), person), meant)


def begin_removal(work: Work, to: Recipient, person: KnownPerson, action: Action) -> None:
    """Ask which attachment of the reports in hand is to be removed; the only one is removed at once."""
    dues = _dues_of(work, person, action)
    found = attachments.of_obligations(work.tx, [due.obligation_id for due in dues])
    if not found:
        say(work, to, Kind.NO_ATTACHMENT)
    elif len(found) == 1:
        _remove(work, to, person, found)
    else:
        numbers = [file.id for file in found]
        conversations.ask(work.tx, to.chat_id, "remove_file", {"files": numbers, **_kept(action)}, at=work.at)
        buttons: list[list[Action]] = [
            [{"do": "remove_files", "files": [file.id], "label": file.name, "place": place}]
            for place, file in enumerate(found, 1)
        ]
        say(work, to, Kind.WHICH_FILE, buttons=buttons, names=[file.name for file in found])


def remove_files(work: Work, to: Recipient, person: KnownPerson, numbers: list[int]) -> None:
    """Remove attachments by their numbers, if they are of the person's own units' reports and those not closed."""
    _remove(work, to, person, [file for number in numbers if (file := attachments.attachment(work.tx, number))])


def answer_removal(work: Work, letter: Letter, person: KnownPerson, content: dict[str, Any]) -> bool:
    """Take a typed number, name or 全部 as which attachment is to be removed; False where it is none."""
    found = [file for number in content["files"] if (file := attachments.attachment(work.tx, number))]
    said, no = letter.text.strip(), read_choice(letter.text)
    if said.lower() in ALL:
        chosen = found
    elif no is not None:
        chosen = found[no - 1 : no]
    else:
        chosen = [file for file in found if file.name == said]
    if not chosen and no is None:
        return False
    to = Recipient(letter.chat_id, person.id)
    if chosen:
        _remove(work, to, person, chosen)
    else:
        begin_removal(work, to, person, content)
    return True


def _remove(work: Work, to: Recipient, person: KnownPerson, found: list[Attached]) -> None:
    numbers = {file.obligation_id for file in found if file.obligation_id is not None}
    dues = {due.obligation_id: due for due in ledger.obligations(work.tx, list(numbers))}
    allowed = [due for due in dues.values() if may_still_report(person, due)]
    if not allowed and dues:
        say(work, to, Kind.CLOSED, tasks=[shown_task(due) for due in dues.values()])
    elif not allowed:
        say(work, to, Kind.NO_ATTACHMENT)
    for due in allowed:
        for file in found:
            if file.obligation_id == due.obligation_id:
                remove_file(work, person, file)
        show_attached(work, to, due)


def _dues_of(work: Work, person: KnownPerson, action: Action) -> list[Due]:
    """Give the reports whose attachments are meant: the one named, those in hand, else all that may still be changed."""
    if "obligation" in action:
        dues = ledger.obligations(work.tx, [action["obligation"]])
    elif "reports" in action:
        versions = [version for number in action["reports"] if (version := reports.report(work.tx, number))]
        dues = ledger.obligations(work.tx, [version.obligation_id for version in versions])
    else:
        dues = [*earliest_owed(work, person), *latest_submitted(work, person)]
    return [due for due in dues if may_still_report(person, due)]


def _kept(action: Action) -> dict[str, Any]:
    return {name: action[name] for name in ("obligation", "reports") if name in action}


def _meant(work: Work, letter: Letter, person: KnownPerson) -> list[Due]:
    """Tell which reports a file by itself may be for: the one quoted, the one asked about, the only draft, else any."""
    current = [*all_owed(work, person), *latest_submitted(work, person)]
    if quoted := quoted_obligations(work, letter, person, current):
        return list(quoted)
    asked = conversations.asked(work.tx, letter.chat_id)
    if asked is not None and asked.kind == "report_on":
        due = ledger.obligation(work.tx, asked.content["obligation"])
        if due is not None and may_still_report(person, due):
            return [due]
    named = asked.content.get("reports", ()) if asked is not None else ()
    drafts = submittable(work, person, named) or submittable(
        work, person, [draft.id for draft in reports.drafts_of(work.tx, person.id)]
    )
    if drafts:
        return ledger.obligations(work.tx, [draft.obligation_id for draft in drafts])
    everything = [*earliest_owed(work, person), *latest_submitted(work, person)]
    return list({due.obligation_id: due for due in everything}.values())


def _is_asked_about(work: Work, letter: Letter, together: list[Attached]) -> bool:
    """Whether the text, or another file, that came with a file waits for its task: the file goes where that goes."""
    kept = [reports.kept_from(work.tx, letter.chat_id, message) for message in {file.message_id for file in together}]
    return any(text is not None and text.used_at is None for text in kept)


def _silent(letter: Letter) -> Letter:
    return Letter(letter.chat_id, letter.telegram_id, letter.name, letter.message_id, letter.sent_at)
