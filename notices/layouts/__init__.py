"""One way of printing a list per module, each with `read(block)`; a new one is added to LAYOUTS."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from notices.layouts.aligned_table import AlignedTable
from notices.layouts.cell_table import CellTable
from notices.layouts.fragment_table import FragmentTable
from notices.layouts.grid_table import GridTable
from notices.layouts.headless_table import HeadlessTable
from notices.layouts.matrix_table import MatrixTable
from notices.layouts.numbered_list import NumberedList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from notices.block import Block, Layout, Reading, Row

LAYOUTS: Final[tuple[Layout, ...]] = (
    GridTable(),
    MatrixTable(),
    CellTable(),
    AlignedTable(),
    FragmentTable(),
    NumberedList(),
    HeadlessTable(),
)

_SURE: Final = 0.8


def read_block(block: Block) -> Reading | None:
    """Read a block by the layout that is surest of it, the first that is sure enough; None if it holds no list."""
    best: Reading | None = None
    for layout in LAYOUTS:
        reading = layout.read(block)
        if reading and (best is None or reading.sure > best.sure):
            best = reading
        if best and best.sure >= _SURE:
            break
    return replace(best, rows=_led_by_bold(best.rows)) if best else None


def _led_by_bold(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Let bold names lead where bold letters tell names of one row apart more often than they print a row throughout."""
    several = [row.duty for row in rows if len(row.duty.shared) > 1 and row.duty.bold]
    apart = sum(len(duty.bold) < len(duty.shared) for duty in several)
    return tuple(map(_led, rows)) if apart and 2 * apart >= len(several) else tuple(rows)


def _led(row: Row) -> Row:
    duty = row.duty
    lead = tuple(name for name in duty.shared if name in duty.bold)
    if not lead or duty.lead:
        return row
    support = tuple(dict.fromkeys((*(name for name in duty.shared if name not in duty.bold), *duty.support)))
    divided = replace(duty, lead=lead, shared=(), support=support, printed=duty.shared)
    return replace(row, duty=divided.guessed("bold_leads") if len(duty.shared) > 1 else divided)
