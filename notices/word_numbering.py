"""Word's automatic numbering: what is printed before a paragraph, worked out from numbering.xml."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from notices.word_xml import W, is_on, number, value

if TYPE_CHECKING:
    from collections.abc import Callable

    from notices.word_styles import Styles

_PLACE: Final = re.compile(r"%([1-9])")
_DIGITS: Final = "〇一二三四五六七八九"
_LEGAL: Final = "零壹贰叁肆伍陆柒捌玖"
_TEN_STEMS: Final = "甲乙丙丁戊己庚辛壬癸"
_TWELVE_BRANCHES: Final = "子丑寅卯辰巳午未申酉戌亥"
_CIRCLED_CHINESE: Final = "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉"
_ROMAN: Final = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc")),
    *((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


def numeral(count: int, style: str) -> str:
    """Write a count as Word does in a number style (ECMA-376 part 1, 17.18.59); unknown styles and great counts decimal."""
    write = _STYLES.get(style)
    return (write(count) if write else "") or str(count)


def _chinese(digits: str, ten: str, hundred: str) -> Callable[[int], str]:
    def write(count: int) -> str:
        if not 0 < count < 1000:
            return ""
        hundreds, rest = divmod(count, 100)
        tens, ones = divmod(rest, 10)
        words = digits[hundreds] + hundred if hundreds else ""
        words += digits[tens] + ten if tens else digits[0] if hundreds and ones else ""
        words += digits[ones] if ones else ""
        return words.removeprefix(digits[1]) if 10 <= count < 20 and ten == "十" else words

    return write


def _digits(signs: str) -> Callable[[int], str]:
    return lambda count: "".join(signs[int(digit)] for digit in str(count))


def _one_of(signs: str) -> Callable[[int], str]:
    return lambda count: signs[count - 1] if 0 < count <= len(signs) else ""


def _row_from(first: str, last: int) -> Callable[[int], str]:
    return lambda count: chr(ord(first) + count - 1) if 0 < count <= last else ""


def _letters(first: str) -> Callable[[int], str]:
    return lambda count: chr(ord(first) + (count - 1) % 26) * ((count - 1) // 26 + 1) if 0 < count <= 780 else ""


def _roman(count: int) -> str:
    words = ""
    for worth, sign in _ROMAN if count < 4000 else ():
        times, count = divmod(count, worth)
        words += sign * times
    return words


_counting: Final = _chinese(_DIGITS, "十", "百")
_STYLES: Final[dict[str, Callable[[int], str]]] = {
    "decimalZero": lambda count: f"{count:02d}",
    "decimalFullWidth": _digits("０１２３４５６７８９"),
    "decimalFullWidth2": _digits("０１２３４５６７８９"),
    "decimalEnclosedCircle": _row_from("①", 20),
    "decimalEnclosedCircleChinese": _row_from("①", 20),
    "decimalEnclosedParen": _row_from("⑴", 20),
    "decimalEnclosedFullstop": _row_from("⒈", 20),
    "upperLetter": _letters("A"),
    "lowerLetter": _letters("a"),
    "upperRoman": lambda count: _roman(count).upper(),
    "lowerRoman": _roman,
    "chineseCounting": _counting,
    "chineseCountingThousand": _counting,
    "taiwaneseCounting": _counting,
    "taiwaneseCountingThousand": _counting,
    "japaneseCounting": _counting,
    "koreanCounting": _counting,
    "ideographDigital": _digits(_DIGITS),
    "taiwaneseDigital": _digits(_DIGITS),
    "japaneseDigitalTenThousand": _digits(_DIGITS),
    "chineseLegalSimplified": _chinese(_LEGAL, "拾", "佰"),
    "ideographTraditional": _one_of(_TEN_STEMS),
    "ideographZodiac": _one_of(_TWELVE_BRANCHES),
    "ideographEnclosedCircle": _one_of(_CIRCLED_CHINESE),
    "bullet": lambda _: "",
    "none": lambda _: "",
}


@dataclass(frozen=True, slots=True)
class _Level:
    """One level of a list; `restart`: after which levels (1-based, up to it) it counts anew, 0 never, None any above."""

    start: int = 1
    style: str = "decimal"
    text: str = ""
    restart: int | None = None
    is_legal: bool = False
    paragraph_style: str | None = None


@dataclass(slots=True)
class _List:
    """A list: what it shares its counting with, its levels, and the levels that it starts anew."""

    abstract: str
    levels: dict[int, _Level]
    overrides: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Counts the numbered paragraphs of one document, taken in order."""

    def __init__(self, root: Any, styles: Styles) -> None:
        self._styles = styles
        self._abstract = {each.get(f"{W}abstractNumId"): each for each in _all(root, "abstractNum")}
        self._lists: dict[str, _List] = {}
        for num in _all(root, "num"):
            self._lists[num.get(f"{W}numId")] = self._list(num)
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[str] = set()

    def label(self, properties: Any, style: str | None) -> str:
        """Count a paragraph by its `w:pPr` and style, and return what is printed before it; empty without a number."""
        own = properties.find(f"{W}numPr") if properties is not None else None
        num, level = (value(own, "numId"), number(own, "ilvl")) if own is not None else (None, None)
        if num is None:
            num, styled, bearer = self._styles.numbering(style)
            level = styled if level is None else level
            level = self._level_of(num, bearer) if level is None else level
        found = self._lists.get(num or "")
        return self._next(num or "", found, level or 0) if found else ""

    def _list(self, num: Any) -> _List:
        abstract = value(num, "abstractNumId") or ""
        levels = self._levels(abstract)
        made = _List(abstract, levels)
        for override in num.findall(f"{W}lvlOverride"):
            at = int(override.get(f"{W}ilvl") or 0)
            changed = override.find(f"{W}lvl")
            if changed is not None:
                levels[at] = _level(changed)
            start = number(override, "startOverride")
            if start is not None:
                levels[at] = replace(levels.get(at, _Level()), start=start)
                made.overrides[at] = start
        return made

    def _levels(self, abstract: str) -> dict[int, _Level]:
        root = self._abstract.get(abstract)
        link = value(root, "numStyleLink")
        if link:
            root = next((each for each in self._abstract.values() if value(each, "styleLink") == link), root)
        return {int(each.get(f"{W}ilvl") or 0): _level(each) for each in _all(root, "lvl")}

    def _level_of(self, num: str | None, style: str | None) -> int:
        levels = self._lists[num].levels if num in self._lists else {}
        return next((at for at, level in levels.items() if style and level.paragraph_style == style), 0)

    def _next(self, num: str, found: _List, at: int) -> str:
        counts = self._counts.setdefault(found.abstract, {})
        if num not in self._begun:
            self._begun.add(num)
            for overridden in found.overrides:
                counts.pop(overridden, None)
        for above in range(at):
            counts.setdefault(above, found.levels.get(above, _Level()).start)
        level = found.levels.get(at, _Level())
        counts[at] = counts[at] + 1 if at in counts else level.start
        for below in [each for each in counts if each > at]:
            restart = found.levels.get(below, _Level()).restart
            if restart is None or at < restart:
                del counts[below]
        if level.style == "bullet":
            return ""
        return _PLACE.sub(lambda place: _number_at(int(place[1]) - 1, found, counts, level), level.text)


def _number_at(at: int, found: _List, counts: dict[int, int], level: _Level) -> str:
    own = found.levels.get(at, _Level())
    count = counts.get(at, own.start)
    style = "decimal" if level.is_legal else own.style
    return "" if style in {"none", "bullet"} else numeral(count, style)


def _level(root: Any) -> _Level:
    start = number(root, "start")
    return _Level(
        start=1 if start is None else start,
        style=value(root, "numFmt") or _fallback_style(root),
        text=value(root, "lvlText") or "",
        restart=number(root, "lvlRestart"),
        is_legal=is_on(root.find(f"{W}isLgl")) or False,
        paragraph_style=value(root, "pStyle"),
    )


def _fallback_style(root: Any) -> str:
    """Return the style of a level that stands among alternatives for older programs (001, 002 …), or decimal."""
    found = [each.get(f"{W}val") for each in root.iter(f"{W}numFmt")]
    return next((str(style) for style in reversed(found) if style and style != "custom"), "decimal")


def _all(root: Any, name: str) -> list[Any]:
    return root.findall(f"{W}{name}") if root is not None else []
