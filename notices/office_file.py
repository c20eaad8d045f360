"""What Word and Excel files have in common: how they are damaged or locked, marked as secret, and printed in black."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import Final
from xml.etree.ElementTree import ParseError

from lxml import etree

from notices.notice import NoticeError

# a secrecy marking, wherever on the page it is printed
MARKING: Final = re.compile(r"[秘机绝]\s*密|内部")
# what the zip and XML readers raise on a broken file
BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    etree.LxmlError,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    ParseError,
    RuntimeError,
    ValueError,
)

_OLE: Final = b"\xd0\xcf\x11\xe0"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
# 加黑 is also printed by the black typeface (黑体) among others
_BLACK: Final = re.compile(r"黑体|SimHei|Heiti", re.IGNORECASE)


def refuse_unfit(data: bytes, *, kind: str, program: str) -> None:
    """Refuse what is no zip file; an OLE container that holds an encrypted document is told apart.

    Raises NoticeError: `encrypted`, `damaged`.
    """
    if data.startswith(_OLE) and _ENCRYPTED in data:
        raise NoticeError("encrypted", f"{kind} 文件设有打开密码，无法读取，请用 {program} 打开并取消密码后再发送。")
    if not zipfile.is_zipfile(io.BytesIO(data)):
        raise damaged(kind, program)


def damaged(kind: str, program: str) -> NoticeError:
    """Return the error of a file that cannot be opened."""
    return NoticeError("damaged", f"{kind} 文件已损坏或不完整，无法读取，请用 {program} 打开后另存一份，再重新发送。")


def is_black(font: str) -> bool:
    """Tell whether a typeface is the black one."""
    return bool(_BLACK.search(font))
