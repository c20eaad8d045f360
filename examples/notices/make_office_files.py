"""Write the fictional Word and Excel notices of examples/notices/office, and beside each what it says.

Run from the project's folder: `python -m examples.notices.make_office_files`. The readings are made of the same values
as the files, never by the reader.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

_FOLDER = Path(__file__).parent / "office"
_MADE_ON = datetime(2025, 1, 1)  # noqa: DTZ001 (a file property, the same in every run)
_QUARTERS = (
    ("2025-Q1", "2025-01-01", "2025-03-31", "2025-04-10"),
    ("2025-Q2", "2025-04-01", "2025-06-30", "2025-07-10"),
    ("2025-Q3", "2025-07-01", "2025-09-30", "2025-10-10"),
    ("2025-Q4", "2025-10-01", "2025-12-31", "2026-01-10"),
)
_QUARTERLY = "请各责任单位于4月10日、7月10日、10月10日和2026年1月10日前，将每季度进展报区政府督查室。"


@dataclass
class Truth:
    """What a file says, in the form of the reader's JSON."""

    title: str
    issuer: str | None = None
    issued_on: str | None = None
    quarterly: bool = False
    tasks: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)

    def task(
        self,
        place: str,
        text: str,
        *,
        lead: str = "",
        support: str = "",
        owner: str = "",
        section: str | None = None,
        leaders: str = "",
        label: str | None = None,
        deadline: str | None = None,
        printed: str = "",
    ) -> None:
        """Add a task; `place` is `list#no`, names are parted by 、; `printed` is their order where bold letters lead."""
        name, _, no = place.partition("#")
        roles = (("lead", lead), ("support", support), ("owner", owner))
        owners = [{"name": unit, "role": role} for role, units in roles for unit in units.split("、") if unit]
        if printed:
            owners.sort(key=lambda owner: printed.split("、").index(owner["name"]))
        self.tasks.append(
            {
                "list": name,
                "no": int(no),
                "section": section,
                "text": text,
                "owners": owners,
                "leaders": leaders.split("、") if leaders else [],
                "leader_label": label if leaders else None,
                "deadline": deadline,
            }
        )

    def warn(self, code: str, message: str, task: str | None = None) -> None:
        """Add a warning."""
        self.warnings.append({"code": code, "message": message, "task": task})

    def to_json(self) -> dict[str, Any]:
        """Return the whole reading."""
        return {
            "title": self.title,
            "issuer": self.issuer,
            "document_number": None,
            "issued_on": self.issued_on,
            "plan_year": 2025,
            "rules": {
                "cadence": "quarterly" if self.quarterly else None,
                "due_dates": [due for *_, due in _QUARTERS] if self.quarterly else [],
                "due_rule": None,
                "max_length": None,
                "min_length": None,
                "length_is_soft": None,
                "contact_required": None,
                "submit_to": "区政府督查室" if self.quarterly else None,
                "plan_due": None,
                "liaisons_per_unit": None,
                "bulletins": [],
            },
            "periods": [
                dict(zip(("label", "begins_on", "ends_on", "due_on"), quarter, strict=True)) for quarter in _QUARTERS
            ]
            if self.quarterly
            else [],
            "tasks": self.tasks,
            "warnings": self.warnings,
        }


def merged_cells() -> tuple[Any, Truth]:
    """A task-first table: category, leader and deadline cells merged down, bold leads, a task over two rows."""
    truth = Truth("桐江区人民政府关于下达2025年任务的通知", "桐江区人民政府", "2025-01-15", quarterly=True)
    document = _letter(truth, "各街道办事处：", _QUARTERLY)
    document.add_paragraph("附件1")
    document.add_paragraph("2025年任务分解表")
    rows: list[list[Any]] = [
        ["序号", "类别", "重点任务", "牵头领导", "责任单位（加黑的为牵头单位）", "完成时限"],
        ["1", "兴业", "建成羽毛球拍产业园一期。", "江月明", "*区工信局*、区商务局", "6月底"],
        ["2", "^", "引进竹编企业12家。", "^", "区商务局、*区投促中心*", "^"],
        ["3", "^", "办好竹器博览会，", "石青", "*区文旅局*、*区商务局*、各街道", "10月底"],
        ["^", "^", "到会客商300人以上。", "^", "^", "^"],
        ["4", "安居", "整修背街小巷8条。", "白露", "*区城管局*", ""],
        ["5", "^", "加装电梯66部。", "^", "*区住建局*、区财政局|国资中心", "12月底"],
        ["^", "^", "更换老旧燃气管道15公里。", "^", "*区城管局*、区应急局", "9月底"],
    ]
    _word_table(document, rows)
    label = "牵头领导"
    add = truth.task
    add(
        "附件1#1",
        "建成羽毛球拍产业园一期。",
        lead="区工信局",
        support="区商务局",
        section="兴业",
        leaders="江月明",
        label=label,
        deadline="6月底",
    )
    add(
        "附件1#2",
        "引进竹编企业12家。",
        printed="区商务局、区投促中心",
        lead="区投促中心",
        support="区商务局",
        section="兴业",
        leaders="江月明",
        label=label,
        deadline="6月底",
    )
    add(
        "附件1#3",
        "办好竹器博览会，到会客商300人以上。",
        lead="区文旅局、区商务局",
        support="各街道",
        section="兴业",
        leaders="石青",
        label=label,
        deadline="10月底",
    )
    add("附件1#4", "整修背街小巷8条。", lead="区城管局", section="安居", leaders="白露", label=label)
    add(
        "附件1#5",
        "加装电梯66部。",
        lead="区住建局",
        support="区财政局|国资中心",
        section="安居",
        leaders="白露",
        label=label,
        deadline="12月底",
    )
    add(
        "附件1#5",
        "更换老旧燃气管道15公里。",
        lead="区城管局",
        support="区应急局",
        section="安居",
        leaders="白露",
        label=label,
        deadline="9月底",
    )
    truth.warn("bold_leads", "“附件1”第1、2、3、5、5项（共5项）以加粗的单位为牵头单位读取，请对照原件核对。")
    truth.warn("number_repeat", "“附件1”第5项出现2次，请对照原件核对。", "附件1#5")
    return document, truth


def two_tables() -> tuple[Any, Truth]:
    """A unit-first table, broken into two with the header again; a hand-drawn column that is a hair off."""
    truth = Truth("雁门区人民政府办公室关于2025年目标的通知", "雁门区人民政府办公室", "2025-02-10", quarterly=True)
    document = _letter(truth, "各责任单位：", _QUARTERLY)
    document.add_paragraph("附件")
    document.add_paragraph("2025年目标任务清单")
    tasks = [
        ("区教育局", "新建幼儿园3所，改造操场9处。", "叶知秋"),
        ("区水务局", "清淤河道21公里。\n完成泵站改造4座。", "方舟"),
        ("区残联", "培训残疾人就业180人次。", "罗衣"),
        ("高新区", "新增规上企业25家。", "温如玉"),
    ]
    header = ["序  号", "责任单位", "目 标 任 务", "责任人"]
    for start in (0, 2):
        rows = [header, *([str(start + at + 1), *task] for at, task in enumerate(tasks[start : start + 2]))]
        table = _word_table(document, rows)
        document.add_paragraph("")
    _sliver(table)
    for at, (unit, text, head) in enumerate(tasks):
        truth.task(f"附件#{at + 1}", text.replace("\n", ""), owner=unit, leaders=head, label="责任人")
    return document, truth


def automatic_list() -> tuple[Any, Truth]:
    """A list numbered by Word itself (一、 （一） 1.), the lead unit bold in the parenthesis behind each item."""
    truth = Truth("沧浪区人民政府关于分解2025年工作的通知", "沧浪区人民政府", "2025-01-20", quarterly=True)
    document = _letter(truth, "各街道，区政府各部门：", f"{_QUARTERLY}加黑的为牵头单位。")
    document.add_paragraph("附件")
    document.add_paragraph("2025年工作分解")
    headings = _numbering(document, "77", ("chineseCountingThousand", "%1、"), ("chineseCounting", "（%2）"))
    items = _numbering(document, "78", ("decimal", "%1."))
    sections = [
        ("产业", [("制造", [("新开工厂房5栋，竣工3栋", "*区工信局*、区住建局")])]),
        (
            "民生",
            [
                ("助老", [("建成长者食堂7家", "区财政局、*区民政局*、各街道"), ("适老化改造260户", "*区民政局*")]),
                ("助学", [("课后服务覆盖4.5万名学生", "*区教育局*、*区体育局*、区财政局")]),
            ],
        ),
    ]
    no = 0
    for at, (heading, parts) in enumerate(sections):
        _numbered(document, headings, 0, f"*{heading}*")
        for below, (part, tasks) in enumerate(parts):
            _numbered(document, headings, 1, part)
            for text, units in tasks:
                no += 1
                _numbered(document, items, 0, f"{text}。（责任单位：{units}）")
                section = f"{'一二'[at]}、{heading} / （{'一二'[below]}）{part}"
                _add_by_bold(truth, f"附件#{no}", f"{text}。", units, section=section)
    truth.warn("bold_leads", "“附件”第1、2、4项（共3项）以加粗的单位为牵头单位读取，请对照原件核对。")
    return document, truth


def annexes() -> tuple[Any, Truth]:
    """Key tasks, benefits for the people, and an empty form, each an annex with a table."""
    truth = Truth("若水区人民政府关于2025年重点工作的通知", "若水区人民政府", "2025-01-08", quarterly=True)
    document = _letter(truth, "各镇街：", _QUARTERLY)
    document.add_paragraph("附件1")
    document.add_paragraph("2025年重点任务（2项）")
    header = ["序号", "工作任务", "牵头单位", "配合单位", "完成时限"]
    key = [
        ["1", "疏通断头路6条。", "区交通局", "区财政局、各镇街", "8月底"],
        ["2", "创建省级园区。", "区科技局", "^", "年底"],
    ]
    _word_table(document, [header, *key])
    document.add_paragraph("附件2")
    document.add_paragraph("2025年民生实事（3件）")
    benefits = [
        ["1", "放映公益电影90场。", "区文旅局", "各镇街", "长期"],
        ["2", "新建口袋公园4处。", "区城管局", "", "5月底"],
        ["3", "免费体检1.2万人。", "区卫健局", "区医保局", ""],
    ]
    _word_table(document, [header, *benefits])
    document.add_paragraph("附件3")
    document.add_paragraph("2025年进展情况表")
    _word_table(document, [["序号", "工作任务", "进展情况", "存在问题"], ["", "", "", ""], ["", "", "", ""]])
    for name, rows in (("附件1", key), ("附件2", benefits)):
        for no, text, lead, support, deadline in rows:
            units = "区财政局、各镇街" if support == "^" else support
            truth.task(f"{name}#{no}", text, lead=lead, support=units, deadline=deadline or None)
    return document, truth


def two_header_rows() -> tuple[Any, Truth]:
    """A header of two rows, with cells merged down and across; a heading across the table; a title in the table."""
    truth = Truth("云溪区人民政府关于印发2025年清单的通知", "云溪区人民政府", "2025-03-01", quarterly=True)
    document = _letter(truth, "各镇街：", _QUARTERLY)
    document.add_paragraph("附件1")
    rows: list[list[Any]] = [
        ["2025年督查事项清单", "<", "<", "<", "<"],
        ["序号", "督查事项", "责任单位", "<", "完成时限"],
        ["^", "^", "牵头单位", "配合单位", "^"],
        ["一、保供", "<", "<", "<", "<"],
        ["1", "新增储备粮仓容2万吨。", "区发展改革局", "区供销社", "7月底"],
        ["2", "建设应急水源1处。", "区水务局", "^", "^"],
        ["二、保畅", "<", "<", "<", "<"],
        ["3", "改造积水点14处。", "区城管局", "区水务局、各镇街", "汛期前"],
    ]
    _word_table(document, rows)
    add = truth.task
    add(
        "附件1#1",
        "新增储备粮仓容2万吨。",
        lead="区发展改革局",
        support="区供销社",
        section="一、保供",
        deadline="7月底",
    )
    add("附件1#2", "建设应急水源1处。", lead="区水务局", support="区供销社", section="一、保供", deadline="7月底")
    add(
        "附件1#3",
        "改造积水点14处。",
        lead="区城管局",
        support="区水务局、各镇街",
        section="二、保畅",
        deadline="汛期前",
    )
    return document, truth


def header_in_row_four() -> tuple[Any, Truth]:
    """One sheet as offices keep it: a title over all columns, notes, the header in row 4, merged cells, dates."""
    truth = Truth("松岭区2025年督查台账")
    book = Workbook()
    sheet: Any = book.active
    rows: list[list[Any]] = [
        ["松岭区2025年督查台账", "<", "<", "<", "<", "<"],
        ["填表说明：加粗的为牵头单位", "<", "<", "<", "<", "<"],
        [],
        ["序号", "类别", "工作任务", "责任单位", "完成时限", "备注"],
        [1.0, "生态", "造林绿化3200亩。", "区林业局、\n各乡镇", datetime(2025, 6, 30), ""],  # noqa: DTZ001
        [2.0, "^", "修复矿山5处。", "^", datetime(2025, 9, 30), ""],  # noqa: DTZ001
        [3.0, "数字", "政务事项网办率达到", "区行政审批局", "年底", ""],
        ["^", "^", 0.985, "^", "^", "含镇街"],
    ]
    _fill(sheet, rows)
    for place in ("E5", "E6"):
        sheet[place].number_format = 'yyyy"年"m"月"d"日";@'
    sheet["C8"].number_format = "0.0%"
    sheet.row_dimensions[6].hidden = True
    for no, day, text in ((1, "2025年6月30日", "造林绿化3200亩。"), (2, "2025年9月30日", "修复矿山5处。")):
        truth.task(f"正文#{no}", text, lead="区林业局", support="各乡镇", section="生态", deadline=day)
    truth.task("正文#3", "政务事项网办率达到98.5%", lead="区行政审批局", section="数字", deadline="年底")
    truth.warn("left_out", f"工作表“{sheet.title}”有隐藏的行或列，已一并读入，请核对。")
    truth.warn("first_listed_leads", "文件中看不出加粗，2项任务按排在首位的单位为牵头单位读取，请对照原件核对。")
    truth.warn("no_cadence", "通知没有写明报送时间，未排报送期；如需定期报送，请在设置中填写报送周期。")
    return book, truth


def two_sheets() -> tuple[Any, Truth]:
    """Two visible sheets are two lists, under the first one's title and rule; a hidden one is left out."""
    truth = Truth("玉泉区2025年工作安排", quarterly=True)
    book = Workbook()
    header = ["序号", "工作任务", "牵头单位", "配合单位", "完成时限"]
    first = [["1", "签约项目30个。", "区投促中心", "各镇街", "年底"], ["2", "盘活厂房9处。", "区工信局", "", "年底"]]
    second = [["1", "新建公厕11座。", "区城管局", "区财政局", "8月底"]]
    _fill(book.active, [["玉泉区2025年工作安排", "<", "<", "<", "<"], [_QUARTERLY], header, *first], "重点任务")
    _fill(book.create_sheet(), [["玉泉区2025年民生实事（1件）"], header, *second, ["", "", "", "", ""]], "民生实事")
    hidden = book.create_sheet()
    _fill(hidden, [header, ["9", "旧任务。", "区工信局", "", ""]], "旧表")
    hidden.sheet_state = "hidden"
    for name, rows in (("重点任务", first), ("民生实事", second)):
        for no, text, lead, support, deadline in rows:
            truth.task(f"{name}#{no}", text, lead=lead, support=support, deadline=deadline)
    truth.warn("left_out", "工作表“旧表”是隐藏的，没有读入。")
    return book, truth


def rich_text() -> tuple[Any, Truth]:
    """Bold letters in part of a cell, and a whole cell bold beside others that are not."""
    truth = Truth("青禾区2025年任务表", quarterly=True)
    book = Workbook()
    rows: list[list[Any]] = [
        ["青禾区2025年任务表", "<", "<", "<"],
        [f"{_QUARTERLY}加黑的为牵头单位。"],
        ["序号", "重点任务", "责任单位", "完成时限"],
        [1, "种植中药材1.5万亩。", "区农业农村局、*区卫健局*、各镇", "10月底"],
        [2, "建冷库6座。", "*区商务局*", "年底"],
        [3, "新增网点40个。", "*区邮政公司*、*区供销社*、各镇", "年底"],
    ]
    _fill(book.active, rows, "任务表")
    for no, text, units, deadline in rows[3:]:
        _add_by_bold(truth, f"正文#{no}", str(text), str(units), deadline=str(deadline))
    truth.warn("bold_leads", "“正文”第1、3项（共2项）以加粗的单位为牵头单位读取，请对照原件核对。")
    return book, truth


FILES = {
    "merged-cells.docx": merged_cells,
    "two-tables.docx": two_tables,
    "automatic-list.docx": automatic_list,
    "annexes.docx": annexes,
    "two-header-rows.docx": two_header_rows,
    "header-in-row-four.xlsx": header_in_row_four,
    "two-sheets.xlsx": two_sheets,
    "rich-text.xlsx": rich_text,
}


def _add_by_bold(
    truth: Truth, place: str, text: str, units: str, *, section: str | None = None, deadline: str | None = None
) -> None:
    names = units.split("、")
    lead = "、".join(name.strip("*") for name in names if name.startswith("*"))
    support = "、".join(name for name in names if not name.startswith("*"))
    printed = units.replace("*", "")
    truth.task(place, text, lead=lead, support=support, section=section, deadline=deadline, printed=printed)


def _letter(truth: Truth, *paragraphs: str) -> Any:
    document = Document()
    document.core_properties.created = document.core_properties.modified = _MADE_ON
    document.core_properties.author = "duban"
    year, month, day = map(int, str(truth.issued_on).split("-"))
    for words in (truth.title, *paragraphs, str(truth.issuer), f"{year}年{month}月{day}日"):
        _write(document.add_paragraph(), words)
    return document


def _write(paragraph: Any, words: str) -> None:
    """Write words into a paragraph; what stands between * is bold."""
    for at, piece in enumerate(words.split("*")):
        if piece:
            paragraph.add_run(piece).bold = bool(at % 2)


def _word_table(document: Any, rows: list[list[str]]) -> Any:
    """Add a table; ^ is merged with the cell above, < with the cell to its left; the header is bold."""
    table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
    origins: dict[tuple[int, int], tuple[int, int]] = {}
    for at, row in enumerate(rows):
        for column, words in enumerate(row):
            place = (at - 1, column) if words == "^" else (at, column - 1) if words == "<" else None
            origins[at, column] = origins[place] if place else (at, column)
    for origin in dict.fromkeys(origins.values()):
        own = [place for place, start in origins.items() if start == origin]
        cell = table.cell(*origin)
        if len(own) > 1:
            cell = cell.merge(table.cell(*own[-1]))
        lines = rows[origin[0]][origin[1]].split("\n")
        for index, words in enumerate(lines):
            _write(cell.paragraphs[0] if not index else cell.add_paragraph(), words)
    return table


def _sliver(table: Any) -> None:
    """Draw the second column's left edge a hair off in the last row, as a hand does with the mouse."""
    grid = table._tbl.tblGrid  # noqa: SLF001
    hair = OxmlElement("w:gridCol")
    hair.set(qn("w:w"), "60")
    grid.insert(1, hair)
    for at, row in enumerate(table._tbl.tr_lst):  # noqa: SLF001
        row.tc_lst[0 if at else 1].grid_span = 2


def _numbering(document: Any, number: str, *levels: tuple[str, str]) -> str:
    """Add a list of these levels (number style and text), counting from one; return its number."""
    numbering = document.part.numbering_part.element
    abstract = OxmlElement("w:abstractNum")
    abstract.set(qn("w:abstractNumId"), number)
    for level, (style, text) in enumerate(levels):
        one = OxmlElement("w:lvl")
        one.set(qn("w:ilvl"), str(level))
        for name, words in (("start", "1"), ("numFmt", style), ("lvlText", text)):
            child = OxmlElement(f"w:{name}")
            child.set(qn("w:val"), words)
            one.append(child)
        abstract.append(one)
    numbering.insert(0, abstract)
    return str(numbering.add_num(int(number)).numId)


def _numbered(document: Any, number: str, level: int, words: str) -> None:
    paragraph = document.add_paragraph()
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()  # noqa: SLF001
    properties.get_or_add_ilvl().val = level
    properties.get_or_add_numId().val = int(number)
    _write(paragraph, words)


def _fill(sheet: Any, rows: list[list[Any]], title: str = "台账") -> None:
    """Fill a sheet; ^ and < are merged as in a Word table, letters between * are bold."""
    sheet.title = title
    origins: dict[tuple[int, int], tuple[int, int]] = {}
    for at, row in enumerate(rows, start=1):
        for column, words in enumerate(row, start=1):
            place = (at - 1, column) if words == "^" else (at, column - 1) if words == "<" else None
            origins[at, column] = origins[place] if place else (at, column)
            if not place:
                _put(sheet.cell(at, column), words)
    for origin in dict.fromkeys(origins.values()):
        own = [place for place, start in origins.items() if start == origin]
        if len(own) > 1:
            last = own[-1]
            sheet.merge_cells(start_row=origin[0], start_column=origin[1], end_row=last[0], end_column=last[1])


def _put(cell: Any, words: Any) -> None:
    if not isinstance(words, str) or "*" not in words:
        cell.value = words or None
        return
    pieces = [(piece, at % 2) for at, piece in enumerate(words.split("*")) if piece]
    if len(pieces) == 1:
        cell.value, cell.font = pieces[0][0], Font(b=True)
        return
    cell.value = CellRichText(
        *(TextBlock(InlineFont(b=True), piece) if bold else TextBlock(InlineFont(), piece) for piece, bold in pieces)
    )


def main(folder: Path = _FOLDER) -> None:
    """Write every file and its reading."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in FILES.items():
        made, truth = make()
        if isinstance(made, Workbook):
            made.properties.created = made.properties.modified = _MADE_ON
        made.save(folder / name)
        words = json.dumps(truth.to_json(), ensure_ascii=False, indent=2)
        (folder / name).with_suffix(".json").write_text(words + "\n")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
