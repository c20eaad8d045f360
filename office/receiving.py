"""What a person sends is understood: a fixed word, an answer to a question, or a report's text; nothing is lost."""

from office.acting import Actor, perform
from office.registering import CODE, NAME, PHONE, change_name, keep_phone, register
from office.reporting import answer_part, choose_task, receive_report
from office.saying import Action, Kind, Recipient, say
from office.submitting import give_reason, take_edit
from office.work import Letter, Work
from storage import conversations, people, reports
from storage.conversations import Asked
from storage.people import KnownPerson
from storage.states import Role

MARKS = " \t\r\n。．.！!，,、：:；;~～“”\"'"
TWINS = {  # every button has a typed twin: fixed words, never taken as a report's text
    "提交": "submit",
    "报送": "submit",
    "确认提交": "submit",
    "submit": "submit",
    "确认": "confirm",
    "确定": "confirm",
    "ok": "confirm",
    "confirm": "confirm",
    "签收": "sign",
    "sign": "sign",
    "修改": "change",
    "change": "change",
    "补充": "add_parts",
    "add": "add_parts",
    "跳过": "skip",
    "skip": "skip",
    "作为一份": "as_one",
    "更正": "as_correction",
    "报新一期": "as_next",
}


def receive_text(work: Work, letter: Letter) -> None:
    """Take a text from a private chat."""
    person = people.who_is(work.tx, letter.telegram_id)
    text = letter.text.strip()
    if CODE.fullmatch(text) and (person is None or not person.parts):
        register(work, letter, text)
    elif person is None or not person.parts:
        say(work, Recipient(letter.chat_id), Kind.STRANGER)
    elif not text:
        say(work, Recipient(letter.chat_id, person.id), Kind.EMPTY_TEXT)
    elif (said := PHONE.fullmatch(text)) is not None:
        keep_phone(work, letter, person, said[1])
    elif (named := NAME.fullmatch(text)) is not None:
        change_name(work, letter, person, named[1])
    else:
        _understand(work, letter, person, text)


def receive_edit(work: Work, letter: Letter) -> None:
    """Take an edited text: it changes what came from the same message, and nothing else."""
    person = people.who_is(work.tx, letter.telegram_id)
    if person is None or not person.parts:
        say(work, Recipient(letter.chat_id), Kind.STRANGER)
        return
    versions = reports.written_in(work.tx, letter.chat_id, letter.message_id)
    kept = reports.kept_from(work.tx, letter.chat_id, letter.message_id)
    if kept is not None and kept.used_at is None:
        reports.change_kept(work.tx, kept.id, text=letter.text, sent_at=letter.sent_at)
        choose_task(work, Recipient(letter.chat_id, person.id), person, kept.id)
    elif len(versions) == 1:
        take_edit(work, letter, person, versions[0], letter.text)
    elif versions and not any(version.state == "draft" for version in versions):
        say(work, Recipient(letter.chat_id, person.id), Kind.EDIT_UNKNOWN)
    elif versions:
        receive_report(work, letter, person)
    else:
        say(work, Recipient(letter.chat_id, person.id), Kind.EDIT_UNKNOWN)


def receive_other(work: Work, letter: Letter) -> None:
    """Answer what cannot be read as a report: a sticker, a voice message, a place."""
    person = people.who_is(work.tx, letter.telegram_id)
    known = person is not None and bool(person.parts)
    to = Recipient(letter.chat_id, person.id if person and known else None)
    say(work, to, Kind.TEXT_ONLY if known else Kind.STRANGER)


def _understand(work: Work, letter: Letter, person: KnownPerson, text: str) -> None:
    asked = conversations.asked(work.tx, letter.chat_id)
    word = TWINS.get(text.strip(MARKS).lower())
    if word is not None:
        perform(work, Actor(letter, person), _typed(word, asked))
    elif not person.units_as(Role.LIAISON):
        say(work, Recipient(letter.chat_id, person.id), Kind.NOT_UNDERSTOOD)
    elif asked is None or not _answer(work, letter, person, asked):
        receive_report(work, letter, person)


def _typed(word: str, asked: Asked | None) -> Action:
    """Give the action that a typed word stands for in this conversation."""
    content = asked.content if asked else {}
    if word == "confirm":
        word = "submit" if asked is not None and asked.kind == "draft" else "sign"
    return {**content, "do": word}


def _answer(work: Work, letter: Letter, person: KnownPerson, asked: Asked) -> bool:
    """Take a text as the answer to what was last asked; False where it is none. A quote means what it quotes."""
    if letter.quoted_id is not None:
        return False
    match asked.kind:
        case "reason":
            give_reason(work, letter, person, asked.content["reports"])
        case "part":
            return answer_part(work, letter, person, asked.content)
        case "choose":
            return choose_task(
                work, Recipient(letter.chat_id, person.id), person, asked.content["kept"], typed=letter.text
            )
        case _:
            return False
    return True
