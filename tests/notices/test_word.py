"""A Word file's text is what Word prints: numbers, borders and bold letters with it."""

import io
import time
import zipfile

import pytest

from notices.notice import NoticeError
from notices.word import word_text
from notices.word_numbering import numeral

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MORE = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:wps="urn:wps"'
)


def _docx(body: str, *, styles: str = "", numbering: str = "", header: str = "", strict: bool = False) -> bytes:
    """Pack the parts of a Word file; what is not given is left out, as some programs do."""
    parts = {"styles": styles, "numbering": numbering, "header": header}
    relations = "".join(
        f'<Relationship Id="r{kind}" Type="{_REL}/{kind}" Target="{kind}.xml"/>' for kind, xml in parts.items() if xml
    )
    relations += f'<Relationship Id="out" Type="{_REL}/styles" Target="http://example.com/x" TargetMode="External"/>'
    roots = {"styles": "styles", "numbering": "numbering", "header": "hdr"}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr("word/_rels/document.xml.rels", f"<Relationships>{relations}</Relationships>")
        text = f"<w:document {_W} {_MORE}><w:body>{body}</w:body></w:document>"
        if strict:
            text = text.replace(
                "schemas.openxmlformats.org/wordprocessingml/2006", "purl.oclc.org/ooxml/wordprocessingml"
            )
        package.writestr("word/document.xml", text)
        for kind, xml in parts.items():
            if xml:
                package.writestr(f"word/{kind}.xml", f"<w:{roots[kind]} {_W} {_MORE}>{xml}</w:{roots[kind]}>")
    return made.getvalue()


def _run(words: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def _p(*runs: str, properties: str = "") -> str:
    inner = "".join(run if run.startswith("<") else _run(run) for run in runs)
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def _item(words: str, num: int = 1, level: int = 0) -> str:
    return _p(words, properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr>')


def _level(at: int, style: str, text: str, more: str = "", start: int = 1) -> str:
    return f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{style}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'


def _list(*levels: str, abstract: int = 0) -> str:
    return f'<w:abstractNum w:abstractNumId="{abstract}">{"".join(levels)}</w:abstractNum>'


def _num(num: int = 1, abstract: int = 0, overrides: str = "") -> str:
    return f'<w:num w:numId="{num}"><w:abstractNumId w:val="{abstract}"/>{overrides}</w:num>'


def _tbl(*rows: str, grid: tuple[int, ...] = (), properties: str = "") -> str:
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in grid)
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"


def _tr(*cells: str) -> str:
    return f"<w:tr>{''.join(cell if cell.startswith('<') else _tc(cell) for cell in cells)}</w:tr>"


def _tc(words: str = "", properties: str = "") -> str:
    inner = words if words.startswith("<") else _p(words) if words else "<w:p/>"
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def _style(name: str, kind: str, inner: str, *, based: str = "", default: bool = False) -> str:
    above = f'<w:basedOn w:val="{based}"/>' if based else ""
    flag = ' w:default="1"' if default else ""
    return f'<w:style w:type="{kind}" w:styleId="{name}"{flag}><w:name w:val="{name}"/>{above}{inner}</w:style>'


_BOLD = "<w:rPr><w:b/></w:rPr>"
_ALL = '<w:gridSpan w:val="{}"/>'.format


@pytest.mark.parametrize(
    ("count", "style", "printed"),
    [
        (3, "decimal", "3"),
        (3, "decimalZero", "03"),
        (12, "decimalFullWidth", "１２"),
        (10, "chineseCounting", "十"),
        (11, "chineseCountingThousand", "十一"),
        (20, "chineseCountingThousand", "二十"),
        (35, "japaneseCounting", "三十五"),
        (101, "chineseCountingThousand", "一百〇一"),
        (110, "chineseCountingThousand", "一百一十"),
        (2, "chineseLegalSimplified", "贰"),
        (2, "ideographTraditional", "乙"),
        (11, "ideographTraditional", "11"),
        (3, "ideographZodiac", "寅"),
        (20, "decimalEnclosedCircle", "⑳"),
        (21, "decimalEnclosedCircleChinese", "21"),
        (4, "decimalEnclosedParen", "⑷"),
        (5, "decimalEnclosedFullstop", "⒌"),
        (27, "lowerLetter", "aa"),
        (2, "upperLetter", "B"),
        (14, "upperRoman", "XIV"),
        (7, "somethingNew", "7"),
    ],
)
def test_a_number_is_written_in_its_style(count: int, style: str, printed: str) -> None:
    assert numeral(count, style) == printed


def test_levels_count_under_each_other_and_start_again() -> None:
    numbering = (
        _list(
            _level(0, "chineseCountingThousand", "%1、"),
            _level(1, "chineseCounting", "（%2）"),
            _level(2, "decimal", "%3."),
            _level(3, "decimal", "%1.%4", "<w:isLgl/>"),
        )
        + _num()
    )
    body = _item("甲") + _item("乙", level=1) + _item("丙", level=2) + _item("丁", level=2)
    body += _item("戊", level=1) + _item("己", level=2) + _item("庚") + _item("辛", level=3)
    text = word_text(_docx(body, numbering=numbering))
    assert text.split("\n") == ["一、 甲", "（一） 乙", "1. 丙", "2. 丁", "（二） 戊", "1. 己", "二、 庚", "2.1 辛"]


def test_a_level_that_never_restarts_counts_on_over_sections() -> None:
    numbering = _list(_level(0, "decimal", "%1、"), _level(1, "decimal", "%2.", '<w:lvlRestart w:val="0"/>')) + _num()
    body = _item("甲") + _item("乙", level=1) + _item("丙") + _item("丁", level=1)
    assert word_text(_docx(body, numbering=numbering)).split("\n")[-1] == "2. 丁"


def test_two_numbers_of_one_list_count_on_and_an_override_starts_again() -> None:
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    numbering = _list(_level(0, "decimal", "（%1）")) + _num(1) + _num(2) + _num(3, overrides=override)
    body = _item("甲") + _item("乙", 2) + _item("丙", 3) + _item("丁", 3) + _item("戊", 9)
    assert word_text(_docx(body, numbering=numbering)).split("\n") == [
        "（1） 甲",
        "（2） 乙",
        "（5） 丙",
        "（6） 丁",
        "戊",
    ]


def test_a_style_gives_its_number_and_zero_takes_it_away() -> None:
    styles = _style("Normal", "paragraph", "", default=True)
    styles += _style("H", "paragraph", '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>')
    styles += _style("H2", "paragraph", "", based="H")
    numbering = _list(_level(0, "decimal", "%1."), _level(1, "lowerLetter", "%2)", '<w:pStyle w:val="H"/>')) + _num()
    body = _p("甲", properties='<w:pStyle w:val="H2"/>')
    body += _p("乙", properties='<w:pStyle w:val="H2"/><w:numPr><w:numId w:val="0"/></w:numPr>') + _p("丙")
    assert word_text(_docx(body, styles=styles, numbering=numbering)).split("\n") == ["a) 甲", "乙", "丙"]


def test_bullets_print_no_number_and_an_empty_numbered_cell_prints_its_own() -> None:
    numbering = (
        _list(_level(0, "bullet", "\uf0b7"), abstract=1) + _list(_level(0, "decimal", "%1")) + _num() + _num(2, 1)
    )
    rows = (
        _tr("序号", "任务", "单位") + _tr(_tc(_item("")), "修渠", "区水务局") + _tr(_tc(_item("")), "栽树", "区林业局")
    )
    lines = word_text(_docx(_item("点", 2) + _tbl(rows), numbering=numbering)).split("\n")
    assert lines[0] == "点"
    assert [line.split(" | ")[0] for line in lines[1:]] == ["| 序号", "| 1", "| 2"]


def test_bold_comes_from_run_letters_paragraph_and_table_and_twice_is_not_bold() -> None:
    styles = _style("Strong", "character", _BOLD) + _style("Title", "paragraph", _BOLD) + _style("T", "table", _BOLD)
    styles += _style("Sub", "paragraph", "", based="Title")
    strong, off = '<w:rStyle w:val="Strong"/>', '<w:b w:val="0"/>'
    body = _p(
        "甲", _run("乙", "<w:b/>"), _run("丙", off), _run("丁", strong), _run("戊", '<w:rFonts w:eastAsia="黑体"/>')
    )
    body += _p("甲", _run("乙", off), _run("丙", strong), properties='<w:pStyle w:val="Sub"/>')
    body += _tbl(_tr("甲", _tc(_p("乙", _run("丙", off)))), properties='<w:tblStyle w:val="T"/>')
    assert word_text(_docx(body, styles=styles)).split("\n") == [
        "甲**乙**丙**丁戊**",
        "**甲**乙丙",
        "| **甲** | **乙**丙 |",
    ]


def test_merged_cells_stand_in_their_first_place() -> None:
    down, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    table = _tbl(
        _tr("序号", _tc("任务", _ALL(2)), "单位"),
        _tr("1", _tc("类", down), "修渠", _tc("区水务局", down)),
        _tr("2", _tc("忘", on), "栽树", _tc("", on)),
        _tr("3", _tc("别", on + _ALL(2)), ""),
    )
    assert word_text(_docx(table)).split("\n") == [
        "| 序号 | 任务 |  | 单位 |",
        "| 1 | 类 | 修渠 | 区水务局 |",
        "| 2 | ^^ | 栽树 | ^^ |",
        "| 3 | ^^ | ^^ | <br> |",
    ]


def test_a_merge_that_nothing_begins_begins_where_it_is_met() -> None:
    table = _tbl(_tr("1", "甲", _tc("乙", "<w:vMerge/>")), _tr("2", "丙", _tc("", "<w:vMerge/>")))
    assert word_text(_docx(table)).split("\n") == ["| 1 | 甲 | 乙 |", "| 2 | 丙 | ^^ |"]


def test_boundaries_drawn_by_hand_a_hair_apart_are_one() -> None:
    table = _tbl(
        _tr("序号", _tc("任务", _ALL(2)), "单位"),
        _tr("1", "修渠", _tc("区水务局", _ALL(2))),
        grid=(800, 3000, 90, 2000),
    )
    assert word_text(_docx(table)).split("\n") == ["| 序号 | 任务 | 单位 |", "| 1 | 修渠 | 区水务局 |"]


def test_signs_in_a_cell_cut_nothing() -> None:
    cell = _p("甲|乙｜丙*", "<w:r><w:t>丁</w:t><w:br/><w:t>戊</w:t><w:tab/><w:t>己</w:t></w:r>") + _p("庚\\")
    assert word_text(_docx(_tbl(_tr(_tc(cell), "乙")))) == r"| 甲\|乙\｜丙\*丁<br>戊 己<br>庚\\ | 乙 |"


def test_a_title_row_and_a_frame_are_running_text_and_an_inner_table_stands_behind_its_row() -> None:
    inner = _tbl(_tr("甲", "乙"))
    frame = _tbl(_tr(_tc(_p("框") + inner + _p("内"))))
    outer = _tbl(_tr(_tc("题", _ALL(2))), _tr("丙", _tc(_p("丁") + inner)), _tr("戊", "己"))
    lines = word_text(_docx(_p("前") + frame + outer + _p("后"))).split("\n")
    assert lines == ["前", "框", "| 甲 | 乙 |", "内", "题", "| 丙 | 丁 |", "| 甲 | 乙 |", "| 戊 | 己 |", "后"]


def test_tracked_changes_are_taken_as_accepted_and_told() -> None:
    deleted = "<w:del><w:r><w:delText>旧</w:delText></w:r></w:del>"
    numbering = _list(_level(0, "decimal", "%1.")) + _num()
    number = '<w:numPr><w:numId w:val="1"/></w:numPr>'
    body = _p(
        "甲", deleted, f"<w:ins>{_run('新')}</w:ins>", f"<w:moveFrom>{_run('走')}</w:moveFrom>", properties=number
    )
    body += _p(deleted, properties=f"{number}<w:rPr><w:del/></w:rPr>") + _p("乙", properties=number)
    body += _p("丙", properties=f"{number}<w:rPr><w:del/></w:rPr>") + _p("丁", properties=number)
    body += _tbl(_tr("戊", "己"), "<w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p/></w:tc><w:tc><w:p/></w:tc></w:tr>")
    lines = word_text(_docx(body, numbering=numbering)).split("\n")
    assert lines[:-1] == ["1. 甲新", "2. 乙", "3. 丙丁", "| 戊 | 己 |"]
    assert "修订" in lines[-1]


def test_hidden_text_is_left_out_and_told_and_fields_links_and_boxes_are_kept() -> None:
    box = f"<w:txbxContent>{_p('框')}</w:txbxContent>"
    drawn = f"<w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>"
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{_run("7")}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    body = _p(_run("藏", "<w:vanish/>"), "甲", field, f"<w:hyperlink>{_run('链')}</w:hyperlink>", drawn)
    body += f"<w:sdt><w:sdtContent>{_p('乙', '<m:oMath><m:r><m:t>x</m:t></m:r></m:oMath>')}</w:sdtContent></w:sdt>"
    lines = word_text(_docx(body)).split("\n")
    assert lines[:-1] == ["甲7链", "框", "乙x"]
    assert "隐藏" in lines[-1]


def test_an_embedded_file_is_told() -> None:
    assert "嵌有" in word_text(_docx(_p("甲", "<w:r><w:object/></w:r>")))


def test_a_table_of_contents_is_no_text() -> None:
    styles = _style("TOC1", "paragraph", "").replace('w:val="TOC1"', 'w:val="toc 1"')
    body = _p("一、工业 3", properties='<w:pStyle w:val="TOC1"/>') + _p("一、工业")
    assert word_text(_docx(body, styles=styles)) == "一、工业"


@pytest.mark.parametrize(
    "mark",
    [_p("机密★1年"), '<w:p><w:r><w:pict><v:shape><v:textpath string="内部资料"/></v:shape></w:pict></w:r></w:p>'],
)
def test_a_secrecy_marking_in_the_header_is_not_lost(mark: str) -> None:
    lines = word_text(_docx(_p("通知"), header=_p("页眉") + mark)).split("\n")
    assert lines in (["机密★1年", "通知"], ["内部资料", "通知"])


def test_a_strict_file_is_read_alike() -> None:
    assert word_text(_docx(_p("甲", _run("乙", "<w:b/>")), strict=True)) == "甲**乙**"


def _error(data: bytes) -> str:
    with pytest.raises(NoticeError) as caught:
        word_text(data)
    return caught.value.code


def test_a_broken_or_locked_file_is_named() -> None:
    whole = _docx(_p("甲" * 5000))
    assert _error(whole[: len(whole) // 2]) == "damaged"
    assert _error(b"") == "damaged"
    assert _error(_docx("<w:p>")) == "damaged"
    assert _error(b"\xd0\xcf\x11\xe0" + bytes(600) + "EncryptedPackage".encode("utf-16-le")) == "encrypted"
    assert _error(b"\xd0\xcf\x11\xe0" + bytes(600)) == "damaged"
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as package:
        package.writestr("xl/workbook.xml", "<x/>")
    assert _error(empty.getvalue()) == "damaged"


def test_no_entity_of_the_file_is_ever_resolved(tmp_path: object) -> None:
    secret = f"{tmp_path}/secret.txt"
    with open(secret, "w", encoding="utf-8") as file:
        file.write("泄露")
    text = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]><w:document {_W}><w:body>{_p("甲&e;")}</w:body></w:document>'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr("word/document.xml", text)
    assert "泄露" not in word_text(made.getvalue())


def test_two_thousand_rows_cost_little() -> None:
    rows = [_tr(str(no), "类", f"任务{no}建成", "江月明", "区水务局、区财政局", "年底") for no in range(2000)]
    data = _docx(_tbl(*rows))
    begun = time.process_time()
    assert word_text(data).count("\n") == 1999
    assert time.process_time() - begun < 10
