"""The letters that ask units to register their liaison (函): a page a unit, with its code as text, link and QR."""

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

import segno
from docx import Document
from docx.document import Document as Letters
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt
from docx.text.paragraph import Paragraph

MARGINS = (Mm(30), Mm(26), Mm(25), Mm(28))  # top, right, bottom, left; at the sides as GB/T 9704-2012, 5.2.1
LINE = Pt(28)
TITLE, BODY = "方正小标宋简体", "仿宋_GB2312"  # named, never embedded; a machine without them takes the second name
INSTEAD = {TITLE: "SimSun", BODY: "FangSong", "黑体": "SimHei"}
CODE = "Courier New"  # tells l, I and 1, 0 and O apart
QR_WIDTH = Mm(42)
BIG, LARGE, NORMAL, SMALL = Pt(24), Pt(22), Pt(16), Pt(11)


@dataclass(frozen=True, slots=True)
class InviteLetter:
    """What one unit's letter says; local time, `link` None where the bot's user name is not known."""

    unit: str
    code: str
    link: str | None
    valid_until: datetime
    due_on: date | None = None


def invite_letters(
    letters: Sequence[InviteLetter], *, office: str, contact: str | None = None, signed_on: date
) -> bytes:
    """Write the letters as one Word file, each on an A4 page of its own."""
    document = new_page()
    document.core_properties.author = office
    document.core_properties.title = "关于登记督查工作联络员的函"
    for place, letter in enumerate(letters):
        _write(document, letter, office=office, contact=contact, signed_on=signed_on, begins_page=place > 0)
    saved = BytesIO()
    document.save(saved)
    return name_other_fonts(saved.getvalue())


def new_page() -> Letters:
    """Begin a document of A4 pages with the margins of official documents."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = MARGINS
    return document


def _write(
    document: Letters, letter: InviteLetter, *, office: str, contact: str | None, signed_on: date, begins_page: bool
) -> None:
    heading = add_line(document, office, font=TITLE, size=LARGE, align=WD_ALIGN_PARAGRAPH.CENTER)
    heading.paragraph_format.page_break_before = begins_page
    title = add_line(document, "关于登记督查工作联络员的函", font=TITLE, size=LARGE, align=WD_ALIGN_PARAGRAPH.CENTER)
    title.paragraph_format.space_after = Pt(14)
    add_line(document, f"{letter.unit}：")
    until = f"于{said_day(letter.due_on)}前" if letter.due_on else "尽快"
    _text(document, f"为做好工作进展报送，请贵单位确定一名联络员，{until}登记。联络员要做三件事：")
    _text(document, _how_to_register(letter))
    _text(document, "二、签收：收到本单位任务清单后，按“签收”。")
    _text(document, "三、报送：收到提醒后直接回复进展文字，再按“提交”。")
    _code(document, letter)
    moment = f"{said_day(letter.valid_until.date())}{letter.valid_until:%H:%M}"
    _text(document, f"邀请码仅供贵单位一名联络员登记，{moment}前有效，用后失效，请勿外传。")
    if contact:
        _text(document, f"联系方式：{contact}")
    signature = add_line(document, office, align=WD_ALIGN_PARAGRAPH.RIGHT)
    signature.paragraph_format.space_before = Pt(18)
    add_line(document, said_day(signed_on), align=WD_ALIGN_PARAGRAPH.RIGHT)


def _how_to_register(letter: InviteLetter) -> str:
    if letter.link is not None:
        return "一、登记：扫码或打开链接，在 Telegram 中按“开始”。"
    return "一、登记：把邀请码发给督查室的 Telegram 机器人。"


def _code(document: Letters, letter: InviteLetter) -> None:
    """Put in the code to scan and to type; large where it can only be typed."""
    centre = WD_ALIGN_PARAGRAPH.CENTER
    if letter.link is None:
        label = add_line(document, "邀请码", align=centre)
        label.paragraph_format.space_before = Pt(20)
        typed = add_line(document, letter.code, font=CODE, size=BIG, align=centre)
        typed.paragraph_format.space_after = Pt(20)
        return
    picture = document.add_paragraph()
    picture.alignment = centre
    picture.paragraph_format.space_before = picture.paragraph_format.space_after = Pt(4)
    picture.add_run().add_picture(BytesIO(qr_png(letter.link)), width=QR_WIDTH)
    add_line(document, f"邀请码：{letter.code}", font=CODE, align=centre)
    add_line(document, letter.link, font=CODE, size=SMALL, align=centre)


def qr_png(text: str) -> bytes:
    """Draw a text as a QR code that is still read with 15 % of it damaged (level M), with its quiet zone."""
    drawn = BytesIO()
    segno.make(text, error="m", micro=False).save(drawn, kind="png", scale=10, border=4)
    return drawn.getvalue()


def _text(document: Letters, text: str) -> None:
    add_line(document, text).paragraph_format.first_line_indent = 2 * NORMAL


def add_line(
    document: Letters,
    text: str,
    *,
    font: str = BODY,
    size: Length = NORMAL,
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.LEFT,
    line: Length = LINE,
) -> Paragraph:
    """Add one paragraph in one font, its lines set exactly this far apart."""
    paragraph = document.add_paragraph()
    paragraph.alignment = align
    form = paragraph.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, line
    run = paragraph.add_run(text)
    run.font.size = size
    run.font.name = font
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()  # noqa: SLF001  # no public way to the East Asian font
    fonts.set(qn("w:eastAsia"), BODY if font == CODE else font)
    return paragraph


def said_day(day: date) -> str:
    """Write a date as official documents do."""
    return f"{day.year}年{day.month}月{day.day}日"


def name_other_fonts(docx: bytes) -> bytes:
    """Name in the font table what stands in for a font that a machine has not got (ECMA-376 part 1, 17.8.3.1)."""
    entries = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/></w:font>' for name, other in INSTEAD.items()
    )
    changed = BytesIO()
    with zipfile.ZipFile(BytesIO(docx)) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            data = old.read(item)
            if item.filename == "word/fontTable.xml":
                data = re.sub(rb"(?=</w:fonts>)", entries.encode(), data)
            new.writestr(item, data)
    return changed.getvalue()
