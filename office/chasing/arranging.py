"""An administrator sends the official arrangement of days off to the bot: shown, confirmed, then in force."""

from typing import Any

from office.auditing import record
from office.chasing.calendars import Foreseen, foresee, import_arrangement
from office.notice.taking_in import KEPT_FOR
from office.rights import Right, may
from office.saying import Kind, Recipient, say
from office.work import Letter, Work
from rules.arrangement import Arrangement, ArrangementError, read_arrangement
from storage import conversations, files, people
from storage.files import FileContent
from storage.people import KnownPerson

DAYS_SHOWN, PERIODS_SHOWN = 12, 6  # more are summed up


def offer_arrangement(work: Work, letter: Letter, content: FileContent) -> None:
    """Show what an arrangement would change and ask whether to put it in force."""
    person = people.who_is(work.tx, letter.telegram_id)
    if person is None or not person.parts:
        say(work, Recipient(letter.chat_id), Kind.STRANGER)
        return
    to = Recipient(letter.chat_id, person.id)
    if not may(person, Right.SET_CALENDAR):
        say(work, to, Kind.NOT_ALLOWED)
        return
    arrangement = _read(work, to, content.data)
    if arrangement is None:
        return
    foreseen = foresee(work, arrangement)
    if foreseen.is_known:
        say(work, to, Kind.CALENDAR_KNOWN, year=arrangement.year)
        return
    kept = files.add(
        work.tx, content, purpose="calendar", person_id=person.id, at=work.at, keep_until=work.at + KEPT_FOR
    )
    conversations.ask(work.tx, letter.chat_id, "calendar", {"file": kept}, at=work.at)
    buttons = [[{"do": "import_calendar", "file": kept}, {"do": "drop_calendar", "file": kept}]]
    say(work, to, Kind.CALENDAR_PREVIEW, buttons=buttons, **_shown(foreseen))
    record(work, "take_in_calendar", f"file:{kept}", person.id, name=content.name, source=content.sha256)


def confirm_arrangement(work: Work, to: Recipient, person: KnownPerson, file_id: int) -> None:
    """Put an arrangement that was shown in force."""
    _answered(work, to, file_id)
    content = files.read(work.tx, file_id)
    if content is None:
        say(work, to, Kind.CALENDAR_DROPPED)
        return
    arrangement = _read(work, to, content.data)
    if arrangement is None:
        return
    foreseen = import_arrangement(work, arrangement, person_id=person.id)
    files.keep(work.tx, file_id)
    if foreseen.is_known:
        say(work, to, Kind.CALENDAR_KNOWN, year=arrangement.year)
        return
    moved = sum(period.obligations for period in foreseen.periods)
    say(work, to, Kind.CALENDAR_IMPORTED, year=arrangement.year, moved=moved)


def drop_arrangement(work: Work, to: Recipient, file_id: int) -> None:
    """Drop an arrangement that was shown, and its file."""
    _answered(work, to, file_id)
    files.drop(work.tx, file_id)
    say(work, to, Kind.CALENDAR_DROPPED)


def _read(work: Work, to: Recipient, data: bytes) -> Arrangement | None:
    try:
        return read_arrangement(data)
    except ArrangementError as error:
        say(work, to, Kind.CALENDAR_REFUSED, code=error.code, **error.values)
        return None


def _answered(work: Work, to: Recipient, file_id: int) -> None:
    asked = conversations.asked(work.tx, to.chat_id)
    if asked is not None and asked.kind == "calendar" and asked.content["file"] == file_id:
        conversations.answered(work.tx, to.chat_id)


def _shown(foreseen: Foreseen) -> dict[str, Any]:
    days = foreseen.arrangement.days
    return {
        "year": foreseen.arrangement.year,
        "off": sum(day.is_off for day in days),
        "worked": sum(not day.is_off for day in days),
        "changes": len(foreseen.days),
        "days": [
            {"date": day.date.isoformat(), "name": day.name, "is_workday": day.is_workday}
            for day in foreseen.days[:DAYS_SHOWN]
        ],
        "moves": len(foreseen.periods),
        "periods": [
            {"period": each.label, "old": each.old_due_at.isoformat(), "due": each.due_at.isoformat()}
            | {"count": each.obligations}
            for each in foreseen.periods[:PERIODS_SHOWN]
        ],
    }
