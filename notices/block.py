"""What passes between the splitting of a file and the layout readers: blocks of lines in, rows out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a document that is read as one list: its body, or one annex.

    `lines` are cleaned (notices.page) and never blank; `title` is already taken off them.
    """

    name: str
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Duty:
    """Who answers for a row, as printed and not yet judged: `shared` are units under a label that does not divide them."""

    lead: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    leaders: tuple[str, ...] = ()
    leader_label: str | None = None
    deadline: str | None = None

    @property
    def has_units(self) -> bool:
        """Tell whether anyone is named at all."""
        return bool(self.lead or self.support or self.shared)


@dataclass(frozen=True, slots=True)
class Row:
    """One numbered row as a layout reader found it."""

    no: int
    text: str
    section: str | None
    duty: Duty


@dataclass(frozen=True, slots=True)
class Reading:
    """What a layout reader made of a block.

    `begins_at` is the index of the line with the first row: what stands above it is letter, not list.
    `unread` are rows without text or units, as printed.
    """

    rows: tuple[Row, ...] = ()
    begins_at: int = 0
    unread: tuple[str, ...] = field(default=())


class Layout(Protocol):
    """One way of printing a list; each lives in a module of its own and is registered in notices.layouts."""

    def reads(self, block: Block) -> float:
        """Return how surely this layout is the block's, 0..1; 0 is no."""

    def read(self, block: Block) -> Reading:
        """Read the rows, in printed order."""
