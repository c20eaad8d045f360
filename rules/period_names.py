"""How people call a reporting period: 一季度, 第1季度, Q1, 2025-Q1; 上半年; 3月; 全年."""

from typing import Final

_SIGNS: Final = "一二三四五六七八九十"


def names_of_period(label: str) -> set[str]:
    """Give the names of a period by its label, lower case and without spaces."""
    year, _, part = label.lower().partition("-")
    if not part:
        return {year, f"{year}年", f"{year}年度", "全年", "年度"}
    kind, number = (part[0], part[1:].lstrip("0")) if part[0] in "qhw" else ("m", part.lstrip("0"))
    if not number.isdecimal():
        return {label.lower()}
    names = _names_within_year(kind, int(number)) | ({part} if kind != "m" else set())
    return {label.lower(), *names, *(f"{year}年{name}" for name in names), *(f"{year}{name}" for name in names)}


def _names_within_year(kind: str, number: int) -> set[str]:
    sign = "十" * (number >= 10) + _SIGNS[number % 10 - 1] * (number != 10) if number < 20 else str(number)
    said = {sign, str(number)}
    match kind:
        case "q":
            return {f"{first}{each}季度" for each in said for first in ("", "第")}
        case "h":
            return {"上半年" if number == 1 else "下半年"}
        case "w":
            return {f"第{number}周", f"{number}周"}
        case _:
            return {f"{each}{end}" for each in said for end in ("月", "月份")}
