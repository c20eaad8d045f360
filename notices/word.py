"""A Word file as text: paragraphs and tables in document order, with numbers, borders and bold letters."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

from notices.marked import BLANK, MERGED, SPANNED, note, table_lines, written
from notices.office_file import BROKEN, MARKING, damaged, refuse_unfit
from notices.word_numbering import Numbering
from notices.word_styles import Styles
from notices.word_xml import Package, W, value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

_KIND: Final = "Word"
_PROGRAM: Final = "Word 或 WPS"
_LONGEST_MARKING: Final = 40
_MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_VML: Final = "{urn:schemas-microsoft-com:vml}"
_ALTERNATIVES: Final = f"{_MC}AlternateContent"
# what only wraps paragraphs, rows, cells or runs
_WRAPPERS: Final = frozenset(
    f"{W}{name}"
    for name in (
        *("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "hyperlink", "fldSimple", "dir", "bdo"),
        "rubyBase",
    )
)
_REMOVED: Final = frozenset((f"{W}del", f"{W}moveFrom"))
_SIGNS: Final = {f"{W}tab": " ", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
# boundaries of columns nearer than this (twentieths of a point, 3.5 mm) are one that was drawn by hand
_NEAR: Final = 200

_NOTES: Final = {
    "revised": "文件带有未接受的修订，按接受全部修订后的内容读取，请核对。",
    "hidden": "文件中有隐藏文字，没有读入。",
    "embedded": "文件中嵌有其他文件（如 Excel 表格），其中内容没有读入，请核对。",
}

Pieces = list[tuple[str, bool]]


def word_text(data: bytes) -> str:
    """Return a .docx file's text in the signs of notices.marked; no outside relationship is followed.

    Raises NoticeError: `encrypted`, `damaged`.
    """
    refuse_unfit(data, kind=_KIND, program=_PROGRAM)
    try:
        return _text(Package(data))
    except BROKEN as error:
        raise damaged(_KIND, _PROGRAM) from error


def _text(package: Package) -> str:
    document = package.document()
    body = document.find(f"{W}body") if document is not None else None
    if body is None:
        raise damaged(_KIND, _PROGRAM)
    styles = Styles(next(iter(package.parts("styles")), None))
    numbers = next(iter(package.parts("numbering")), None)
    story = _Story(styles, Numbering(numbers, styles))
    lines = story.lines(body)
    markings = [line for root in package.parts("header", "footer") for line in _markings(root)]
    markings += [line for line in _drawn(body) if MARKING.search(line)]
    told = [note(words) for kind, words in _NOTES.items() if kind in story.noticed]
    return "\n".join((*dict.fromkeys(markings), *lines, *told))


def _markings(root: Any) -> Iterator[str]:
    """Yield what a header or footer says of secrecy; the rest of it is no text of the notice."""
    paragraphs = ("".join(each.itertext(f"{W}t")).strip() for each in root.iter(f"{W}p"))
    for line in (*paragraphs, *_drawn(root)):
        if MARKING.search(line) and len(line) <= _LONGEST_MARKING:
            yield written([(line, False)])


def _drawn(root: Any) -> Iterator[str]:
    """Yield the words of drawn lettering (watermarks)."""
    return (each.get("string", "") for each in root.iter(f"{_VML}textpath"))


class _Story:
    """One run through a document's paragraphs and tables; `noticed` is what a person should be told of."""

    def __init__(self, styles: Styles, numbering: Numbering) -> None:
        self.noticed: set[str] = set()
        self._styles = styles
        self._numbering = numbering
        self._carried: Pieces = []

    def lines(self, parent: Any, table: str | None = None) -> list[str]:
        """Return the lines of all paragraphs and tables under an element; `table` is the style of that around it."""
        lines: list[str] = []
        for block in self._blocks(parent, ("p", "tbl")):
            lines += self._table(block) if block.tag == f"{W}tbl" else self._paragraph(block, table)
        return lines

    def _blocks(self, parent: Any, names: Sequence[str]) -> Iterator[Any]:
        """Yield the children with these names in order, those in wrappers too, those removed not."""
        wanted = {f"{W}{name}" for name in names}
        for child in parent:
            if child.tag in wanted:
                yield child
            elif child.tag in _WRAPPERS:
                self._notice(child)
                yield from self._blocks(child, names)
            elif child.tag == _ALTERNATIVES:
                yield from self._blocks(_chosen(child), names)
            elif child.tag == f"{W}altChunk":
                self.noticed.add("embedded")
            elif child.tag in _REMOVED:
                self.noticed.add("revised")

    def _notice(self, wrapper: Any) -> None:
        if wrapper.tag in {f"{W}ins", f"{W}moveTo"}:
            self.noticed.add("revised")

    def _paragraph(self, paragraph: Any, table: str | None) -> list[str]:
        """Return a paragraph's lines, and those of the text boxes that hang on it."""
        properties = paragraph.find(f"{W}pPr")
        style = value(properties, "pStyle")
        if self._styles.is_contents(style):
            return []
        boxes: list[Any] = []
        pieces = self._carried + list(self._pieces(paragraph, boxes, style, table))
        self._carried = []
        lines = [line for box in boxes for line in self.lines(box)]
        if properties is not None and properties.find(f"{W}rPr/{W}del") is not None:
            self.noticed.add("revised")
            self._carried = pieces
            return lines
        label = self._numbering.label(properties, style)
        text = written([(f"{label} ", False), *pieces] if label else pieces)
        return [line for line in map(str.strip, text.split("\n")) if line] + lines

    def _pieces(
        self, parent: Any, boxes: list[Any], style: str | None, table: str | None
    ) -> Iterator[tuple[str, bool]]:
        """Yield the visible text under a paragraph, each piece bold or not; text boxes go into `boxes`."""
        for run in self._runs(parent):
            if run.tag == f"{_MATH}t":
                yield run.text or "", False
                continue
            look = self._styles.look(run.find(f"{W}rPr"), paragraph=style, table=table)
            text = self._words(run, boxes)
            if text and look.hidden:
                self.noticed.add("hidden")
            elif text:
                yield text, look.bold

    def _runs(self, parent: Any) -> Iterator[Any]:
        for child in parent:
            if child.tag == f"{W}r":
                yield child
            elif child.tag in _WRAPPERS:
                self._notice(child)
                yield from self._runs(child)
            elif child.tag in _REMOVED:
                self.noticed.add("revised")
            elif child.tag == _ALTERNATIVES:
                yield from self._runs(_chosen(child))
            elif child.tag in {f"{_MATH}oMath", f"{_MATH}oMathPara"}:
                yield from child.iter(f"{_MATH}t")

    def _words(self, run: Any, boxes: list[Any]) -> str:
        words = ""
        for child in run:
            if child.tag == f"{W}t":
                words += child.text or ""
            elif child.tag in _SIGNS:
                words += _SIGNS[child.tag]
            elif child.tag == f"{W}ruby":
                words += "".join(self._words(each, boxes) for each in self._runs(child))
            elif child.tag == f"{W}object":
                self.noticed.add("embedded")
            elif child.tag in {_ALTERNATIVES, f"{W}drawing", f"{W}pict"}:
                boxes += _boxes(child)
        return words.replace("\xad", "")

    def _table(self, table: Any) -> list[str]:
        """Return a table's rows; a table in a cell stands behind its row, and a frame of single cells is no table."""
        style = value(table.find(f"{W}tblPr"), "tblStyle")
        rows = [row for row in self._blocks(table, ("tr",)) if not self._is_removed(row)]
        cells = [list(self._blocks(row, ("tc",))) for row in rows]
        if all(len(each) < 2 for each in cells):
            return [line for each in cells for cell in each for line in self.lines(cell, style)]
        edge = _edges(table)
        lines: list[str] = []
        taken: list[list[str]] = []
        merged: set[int] = set()
        for row, own in zip(rows, cells, strict=True):
            words, merged, inner = self._row(row, own, edge, merged, style)
            taken.append(words)
            if inner:
                lines += [*table_lines(taken), *inner]
                taken = []
        return lines + table_lines(taken)

    def _row(
        self, row: Any, cells: Iterable[Any], edge: Callable[[int], int], merged: set[int], style: str | None
    ) -> tuple[list[str], set[int], list[str]]:
        """Return a row's cells, the columns whose cell may go on below, and the lines of the tables in its cells."""
        words: list[str] = []
        going: set[int] = set()
        inner: list[str] = []
        at = _whole(value(row.find(f"{W}trPr"), "gridBefore"), 0)
        words += [SPANNED] * edge(at)
        for cell in cells:
            properties = cell.find(f"{W}tcPr")
            span = _whole(value(properties, "gridSpan"), 1)
            column, width = len(words), edge(at + span) - edge(at)
            at += span
            merge = _merge(properties, "vMerge")
            if merge == "continue" and column in merged:
                words += [MERGED] * width
                going.add(column)
                continue
            if _merge(properties, "hMerge") == "continue":
                words += [SPANNED] * width
                continue
            own, nested = self._cell(cell, style)
            inner += nested
            if not width and own == BLANK:
                continue
            words += [own, *[SPANNED] * (width - 1)]
            if merge:
                going.add(column)
        return words, going, inner

    def _cell(self, cell: Any, style: str | None) -> tuple[str, list[str]]:
        own: list[str] = []
        nested: list[str] = []
        for block in self._blocks(cell, ("p", "tbl")):
            if block.tag == f"{W}tbl":
                nested += self._table(block)
            else:
                own += self._paragraph(block, style)
        return "\n".join(own) or BLANK, nested

    def _is_removed(self, row: Any) -> bool:
        if row.find(f"{W}trPr/{W}del") is None:
            return False
        self.noticed.add("revised")
        return True


def _chosen(element: Any) -> Any:
    """Return the branch of alternatives that is read: the first one; the others say the same for older programs."""
    if element.tag != _ALTERNATIVES:
        return element
    return next(iter(element), element)


def _boxes(element: Any) -> Iterator[Any]:
    """Yield the outermost text boxes under an element."""
    for child in _chosen(element):
        if child.tag == f"{W}txbxContent":
            yield child
        else:
            yield from _boxes(child)


def _merge(properties: Any, name: str) -> str | None:
    """Return how a cell is merged: `restart`, `continue` or None."""
    found = properties.find(f"{W}{name}") if properties is not None else None
    return None if found is None else str(found.get(f"{W}val", "continue"))


def _edges(table: Any) -> Callable[[int], int]:
    """Return which visible column begins at a boundary of the table's grid: boundaries that nearly meet are one."""
    widths = [_whole(each.get(f"{W}w"), 0) for each in table.findall(f"{W}tblGrid/{W}gridCol")]
    if not widths or not all(widths):
        return lambda at: at
    columns = [0]
    begun = 0
    for place in accumulate(widths):
        is_new = place - begun >= _NEAR
        columns.append(columns[-1] + is_new)
        begun = place if is_new else begun
    return lambda at: columns[at] if at < len(columns) else columns[-1] + at - len(columns) + 1


def _whole(digits: str | None, otherwise: int) -> int:
    return int(digits) if digits and digits.isdecimal() else otherwise
