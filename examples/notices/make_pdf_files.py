"""Write the PDF notices of examples/notices/pdf-files, each with what is to be read out of it, from one source.

python examples/notices/make_pdf_files.py [FOLDER]

STSong-Light is a font that readers of PDF bring along, so no font file is needed; its bold is drawn as offices' programs
draw a bold they have no font for: stroked (table, leaders) or struck twice (list).
"""

import json
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FOLDER = Path(__file__).parent / "pdf-files"
FONT = "STSong-Light"
SIZE = 12.0
LEADING = 18.0
LEFT, RIGHT = 70.0, 525.0
TOP, BOTTOM = 760.0, 90.0
PAD = 4.0

Run = tuple[str, bool]  # words, bold
ROLES = {True: "lead", False: "support"}


class Task(NamedTuple):
    """A task as its paper says it; `owners` in the order of print, with the leads marked."""

    no: int
    section: str | None
    text: str
    owners: tuple[tuple[str, bool], ...]
    leaders: tuple[str, ...] = ()
    deadline: str | None = None


class Paper:
    """A4 pages that are written from top to bottom."""

    def __init__(self, file: Path, *, struck_twice: bool = False) -> None:
        self.canvas = Canvas(str(file), pagesize=A4, invariant=1, pageCompression=1)
        self.struck_twice = struck_twice
        self.y = TOP
        self.page = 1

    def line(self, runs: Sequence[Run], x: float, y: float) -> None:
        for words, bold in runs:
            self._draw(words, x, y, stroked=bold and not self.struck_twice)
            if bold and self.struck_twice:
                self._draw(words, x + 0.3, y)
            x += width(words)

    def _draw(self, words: str, x: float, y: float, *, stroked: bool = False) -> None:
        self.canvas.saveState()  # the way of drawing would hold for everything below
        text = self.canvas.beginText(x, y)
        text.setFont(FONT, SIZE)
        text.setTextRenderMode(2 if stroked else 0)
        text.textOut(words)
        self.canvas.drawText(text)
        self.canvas.restoreState()

    def paragraph(self, runs: Sequence[Run], *, indent: float = 2 * SIZE, centred: bool = False) -> None:
        for at, line in enumerate(wrapped(runs, RIGHT - LEFT, indent)):
            if self.y - LEADING < BOTTOM:
                self.turn()
            self.y -= LEADING
            x = (LEFT + RIGHT - sum(width(words) for words, _ in line)) / 2 if centred else LEFT
            self.line(line, x + (indent if at == 0 and not centred else 0), self.y)

    def turn(self) -> None:
        self.canvas.setFont(FONT, SIZE)
        self.canvas.drawCentredString((LEFT + RIGHT) / 2, 60, f"— {self.page} —")
        self.canvas.showPage()
        self.page += 1
        self.y = TOP

    def table(self, widths: Sequence[float], rows: Sequence[Sequence[Sequence[Run]]]) -> None:
        """Draw a table; its first row comes again on each page, a row may be parted, an empty cell 0 or 1 is merged."""
        edges = [LEFT + sum(widths[:at]) for at in range(len(widths) + 1)]
        pending = [[list(wrapped(cell, w - 2 * PAD)) for cell, w in zip(row, widths, strict=True)] for row in rows]
        header = pending[0]
        self._row(edges, header, is_first=True)
        for row in pending[1:]:
            rest = row
            while any(rest):
                room = int((self.y - BOTTOM - 2 * PAD) // LEADING)
                if room < 1:
                    self._close(edges)
                    self.turn()
                    self._row(edges, header, is_first=True)
                    continue
                self._row(edges, [cell[:room] for cell in rest], is_first=False, is_top=rest is row)
                rest = [cell[room:] for cell in rest]
        self._close(edges)

    def _row(
        self, edges: Sequence[float], cells: Sequence[Sequence[Sequence[Run]]], *, is_first: bool, is_top: bool = True
    ) -> None:
        height = max(map(len, cells)) * LEADING + 2 * PAD
        for at, cell in enumerate(cells):
            is_merged = at == 1 and not cell and is_top and not is_first and self.y < TOP - 3 * LEADING
            if not is_merged:
                self.canvas.line(edges[at], self.y, edges[at + 1], self.y)
            for index, line in enumerate(cell):
                self.line(line, edges[at] + PAD, self.y - PAD - index * LEADING - SIZE)
        for edge in edges:
            self.canvas.line(edge, self.y, edge, self.y - height)
        self.y -= height

    def _close(self, edges: Sequence[float]) -> None:
        self.canvas.line(edges[0], self.y, edges[-1], self.y)

    def save(self) -> None:
        self.turn()
        self.canvas.save()


def width(words: str) -> float:
    return sum(SIZE / 2 if sign.isascii() else SIZE for sign in words)


def wrapped(runs: Sequence[Run], room: float, indent: float = 0) -> Iterator[list[Run]]:
    """Break runs into lines; a line end in the words is one on paper."""
    line: list[tuple[str, bool]] = []
    left = room - indent
    for words, bold in runs:
        for sign in words:
            if sign == "\n" or width(sign) > left:
                yield joined(line)
                line, left = [], room
            if sign != "\n":
                line.append((sign, bold))
                left -= width(sign)
    if line:
        yield joined(line)


def joined(signs: Sequence[Run]) -> list[Run]:
    return [("".join(sign for sign, _ in run), bold) for bold, run in groupby(signs, key=lambda each: each[1])]


def plain(words: str) -> list[Run]:
    return [(words, False)] if words else []


def units(owners: Sequence[tuple[str, bool]], between: str = "、") -> list[Run]:
    runs: list[Run] = []
    for name, is_lead in owners:
        runs += [(between, False)] * bool(runs) + [(name, is_lead)]
    return runs


def letter(paper: Paper, title: Sequence[str], body: Sequence[str], signed: Sequence[str]) -> None:
    for words in title:
        paper.paragraph(plain(words), centred=True)
    for words in body:
        paper.paragraph(plain(words), indent=0 if words.endswith("：") else 2 * SIZE)
    for words in signed:
        paper.paragraph(plain(words), indent=RIGHT - LEFT - width(words))


def reading(tasks: Sequence[Task], list_name: str, label: str | None = None, **values: Any) -> dict[str, Any]:
    """Give the JSON of what is to be read, warnings left out."""
    return {
        **values,
        "tasks": [
            {
                "list": list_name,
                "no": task.no,
                "section": task.section,
                "text": task.text,
                "owners": [
                    {"name": name, "role": ROLES[is_lead] if any(lead for _, lead in task.owners) else "owner"}
                    for name, is_lead in task.owners
                ],
                "leaders": list(task.leaders),
                "leader_label": label if task.leaders else None,
                "deadline": task.deadline,
            }
            for task in tasks
        ],
    }


def rules(**values: Any) -> dict[str, Any]:
    silent: dict[str, Any] = dict.fromkeys(
        ("cadence", "due_rule", "max_length", "min_length", "length_is_soft", "contact_required", "submit_to")
    )
    return {**silent, "due_dates": [], "plan_due": None, "liaisons_per_unit": None, "bulletins": [], **values}


def quarters(due: Sequence[str]) -> list[dict[str, str]]:
    ends = ("03-31", "06-30", "09-30", "12-31")
    begins = ("01-01", "04-01", "07-01", "10-01")
    return [
        {"label": f"2025-Q{at}", "begins_on": f"2025-{begin}", "ends_on": f"2025-{end}", "due_on": day}
        for at, (begin, end, day) in enumerate(zip(begins, ends, due, strict=True), start=1)
    ]


PLACES = ("柳河", "石桥", "青杨", "白塔", "云岭", "双泉", "枣林", "梅坞")
WORKS = (
    ("修缮{place}老街{n}处公房，换好门窗和管线，年底前让住户搬回。", "区住房城乡建设局", "区财政局"),
    ("在{place}开{n}个家门口的小菜店，早七点开门，菜价每周贴出来。", "区商务局", "区市场监管局"),
    ("给{place}村{n}公里小路装灯，灯坏了两天之内修好。", "区交通运输局", "区供电公司"),
    ("{place}中心小学添{n}间教室，暑假完工，秋季开学使用。", "区教育局", "区发展改革局（区粮食局）"),
    ("清掉{place}河滩{n}处乱堆的石料，种上柳树和芦苇。", "区水务局", "区自然资源局"),
)
KINDS = ("安居", "便民", "道路", "校园", "河湖")


def table_tasks() -> list[Task]:
    """Give 40 tasks in five kinds; the lead stands first or last in turn."""
    tasks = []
    for no in range(1, 41):
        kind = (no - 1) // 8
        words, lead, support = WORKS[kind]
        place = PLACES[no % len(PLACES)]
        owners = [(lead, True), (support, False), (f"{place}街道办事处", False)]
        if no % 2:
            owners = [*owners[1:], owners[0]]
        deadline = ("6月底", "9月底", "12月底")[no % 3]
        tasks.append(Task(no, KINDS[kind], words.format(place=place, n=no + 2), tuple(owners), deadline=deadline))
    return tasks


def make_table(folder: Path) -> dict[str, Any]:
    tasks = table_tasks()
    paper = Paper(folder / "table.pdf")
    letter(
        paper,
        ["汀州区人民政府办公室", "关于分解2025年惠民任务的通知"],
        [
            "各街道办事处，区政府各部门：",
            "现将40项惠民任务分解给你们（责任单位中加黑的为牵头单位）。请于每季度末月25日前把进展报区政府督查室，每项一般不超过150字。",
        ],
        ["汀州区人民政府办公室", "2025年1月17日"],
    )
    paper.turn()
    paper.paragraph(plain("附件"), indent=0)
    paper.paragraph(plain("2025年惠民任务分解表"), centred=True)
    paper.y -= LEADING
    rows: list[list[list[Run]]] = [[plain(words) for words in ("序号", "类别", "工作任务", "责任单位", "完成时限")]]
    for task in tasks:
        is_begun = task.no % 8 == 1
        rows.append(
            [
                plain(str(task.no)),
                plain(task.section or "") if is_begun else [],
                plain(task.text),
                units(task.owners),
                plain(task.deadline or ""),
            ]
        )
    paper.table((36, 44, 170, 145, 60), rows)
    paper.save()
    return reading(
        tasks,
        "附件",
        title="汀州区人民政府办公室关于分解2025年惠民任务的通知",
        issuer="汀州区人民政府办公室",
        document_number=None,
        issued_on="2025-01-17",
        plan_year=2025,
        rules=rules(
            cadence="quarterly",
            due_rule={"month_offset": 0, "day": 25, "working_day": None, "weekday": None},
            max_length=150,
            length_is_soft=True,
            submit_to="区政府督查室",
        ),
        periods=quarters(("2025-03-25", "2025-06-25", "2025-09-25", "2025-12-25")),
    )


LEADERS = (
    Task(
        1, "产业", "引来3家做齿轮的工厂，年内投产，招工600人。", (("区工信局", True), ("区招商中心", False)), ("贺松",)
    ),
    Task(
        2, "产业", "办两场蓝莓节，卖出鲜果80吨。", (("区农业农村局", True), ("区文化和旅游局", False)), ("贺松", "简宁")
    ),
    Task(
        3, "产业", "把旧粮站改成手艺人作坊，请进20位师傅。", (("区商务局", True), ("区文化和旅游局", False)), ("简宁",)
    ),
    Task(4, "城建", "修好鹿溪桥两头的坡道，轮椅和婴儿车都能走。", (("区住房和城乡建设局", True),), ("樊立",)),
    Task(
        5,
        "城建",
        "老旧小区加装电梯12部，先征得各家同意。",
        (("区住房和城乡建设局", True), ("市生态环境局鹿溪分局", False), ("区市场监管局", False)),
        ("樊立", "文澜"),
    ),
    Task(
        6,
        "民生",
        "周末开放学校操场9处，给老人留出晨练的时段。",
        (("区教育和体育局", True), ("区司法局", False)),
        ("文澜",),
    ),
)


def make_leaders(folder: Path) -> dict[str, Any]:
    paper = Paper(folder / "leaders.pdf")
    letter(
        paper,
        ["鹿溪区人民政府办公室", "关于印发2025年重点工作清单的通知"],
        [
            "各镇人民政府，区政府各部门：",
            "请各单位于4月10日、7月10日、10月10日和次年1月10日前将进展报区政府督查室。加黑的单位为牵头单位。",
        ],
        ["鹿溪区人民政府办公室", "2025年2月14日"],
    )
    paper.paragraph(plain("附件"), indent=0)
    paper.paragraph(plain("2025年重点工作清单"), centred=True)
    rows: list[list[list[Run]]] = [[plain(words) for words in ("序号", "类别", "重点任务", "牵头领导", "责任单位")]]
    seen: set[str | None] = set()
    for task in LEADERS:
        category = "" if task.section in seen else task.section or ""
        seen.add(task.section)
        rows.append(
            [
                plain(str(task.no)),
                plain(category),
                plain(task.text),
                plain("\n".join(task.leaders)),
                units(task.owners, "\n"),
            ]
        )
    paper.table((36, 44, 200, 70, 105), rows)
    paper.save()
    return reading(
        LEADERS,
        "附件",
        "牵头领导",
        title="鹿溪区人民政府办公室关于印发2025年重点工作清单的通知",
        issuer="鹿溪区人民政府办公室",
        document_number=None,
        issued_on="2025-02-14",
        plan_year=2025,
        rules=rules(
            cadence="quarterly",
            due_dates=["2025-04-10", "2025-07-10", "2025-10-10", "2026-01-10"],
            submit_to="区政府督查室",
        ),
        periods=quarters(("2025-04-10", "2025-07-10", "2025-10-10", "2026-01-10")),
    )


LIST = (
    Task(
        1,
        "一、把路修好 / （一）城里的路",
        "补平小北街、柳巷的坑洼，雨后不积水。",
        (("区住建局", True), ("竹亭街道", False)),
        ("苗青",),
    ),
    Task(
        2,
        "一、把路修好 / （一）城里的路",
        "在12个路口添人行过街的绿灯时长，老人也能从容走完；路口由各校家长和交警一起选定，先急后缓，名单在街口张榜。",
        (("区公安分局", True), ("区教体局", False), ("区住建局", False)),
        ("苗青", "晏河"),
    ),
    Task(
        3,
        "一、把路修好 / （二）村里的路",
        "硬化村道31公里，优先修校车走的那一段。",
        (("区交通局", True), ("各乡镇", False)),
        ("晏河",),
    ),
    Task(
        4,
        "二、把水护好",
        "清淤6口老塘，岸边留出钓鱼和洗衣的石阶。",
        (("区水利局", True), ("区农业农村局", False)),
        ("甘霖",),
    ),
    Task(5, "二、把水护好", "给27个村换新水表，抄表到户，多收的退还。", (("区水利局", True),), ("甘霖",)),
)


def make_list(folder: Path) -> dict[str, Any]:
    paper = Paper(folder / "list.pdf", struck_twice=True)
    letter(
        paper,
        ["竹亭区人民政府办公室", "关于分解落实2025年实事的通知"],
        [
            "各乡镇人民政府，区政府各部门：",
            "现将实事分解如下，加黑的为牵头单位。请每月5日前报送上月进展，每项不超过100字。",
        ],
        [],
    )
    headings: list[str] = []
    for task in LIST:
        parts = (task.section or "").split(" / ")
        for heading in parts:
            if heading not in headings:
                paper.paragraph([(heading, True)])
        headings += parts
        leaders = "、".join(task.leaders)
        paper.paragraph(
            [
                *plain(f"{task.no}.{task.text}（牵头领导：{leaders}；承办单位："),
                *units(task.owners),
                *plain("）"),
            ]
        )
    for words in ("竹亭区人民政府办公室", "2025年1月6日"):
        paper.paragraph(plain(words), indent=RIGHT - LEFT - width(words))
    paper.save()
    return reading(
        LIST,
        "正文",
        "牵头领导",
        title="竹亭区人民政府办公室关于分解落实2025年实事的通知",
        issuer="竹亭区人民政府办公室",
        document_number=None,
        issued_on="2025-01-06",
        plan_year=2025,
        rules=rules(
            cadence="monthly",
            due_rule={"month_offset": 1, "day": 5, "working_day": None, "weekday": None},
            max_length=100,
            length_is_soft=False,
        ),
        periods=[
            {
                "label": f"2025-{month:02}",
                "begins_on": f"2025-{month:02}-01",
                "ends_on": f"2025-{month:02}-{31 - (month in (4, 6, 9, 11)) - 3 * (month == 2)}",
                "due_on": f"{2025 + month // 12}-{month % 12 + 1:02}-05",
            }
            for month in range(1, 13)
        ],
    )


MAKERS = {"table": make_table, "leaders": make_leaders, "list": make_list}


def main(folder: Path) -> None:
    """Write every PDF and its reading."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    folder.mkdir(parents=True, exist_ok=True)
    readings = {name: make(folder) for name, make in MAKERS.items()}
    readings["word"] = readings["table"]  # word.pdf is the same notice as a word processor exported it
    for name, each in readings.items():
        (folder / f"{name}.json").write_text(json.dumps(each, ensure_ascii=False, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
