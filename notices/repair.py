"""Which glyphs a damaged font has put in place of the printed ones, and what stands there instead."""

from __future__ import annotations

import re
from typing import Final

from notices.notice import Remark

_GLYPHS: Final = {
    "†": "《",
    "‡": "》",
    "‚": "“",
    "‛": "”",
    "„": "〈",
    "‟": "〉",
    "〃": "·",
    "臵": "置",
}
_TABLE: Final = str.maketrans(_GLYPHS)
_YEAR: Final = re.compile(r"(?<=[\u4e00-\u9fff])“\s*([0-9]{4})\s*”(?=\s*[0-9]{1,4}\s*号)")


def repair(text: str) -> tuple[str, list[Remark]]:
    """Put the printed glyphs back and report each kind with how often it was met."""
    found = [(bad, good, text.count(bad)) for bad, good in _GLYPHS.items() if bad in text]
    text, years = _YEAR.subn(r"〔\1〕", text)
    if years:
        found.append(("“年份”", "〔年份〕", years))
    if not found:
        return text, []
    kinds = "，".join(f"{bad}→{good}（{count}处）" for bad, good, count in found)
    message = f"原文件有字符损坏，已按常见对应关系更正：{kinds}，请对照原件核对。"
    if not _TABLE.keys().isdisjoint(map(ord, set(text))):
        text = text.translate(_TABLE)
    return text, [Remark("damaged_glyphs", message)]
