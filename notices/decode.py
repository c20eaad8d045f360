"""From a file's bytes to its text, or a sentence on why not."""

from __future__ import annotations

import codecs
import re
from typing import Final

from notices.notice import NoticeError

MAX_BYTES: Final = 20 * 1024 * 1024

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]+")


def decode(data: bytes) -> str:
    """Decode by byte order mark, then UTF-8, then GB18030, both strict: the ladder that was right on every real file.

    Raises NoticeError: `empty`, `too_large`, `binary` (no text at all), `undecodable`.
    """
    refuse_unfit(data)
    for encoding in _encodings(data):
        try:
            return _checked(data.decode(encoding))
        except UnicodeDecodeError:
            continue
    raise NoticeError("undecodable", "文件的文字编码无法识别，请另存为 UTF-8 编码的文本文件后再发送。")


def clean(text: str) -> str:
    """Remove what is no character at all: control characters and halves of surrogate pairs."""
    return _CONTROLS.sub("", text)


def refuse_unfit(data: bytes) -> None:
    """Refuse a file that is too short or too long in any format.

    Raises NoticeError: `empty`, `too_large`.
    """
    if not data.strip():
        raise NoticeError("empty", "文件是空的，请检查后重新发送。")
    if len(data) > MAX_BYTES:
        raise NoticeError(
            "too_large", f"文件有 {len(data) // 1024 // 1024} MB，超过 20 MB 的上限，请只保留通知正文和任务表。"
        )


def _encodings(data: bytes) -> tuple[str, ...]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return (encoding,)
    return ("utf-8", "gb18030")


def _checked(text: str) -> str:
    """Return the text; a NUL, or more than one control character in a hundred, is no text."""
    cleaned = clean(text)
    if "\0" in text or (len(text) - len(cleaned)) * 100 > len(text):
        raise NoticeError(
            "binary", "这不是能读取的文件，请另存为 Word 文档（.docx）、表格（.xlsx）、PDF 或文本（.txt）后再发送。"
        )
    if not cleaned.strip():
        raise NoticeError("empty", "文件是空的，请检查后重新发送。")
    return cleaned
