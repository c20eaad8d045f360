"""How a run of letters looks in Word: bold or hidden, by itself or by the styles of its letters, paragraph and table."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final, NamedTuple

from notices.office_file import is_black
from notices.word_xml import W, is_on, number, value

_CONTENTS: Final = re.compile(r"toc ?[1-9]", re.IGNORECASE)
_MOST_STEPS: Final = 20


class Look(NamedTuple):
    """What matters of a run's look; the black typeface counts as bold."""

    bold: bool
    hidden: bool


class Styles:
    """The styles of one document; a style that is not there changes nothing."""

    def __init__(self, root: Any) -> None:
        found = root.findall(f"{W}style") if root is not None else []
        self._styles = {each.get(f"{W}styleId"): each for each in found}
        self._default = next(
            (
                each.get(f"{W}styleId")
                for each in found
                if each.get(f"{W}type") == "paragraph" and is_on_attribute(each, "default")
            ),
            None,
        )
        defaults = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr") if root is not None else None
        self._defaults = defaults
        self._styled = cache(self._uncached)

    def look(self, run: Any, *, paragraph: str | None, table: str | None) -> Look:
        """Return the look of a run by its `w:rPr` (or None) and the styles of its paragraph and table."""
        bold, hidden, font = self._styled(value(run, "rStyle"), paragraph or self._default, table)
        if run is not None:
            own_bold, own_hidden = is_on(run.find(f"{W}b")), is_on(run.find(f"{W}vanish"))
            bold = bold if own_bold is None else own_bold
            hidden = hidden if own_hidden is None else own_hidden
            font = _font(run) or font
        return Look(bold or is_black(font), hidden)

    def numbering(self, style: str | None) -> tuple[str | None, int | None, str | None]:
        """Return list, level and bearer of the numbering that a paragraph style gives; None: it gives none."""
        for each in self._chain(style or self._default):
            properties = each.find(f"{W}pPr/{W}numPr")
            if properties is not None and value(properties, "numId") is not None:
                return value(properties, "numId"), number(properties, "ilvl"), each.get(f"{W}styleId")
        return None, None, None

    def is_contents(self, style: str | None) -> bool:
        """Tell whether a paragraph style is one of a table of contents."""
        return bool(_CONTENTS.fullmatch(value(self._styles.get(style), "name") or ""))

    def _uncached(self, letters: str | None, paragraph: str | None, table: str | None) -> tuple[bool, bool, str]:
        """Put the styles together: bold twice is not bold (ECMA-376 part 1, 17.7.3), the nearest typeface holds."""
        chains = [list(self._chain(style)) for style in (letters, paragraph, table)]
        font = next((name for chain in chains for each in chain if (name := _font(each.find(f"{W}rPr")))), "")
        return self._toggled("b", chains), self._toggled("vanish", chains), font or _font(self._defaults)

    def _toggled(self, name: str, chains: list[list[Any]]) -> bool:
        default = self._defaults.find(f"{W}{name}") if self._defaults is not None else None
        if is_on(default):
            return True
        given = [
            next((on for each in chain if (on := is_on(each.find(f"{W}rPr/{W}{name}"))) is not None), False)
            for chain in chains
        ]
        return sum(given) % 2 == 1

    def _chain(self, style: str | None) -> list[Any]:
        """Return a style and those it is based on, nearest first."""
        chain: list[Any] = []
        while style in self._styles and len(chain) < _MOST_STEPS:
            chain.append(self._styles[style])
            style = value(chain[-1], "basedOn")
        return chain


def is_on_attribute(element: Any, name: str) -> bool:
    """Tell whether an on/off attribute is there and on."""
    return element.get(f"{W}{name}", "0") in {"1", "true", "on"}


def _font(run: Any) -> str:
    fonts = run.find(f"{W}rFonts") if run is not None else None
    return str(fonts.get(f"{W}eastAsia", "")) if fonts is not None else ""
