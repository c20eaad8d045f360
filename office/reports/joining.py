"""A text of more than 4096 characters comes as two messages: the halves are one text again, or the person is asked."""

from dataclasses import replace
from datetime import timedelta

from office.reports.finding import earliest_owed, find_numbered, whole_part
from office.reports.reporting import LONG, draft_parts, keep_text, receive_report
from office.saying import Action, Kind, Recipient, say
from office.work import Letter, Work
from rules.numbering import read_prefix
from storage import conversations, ledger, reports
from storage.people import KnownPerson
from storage.reports import Kept
from storage.states import ReportState

AT_ONCE = timedelta(seconds=10)  # the halves are sent in the same moment; a slow connection may part them
MOST = 4096  # characters of one message (Bot API, Message.text); a longer text was put together already
ENDS = tuple("。！？!?；;：:.)）】”」…")  # what a whole text ends with


def first_half(work: Work, letter: Letter) -> Kept | None:
    """Give the long text just before this one that it may go on with; one that begins with a task's number does not."""
    if letter.quoted_id is not None or read_prefix(letter.text) is not None:
        return None
    since = letter.sent_at - AT_ONCE
    return reports.last_long(work.tx, letter.chat_id, between=(LONG, MOST), since=since, before=letter.message_id)


def join_or_ask(work: Work, letter: Letter, person: KnownPerson, first: Kept) -> None:
    """Join a text to the one before where that stops in mid-sentence; where it could stand by itself, ask."""
    if not first.text.rstrip().endswith(ENDS):
        join(work, letter, person, first, keep_text(work, letter, person, used=True, continues=first.id))
        return
    to = Recipient(letter.chat_id, person.id)
    halves = {"first": first.id, "kept": keep_text(work, letter, person)}
    conversations.ask(work.tx, to.chat_id, "join", halves, at=work.at)
    buttons: list[list[Action]] = [[{"do": "join", **halves}, {"do": "keep_apart", **halves}]]
    say(work, to, Kind.ASK_JOIN, buttons=buttons)


def answer_join(work: Work, letter: Letter, person: KnownPerson, first_id: int, kept_id: int, *, is_one: bool) -> None:
    """Join two texts that were asked about, or take the second as one of its own."""
    first, second = (reports.kept_text(work.tx, number) for number in (first_id, kept_id))
    if first is None or second is None or second.used_at is not None or second.person_id != person.id:
        say(work, Recipient(letter.chat_id, person.id), Kind.NOTHING_DRAFTED)
        return
    conversations.answered(work.tx, letter.chat_id)
    source = replace(letter, message_id=second.message_id, sent_at=second.sent_at, text=second.text, quoted_id=None)
    if is_one:
        reports.change_kept(work.tx, second.id, used_at=work.at, continues_id=first.id)
        join(work, source, person, first, second.id)
    else:
        receive_report(work, source, person, kept_id=second.id)


def join(work: Work, letter: Letter, person: KnownPerson, first: Kept, second_id: int) -> None:
    """Take two halves as one text, sent with the second; what was drafted from the first alone is drafted anew."""
    start = _start_of(work, first)
    drafted = [
        version
        for version in reports.written_in(work.tx, start.chat_id, start.message_id)
        if version.state == ReportState.DRAFT
    ]
    for kept in (start, first):
        reports.change_kept(work.tx, kept.id, used_at=work.at)
    whole = replace(letter, message_id=start.message_id, text=_whole(work, start))
    dues = ledger.obligations(work.tx, [version.obligation_id for version in drafted])
    if len(dues) == 1 and not find_numbered(work, whole.text, person, earliest_owed(work, person)):
        draft_parts(work, whole, person, [whole_part(dues[0], whole.text)])
        return
    for version in drafted:
        reports.change_report(work.tx, version.id, state=ReportState.REPLACED)
    receive_report(work, whole, person)


def edited_whole(work: Work, letter: Letter) -> Letter:
    """Give the whole text where an edited message is one half of it; any other edit as it is."""
    half = reports.half_in(work.tx, letter.chat_id, letter.message_id)
    if half is None:
        return letter
    reports.change_kept(work.tx, half.id, text=letter.text)
    start = _start_of(work, replace(half, text=letter.text))
    return replace(letter, message_id=start.message_id, text=_whole(work, start))


def _start_of(work: Work, kept: Kept) -> Kept:
    while kept.continues_id is not None:
        before = reports.kept_text(work.tx, kept.continues_id)
        if before is None:
            break
        kept = before
    return kept


def _whole(work: Work, start: Kept) -> str:
    """Put the halves together: in mid-sentence without a break, after a whole sentence on a line of its own."""
    text, kept = start.text, reports.continuation_of(work.tx, start.id)
    while kept is not None:
        text += ("\n" if text.rstrip().endswith(ENDS) else "") + kept.text
        kept = reports.continuation_of(work.tx, kept.id)
    return text
