"""A supervision slip on paper: one A4 page that says facts, in its colour."""

from datetime import date
from io import BytesIO

import pytest
from docx import Document

from papers.slip import COLOURS, GRADES, SlipPaper, slip_docx


def paper(colour: str = "blue", before: str | None = None, *, reminded: tuple[date, ...] = ()) -> SlipPaper:
    return SlipPaper(
        colour=colour,
        reference="督查单〔2025〕3号",
        unit="区教体局",
        task="附件第3项：新建学校3所。",
        period="2025年第一季度",
        due_on=date(2025, 4, 10),
        days_overdue=4,
        reminded_on=reminded,
        requirement="请报送进展",
        limit_on=date(2025, 4, 17),
        before=before,
        issued_on=date(2025, 4, 14),
    )


def lines(given: SlipPaper) -> list[str]:
    document = Document(BytesIO(slip_docx(given, office="清河区督查室")))
    return [paragraph.text for paragraph in document.paragraphs]


def test_it_says_the_matter_the_facts_the_request_and_the_limit() -> None:
    assert lines(paper(reminded=(date(2025, 4, 7), date(2025, 4, 10)))) == [
        "清河区督查室",
        "督查单〔2025〕3号",
        "蓝色提示单",
        "区教体局：",
        "一、督查事项",
        "附件第3项：新建学校3所。",
        "二、有关情况",
        "2025年第一季度进展应于2025年4月10日前报送，截至2025年4月14日逾期4天，尚未报送。其间已提醒2次（4月7日、4月10日）。",
        "三、办理要求",
        "请报送进展。",
        "四、办理时限",
        "2025年4月17日前。",
        "清河区督查室",
        "2025年4月14日",
    ]


def test_the_next_colour_names_the_slip_before() -> None:
    assert any("督查单〔2025〕1号时限已过，仍未报送" in line for line in lines(paper("orange", "督查单〔2025〕1号")))


@pytest.mark.parametrize("colour", GRADES)
def test_its_grade_stands_in_its_colour(colour: str) -> None:
    document = Document(BytesIO(slip_docx(paper(colour), office="清河区督查室")))
    [grade] = [line for line in document.paragraphs if line.text == GRADES[colour]]
    assert grade.runs[0].font.color.rgb == COLOURS[colour]
