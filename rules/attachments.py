"""Which files may be attached to a report, by name and by first bytes: pictures, PDF and office documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

MOST_FILES: Final = 10  # with one report
PICTURES: Final = ("jpg", "jpeg", "png", "webp", "bmp", "heic")
DOCUMENTS: Final = ("pdf", "ofd", "docx", "xlsx", "pptx", "doc", "xls", "ppt", "wps", "et", "dps")

_ZIP: Final = (b"PK\x03\x04",)
_OLE: Final = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)
_WPS: Final = (*_OLE, *_ZIP)  # WPS writes both kinds under its own endings
_JPEG: Final = (b"\xff\xd8\xff",)
_BEGINNINGS: Final[Mapping[str, tuple[bytes, ...]]] = {
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "png": (b"\x89PNG",),
    "webp": (b"RIFF",),
    "bmp": (b"BM",),
    "heic": (b"\x00\x00\x00",),
    "pdf": (b"%PDF-",),
    "ofd": _ZIP,
    "docx": _ZIP,
    "xlsx": _ZIP,
    "pptx": _ZIP,
    "doc": _OLE,
    "xls": _OLE,
    "ppt": _OLE,
    "wps": _WPS,
    "et": _WPS,
    "dps": _WPS,
}


def ending_of(name: str) -> str | None:
    """Give the ending of a file that may be attached, in lower case, or None for any other."""
    _, dot, ending = name.lower().rpartition(".")
    return ending if dot and ending in _BEGINNINGS else None


def is_as_named(name: str, data: bytes) -> bool:
    """Tell whether a file begins as its ending says: a program renamed to .pdf does not."""
    ending = ending_of(name)
    return ending is not None and data.startswith(_BEGINNINGS[ending])
