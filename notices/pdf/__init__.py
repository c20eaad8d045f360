"""A PDF with a text layer becomes text: lines in reading order, ruled tables as rows, page debris left out.

Nothing here knows what a notice is.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfpage import PDFPage
from pdfplumber.pdf import PDF
from pdfplumber.utils.exceptions import PdfminerException

from notices.marked import MERGED, note, table_lines
from notices.notice import NoticeError
from notices.page import squeeze
from notices.pdf.glyphs import UNREADABLE, SheetPage
from notices.pdf.lines import Line, lines_from, marked
from notices.pdf.tables import PdfTable, table_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_PAGES: Final = 500
_END: Final = b"%%EOF"
_END_WITHIN: Final = 4096  # readers take 1,024 bytes (ISO 32000-1, annex H.3); servers append a little
_HEAD: Final = 0.08  # of the page's height: running heads and page numbers stand outside
_FOOT: Final = 0.915
_REPEATED: Final = 3
_DIGITS: Final = re.compile(r"[0-9]+")
_PICTURE: Final = 0.5
_FEW: Final = 20
_GARBLED: Final = 0.05
_SECRET: Final = ("密", "内部")
_DAMAGED: Final = "PDF 文件已损坏或不完整，请重新下载，或用阅读器打开后另存（打印）为新的 PDF，再发送。"
_INSTEAD: Final = "请向发文单位索取 Word 文件（.docx），或先用 WPS、Acrobat 等做文字识别（OCR）并核对，再发送。"


class Item(NamedTuple):
    """A line or a table, and where it stands: the share of the page's height above it."""

    at: float
    what: Line | PdfTable


def pdf_text(data: bytes) -> str:
    """Return the text, tables and bold letters as notices.marked writes them; what could not be read is a note in it.

    Raises NoticeError: `damaged`, `encrypted`, `too_heavy`, `scanned` (no text at all), `garbled`.
    """
    if _END not in data[-_END_WITHIN:]:
        raise NoticeError("damaged", _DAMAGED)
    pages: list[list[Item] | None] = []
    watermark = ""
    with _opened(data) as pdf:
        for number, found in enumerate(_found_pages(pdf), start=1):
            page = _page(pdf, found, number)
            pages.append(_items(page))
            watermark = watermark or page.aslant
            page.close()
    words = "".join(_words(item) for page in pages for item in page or ())
    _refuse_unreadable(words)
    _drop_debris(pages)
    _join_tables(pages)
    lines = [watermark] if any(sign in watermark for sign in _SECRET) else []
    lines += [line for page in pages if page for line in _lines(page)]
    return "\n".join([*lines, *_notes(pages, words)])


def _opened(data: bytes) -> PDF:
    try:
        return PDF.open(io.BytesIO(data))
    except PdfminerException as error:
        cause = error.args[0]
        if isinstance(cause, MemoryError):
            raise cause from error
        if isinstance(cause, PDFPasswordIncorrect | PDFEncryptionError):
            raise NoticeError("encrypted", "PDF 设有打开密码，请用阅读器打开、取消密码并另存后再发送。") from error
        raise NoticeError("damaged", _DAMAGED) from error


def _found_pages(pdf: PDF) -> list[PDFPage]:
    found = list(islice(PDFPage.create_pages(pdf.doc), _MOST_PAGES + 1))
    if len(found) > _MOST_PAGES:
        raise NoticeError("too_heavy", f"PDF 超过 {_MOST_PAGES} 页的上限，请只保留通知正文和任务表，另存后再发送。")
    return found


def _page(pdf: PDF, found: PDFPage, number: int) -> SheetPage:
    """Return a page with its characters upright: a table printed sideways is turned."""
    page = SheetPage(pdf, found, number)
    if not page.turned:
        return page
    found.rotate = (found.rotate + page.turned) % 360
    found.attrs["Rotate"] = found.rotate
    return SheetPage(pdf, found, number)


def _items(page: SheetPage) -> list[Item] | None:
    """Return a page's tables and lines, top to bottom; None if it is a picture."""
    if page.image_share > _PICTURE and len(page.glyphs) < _FEW:
        return None
    height = float(page.height)
    left = list(page.glyphs)
    items = []
    for found in page.find_tables():
        table, left = table_of(found, left)
        if table:
            items.append(Item(found.bbox[1] / height, table))
    items += [Item(line.y / height, line) for line in lines_from(left)]
    return sorted(items, key=lambda item: item.at)


def _refuse_unreadable(words: str) -> None:
    if not words.strip():
        raise NoticeError("scanned", f"这份 PDF 是扫描件，没有文字层，{_INSTEAD}")
    if words.count(UNREADABLE) > _GARBLED * len(words):
        raise NoticeError("garbled", f"这份 PDF 的字体没有注明文字，读出来是乱码，{_INSTEAD}")


def _notes(pages: Sequence[Sequence[Item] | None], words: str) -> list[str]:
    notes = []
    if pictures := [str(number) for number, page in enumerate(pages, start=1) if page is None]:
        notes.append(note(f"PDF 第{'、'.join(pictures)}页是图片，没有文字层，未读入，请对照原件补全。"))
    if unreadable := words.count(UNREADABLE):
        notes.append(note(f"PDF 中有{unreadable}个字的字体没有注明是什么字，读作“{UNREADABLE}”，请对照原件更正。"))
    return notes


def _words(item: Item) -> str:
    if isinstance(item.what, Line):
        return item.what.words
    return "".join(cell for row in item.what.rows for cell in row if cell != MERGED)


def _drop_debris(pages: Sequence[list[Item] | None]) -> None:
    """Drop page numbers, and running heads but for the first of each: lines at the edge that most pages share."""
    edges = [(page, item) for page in pages for item in page or () if not _HEAD <= item.at <= _FOOT]
    edges = [(page, item) for page, item in edges if isinstance(item.what, Line)]
    keys = [_DIGITS.sub("#", squeeze(_words(item))) for _, item in edges]
    times = Counter(keys)
    seen: set[str] = set()
    for (page, item), key in zip(edges, keys, strict=True):
        if page and (key == "#" or (times[key] >= _REPEATED and key in seen)):
            page.remove(item)
        seen.add(key)


def _join_tables(pages: Sequence[list[Item] | None]) -> None:
    """Put the rows of a table that goes on at the top of a page to those on the page before."""
    last: PdfTable | None = None
    for page in pages:
        if not page:
            last = None
            continue
        first = page[0].what
        if last and isinstance(first, PdfTable) and last.goes_on_in(first):
            last.take(first)
            del page[0]
        if page:
            last = page[-1].what if isinstance(page[-1].what, PdfTable) else None


def _lines(page: Sequence[Item]) -> list[str]:
    lines: list[str] = []
    for item in page:
        lines += [marked(item.what)] if isinstance(item.what, Line) else table_lines(item.what.rows)
    return lines
