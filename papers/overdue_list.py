"""The list of what is overdue as a workbook (逾期清单), a row an obligation, ready to filter and print."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

TITLE = "逾期清单"
COLUMNS = (  # heading, width in characters
    ("责任单位", 22),
    ("清单", 14),
    ("序号", 7),
    ("任务", 60),
    ("牵头领导", 14),
    ("报送期", 16),
    ("截止日期", 13),
    ("逾期天数", 10),
    ("状态", 10),
    ("联络员", 12),
    ("能否送达", 12),
    ("延期申请", 12),
)
TEXT_COLUMN = 3
HEADING = PatternFill("solid", fgColor="D9E2F3")


@dataclass(frozen=True, slots=True)
class OverdueRow:
    """One obligation as the list shows it, in the words of the office."""

    unit: str
    list: str
    no: int
    text: str
    leaders: str
    period: str
    due_on: date
    days: int
    state: str
    liaison: str
    reach: str
    request: str

    @property
    def values(self) -> tuple[object, ...]:
        """Give the cells, in the order of the columns."""
        return tuple(getattr(self, name) for name in self.__dataclass_fields__)


def write_overdue_list(rows: Iterable[OverdueRow], *, notes: Sequence[str]) -> bytes:
    """Write the workbook: what it is of in the first lines, then the headings, then the rows. Gives its bytes."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(TITLE)
    for column, (_, width) in enumerate(COLUMNS):
        sheet.column_dimensions[chr(ord("A") + column)].width = width
    sheet.freeze_panes = f"A{len(notes) + 2}"
    for note in notes:
        sheet.append([_text(sheet, note)])
    headings = []
    for heading, _ in COLUMNS:
        cell = WriteOnlyCell(sheet, heading)
        cell.font, cell.fill = Font(bold=True), HEADING
        headings.append(cell)
    sheet.append(headings)
    first = len(notes) + 1
    last = first
    for row in rows:
        sheet.append([_cell(sheet, place, value) for place, value in enumerate(row.values)])
        last += 1
    sheet.auto_filter.ref = f"A{first}:{chr(ord('A') + len(COLUMNS) - 1)}{last}"
    sheet.print_title_rows = f"{first}:{first}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: WriteOnlyWorksheet, place: int, value: object) -> object:
    if isinstance(value, str):
        return _text(sheet, value, wraps=place == TEXT_COLUMN)
    if isinstance(value, date):
        cell = WriteOnlyCell(sheet, datetime.combine(value, time.min))
        cell.number_format = "yyyy-mm-dd"
        return cell
    return value


def _text(sheet: WriteOnlyWorksheet, value: str, *, wraps: bool = False) -> object:
    """Make a cell that holds a text and nothing but a text: one that begins with = is no formula."""
    cell = WriteOnlyCell(sheet, "".join(c if c.isprintable() or c == "\n" else " " for c in value))
    cell.data_type = "s"
    if wraps:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell
