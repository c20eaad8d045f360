"""Which format is a file, by what is in it? Its name may say anything."""

from __future__ import annotations

import re
from typing import Final, Literal

from notices.archive import ZIP, member_names, read_member
from notices.decode import refuse_unfit
from notices.notice import NoticeError

Format = Literal["text", "word", "excel", "workbook", "form", "pdf"]

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PDF: Final = b"%PDF-"
_PDF_WITHIN: Final = 1024  # ISO 32000-1, annex H.3: the header may stand anywhere in there
_PROPERTIES: Final = "docProps/custom.xml"
_MARK: Final = re.compile(rb"""\sname=["']duban["']""")  # a document property of the workbooks that are corrected
_FORM_MARK: Final = re.compile(rb"""\sname=["']duban-form["']""")  # the same of the forms that units fill in
_LONGEST_PROPERTIES: Final = 64 * 1024

_DOCX: Final = "另存为 .docx 格式后再发送（WPS、Word：文件→另存为→文件类型选“.docx”）。"
_XLSX: Final = "另存为 .xlsx 格式后再发送（WPS、Excel：文件→另存为→文件类型选“.xlsx”）。"
_PICTURE: Final = "这是图片，没有可读取的文字，请向发文单位索取 Word 文件（.docx），或先做文字识别（如 WPS 的“图片转文字”）并核对，再发送。"
_ARCHIVE: Final = "这是压缩包，请解压后把其中的通知文件（.docx、.xlsx、.pdf）逐个发送。"
_OFD: Final = "这是 OFD 版式文件，请用 WPS 或 OFD 阅读器打开，选“文件→输出（导出）为 PDF”，或向发文单位索取 Word 文件（.docx），再发送。"
_WEB: Final = f"这是网页存档，请用 WPS 或 Word 打开，{_DOCX}"
_BEGINNINGS: Final = (
    (b"{\\rtf", f"这是 RTF 文件，请用 WPS 或 Word 打开，{_DOCX}"),
    (b"\x89PNG", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
    (b"GIF8", _PICTURE),
    (b"II*\0", _PICTURE),
    (b"MM\0*", _PICTURE),
    (b"Rar!\x1a\x07", _ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", _ARCHIVE),
    (b"\x1f\x8b", _ARCHIVE),
    (b"BZh", _ARCHIVE),
    (b"\xfd7zXZ", _ARCHIVE),
    (b"MIME-Version:", _WEB),
)
# the streams of the old compound files, named in UTF-16; the first that is found decides
_STREAMS: Final = (
    ("EncryptedPackage", "encrypted", f"文件设有打开密码，请用 WPS 或 Office 打开、取消密码后{_DOCX}"),
    ("WordDocument", "old_format", f"这是旧版文档（.doc 或 .wps），请用 WPS 或 Word 打开，{_DOCX}"),
    ("Workbook", "old_format", f"这是旧版表格（.xls 或 .et），请用 WPS 或 Excel 打开，{_XLSX}"),
    ("Book", "old_format", f"这是旧版表格（.xls 或 .et），请用 WPS 或 Excel 打开，{_XLSX}"),
    ("PowerPoint Document", "old_format", f"这是演示文稿，请把任务内容复制到文档中，{_DOCX}"),
)
_OLD: Final = f"这是旧版 Office 或 WPS 文件，请用 WPS 打开，文档{_DOCX.removesuffix('。')}；表格另存为 .xlsx。"
# the members that tell what an archive is
_MEMBERS: Final[tuple[tuple[re.Pattern[str], Format | str], ...]] = (
    (re.compile(r"word/document\d*\.xml"), "word"),
    (re.compile(r"xl/workbook\d*\.xml"), "excel"),
    (re.compile(r"xl/workbook\.bin"), f"这是二进制表格（.xlsb），请用 WPS 或 Excel 打开，{_XLSX}"),
    (re.compile(r"OFD\.xml", re.IGNORECASE), _OFD),
    (re.compile(r"ppt/presentation\.xml"), f"这是演示文稿，请把任务内容复制到文档中，{_DOCX}"),
    (
        re.compile(r"content\.xml"),
        f"这是 OpenDocument 文件，请打开后把文档{_DOCX.removesuffix('。')}；表格另存为 .xlsx。",
    ),
)


def format_of(data: bytes) -> Format:
    """Tell a file's format; anything that does not begin like another one is text.

    Raises NoticeError: `empty`, `too_large`, `old_format`, `other_format`, and those of notices.archive.
    """
    refuse_unfit(data)
    if data.startswith((ZIP + b"\x03\x04", ZIP + b"\x05\x06")):
        return _format_of_archive(data)
    if data.startswith(_OLE):
        raise _refusal_of_compound(data)
    for beginning, sentence in _BEGINNINGS:
        if data.startswith(beginning):
            raise NoticeError("other_format", sentence)
    if _is_picture(data):
        raise NoticeError("other_format", _PICTURE)
    if b"<?mso-application" in data[:_PDF_WITHIN]:
        raise NoticeError("old_format", f"这是 2003 版 XML 文件，请用 WPS 或 Office 打开，{_DOCX}")
    return "pdf" if _PDF in data[:_PDF_WITHIN] else "text"


def _format_of_archive(data: bytes) -> Format:
    names = member_names(data)
    for pattern, meaning in _MEMBERS:
        if not any(map(pattern.fullmatch, names)):
            continue
        if meaning == "word":
            return "word"
        if meaning == "excel":
            return _marked_format(data) if _PROPERTIES in names else "excel"
        raise NoticeError("other_format", meaning)
    raise NoticeError("other_format", _ARCHIVE)


def _marked_format(data: bytes) -> Format:
    properties = read_member(data, _PROPERTIES, _LONGEST_PROPERTIES)
    if _FORM_MARK.search(properties):
        return "form"
    return "workbook" if _MARK.search(properties) else "excel"


def _refusal_of_compound(data: bytes) -> NoticeError:
    for stream, code, sentence in _STREAMS:
        if stream.encode("utf-16-le") in data:
            return NoticeError(code, sentence)
    return NoticeError("old_format", _OLD)


def _is_picture(data: bytes) -> bool:
    """Tell a picture whose first bytes could begin a text as well (BMP), or say so only further on (WebP, HEIC)."""
    is_bmp = data.startswith(b"BM") and int.from_bytes(data[2:6], "little") == len(data)
    is_webp = data.startswith(b"RIFF") and data[8:12] == b"WEBP"
    return is_bmp or is_webp or data[4:12] in (b"ftypheic", b"ftypmif1", b"ftypavif")
