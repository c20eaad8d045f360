"""A supervision slip as a page of paper (督查单), in the layout of official documents."""

from dataclasses import dataclass
from datetime import date
from io import BytesIO

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph

from papers.letters import NORMAL, TITLE, add_line, name_other_fonts, new_page, said_day

HEI = "黑体"
RED = RGBColor(0xC8, 0x10, 0x2E)
COLOURS = {"blue": RGBColor(0x1F, 0x4E, 0x9E), "orange": RGBColor(0xD9, 0x6B, 0x00), "red": RED}
GRADES = {"blue": "蓝色提示单", "orange": "橙色催办单", "red": "红色督办单"}
HEAD_SIZE, TITLE_SIZE = Pt(36), Pt(22)


@dataclass(frozen=True, slots=True)
class SlipPaper:
    """What a slip says; facts only, dates in local time."""

    colour: str
    reference: str  # 督查单〔2026〕3号
    unit: str
    task: str  # the task's list and number, and its text
    period: str  # as people read it
    due_on: date
    days_overdue: int
    reminded_on: tuple[date, ...]
    requirement: str
    limit_on: date
    before: str | None  # the former slip's reference, where this is the next colour
    issued_on: date


def slip_docx(paper: SlipPaper, *, office: str) -> bytes:
    """Write a slip as one A4 page (GB/T 9704-2012: 版头, 发文字号, 分隔线, 标题, 主送, 正文, 落款)."""
    document = new_page()
    document.core_properties.author = office
    document.core_properties.title = f"{paper.reference} {GRADES[paper.colour]}"
    centre = WD_ALIGN_PARAGRAPH.CENTER
    _coloured(add_line(document, office, font=TITLE, size=HEAD_SIZE, align=centre, line=Pt(48)), RED)
    reference = add_line(document, paper.reference, align=centre)
    reference.paragraph_format.space_before = Pt(20)
    _ruled(reference)
    grade = add_line(document, GRADES[paper.colour], font=TITLE, size=TITLE_SIZE, align=centre, line=Pt(36))
    grade.paragraph_format.space_before = Pt(24)
    _coloured(grade, COLOURS[paper.colour])
    grade.paragraph_format.space_after = Pt(14)
    add_line(document, f"{paper.unit}：")
    for heading, text in _parts(paper):
        line = add_line(document, heading, font=HEI)
        line.paragraph_format.first_line_indent = 2 * NORMAL
        add_line(document, text).paragraph_format.first_line_indent = 2 * NORMAL
    signature = add_line(document, office, align=WD_ALIGN_PARAGRAPH.RIGHT)
    signature.paragraph_format.space_before = Pt(24)
    signature.paragraph_format.right_indent = 2 * NORMAL
    dated = add_line(document, said_day(paper.issued_on), align=WD_ALIGN_PARAGRAPH.RIGHT)
    dated.paragraph_format.right_indent = 4 * NORMAL
    saved = BytesIO()
    document.save(saved)
    return name_other_fonts(saved.getvalue())


def _parts(paper: SlipPaper) -> list[tuple[str, str]]:
    reminded = "、".join(f"{day.month}月{day.day}日" for day in paper.reminded_on)
    facts = (
        f"{paper.period}进展应于{said_day(paper.due_on)}前报送，截至{said_day(paper.issued_on)}逾期"
        f"{paper.days_overdue}天，尚未报送。"
    )
    if paper.reminded_on:
        facts += f"其间已提醒{len(paper.reminded_on)}次（{reminded}）。"
    if paper.before:
        facts += f"{paper.before}时限已过，仍未报送。"
    return [
        ("一、督查事项", paper.task),
        ("二、有关情况", facts),
        ("三、办理要求", f"{paper.requirement}。" if paper.requirement[-1] not in "。！？.!?" else paper.requirement),
        ("四、办理时限", f"{said_day(paper.limit_on)}前。"),
    ]


def _coloured(line: Paragraph, colour: RGBColor) -> None:
    line.runs[0].font.color.rgb = colour


def _ruled(line: Paragraph) -> None:
    """Draw the red rule, 2 pt (in eighths), below a paragraph (GB/T 9704-2012, 7.2.7)."""
    borders = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "16"), ("space", "6"), ("color", str(RED))):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    line._p.get_or_add_pPr().append(borders)  # noqa: SLF001  # no public way to a paragraph's border
