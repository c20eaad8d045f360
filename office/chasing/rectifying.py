"""What a unit has to put right (整改): the liaison answers, a supervisor lets it pass or returns it; photos for both."""

import re
from typing import Any

from office.auditing import record
from office.chasing.inspecting import say_noted
from office.chasing.inspections import (
    answer_measure,
    decide_answer,
    decision_buttons,
    note_finding,
    shown_answer,
    shown_measure,
    visible_parts,
)
from office.notice.assigning import today
from office.reports.attaching import SentFile, UnfitFile
from office.requests.forms import CANCEL, plain
from office.rights import Right, may
from office.saying import Action, Kind, Recipient, say
from office.work import Letter, Work
from rules.attachments import MOST_FILES
from storage import conversations, files, inspections, outbox, people
from storage.inspections import KnownAnswer, KnownMeasure
from storage.people import KnownPerson
from storage.states import InspectionState, MeasureState, Role

MOST_FOUND = 30  # files of one inspection
LEAST_REASON, MOST_REASON = 2, 500
ANSWER = re.compile(r"整改\s*(\d{1,9})\s*[:：，,\s]\s*(.+)", re.DOTALL)
DECISION = re.compile(r"(整改通过|整改退回)[\s:：，,]*(?:第?(\d{1,9})[号条]?)?[\s:：，,。.]*(.*)", re.DOTALL)


# --- the unit answers ------------------------------------------------------------------------------------------------


def ask_for_answer(work: Work, to: Recipient, person: KnownPerson, number: int | None) -> None:
    """Take what comes next in this chat as the answer to a measure."""
    measure = _own(work, person, number) if number is not None else _only(work, person)
    if measure is None or measure.state != MeasureState.OPEN:
        say(work, to, Kind.INSPECTION_REFUSED, why="not_asked")
        return
    conversations.ask(work.tx, to.chat_id, "rectify", {"measure": measure.id, "step": "text"}, at=work.at)
    say(work, to, Kind.RECTIFY, **shown_measure(work, measure))


def answer_rectify(work: Work, letter: Letter, person: KnownPerson, content: dict[str, Any]) -> bool:
    """Take a text as the answer to the measure asked about; False where it is none."""
    if content["step"] != "text" or not may(person, Right.ANSWER_MEASURE):
        return False
    if plain(letter.text) in CANCEL:
        conversations.answered(work.tx, letter.chat_id)
        say(work, Recipient(letter.chat_id, person.id), Kind.FORM_DROPPED, was_open=True)
        return True
    _answer(work, letter, person, content["measure"])
    return True


def answer_by_words(work: Work, letter: Letter, person: KnownPerson) -> bool:
    """Take a text that names a measure (整改3 已更换…) or quotes a message about one as its answer."""
    if not may(person, Right.ANSWER_MEASURE):
        return False
    said = ANSWER.fullmatch(letter.text.strip())
    quoted = _quoted(work, letter)
    number = int(said[1]) if said is not None else quoted.get("measure")
    measure = _own(work, person, number) if number is not None else None
    if measure is None or (said is None and measure.state != MeasureState.OPEN):
        return False
    text = said[2] if said is not None else letter.text
    values = {name: getattr(letter, name) for name in Letter.__dataclass_fields__}
    _answer(work, Letter(**{**values, "text": text}), person, measure.id)
    return True


# --- the supervisor decides ------------------------------------------------------------------------------------------


def pass_measure(work: Work, to: Recipient, person: KnownPerson, answer_id: int | None) -> None:
    """Let an answer pass: what was to be put right is."""
    answer = _waiting(work, to, answer_id)
    if answer is not None:
        _decide(work, to, person, answer, passed=True)


def ask_return(work: Work, to: Recipient, answer_id: int | None, *, again: bool = False) -> None:
    """Ask why an answer is returned; the next text is the reason, and reaches the unit."""
    answer = _waiting(work, to, answer_id)
    if answer is not None:
        conversations.ask(work.tx, to.chat_id, "return_measure", {"answer": answer.id}, at=work.at)
        say(work, to, Kind.RETURN_MEASURE, again=again, **shown_answer(work, answer.id, answer.measure_id))


def answer_return(work: Work, letter: Letter, person: KnownPerson, content: dict[str, Any]) -> bool:
    """Take a text as the reason for returning an answer; False where it is another decision."""
    to, reason = Recipient(letter.chat_id, person.id), letter.text.strip()
    if not may(person, Right.INSPECT) or DECISION.fullmatch(reason):
        return False
    if plain(reason) in CANCEL:
        conversations.answered(work.tx, letter.chat_id)
        say(work, to, Kind.FORM_DROPPED, was_open=True)
    elif LEAST_REASON <= len(reason) <= MOST_REASON:
        answer = _waiting(work, to, content["answer"])
        if answer is not None:
            _decide(work, to, person, answer, passed=False, reason=reason)
    else:
        ask_return(work, to, content["answer"], again=True)
    return True


def decide_by_words(work: Work, letter: Letter, person: KnownPerson) -> bool:
    """Take a typed decision (整改通过 3; 整改退回 3 因…), of the measure quoted or the only answer that waits."""
    read = DECISION.fullmatch(letter.text.strip())
    if read is None or not may(person, Right.INSPECT):
        return False
    to, reason = Recipient(letter.chat_id, person.id), read[3].strip()
    number = int(read[2]) if read[2] else _quoted(work, letter).get("measure")
    waiting = [answer for answer in inspections.waiting_answers(work.tx) if number in (None, answer.measure_id)]
    if len(waiting) != 1:
        _show_waiting(work, to, number)
    elif read[1] == "整改通过":
        _decide(work, to, person, waiting[0], passed=True)
    elif LEAST_REASON <= len(reason) <= MOST_REASON:
        _decide(work, to, person, waiting[0], passed=False, reason=reason)
    else:
        ask_return(work, to, waiting[0].id, again=bool(reason))
    return True


# --- photos and documents --------------------------------------------------------------------------------------------


def takes_files(work: Work, letter: Letter) -> bool:
    """Whether a file this person sends now belongs to an inspection or a measure."""
    person = people.who_is(work.tx, letter.telegram_id)
    return person is not None and _target(work, letter, person, None) is not None


def is_asked_for(work: Work, letter: Letter) -> bool:
    """Whether a document this person sends now was asked for by an inspection or a measure: it is no notice and no form."""
    asked = conversations.asked(work.tx, letter.chat_id)
    is_answered = asked is not None and asked.content.get("step") == "more"
    return takes_files(work, letter) and not (is_answered and letter.quoted_id is None)


def take_field_file(
    work: Work, letter: Letter, person: KnownPerson, sent: SentFile | UnfitFile, *, album: str | None
) -> bool:
    """Keep a photo or document of an inspection or of a measure's answer, with its text; False where it is for neither."""
    target = _target(work, letter, person, album)
    if target is None:
        return False
    inspection_id, measure_id = target
    to = Recipient(letter.chat_id, person.id)
    is_first = album is None or inspections.file_beside(work.tx, letter.chat_id, letter.message_id, album) is None
    if isinstance(sent, UnfitFile):
        say(work, to, Kind.ATTACHMENT_REFUSED, code=sent.code)
    else:
        _keep_file(work, letter, person, sent, target=target, album=album)
    text = letter.text.strip()
    found = inspections.inspection(work.tx, inspection_id)
    if measure_id is not None and text:
        _answer(work, letter, person, measure_id)
    elif measure_id is not None and is_first:
        measure = inspections.measure(work.tx, measure_id)
        if measure is not None:
            say(
                work, to, Kind.FIELD_FILE, needs_text=measure.state == MeasureState.OPEN, **shown_measure(work, measure)
            )
    elif found is not None and measure_id is None:
        if text:
            note_finding(work, letter, person, inspection_id)
        if is_first:
            say_noted(work, to, found)
    return True


def take_edited_field(work: Work, letter: Letter, person: KnownPerson) -> bool:
    """Follow an edit of what was written down at an inspection, or of an answer nobody decided on; False for other texts."""
    to, text = Recipient(letter.chat_id, person.id), letter.text.strip()
    finding = inspections.finding_from(work.tx, letter.chat_id, letter.message_id)
    answer = inspections.answer_from(work.tx, letter.chat_id, letter.message_id)
    if finding is None and answer is None:
        return False
    is_open = False
    if finding is not None and finding.person_id == person.id and text and may(person, Right.INSPECT):
        found = inspections.inspection(work.tx, finding.inspection_id)
        is_open = found is not None and found.state == InspectionState.PLANNED
        if is_open:
            inspections.reword_finding(work.tx, finding.id, text)
            subject = f"inspection:{finding.inspection_id}"
            record(work, "reword_finding", subject, person.id, finding=finding.id, before=finding.text)
    elif answer is not None and _own(work, person, answer.measure_id) is not None:
        said = ANSWER.fullmatch(text)
        new = said[2] if said is not None else text
        is_open = bool(new) and inspections.change_answer(work.tx, answer.id, text=new)
        if is_open:
            record(work, "reword_answer", f"measure:{answer.measure_id}", person.id, before=answer.text)
    say(work, to, Kind.FIELD_EDITED, done=is_open)
    return True


def send_files(work: Work, to: Recipient, person: KnownPerson, action: Action) -> None:
    """Send the files of an inspection's findings, or of a measure's answer, each as a message."""
    measure = inspections.measure(work.tx, action["measure"]) if "measure" in action else None
    number = measure.inspection_id if measure is not None else action.get("inspection")
    inspection = inspections.inspection(work.tx, number) if number is not None else None
    if inspection is None or not visible_parts(work, person, inspection):
        say(work, to, Kind.INSPECTION_REFUSED, why="which")
        return
    found = inspections.files_of(
        work.tx, inspection_id=inspection.id, measure_id=measure.id if measure is not None else None
    )
    if not found:
        say(work, to, Kind.INSPECTION_REFUSED, why="no_files")
    for place, file in enumerate(found[:MOST_FILES], 1):
        values: dict[str, Any] = {"place": place, "total": len(found), "inspection": inspection.id}
        values |= {"name": file.name, "no": measure.id if measure is not None else None}
        say(work, to, Kind.FIELD_FILE, file=file.file_id, needs_text=None, **values)


# --- in this module only ---------------------------------------------------------------------------------------------


def _answer(work: Work, letter: Letter, person: KnownPerson, number: int) -> None:
    to, measure = Recipient(letter.chat_id, person.id), _own(work, person, number)
    asked = conversations.asked(work.tx, letter.chat_id)
    if measure is None or not answer_measure(work, letter, person, measure):
        if asked is not None and asked.kind == "rectify":
            conversations.answered(work.tx, letter.chat_id)
        say(work, to, Kind.INSPECTION_REFUSED, why="not_asked")
        return
    conversations.ask(work.tx, to.chat_id, "rectify", {"measure": number, "step": "more"}, at=work.at)
    say(work, to, Kind.RECTIFIED, **shown_measure(work, measure))


def _own(work: Work, person: KnownPerson, number: int) -> KnownMeasure | None:
    """Give a measure of a unit the person is liaison of."""
    measure = inspections.measure(work.tx, number)
    return measure if measure is not None and measure.unit_id in person.units_as(Role.LIAISON) else None


def _only(work: Work, person: KnownPerson) -> KnownMeasure | None:
    open_ = inspections.measures(work.tx, states=[MeasureState.OPEN])
    own = [measure for measure in open_ if measure.unit_id in person.units_as(Role.LIAISON)]
    return own[0] if len(own) == 1 else None


def _quoted(work: Work, letter: Letter) -> dict[str, Any]:
    """Give what a quoted message about an inspection or a measure says; nothing of one that lists several."""
    if letter.quoted_id is None:
        return {}
    sent = outbox.sent_as(work.tx, letter.chat_id, letter.quoted_id)
    return sent.content if sent is not None and ("measure" in sent.content or "inspection" in sent.content) else {}


def _target(work: Work, letter: Letter, person: KnownPerson, album: str | None) -> tuple[int, int | None] | None:
    """Tell what a file is for: (inspection, measure or none for its findings), or nothing of this."""
    beside = inspections.file_beside(work.tx, letter.chat_id, letter.message_id, album) if album is not None else None
    if beside is not None:
        return beside.inspection_id, beside.measure_id
    asked, quoted = conversations.asked(work.tx, letter.chat_id), _quoted(work, letter)
    said = ANSWER.fullmatch(letter.text.strip())
    number = int(said[1]) if said is not None else quoted.get("measure")
    if number is None and asked is not None and asked.kind == "rectify" and letter.quoted_id is None:
        number = asked.content["measure"]
    measure = _own(work, person, number) if number is not None else None
    if measure is not None and measure.state != MeasureState.DONE:
        return measure.inspection_id, measure.id
    if not may(person, Right.INSPECT):
        return None
    is_recording = asked is not None and asked.content.get("on") == today(work).isoformat()
    found = asked.content["inspection"] if is_recording and asked is not None else quoted.get("inspection")
    inspection = inspections.inspection(work.tx, found) if found is not None else None
    is_open = inspection is not None and inspection.state == InspectionState.PLANNED
    return (inspection.id, None) if inspection is not None and is_open else None


def _keep_file(
    work: Work,
    letter: Letter,
    person: KnownPerson,
    sent: SentFile,
    *,
    target: tuple[int, int | None],
    album: str | None,
) -> None:
    inspection_id, measure_id = target
    standing = inspections.files_of(work.tx, inspection_id=inspection_id, measure_id=measure_id)
    if sent.unique_id in {file.unique_id for file in standing}:
        return
    if len(standing) >= (MOST_FOUND if measure_id is None else MOST_FILES):
        say(work, Recipient(letter.chat_id, person.id), Kind.INSPECTION_REFUSED, why="files")
        return
    values = {
        "inspection_id": inspection_id,
        "measure_id": measure_id,
        "person_id": person.id,
        "file_id": files.add(work.tx, sent.content, purpose="inspection", person_id=person.id, at=work.at),
        "unique_id": sent.unique_id,
        "name": sent.content.name,
        "chat_id": letter.chat_id,
        "message_id": letter.message_id,
        "album": album,
        "sent_at": letter.sent_at,
    }
    number = inspections.add_file(work.tx, values)
    record(work, "keep_field_file", f"inspection:{inspection_id}", person.id, file=number, measure=measure_id)


def _waiting(work: Work, to: Recipient, answer_id: int | None) -> KnownAnswer | None:
    """Find the answer that is meant: the one named or the only one that waits; else say how things stand."""
    waiting = inspections.waiting_answers(work.tx)
    found = [answer for answer in waiting if answer_id in (None, answer.id)]
    if len(found) == 1:
        return found[0]
    conversations.answered(work.tx, to.chat_id)
    _show_waiting(work, to, None)
    return None


def _show_waiting(work: Work, to: Recipient, number: int | None) -> None:
    found = [answer for answer in inspections.waiting_answers(work.tx) if number in (None, answer.measure_id)]
    if not found:
        say(work, to, Kind.INSPECTION_REFUSED, why="none_waiting")
    for answer in found[:5]:
        shown = shown_answer(work, answer.id, answer.measure_id)
        say(work, to, Kind.MEASURE_ANSWERED, buttons=decision_buttons(shown), **shown)


def _decide(
    work: Work, to: Recipient, person: KnownPerson, answer: KnownAnswer, *, passed: bool, reason: str | None = None
) -> None:
    asked = conversations.asked(work.tx, to.chat_id)
    if asked is not None and asked.kind == "return_measure":
        conversations.answered(work.tx, to.chat_id)
    mine = decide_answer(work, answer, passed=passed, by=person.id, reason=reason)
    measure = inspections.measure(work.tx, answer.measure_id)
    assert measure is not None  # noqa: S101  # answers point to their measures
    left = [
        m for m in inspections.measures(work.tx, inspection_id=measure.inspection_id) if m.state != MeasureState.DONE
    ]
    end: list[list[Action]] = [[{"do": "end_inspection", "inspection": measure.inspection_id}]] if not left else []
    say(work, to, Kind.MEASURE_DECIDED, buttons=end, mine=mine, **shown_answer(work, answer.id, measure.id))
