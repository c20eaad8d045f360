"""Files made to break a reader are refused with a sentence, in bounded time, while everybody else is served."""

import asyncio
import io
import random
import struct
import time
import zipfile
import zlib
from pathlib import Path

import pytest

from notices.archive import member_names
from notices.files import read_plan
from notices.notice import NoticeError
from notices.pdf import pdf_text
from notices.sandbox import KINDS, Bounds, run_apart
from rules.workdays import WorkCalendar
from tests.notices.test_file_formats import zipped

_PDF = Path(__file__).parents[2] / "examples" / "notices" / "pdf-files" / "leaders.pdf"
_CALENDAR = WorkCalendar()
_LONGEST = 20


def _refusal(data: bytes) -> str:
    begun = time.perf_counter()
    with pytest.raises(NoticeError) as caught:
        read_plan(data, name="通知", calendar=_CALENDAR)
    assert time.perf_counter() - begun < _LONGEST
    return caught.value.code


def _pdf_refusal(data: bytes) -> str:
    """Give the code a PDF is refused with where little is granted, so that the test is short."""
    with pytest.raises(NoticeError) as caught:
        run_apart(KINDS["pdf"], data, Bounds(memory=300 * 1024**2, cpu=3, wall=15.0))
    return caught.value.code


def _directory_of(count: int, *, told: int) -> bytes:
    """Give an archive that is nothing but a directory of `count` members, and says that there are `told`."""
    one = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, *([0] * 7), 1, *([0] * 6)) + b"x"
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, told, told, count * len(one), 0, 0)
    return b"PK\x03\x04" + one * count + end


def _pdf(*objects: bytes) -> bytes:
    """Give a file of these objects, the first of them its catalogue."""
    written = b"%PDF-1.4\n"
    places = []
    for number, each in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return written + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        table,
        len(objects) + 1,
        len(written),
    )


def _with_content(stream: bytes, filters: bytes = b"") -> bytes:
    return _pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<<>>>>>>",
        b"<</Length %d%s>>stream\n%s\nendstream" % (len(stream), filters, stream),
    )


def _zeros(megabytes: int) -> bytes:
    """Compress so many megabytes of spaces without holding them."""
    packer = zlib.compressobj(1)
    return b"".join(packer.compress(b" " * 1024**2) for _ in range(megabytes)) + packer.flush()


def test_a_member_of_a_gigabyte_is_refused_by_what_the_directory_says() -> None:
    assert _refusal(zipped(("word/document.xml", b" " * 110 * 1024**2))) == "too_heavy"
    assert _refusal(zipped(("word/document.xml", ""), ("word/big.xml", bytes(5 * 1024**2)))) == "too_heavy"


def test_many_members_that_are_large_together_are_refused() -> None:
    noise = random.Random(1).randbytes(15_000)
    members = [(f"word/media/{at}.bin", noise * 30) for at in range(250)]
    assert _refusal(zipped(("word/document.xml", ""), *members)) == "too_heavy"


def test_a_table_that_repeats_itself_is_no_bomb() -> None:
    row = "<w:tr><w:tc><w:p><w:r><w:t>修缮老街{}处公房，换好门窗和管线。</w:t></w:r></w:p></w:tc></w:tr>"
    document = "".join(row.format(at) for at in range(20_000))
    assert member_names(zipped(("word/document.xml", document))) == ["word/document.xml"]


@pytest.mark.parametrize("told", [100_000 & 0xFFFF, 1, 0xFFFF])
def test_a_hundred_thousand_members_are_refused_whatever_is_said_of_their_number(told: int) -> None:
    assert _refusal(_directory_of(100_000, told=told)) == "too_heavy"


def test_a_long_directory_is_refused_before_anybody_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile, "ZipFile", None)
    assert _refusal(_directory_of(100_000, told=1)) == "too_heavy"


def test_a_member_that_is_larger_than_it_says_is_damaged() -> None:
    data = zipped(("xl/workbook.xml", ""), ("docProps/custom.xml", b"<a>" + b" " * 100_000))
    assert _refusal(data.replace(struct.pack("<L", 100_003), struct.pack("<L", 3))) in {"damaged", "no_tasks"}


def test_archives_cut_short_are_damaged() -> None:
    data = zipped(("word/document.xml", random.Random(2).randbytes(5000)), ("[Content_Types].xml", "<Types/>"))
    for tenth in range(1, 10):
        assert _refusal(data[: len(data) * tenth // 10]) == "damaged"


def test_pdf_files_cut_short_are_damaged() -> None:
    data = _PDF.read_bytes()
    for tenth in range(1, 10):
        with pytest.raises(NoticeError) as caught:
            pdf_text(data[: len(data) * tenth // 10])
        assert caught.value.code == "damaged"


def test_a_pdf_whose_last_update_is_cut_short_is_not_read_as_it_was_before() -> None:
    update = b"\n9 0 obj\n<</Length 9000>>stream\n" + bytes(8000)
    assert _refusal(_PDF.read_bytes() + update) == "damaged"


@pytest.mark.parametrize("seed", range(6))
def test_a_pdf_with_wrong_bytes_is_read_or_refused(seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(_PDF.read_bytes())
    for _ in range(20):
        data[chance.randrange(len(data) - 10)] = chance.randrange(256)
    try:
        read_plan(bytes(data), name="通知", calendar=_CALENDAR)
    except NoticeError as error:
        told = str(error)
    else:
        told = "。"
    assert told.endswith("。")


def test_a_stream_larger_than_the_memory_is_refused() -> None:
    assert _pdf_refusal(_with_content(_zeros(400), b"/Filter/FlateDecode")) == "too_heavy"


def test_a_stream_packed_twice_is_refused() -> None:
    packed = zlib.compress(_zeros(400))
    assert len(packed) < 10_000
    assert _pdf_refusal(_with_content(packed, b"/Filter[/FlateDecode/FlateDecode]")) == "too_heavy"


def test_a_tree_of_pages_that_holds_itself_is_refused() -> None:
    tree = _pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>")
    assert _refusal(tree) in {"scanned", "damaged"}


def test_ten_thousand_pages_are_refused() -> None:
    kids = b" ".join(b"%d 0 R" % number for number in range(3, 10_003))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]>>"
    pages = b"<</Type/Pages/Kids[%s]/Count 1>>" % kids
    assert _refusal(_pdf(b"<</Type/Catalog/Pages 2 0 R>>", pages, *[page] * 10_000)) == "too_heavy"


def test_a_form_that_draws_itself_is_refused() -> None:
    form = b"/X Do /X Do"
    data = _pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 5 0 R/Resources<</XObject<</X 4 0 R>>>>>>",
        b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 4 0 R>>>>/Length 11>>stream\n%s\nendstream"
        % form,
        b"<</Length 11>>stream\n%s\nendstream" % form,
    )
    assert _refusal(data) in {"scanned", "damaged", "too_heavy"}


def test_a_pdf_takes_nothing_from_outside(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("BT /F1 12 Tf 100 700 Td (canary) Tj ET")
    outside = b"/F<</Type/Filespec/F(%s)>>" % str(secret).encode()
    assert _refusal(_with_content(b"", outside)) in {"scanned", "damaged"}


def test_ruling_lines_without_number_are_given_up() -> None:
    chance = random.Random(3)
    drawn = io.BytesIO()
    for _ in range(20_000):
        x, y = chance.random() * 600, chance.random() * 800
        drawn.write(b"%.1f %.1f m %.1f %.1f l S\n" % (x, y, 600 - x, y))
        drawn.write(b"%.1f %.1f m %.1f %.1f l S\n" % (x, y, x, 800 - y))
    assert _pdf_refusal(_with_content(drawn.getvalue())) == "too_heavy"


def test_a_sheet_that_claims_every_cell_there_is_costs_no_time() -> None:
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    workbook = (
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<sheets><sheet name="任务" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    types = (
        f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kinds}.worksheet+xml"/></Types>'
    )
    relations = (
        '<Relationships xmlns="%s/relationships"><Relationship Id="rId1" Type="%s/%s" Target="%s"/></Relationships>'
    )
    data = zipped(
        ("[Content_Types].xml", types),
        ("_rels/.rels", relations % (package, office, "officeDocument", "xl/workbook.xml")),
        ("xl/workbook.xml", workbook),
        ("xl/_rels/workbook.xml.rels", relations % (package, office, "worksheet", "worksheets/sheet1.xml")),
        ("xl/worksheets/sheet1.xml", sheet),
    )
    assert _refusal(data)


async def test_everybody_else_is_served_while_a_file_is_parsed() -> None:
    parsing = asyncio.create_task(
        asyncio.to_thread(run_apart, "tests.notices.parsers:spin", b"", Bounds(cpu=1, wall=5.0))
    )
    longest = 0.0
    while not parsing.done():
        begun = time.perf_counter()
        await asyncio.sleep(0)
        longest = max(longest, time.perf_counter() - begun)
    with pytest.raises(NoticeError):
        await parsing
    assert longest < 2
