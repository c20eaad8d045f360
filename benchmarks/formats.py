"""How long does a table of 2,000 rows take in each format, beside the same table as text, and what does it hold at most?

python -m benchmarks.formats [--rows 2000]
"""

import argparse
import io
import multiprocessing
import resource
from collections.abc import Callable
from time import perf_counter
from typing import Any

from docx import Document
from openpyxl import Workbook
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.platypus import LongTable, SimpleDocTemplate

from notices.files import read_plan
from rules.workdays import WorkCalendar

HEADER = ["序号", "工作任务", "牵头单位", "配合单位", "完成时限", "备注"]
TITLE = "清河区2025年重点任务分解表"


def rows_of(count: int) -> list[list[str]]:
    """Make the table, its header first."""
    return [
        HEADER,
        *([str(no), f"修渠{no}公里。", "区水务局", "区财政局、各镇街", "年底前", ""] for no in range(1, count + 1)),
    ]


def as_text(rows: list[list[str]]) -> bytes:
    """Write the table with tabs between its cells."""
    return "\n".join([TITLE, *map("\t".join, rows)]).encode()


def as_word(rows: list[list[str]]) -> bytes:
    """Write the table as .docx."""
    document, data = Document(), io.BytesIO()
    document.add_paragraph(TITLE)
    table = document.add_table(0, len(HEADER))
    for row in rows:
        for cell, words in zip(table.add_row()._tr.tc_lst, row, strict=True):  # noqa: SLF001  # .cells costs minutes
            cell.p_lst[0].add_r().text = words
    document.save(data)
    return data.getvalue()


def as_excel(rows: list[list[str]]) -> bytes:
    """Write the table as .xlsx."""
    book, data = Workbook(), io.BytesIO()
    sheet: Any = book.active
    sheet.append([TITLE])
    for row in rows:
        sheet.append(row)
    book.save(data)
    return data.getvalue()


def as_pdf(rows: list[list[str]]) -> bytes:
    """Write the table as a ruled PDF over many pages."""
    registerFont(UnicodeCIDFont("STSong-Light"))
    data = io.BytesIO()
    style = [("FONT", (0, 0), (-1, -1), "STSong-Light", 9), ("GRID", (0, 0), (-1, -1), 0.5, "black")]
    title = LongTable([[TITLE]], style=[("FONT", (0, 0), (-1, -1), "STSong-Light", 14)])
    SimpleDocTemplate(data).build([title, LongTable(rows, style=style, repeatRows=1)])
    return data.getvalue()


def measure(data: bytes, queue: Any) -> None:
    """Read once to import, then measure; the peak is that of the parser's own process."""
    began = perf_counter()
    tasks = len(read_plan(data, name="table", calendar=WorkCalendar()).notice.tasks)
    seconds = perf_counter() - began
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    queue.put((seconds, tasks, peak / 1024))


def main() -> None:
    """Read the table in each format, in a process of its own, and print what came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2000)
    rows = rows_of(parser.parse_args().rows)
    writers: dict[str, Callable[[list[list[str]]], bytes]] = {
        "text": as_text,
        "word": as_word,
        "excel": as_excel,
        "pdf": as_pdf,
    }
    print(f"{'format':8}{'kB':>8}{'tasks':>8}{'seconds':>9}{'× text':>8}{'peak MB':>9}")
    base = 0.0
    for name, write in writers.items():
        data = write(rows)
        queue: Any = multiprocessing.Queue()
        reader = multiprocessing.Process(target=measure, args=(data, queue))
        reader.start()
        seconds, tasks, peak = queue.get()
        reader.join()
        base = base or seconds
        print(f"{name:8}{len(data) / 1e3:>8.0f}{tasks:>8}{seconds:>9.2f}{seconds / base:>8.1f}{peak:>9.0f}")


if __name__ == "__main__":
    main()
