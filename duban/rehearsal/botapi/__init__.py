"""Be Telegram on loopback: a strict Bot API server for rehearsals and tests, which knows nothing of Duban."""

from duban.rehearsal.botapi.chats import Message
from duban.rehearsal.botapi.faults import Answer, Call, Fault, Faults, Rule
from duban.rehearsal.botapi.groups import Group
from duban.rehearsal.botapi.journal import Entry, Journal
from duban.rehearsal.botapi.server import BotApi
from duban.rehearsal.botapi.users import User
from duban.rehearsal.botapi.wire import ApiError, Json

__all__ = [
    "Answer",
    "ApiError",
    "BotApi",
    "Call",
    "Entry",
    "Fault",
    "Faults",
    "Group",
    "Journal",
    "Json",
    "Message",
    "Rule",
    "User",
]
