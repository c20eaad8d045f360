"""Perform calls and journal them; knows no HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from duban.rehearsal.botapi.faults import Answer
from duban.rehearsal.botapi.journal import Entry
from duban.rehearsal.botapi.methods import METHODS
from duban.rehearsal.botapi.updates import Update
from duban.rehearsal.botapi.wire import ApiError, bad_request, encode

if TYPE_CHECKING:
    from duban.rehearsal.botapi.args import Args
    from duban.rehearsal.botapi.journal import Journal
    from duban.rehearsal.botapi.world import World

LIMIT = 100  # Bot API getUpdates.limit
WEBHOOK_IS_SET = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
BROKEN = b'{"ok":false,"error_code":500,"description":"Internal Server Error"}'


class Calls:
    """Run methods over a world; errors that are not the bot's are kept for stop() to raise."""

    def __init__(self, world: World, journal: Journal) -> None:
        self.world = world
        self.journal = journal
        self.errors: list[Exception] = []

    async def perform(self, method: str, args: Args, fault: str = "") -> Answer:
        """Let a call take effect, and journal it."""
        result: Any = None
        try:
            result = await self._result(method, args)
            answer = Answer(200, _body(result))
        except ApiError as error:
            answer = refusal(error)
        except Exception as error:  # noqa: BLE001  # a hook's or this server's own: told as 500, raised by stop()
            self.errors.append(error)
            answer = Answer(500, BROKEN, repr(error))
        self.note(method, args, answer, result=result, fault=fault)
        return answer

    async def hand_out(self, method: str, args: Args, fault: str = "") -> Answer:
        """Give the bytes of a file by its path, and journal it."""
        stored = self.world.files.at_path(args.text("file_path"))
        answer = refusal(ApiError(404, "Not Found")) if stored is None else Answer(200, stored.data)
        self.note(method, args, answer, result=stored, fault=fault)
        return answer

    def note(self, method: str, args: Args, answer: Answer, *, result: Any = None, fault: str = "") -> None:
        """Journal a call; one with a result took effect."""
        entry = Entry(
            seq=self.journal.next_seq(),
            at=self.world.clock.now(),
            method=method,
            args=args.journal_form(),
            outcome=answer.outcome,
            status=answer.status,
            delivered=result is not None,
            chat_id=args.integer("chat_id") or None if "chat_id" in args else None,
            message_id=result.get("message_id") if isinstance(result, dict) else None,
            update_ids=tuple(update.update_id for update in result) if method == "getUpdates" and result else (),
            fault=fault,
        )
        self.journal.add(entry)
        self.world.changes.notify()

    async def _result(self, method: str, args: Args) -> Any:
        if method == "getUpdates":
            return await self._get_updates(args)
        found = METHODS.get(method.lower())
        if found is None:
            raise ApiError(404, "Not Found: method not found")
        return found[1](self.world, args)

    async def _get_updates(self, args: Args) -> list[Update]:
        if self.world.webhook:
            raise ApiError(409, WEBHOOK_IS_SET)
        allowed = args.structure("allowed_updates")
        if allowed is not None and not isinstance(allowed, list):
            raise bad_request("can't parse allowed_updates: expected an Array of String")
        self.world.updates.allow(allowed)
        limit = min(max(args.integer("limit", LIMIT), 1), LIMIT)
        return await self.world.updates.poll(args.integer("offset"), limit, args.integer("timeout"))


def canonical(method: str) -> str:
    """Give a method's name as the Bot API writes it; an unknown one stays as it is."""
    lower = method.lower()
    return METHODS[lower][0] if lower in METHODS else "getUpdates" if lower == "getupdates" else method


def refusal(error: ApiError) -> Answer:
    """Make the answer of a refused call."""
    return Answer(error.code, encode(error.body()).encode(), error.description)


def _body(result: Any) -> bytes:
    if isinstance(result, list) and result and isinstance(result[0], Update):
        return f'{{"ok":true,"result":[{",".join(update.body for update in result)}]}}'.encode("utf-8", "surrogatepass")
    return b'{"ok":true,"result":' + encode(result).encode() + b"}"
