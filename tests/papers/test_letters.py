"""The invite letters: a page a unit, its own code as text, link and QR, and nobody else's."""

from datetime import date, datetime
from io import BytesIO
from zipfile import ZipFile
from zoneinfo import ZoneInfo

from docx import Document
from docx.document import Document as Letters

from papers.letters import InviteLetter, invite_letters, qr_png

CODES = ("AbC_ef-h1jklmnOpq0rstu", "0123456789abcdefghijkl")
FONT = "./w:rPr/w:rFonts/@w:eastAsia"
UNTIL = datetime(2025, 4, 3, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


def letter(unit: str, code: str, *, link: bool = True, due_on: date | None = date(2025, 3, 27)) -> InviteLetter:
    return InviteLetter(unit, code, f"https://t.me/qinghe_bot?start={code}" if link else None, UNTIL, due_on)


def opened(*letters: InviteLetter, contact: str | None = None) -> tuple[Letters, bytes]:
    data = invite_letters(letters, office="清河区督查室", contact=contact, signed_on=date(2025, 3, 20))
    return Document(BytesIO(data)), data


def pages(document: Letters) -> list[str]:
    """Give the text of each page: a new one begins where a paragraph breaks the page before it."""
    found: list[list[str]] = [[]]
    for paragraph in document.paragraphs:
        if paragraph.paragraph_format.page_break_before:
            found.append([])
        found[-1].append(paragraph.text)
    return ["\n".join(page) for page in found]


def test_each_unit_has_a_page_with_its_own_code_and_no_others() -> None:
    document, _ = opened(letter("区发改局", CODES[0]), letter("区教体局", CODES[1]))
    first, second = pages(document)
    for page, unit, own, other in ((first, "区发改局：", *CODES), (second, "区教体局：", *reversed(CODES))):
        assert page.startswith("清河区督查室\n关于登记督查工作联络员的函\n")
        assert unit in page
        assert f"邀请码：{own}\nhttps://t.me/qinghe_bot?start={own}" in page
        assert other not in page


def test_a_letter_says_what_to_do_until_when_and_whom_to_ask() -> None:
    document, _ = opened(letter("区发改局", CODES[0]), contact="周俊杰，电话 0755-12345678")
    [page] = pages(document)
    assert "于2025年3月27日前登记" in page
    assert [line[:5] for line in page.splitlines() if line[1:2] == "、"] == [
        "一、登记：",
        "二、签收：",
        "三、报送：",
    ]
    assert "2025年4月3日10:00前有效" in page
    assert "联系方式：周俊杰，电话 0755-12345678" in page
    assert page.endswith("清河区督查室\n2025年3月20日")


def test_without_a_contact_or_a_day_the_letter_leaves_them_out() -> None:
    document, _ = opened(letter("区发改局", CODES[0], due_on=None))
    [page] = pages(document)
    assert "尽快登记" in page
    assert "联系方式" not in page


def test_the_qr_code_is_that_of_the_link_and_large_enough() -> None:
    document, data = opened(letter("区发改局", CODES[0]), letter("区教体局", CODES[1]))
    assert len(document.inline_shapes) == 2
    assert all(shape.width.mm >= 30 for shape in document.inline_shapes)
    with ZipFile(BytesIO(data)) as parts:
        drawn = {parts.read(name) for name in parts.namelist() if name.endswith(".png")}
    assert drawn == {qr_png(f"https://t.me/qinghe_bot?start={code}") for code in CODES}


def test_without_a_link_there_is_no_qr_code_and_the_code_is_large() -> None:
    document, _ = opened(letter("区发改局", CODES[0], link=False))
    assert len(document.inline_shapes) == 0
    [typed] = [paragraph for paragraph in document.paragraphs if paragraph.text == CODES[0]]
    size = typed.runs[0].font.size
    assert size is not None
    assert size.pt >= 20


def test_the_page_is_a4_and_the_fonts_are_named_with_others_to_take_instead() -> None:
    document, data = opened(letter("区发改局", CODES[0]))
    [section] = document.sections
    assert section.page_width is not None
    assert section.page_height is not None
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    fonts = {
        name for run in document.paragraphs[0].runs + document.paragraphs[2].runs for name in run._element.xpath(FONT)
    }
    assert fonts == {"方正小标宋简体", "仿宋_GB2312"}
    with ZipFile(BytesIO(data)) as parts:
        assert parts.testzip() is None
        assert '<w:font w:name="仿宋_GB2312"><w:altName w:val="FangSong"/>' in parts.read("word/fontTable.xml").decode()
