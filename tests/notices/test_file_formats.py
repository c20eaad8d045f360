"""A file is known by what is in it, and whatever cannot be read is refused with what to convert it to, and how."""

import io
import zipfile

import pytest

from notices.archive import refuse_doctypes
from notices.files import read_plan
from notices.formats import format_of
from notices.notice import NoticeError
from rules.workdays import WorkCalendar

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)


def zipped(*members: tuple[str, bytes | str]) -> bytes:
    """Give an archive with these members."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return written.getvalue()


def _ole(stream: str) -> bytes:
    return _OLE + stream.encode("utf-16-le") + bytes(100)


def _refused(data: bytes) -> NoticeError:
    with pytest.raises(NoticeError) as caught:
        read_plan(data, name="../../etc/通知.docx", calendar=WorkCalendar())
    return caught.value


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ("通知".encode(), "text"),
        ("通知".encode("utf-16"), "text"),
        (b"BM is no picture", "text"),
        (b"%PDF-1.7\n", "pdf"),
        (b"\n\n%PDF-1.4\n", "pdf"),
        (zipped(("[Content_Types].xml", ""), ("word/document.xml", "")), "word"),
        (zipped(("xl/workbook.xml", "")), "excel"),
        (zipped(("xl/workbook.xml", ""), ("docProps/custom.xml", '<property name="其他"/>')), "excel"),
        (zipped(("xl/workbook.xml", ""), ("docProps/custom.xml", '<property fmtid="{}" name="duban"/>')), "workbook"),
    ],
)
def test_a_format_is_known_by_its_content(data: bytes, found: str) -> None:
    assert format_of(data) == found


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (_ole("WordDocument"), "old_format", ".docx"),
        (_ole("Workbook"), "old_format", ".xlsx"),
        (_ole("EncryptedPackage"), "encrypted", "密码"),
        (_ole("Something"), "old_format", ".docx"),
        (zipped(("OFD.xml", "")), "other_format", "OFD"),
        (zipped(("mimetype", ""), ("content.xml", "")), "other_format", ".docx"),
        (zipped(("xl/workbook.bin", "")), "other_format", ".xlsx"),
        (zipped(("ppt/presentation.xml", "")), "other_format", ".docx"),
        (zipped(("通知.docx", zipped(("word/document.xml", "")))), "other_format", "解压"),
        (b"{\\rtf1\\ansi", "other_format", "另存为"),
        (b"\x89PNG\r\n\x1a\n", "other_format", "文字识别"),
        (b"\xff\xd8\xff\xe0", "other_format", "文字识别"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "other_format", "文字识别"),
        (b"BM\x0a\0\0\0\0\0\0\0", "other_format", "文字识别"),
        (b"Rar!\x1a\x07\x01\0", "other_format", "解压"),
        (b"7z\xbc\xaf\x27\x1c", "other_format", "解压"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "other_format", ".docx"),
        (b'<?xml version="1.0"?><?mso-application progid="Word.Document"?>', "old_format", ".docx"),
        (b"", "empty", "重新发送"),
        (b"x" * (20 * 1024 * 1024 + 1), "too_large", "20 MB"),
        (b"\0\1\2\3 anything", "binary", ".docx"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(data: bytes, code: str, words: str) -> None:
    error = _refused(data)
    assert error.code == code
    assert words in str(error)
    assert str(error).endswith("。")


@pytest.mark.parametrize("name", ["../evil.xml", "word/../../evil.xml", "/etc/passwd", "C:evil.xml", "..\\evil.xml"])
def test_a_member_that_points_elsewhere_is_refused(name: str) -> None:
    assert _refused(zipped(("word/document.xml", ""), (name, ""))).code == "unsafe"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_member_that_is_there_twice_is_refused() -> None:
    assert _refused(zipped(("word/document.xml", "a"), ("word/document.xml", "b"))).code == "unsafe"


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE d SYSTEM "http://127.0.0.1:9/d.dtd">',
        "<!-- " + "x" * 2_000_000 + " --><!DOCTYPE d>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("member", ["word/document.xml", "word/_rels/document.xml.rels", "customXml/item1.xml"])
def test_a_document_type_is_refused_wherever_it_stands(declaration: str, encoding: str, member: str) -> None:
    xml = f"<?xml version='1.0' encoding='{encoding}'?>{declaration}<d>&x;</d>"
    with pytest.raises(NoticeError) as caught:
        refuse_doctypes(zipped((member, xml.encode(encoding))))
    assert caught.value.code == "unsafe"


def test_a_document_type_is_refused_before_any_parser_sees_it() -> None:
    document = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>'
    assert _refused(zipped(("word/document.xml", document))).code == "unsafe"


def test_words_that_only_look_like_a_declaration_are_text() -> None:
    refuse_doctypes(zipped(("word/document.xml", "<d>&lt;!DOCTYPE</d>"), ("media/a.bin", "<!DOCTYPE")))
