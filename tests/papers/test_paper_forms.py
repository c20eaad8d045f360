"""The forms: what is written into them is what is read out of them, whatever it begins with."""

from datetime import date
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from notices.formats import format_of
from notices.workbook import all_cells_of
from papers.forms import (
    KEY,
    PLAN_FIELDS,
    REPORT_FIELDS,
    PlanLine,
    PlanSheet,
    ReportLine,
    ReportSheet,
    period_name,
    plan_form,
    report_form,
)

TITLE = "关于分解落实重点工作任务的通知"
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=60).filter(
    lambda text: text == text.strip() and "_x" not in text
)


def plan(*lines: PlanLine, title: str = TITLE) -> PlanSheet:
    return PlanSheet(title, "区发改局", 2025, date(2025, 2, 18), lines)


def report(*lines: ReportLine, period: str = "2025-Q1") -> ReportSheet:
    return ReportSheet(TITLE, "区发改局", period, date(2025, 4, 10), lines)


def read(data: bytes) -> list[list[object]]:
    [cells] = all_cells_of(data).values()
    return cells


@given(values=st.dictionaries(st.sampled_from(list(PLAN_FIELDS.values())), TEXTS), text=TEXTS)
@settings(max_examples=25)
def test_every_value_of_a_plan_comes_back(values: dict[str, str], text: str) -> None:
    cells = read(plan_form([plan(PlanLine("J1-00000000", 3, text, values))]))
    header = next(row for row in cells if KEY in row)
    line = cells[cells.index(header) + 1]
    line += [None] * (len(header) - len(line))
    assert line[:3] == ["J1-00000000", 3, text]
    found = {PLAN_FIELDS[str(name)]: value for name, value in zip(header[3:], line[3:], strict=True) if value}
    assert found == values


@pytest.mark.parametrize(
    "text", ["=1+1", "+86", "-5", "@x", "#N/A", "0012", "1/2", "2025-04-10", "第一行\n第二行", "a\x0bb"]
)
def test_a_text_stays_a_text(text: str) -> None:
    line = ReportLine("Q1-00000000", 1, text, text, text, {"progress": text})
    assert read(report_form([report(line)]))[5][2:6] == [text.replace("\x0b", "")] * 4


def test_only_what_is_filled_in_is_unlocked_and_yes_or_no_is_offered() -> None:
    sheet = load_workbook(BytesIO(report_form([report(ReportLine("Q1-00000000", 1, "任务", None, None, {}))]))).active
    assert sheet is not None
    assert sheet.protection.sheet
    assert not sheet.protection.insertRows  # False: it may be done
    assert [sheet.cell(6, column).protection.locked for column in range(1, 10)] == [True] * 5 + [False] * 4
    assert [sheet.cell(5, column).value for column in range(6, 10)] == list(REPORT_FIELDS)
    [offer] = sheet.data_validations.dataValidation
    assert (offer.formula1, str(offer.sqref)) == ('"是,否"', "I6")
    assert sheet.freeze_panes == "D6"
    assert str(sheet["A1"].value) == "2025年第一季度工作任务落实情况表"
    assert str(sheet["A3"].value) == "填报单位：区发改局"


def test_forms_are_known_by_their_mark_and_are_no_notices() -> None:
    assert format_of(plan_form([plan()])) == "form"
    assert format_of(report_form([report()])) == "form"


def test_sheets_of_the_same_period_have_names_of_their_own() -> None:
    sheets = all_cells_of(report_form([report(), report(), report(period="2025-03"), report(period="汇总/[x]")]))
    assert list(sheets) == ["2025年第一季度", "2025年第一季度 2", "2025年3月", "汇总x"]
    assert list(all_cells_of(plan_form([plan(), plan(title="另一份通知")]))) == ["计划表1", "计划表2"]


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("2025-Q4", "2025年第四季度"),
        ("2025-03", "2025年3月"),
        ("2025-H2", "2025年下半年"),
        ("2025-W10", "2025年第10周"),
        ("2025", "2025年"),
        ("2025-04-10", "2025-04-10"),
    ],
)
def test_periods_are_named_as_offices_say(label: str, name: str) -> None:
    assert period_name(label) == name
