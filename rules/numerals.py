"""Which number Chinese or Arabic numerals write."""

from __future__ import annotations

from typing import Final

NUMERAL: Final = r"(?:[0-9]{1,4}|[〇零○一二三四五六七八九十百两廿卅]{1,6})"

_ONES: Final = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "两": 2}


def value_of(numeral: str) -> int:
    """Return the number written by digits, by numerals (三十五, 一百一十, 廿三) or sign by sign (二〇二五); 0 for what is none."""
    if numeral.isdecimal():
        return int(numeral)
    words = numeral.replace("廿", "二十").replace("卅", "三十")
    if not words or set(words) - _ONES.keys() - {"十", "百"}:
        return 0
    if len(words) > 1 and not {"十", "百"} & set(words):
        return int("".join(str(_ONES[sign]) for sign in words))
    hundreds, hundred, rest = words.rpartition("百")
    tens, ten, ones = rest.lstrip("零〇○").rpartition("十")
    if any(part and part not in _ONES for part in (hundreds, tens, ones)):
        return 0
    return (
        (_ONES.get(hundreds, 1) * 100 if hundred else 0) + (_ONES.get(tens, 1) * 10 if ten else 0) + _ONES.get(ones, 0)
    )
