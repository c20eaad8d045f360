"""In what is a use case carried out? One transaction, one instant, the office's policy."""

from dataclasses import dataclass
from datetime import datetime

from rules.policy import Policy
from storage.store import Transaction
from storage.vault import Vault


@dataclass(frozen=True, slots=True)
class Work:
    """One unit of work: everything a use case does in it is committed together, or not at all."""

    tx: Transaction
    at: datetime
    policy: Policy
    vault: Vault
    via: str = "chat"


@dataclass(frozen=True, slots=True)
class Letter:
    """What a person sent, in a private chat or in a group.

    `sent_at` is the text's own date, never after the clock at its receipt.
    """

    chat_id: int
    telegram_id: int
    name: str
    message_id: int
    sent_at: datetime
    text: str = ""
    quoted_id: int | None = None

    @property
    def in_group(self) -> bool:
        """Whether it was sent in a group (Bot API: the numbers of groups are negative)."""
        return self.chat_id < 0


class OfficeError(Exception):
    """Something cannot be done as asked; the message says what is wrong and what to do."""
