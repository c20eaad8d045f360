"""What passes between the splitting of a file and the layout readers: blocks of lines in, rows out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

# what a reader had to guess about a row; notices.read says each of them to a person
Guess = Literal[
    "open_list", "section_units", "inherited_cell", "bold_leads", "bare_names", "no_number", "section_task", "no_header"
]


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
    """Who answers for a row, as printed and not yet judged: `shared` are units under a label that does not divide them.

    `bold` are those of `shared` that are printed in bold letters; `printed` is their order where bold letters divided them.
    """

    lead: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    bold: frozenset[str] = frozenset()
    printed: tuple[str, ...] = ()
    leaders: tuple[str, ...] = ()
    leader_label: str | None = None
    deadline: str | None = None
    guesses: frozenset[Guess] = frozenset()

    @property
    def has_units(self) -> bool:
        """Tell whether anyone is named at all."""
        return bool(self.lead or self.support or self.shared)

    def __bool__(self) -> bool:
        """Tell whether the duty says anything."""
        return self.has_units or bool(self.leaders or self.deadline)

    def guessed(self, *guesses: Guess) -> Duty:
        """Return the duty with what was guessed on the way."""
        return replace(self, guesses=self.guesses | set(guesses))

    def over(self, other: Duty) -> Duty:
        """Return this duty, filled up from another: names are added, single values only where this one has none."""
        return Duty(
            lead=_all_of(self.lead, other.lead),
            support=_all_of(self.support, other.support),
            shared=_all_of(self.shared, other.shared),
            bold=self.bold | other.bold,
            printed=self.printed or other.printed,
            leaders=_all_of(self.leaders, other.leaders),
            leader_label=self.leader_label or other.leader_label,
            deadline=self.deadline or other.deadline,
            guesses=self.guesses | other.guesses,
        )


def _all_of(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))


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
    `unread` are rows without text or units, as printed; `sure` says how well the layout fits, 0..1;
    `aside` are the labels of columns that are no part of a task (quarters, milestones); `after` is the running text
    behind the last row, which is letter again; `totals` are closing rows (合计) as printed; `is_figures`: no more than
    the figures of units across the table, which are tasks only where no list says who answers for what.
    """

    rows: tuple[Row, ...] = ()
    begins_at: int = 0
    unread: tuple[str, ...] = field(default=())
    sure: float = 0.0
    aside: tuple[str, ...] = ()
    after: str = ""
    totals: tuple[str, ...] = ()
    is_figures: bool = False


class Layout(Protocol):
    """One way of printing a list; each lives in a module of its own and is registered in notices.layouts."""

    def read(self, block: Block) -> Reading | None:
        """Read the rows, in printed order; None if the block is not printed so."""
