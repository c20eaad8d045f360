"""An Excel file's text is what its sheets show: values, borders and bold letters."""

import io
import re
import time
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from datetime import time as clock
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from notices.excel import excel_text
from notices.notice import NoticeError


def _book(*rows: list[object]) -> Any:
    book: Any = Workbook()
    for row in rows:
        book.active.append(row)
    return book


def _saved(book: Any) -> bytes:
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _with(change: Callable[[str], str], data: bytes) -> bytes:
    """Change the first sheet's XML."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, change(text.decode()).encode() if name == "xl/worksheets/sheet1.xml" else text)
    return made.getvalue()


def _lines(book: Any) -> list[str]:
    return excel_text(_saved(book)).split("\n")


@pytest.mark.parametrize(
    ("value", "style", "shown"),
    [
        (1.0, "General", "1"),
        (12.5, "General", "12.5"),
        (0.1 + 0.2, "General", "0.3"),
        (370_000_000_000_000_000, "General", "370000000000000000"),
        (0.985, "0.0%", "98.5%"),
        (1, "0%", "100%"),
        (True, "General", "TRUE"),
        (datetime(2025, 6, 30), "yyyy-mm-dd", "2025年6月30日"),  # noqa: DTZ001
        (date(2025, 6, 30), 'm"月"d"日"', "6月30日"),
        (date(2025, 6, 1), '[$-804]yyyy"年"m"月"', "2025年6月"),
        (datetime(2025, 6, 30, 9, 5), "yyyy/m/d h:mm", "2025年6月30日09:05"),  # noqa: DTZ001
        (clock(9, 30), "h:mm", "09:30"),
        ("甲\r\n乙_x000D_", "General", "甲<br>乙"),
        ("'1.", "General", "'1."),
    ],
)
def test_a_value_is_shown_as_in_its_cell(value: object, style: str, shown: str) -> None:
    book = _book([value, "任务"])
    book.active["A1"].number_format = style
    assert _lines(book) == [f"| {shown} | 任务 |"]


def test_merged_empty_and_trailing_cells() -> None:
    book = _book(
        ["题"], [], ["序号", "任务", None, "单位"], [1, "修渠", "", "区水务局"], [2, None, None, None], [], [" "]
    )
    sheet = book.active
    for area in ("A1:D1", "B3:C3", "B4:C5", "D4:D9"):
        sheet.merge_cells(area)
    sheet["H400"].font = Font(b=True)
    assert _lines(book) == [
        "题",
        "| 序号 | 任务 |  | 单位 |",
        "| 1 | 修渠 |  | 区水务局 |",
        "| 2 | ^^ | ^^ | ^^ |",
    ]


def test_an_empty_cell_that_is_not_merged_says_so() -> None:
    assert _lines(_book([1, None, "甲"]))[0] == "| 1 | <br> | 甲 |"


def test_bold_of_a_cell_and_of_letters_in_it() -> None:
    rich = CellRichText("甲、", TextBlock(InlineFont(b=True), "乙"), TextBlock(InlineFont(rFont="黑体"), "丙"), "丁")
    book = _book([1, "戊|*", rich])
    book.active["B1"].font = Font(b=True)
    assert _lines(book) == [r"| 1 | **戊\|\*** | 甲、**乙丙**丁 |"]


def test_sheets_are_lists_and_hidden_ones_are_told() -> None:
    book = _book(["某某区2025年任务"], ["每月10日前报送。"])
    for name in ("重点_任务", "实事", "空表", "旧表"):
        sheet = book.create_sheet(name)
        if name != "空表":
            sheet.append([f"{name}题"])
            sheet.append([1, "修渠", "区水务局"])
    book["旧表"].sheet_state = "veryHidden"
    book["实事"].column_dimensions["B"].hidden = True
    assert _lines(book) == [
        "某某区2025年任务",
        "每月10日前报送。",
        r"重点\_任务题",
        r"【工作表】重点\_任务",
        "| 1 | 修渠 | 区水务局 |",
        "【工作表】实事",
        "实事题",
        "| 1 | 修渠 | 区水务局 |",
        "<!-- 提示：工作表“实事”有隐藏的行或列，已一并读入，请核对。 -->",
        "<!-- 提示：工作表“旧表”是隐藏的，没有读入。 -->",
    ]


def test_a_secrecy_marking_in_the_header_is_not_lost() -> None:
    book = _book([1, "甲"])
    book.active.oddHeader.left.text = "机密★1年"
    book.active.oddFooter.center.text = "第 &P 页"
    assert _lines(book) == ["机密★1年", "| 1 | 甲 |"]


def _error(data: bytes) -> tuple[str, str]:
    with pytest.raises(NoticeError) as caught:
        excel_text(data)
    return caught.value.code, str(caught.value)


def test_a_formula_without_its_result_is_refused_and_one_with_it_read() -> None:
    data = _saved(_book(["=1+1", "甲"], [3, "=A1&B1"]))
    code, message = _error(data)
    assert code == "uncalculated"
    assert "A1、B2" in message
    results = iter(["2", ""])
    calculated = _with(lambda xml: re.sub(r"<v */>|<v></v>", lambda _: f"<v>{next(results)}</v>", xml), data)
    calculated = _with(lambda xml: xml.replace('r="B2"', 'r="B2" t="str"'), calculated)
    assert excel_text(calculated).split("\n") == ["| 2 | 甲 |", "| 3 | <br> |"]


def test_an_error_value_is_an_empty_cell() -> None:
    book = _book([1, "甲", "乙"])
    book.active["C1"].value = "#REF!"
    assert _lines(book) == ["| 1 | 甲 |"]


@pytest.mark.parametrize(("row", "column"), [(20_001, 2), (2, 201)])
def test_too_many_rows_or_columns_in_use_are_refused(row: int, column: int) -> None:
    book = _book([1, "甲"])
    book.active.cell(row, column).value = "远"
    assert _error(_saved(book))[0] == "too_large"


def test_a_broken_or_locked_file_is_named() -> None:
    whole = _saved(_book(["甲"] * 50))
    assert {_error(whole[: len(whole) * tenth // 10])[0] for tenth in range(10)} == {"damaged"}
    assert _error(_with(lambda xml: xml[:200], whole))[0] == "damaged"
    assert _error(b"\xd0\xcf\x11\xe0" + bytes(600) + "EncryptedPackage".encode("utf-16-le"))[0] == "encrypted"


def test_two_thousand_rows_cost_little() -> None:
    data = _saved(_book(*([no, "类", f"任务{no}建成", "江月明", "区水务局、区财政局", "年底"] for no in range(2000))))
    begun = time.process_time()
    assert excel_text(data).count("\n") == 1999
    assert time.process_time() - begun < 10
