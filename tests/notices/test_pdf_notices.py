"""A PDF with a text layer is read as it is printed; one without says what to do."""

import io
import json
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from notices.files import read_plan
from notices.notice import NoticeError
from notices.pdf import pdf_text
from notices.pdf.glyphs import _plain
from notices.pdf.tables import PdfTable
from rules.workdays import WorkCalendar

_FOLDER = Path(__file__).parents[2] / "examples" / "notices"
_FILES = _FOLDER / "pdf-files"
_NAMES = sorted(path.stem for path in _FILES.glob("*.pdf"))
_CALENDAR = WorkCalendar()
_FONT = "STSong-Light"

pdfmetrics.registerFont(UnicodeCIDFont(_FONT))


def _read(data: bytes) -> dict[str, Any]:
    notice = read_plan(data, name="通知.pdf", calendar=_CALENDAR).notice.to_json()
    return {key: value for key, value in notice.items() if key != "warnings"}


def _drawn(*pages: Callable[[Canvas], None], size: tuple[float, float] = A4, **options: Any) -> bytes:
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=size, **options)
    for draw in pages:
        canvas.setFont(_FONT, 12)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return written.getvalue()


def _words(canvas: Canvas, *lines: tuple[float, float, str]) -> None:
    for x, y, words in lines:
        canvas.drawString(x, y, words)


def _ruled(canvas: Canvas, columns: list[float], rows: list[float], cells: list[list[str]]) -> None:
    canvas.grid(columns, rows)
    for y, row in zip(rows, cells, strict=False):
        for x, words in zip(columns, row, strict=False):
            canvas.drawString(x + 4, y - 16, words)


def _refusal(data: bytes) -> str:
    with pytest.raises(NoticeError) as caught:
        pdf_text(data)
    assert str(caught.value).endswith("。")
    return caught.value.code


def test_every_pdf_has_its_reading_beside_it() -> None:
    assert _NAMES == ["leaders", "list", "table", "word"]
    assert sorted(path.stem for path in _FILES.glob("*.json")) == _NAMES


@pytest.mark.parametrize("name", _NAMES)
def test_a_pdf_is_read_as_it_is_printed(name: str) -> None:
    assert _read((_FILES / f"{name}.pdf").read_bytes()) == json.loads((_FILES / f"{name}.json").read_text())


def test_the_script_writes_these_notices(tmp_path: Path) -> None:
    runpy.run_path(str(_FOLDER / "make_pdf_files.py"))["main"](tmp_path)
    for path in tmp_path.glob("*.json"):
        assert path.read_text() == (_FILES / path.name).read_text()
    for path in tmp_path.glob("*.pdf"):
        assert pdf_text(path.read_bytes()) == pdf_text((_FILES / path.name).read_bytes())


def test_bold_letters_are_known_by_stroke_by_second_strike_and_by_font() -> None:
    def draw(canvas: Canvas) -> None:
        _words(canvas, (100, 700, "plain"))
        canvas.drawString(100, 680, "stroked", mode=2)
        _words(canvas, (100, 660, "twice"), (100.3, 660, "twice"))
        canvas.setFont("Helvetica-Bold", 12)
        _words(canvas, (100, 640, "font"))

    assert pdf_text(_drawn(draw)).split("\n") == ["plain", "**stroked**", "**twice**", "**font**"]


def test_a_double_letter_stays_double() -> None:
    assert pdf_text(_drawn(lambda canvas: _words(canvas, (100, 700, "11.22%增长人人")))) == "11.22%增长人人"


def test_wide_gaps_part_words() -> None:
    assert pdf_text(_drawn(lambda canvas: _words(canvas, (100, 700, "1"), (140, 700, "区水务局")))) == "1 区水务局"


def test_merged_cells_are_told_from_empty_ones() -> None:
    def draw(canvas: Canvas) -> None:
        for y in (700, 670, 610):
            canvas.line(50, y, 350, y)
        canvas.line(150, 640, 350, 640)
        for x in (50, 150, 250, 350):
            canvas.line(x, 700, x, 610)
        _words(canvas, (54, 680, "类别"), (154, 680, "任务"), (254, 680, "单位"))
        _words(canvas, (54, 635, "兴水"), (154, 650, "修渠|清淤"), (254, 650, "区水务局"), (154, 620, "栽*树"))

    assert pdf_text(_drawn(draw)).split("\n") == [
        "| 类别 | 任务 | 单位 |",
        r"| 兴水 | 修渠\|清淤 | 区水务局 |",
        r"| ^^ | 栽\*树 | <br> |",
    ]


def test_a_table_goes_on_over_the_page_without_its_header() -> None:
    columns = [50.0, 100.0, 250.0, 400.0]

    def first(canvas: Canvas) -> None:
        _words(canvas, (50, 750, "附件"))
        _ruled(canvas, columns, [700, 670, 640], [["序号", "任务", "责任单位"], ["1", "修渠，", "区水务局"]])
        _words(canvas, (290, 40, "1"))

    def second(canvas: Canvas) -> None:
        rows = [["序号", "任务", "责任单位"], ["", "清淤。", ""], ["2", "栽树。", "区林业局"]]
        _ruled(canvas, columns, [760, 730, 700, 670], rows)
        _words(canvas, (290, 40, "2"))

    assert pdf_text(_drawn(first, second)).split("\n") == [
        "附件",
        "| 序号 | 任务 | 责任单位 |",
        "| 1 | 修渠， | 区水务局 |",
        "| <br> | 清淤。 | <br> |",
        "| 2 | 栽树。 | 区林业局 |",
    ]


def test_words_in_the_middle_of_a_parted_cell_stand_where_it_begins() -> None:
    above = PdfTable((0, 1, 2), [["类别", "任务"], ["\n", "一"], ["^^", "二"]])
    above.take(PdfTable((0, 1, 2), [["类别", "任务"], ["兴水", "三"], ["^^", "四"], ["兴林", "五"]]))
    assert [row[0] for row in above.rows] == ["类别", "兴水", "^^", "^^", "^^", "兴林"]


def test_a_number_in_the_middle_of_a_parted_row_stands_where_it_begins() -> None:
    above = PdfTable((0, 1, 2), [["1", "一。"], ["\n", "修渠，"]])
    above.take(PdfTable((0, 1, 2), [["2", "清淤。"], ["3", "三。"]]))
    assert [row[0] for row in above.rows] == ["1", "2", "\n", "3"]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["区农业农村和", "水务局", "市自然资源鹿", "溪分局"], "区农业农村和水务局<br>市自然资源鹿溪分局"),
        (["区教育体育局", "区农业农村和", "水务局"], "区教育体育局<br>区农业农村和水务局"),
        (["贺松", "简宁"], "贺松<br>简宁"),
        (["区水务局、区", "财政局"], "区水务局、区<br>财政局"),
    ],
)
def test_names_one_a_line_are_put_together_where_the_edge_broke_them(lines: list[str], words: str) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.grid([50, 100, 182], [700, 600])
        _words(canvas, (54, 680, "1"), *((104, 680 - 18 * at, line) for at, line in enumerate(lines)))

    assert pdf_text(_drawn(draw)) == f"| 1 | {words} |"


def test_running_heads_and_page_numbers_are_no_text() -> None:
    def page(at: int) -> Callable[[Canvas], None]:
        return lambda canvas: _words(
            canvas, (200, 810, f"政府公报 2025年第{at}期"), (100, 700, f"第{at}段"), (290, 40, str(at))
        )

    text = pdf_text(_drawn(*map(page, range(1, 5))))
    assert text.split("\n") == ["政府公报 2025年第1期", "第1段", "第2段", "第3段", "第4段"]


def test_a_frame_around_text_is_no_table() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.rect(50, 600, 300, 120)
        _words(canvas, (60, 700, "通知"), (60, 680, "正文"))

    assert pdf_text(_drawn(draw)) == "通知\n正文"


def test_pages_printed_sideways_are_turned() -> None:
    def turned_by_matrix(canvas: Canvas) -> None:
        canvas.translate(A4[0], 0)
        canvas.rotate(90)
        canvas.setFont(_FONT, 12)
        _ruled(canvas, [100, 200, 300], [500, 470, 440], [["序号", "任务"], ["1", "修渠"]])

    def turned_by_page(canvas: Canvas) -> None:
        canvas.setPageRotation(90)
        turned_by_matrix(canvas)

    expected = "| 序号 | 任务 |\n| 1 | 修渠 |"
    assert pdf_text(_drawn(turned_by_matrix)) == expected
    assert pdf_text(_drawn(turned_by_page)) == expected
    upright = _drawn(
        lambda canvas: _ruled(canvas, [100, 200, 300], [500, 470, 440], [["序号", "任务"], ["1", "修渠"]]),
        size=landscape(A4),
    )
    assert pdf_text(upright) == expected


def _aslant(words: str) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        _words(canvas, (100, 700, "任务分解"))
        canvas.rotate(45)
        canvas.setFont(_FONT, 40)
        canvas.drawString(300, 100, words)

    return draw


def test_a_watermark_is_no_text_but_a_secrecy_marking_is_seen() -> None:
    assert pdf_text(_drawn(_aslant("政府公报"))) == "任务分解"
    with pytest.raises(NoticeError) as caught:
        read_plan(_drawn(_aslant("内部资料")), name="x", calendar=_CALENDAR)
    assert caught.value.code == "secret"


def _picture(canvas: Canvas) -> None:
    canvas.drawImage(ImageReader(Image.new("L", (30, 40), 200)), 0, 0, *A4)


def test_a_scanned_file_says_what_to_do() -> None:
    assert _refusal(_drawn(_picture, _picture)) == "scanned"
    assert _refusal(_drawn(lambda canvas: None)) == "scanned"


def test_a_scanned_page_among_others_is_told() -> None:
    text = pdf_text(_drawn(_picture, lambda canvas: _words(canvas, (100, 700, "任务"))))
    assert text == "任务\n<!-- 提示：PDF 第1页是图片，没有文字层，未读入，请对照原件补全。 -->"


def test_a_file_with_a_password_is_refused_and_one_that_only_forbids_printing_is_read() -> None:
    assert _refusal(_drawn(lambda canvas: _words(canvas, (100, 700, "任务")), encrypt="open sesame")) == "encrypted"

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 12)
        _words(canvas, (100, 700, "abc"))

    assert pdf_text(_drawn(draw, encrypt=StandardEncryption("", ownerPassword="owner", canPrint=0))) == "abc"


def test_too_many_pages_are_refused() -> None:
    assert _refusal(_drawn(*[lambda canvas: _words(canvas, (100, 700, "任务"))] * 501)) == "too_heavy"


@pytest.mark.parametrize(("sign", "meant"), [("⺠", "民"), ("⼯", "工"), ("⻓", "长"), ("ﬁ", "fi"), ("\u00ad", "")])
def test_look_alikes_of_characters_are_the_characters(sign: str, meant: str) -> None:
    assert _plain(sign) == meant
