"""Which unit does a line begin with, and which ones are near to a wrong name?"""

from difflib import get_close_matches

from office.work import Work
from storage import ledger
from storage.ledger import KnownUnit

SEPARATORS = " \t\n,，、:：；;"


def split_unit(work: Work, words: str) -> tuple[KnownUnit | None, str]:
    """Take the unit a line begins with off it, by the longest of its names; gives it, or nothing, and the rest."""
    named = [(name, unit) for unit in ledger.units(work.tx) for name in (unit.name, *unit.aliases)]
    fitting = [(name, unit) for name, unit in named if words.startswith(name)]
    if not fitting:
        return None, words
    name, unit = max(fitting, key=lambda pair: len(pair[0]))
    return unit, words[len(name) :].strip(SEPARATORS)


def nearest_units(work: Work, words: str) -> list[str]:
    """List the units whose names are nearest to how a line begins."""
    name = words.split(maxsplit=1)[0] if words.split() else ""
    return get_close_matches(name, [unit.name for unit in ledger.units(work.tx)], n=5, cutoff=0.3)
