"""How many characters (字数) a text has, and where one too many begins.

The office's own rule (design.md section 4, printed in /help), after a word processor's 字数: each CJK character, each CJK
or full-width punctuation mark and each emoji is 1; each run of other visible characters is 1; what is not seen is 0.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from rules.numbering import read_prefix

# Unicode blocks; “ ” ‘ ’ — … · stand outside the CJK blocks but are Chinese punctuation
_CJK: Final = (
    "\u00b7\u2014\u2015\u2018\u2019\u201c\u201d\u2025\u2026\u2027"
    "\u2e3a\u2e3b\u2e80-\u2fff"  # long dashes, radicals
    "\u3001-\u3029\u3030-\u3098\u309b-\u3163\u3165-\u3370\u337b-\u337f\u33e0-\u33fe"  # marks, kana, enclosed; not ㎡ ㎏
    "\u3400-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
    "\ufe10-\ufe1f\ufe30-\ufe6f"  # vertical and small forms
    "\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff9f\uffe0-\uffe6"  # full-width marks; not digits and letters
    "\U00016fe0-\U00016fe3\U0001aff0-\U0001b16f\U00020000-\U0003fffd"
)
# Unicode emoji-data: Emoji_Presentation in the BMP; above it, the pictographic blocks as a whole
_EMOJI: Final = (
    "\u231a\u231b\u23e9-\u23ec\u23f0\u23f3\u25fd\u25fe\u2614\u2615\u2648-\u2653\u267f\u2693\u26a1\u26aa\u26ab"
    "\u26bd\u26be\u26c4\u26c5\u26ce\u26d4\u26ea\u26f2\u26f3\u26f5\u26fa\u26fd\u2705\u270a\u270b\u2728\u274c"
    "\u274e\u2753-\u2755\u2757\u2795-\u2797\u27b0\u27bf\u2b1b\u2b1c\u2b50\u2b55"
    "\U0001f000-\U0001f0ff\U0001f18e\U0001f191-\U0001f19a\U0001f200-\U0001faff"
)
_TEXT_EMOJI: Final = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u2bff\U0001f100-\U0001f1e5"  # emoji only when marked so
)
_FLAG: Final = "\U0001f1e6-\U0001f1ff"
_TONE: Final = "\U0001f3fb-\U0001f3ff"
_UNSEEN: Final = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u302a-\u302f\u3099\u309a\ufe20-\ufe2f"  # combining marks
)
_SEQUENCE: Final = (
    rf"(?:[{_EMOJI}]|[{_TEXT_EMOJI}](?=[\ufe0f\u200d{_TONE}])|[0-9#*](?=\ufe0f?\u20e3))[\ufe0f\u20e3{_TONE}\U000e0020-\U000e007f]*"
    rf"(?:\u200d[{_EMOJI}{_TEXT_EMOJI}][\ufe0f{_TONE}]*)*"
)
_OTHER: Final = rf"[^\s{_CJK}{_EMOJI}{_FLAG}{_UNSEEN}]"
_MARKED: Final = rf"(?:[{_TEXT_EMOJI}][\ufe0f\u200d{_TONE}]|[0-9#*]\ufe0f?\u20e3)"
_COUNTED: Final = re.compile(
    rf"[{_CJK}]|{_SEQUENCE}|[{_FLAG}]{{1,2}}|{_OTHER}(?:(?!{_MARKED}){_OTHER}|[{_UNSEEN}]+(?!{_MARKED})(?={_OTHER}))*"
)


def count(text: str) -> int:
    """Count the characters: `完成投资12.5亿元，增长8.5%。` is 12."""
    return len(_COUNTED.findall(text))


def cut_at(text: str, limit: int) -> int:
    """Return the index into `text` (code points) where character `limit` + 1 begins; its length where there is none."""
    found = next(islice(_COUNTED.finditer(text), max(limit, 0), None), None)
    return found.start() if found else len(text)


def strip_number(text: str) -> str:
    """Return the text without the task number it starts with (`3.`, `3、`, `第3项：`, `任务3 `); `3.2万亩` is none."""
    prefix = read_prefix(text)
    return text[prefix.end :] if prefix else text
