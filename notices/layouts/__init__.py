"""One way of printing a list per module, each with `read(block)`; a new one is added to LAYOUTS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from notices.layouts.aligned_table import AlignedTable
from notices.layouts.cell_table import CellTable
from notices.layouts.fragment_table import FragmentTable
from notices.layouts.grid_table import GridTable
from notices.layouts.headless_table import HeadlessTable
from notices.layouts.matrix_table import MatrixTable
from notices.layouts.numbered_list import NumberedList

if TYPE_CHECKING:
    from notices.block import Block, Layout, Reading

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
    return best
