"""The words people read: one catalogue a language, in gettext's own form."""

from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import get_month_names
from babel.messages.pofile import read_po

LANGUAGES = ("zh", "en")
HERE = Path(__file__).parent / "locale"


@cache
def catalogue(language: str) -> dict[str, str]:
    """Read a language's messages by their names."""
    with (HERE / language / "LC_MESSAGES" / "duban.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}


class Words:
    """Speaks one language, in the office's zone."""

    def __init__(self, language: str | None, zone: ZoneInfo, *, otherwise: str = "zh") -> None:
        self.language = language if language in LANGUAGES else otherwise
        self.zone = zone
        self._messages = catalogue(self.language)

    def __call__(self, name: str, /, **values: object) -> str:
        """Give a message with its values filled in.

        Raises: KeyError for a message or value that is not there.
        """
        return self._messages[name].format(**values)

    def day(self, day: date, *, year: bool = False) -> str:
        """Name a day, e.g. 4月10日."""
        values = {"month": day.month, "day": day.day, "year": day.year, "month_name": self._month(day.month)}
        return self("day_year" if year else "day", **values)

    def due_day(self, due_at: str) -> str:
        """Name the due day of a due instant (ISO 8601): the local day that ends with it."""
        return self.day(_day_ending_at(due_at, self.zone))

    def moment(self, at: str) -> str:
        """Name an instant (ISO 8601) in local time, e.g. 4月10日 09:00."""
        local = datetime.fromisoformat(at).astimezone(self.zone)
        return self("moment", day=self.day(local.date()), time=local.strftime("%H:%M"))

    def period(self, label: str) -> str:
        """Name a period by its label: 2025-Q1, 2025-03, 2025-H1, 2025-W10 or 2025; another label stands as it is."""
        year, _, part = label.partition("-")
        if not part:
            return self("period.year", year=year)
        if part[0] == "H" and part[1:] in ("1", "2"):
            return self(f"period.half_{part[1:]}", year=year)
        if part[0] in "QW" and part[1:].isdecimal():
            number = int(part[1:])
            return self("period.quarter" if part[0] == "Q" else "period.week", year=year, n=number, n_zh=_zh(number))
        if part.isdecimal() and 1 <= int(part) <= 12:
            return self("period.month", year=year, n=int(part), month_name=self._month(int(part)))
        return label

    def joined(self, names: list[str]) -> str:
        """Join names as the language does."""
        return self("list.separator").join(names)

    def _month(self, month: int) -> str:
        return _month_names()[month]


@cache
def _month_names() -> dict[int, str]:
    return {number: str(name) for number, name in get_month_names("abbreviated", locale="en").items()}


@lru_cache(1000)  # most messages of one round speak of the same due instant
def _day_ending_at(due_at: str, zone: ZoneInfo) -> date:
    return date.fromordinal(datetime.fromisoformat(due_at).astimezone(zone).toordinal() - 1)


def _zh(number: int) -> str:
    return "一二三四"[number - 1] if 1 <= number <= 4 else str(number)
