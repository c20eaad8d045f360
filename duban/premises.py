"""Where the office works: its policy, keys and clock in one place, for the service and for every command."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from office.chasing.calendars import policy_in_force
from office.work import Work
from rules.clock import Clock
from rules.policy import Policy
from storage.store import Store, Transaction
from storage.vault import Vault

T = TypeVar("T")


@dataclass(frozen=True)
class Premises:
    """Makes units of work as of its clock."""

    policy: Policy
    vault: Vault
    clock: Clock
    via: str = "chat"
    _in_force: dict[str, Policy] = field(default_factory=dict, init=False, repr=False, compare=False)

    def work(self, tx: Transaction) -> Work:
        """Give the work to carry out in this transaction, now."""
        policy = policy_in_force(tx, self.policy, known=self._in_force)
        return Work(tx, self.clock.now(), policy, self.vault, self.via)

    def do(self, store: Store, use_case: Callable[[Work], T]) -> T:
        """Carry out a use case and return once it is durable."""
        return store.write_now(lambda tx: use_case(self.work(tx)))

    def look(self, store: Store, use_case: Callable[[Work], T]) -> T:
        """Carry out a use case that only reads."""
        return store.read_now(lambda tx: use_case(self.work(tx)))
