"""Is a Word or Excel file, which is a zip archive, fit to be unpacked at all?"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections import Counter
from typing import Final

from notices.notice import NoticeError

ZIP: Final = b"PK"

_MOST_MEMBERS: Final = 1000
_MOST_DIRECTORY: Final = 512 * 1024
_MOST_UNPACKED: Final = 100 * 1024**2
_MOST_OF_ONE: Final = 50 * 1024**2
_SMALL: Final = 1024**2
_MOST_RATIO: Final = 200  # repetitive tables shrink to a fiftieth, zeros to a thousandth
_END: Final = b"PK\x05\x06"
_END_FIELDS: Final = struct.Struct("<4s4H2LH")
_LONGEST_COMMENT: Final = 0xFFFF
_CHUNK: Final = 1024**2
_UNSAFE_NAME: Final = re.compile(r"(?:^|[/\\])\.\.(?:[/\\]|$)|^[/\\]|^[A-Za-z]:|\x00")
_XML: Final = (".xml", ".rels", ".vml")
_DECLARATIONS: Final = tuple(
    words.encode(encoding)
    for words in ("<!DOCTYPE", "<!ENTITY")
    for encoding in ("ascii", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
)
_LONGEST: Final = max(map(len, _DECLARATIONS))
_HEAVY: Final = "文件解压后过大或结构异常，不能读取，请只保留通知正文和任务表，另存为新文件后再发送。"
_DAMAGED: Final = "文件已损坏，不能打开，请用 WPS 或 Word 打开并另存为新文件，或重新下载后再发送。"


def member_names(data: bytes) -> list[str]:
    """Return the members of an archive that can be unpacked safely; only its directory is read.

    Raises NoticeError: `damaged`, `too_heavy`, `unsafe` (member names that point elsewhere or are there twice).
    """
    _check_directory(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError) as error:
        raise NoticeError("damaged", _DAMAGED) from error
    if len(members) > _MOST_MEMBERS or sum(member.file_size for member in members) > _MOST_UNPACKED:
        raise NoticeError("too_heavy", _HEAVY)
    if any(member.file_size > _MOST_OF_ONE or _is_blown_up(member) for member in members):
        raise NoticeError("too_heavy", _HEAVY)
    names = [member.orig_filename for member in members]
    if any(map(_UNSAFE_NAME.search, names)) or max(Counter(names).values(), default=0) > 1:
        raise NoticeError("unsafe", "文件内部的名称不合规范，可能被人改动过，不予读取，请向发文单位索取原件。")
    if any(member.flag_bits & 1 for member in members):
        raise NoticeError("encrypted", "文件设有密码，请取消密码另存后再发送。")
    return names


def read_member(data: bytes, name: str, most: int) -> bytes:
    """Return the beginning of a member, `most` bytes of it.

    Raises NoticeError: `damaged`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(name) as member:
            return member.read(most)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError) as error:
        raise NoticeError("damaged", _DAMAGED) from error


def refuse_doctypes(data: bytes) -> None:
    """Refuse XML that declares a document type or entities: Office files hold none (ECMA-376, part 2, "XML usage").

    Raises NoticeError: `unsafe`, `damaged`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                if name.lower().endswith(_XML) and _declares(archive, name):
                    raise NoticeError(
                        "unsafe", "文件中有引用外部内容的声明，为安全起见不予读取，请另存为新文件后再发送。"
                    )
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise NoticeError("damaged", _DAMAGED) from error


def _check_directory(data: bytes) -> None:
    """Refuse a directory that is too long before anybody reads it: Python reads all of it, whatever it declares."""
    at = data.rfind(_END, max(0, len(data) - _LONGEST_COMMENT - _END_FIELDS.size))
    if at < 0 or at + _END_FIELDS.size > len(data):
        raise NoticeError("damaged", _DAMAGED)
    _, _, _, _, members, size, _, _ = _END_FIELDS.unpack_from(data, at)
    if members > _MOST_MEMBERS or size > _MOST_DIRECTORY:
        raise NoticeError("too_heavy", _HEAVY)


def _is_blown_up(member: zipfile.ZipInfo) -> bool:
    return member.file_size > _SMALL and member.file_size > _MOST_RATIO * max(1, member.compress_size)


def _declares(archive: zipfile.ZipFile, name: str) -> bool:
    """Look through a whole member, a piece at a time: a comment may stand before the declaration."""
    tail = b""
    with archive.open(name) as member:
        while piece := member.read(_CHUNK):
            if any(words in tail + piece for words in _DECLARATIONS):
                return True
            tail = piece[-_LONGEST:]
    return False
