"""Which unit names probably mean the same unit: misspelt, abbreviated or longer forms; only proposed, never merged."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from notices.doubts import APART, LOOKALIKES
from notices.units import is_group

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

SAME, SHORT, SLIP = 100, 90, 80
_FULL_FORMS: Final = (  # different ways of writing the same ending or word, as offices do
    (re.compile(r"人民政府"), "政府"),
    (re.compile(r"(?:街道)?办事处$|街道办$"), "街道"),
    (re.compile(r"([镇乡])政府$"), r"\1"),
    (re.compile(r"管理委员会"), "管委会"),
    (re.compile(r"(?<=改革|健康)委员会$"), "委"),
    (re.compile(r"办公室$"), "办"),
    (re.compile(r"联合会$"), "联"),
    (re.compile(r"(?<=技术)协会$"), "协"),
    (re.compile(r"人民(?=法院|检察院)"), ""),
    (re.compile(r"[和与及]"), ""),
)
_PARENTHESIS: Final = re.compile(r"(?<=..)\([^()]*\)$")
_PREFIX: Final = re.compile(r"(?:[省区县旗]|市(?!场)|[\u4e00-\u9fff]{2,3}?[区县市旗])(?:委(?=..+[部局校室]$))?")
_PLACE: Final = re.compile(r"[\u4e00-\u9fff]{1,3}")
_NO_PLACE: Final = re.compile(r"[高新开发园景社地城街林]")
_BRANCH: Final = re.compile(r"(?P<bureau>.+局)(?P<area>.{2,4}?)区?分局")
_LEVEL: Final = re.compile(r"^(?:[\u4e00-\u9fff]{2,3}?)?市(?!场)")
_OWN_BRANCH: Final = re.compile(r"(?:(?P<area>.{2,3})?[区县])?(?P<core>.{2,})分局")
_ENDING: Final = re.compile(r"(?:局|委|部|联|协|中心)$")
_WORDS: Final = re.compile(r"大数据|.{1,2}")
_NAMES_OF_THEIR_OWN: Final = re.compile(r"(?:公司|集团|银行|中学|小学|学校|大学|学院|幼儿园|医院|社区|村|街道|镇|乡)$")
_MOST_WORDS: Final = 7
_FEWEST_SIGNS: Final = 4  # of a name before which a place may be left out: 区教体局
_SPELT_OUT: Final = 8  # from this length on another sign is a slip rather than another unit
_FULL: Final = 7  # from this length on a sign more is


@dataclass(frozen=True, slots=True)
class _Name:
    """A name taken apart: `plain` is its usual form, `prefix` the level (区), `ending` the kind (局)."""

    plain: str
    prefix: str
    core: str
    ending: str
    parenthesis: str


def similar_names(names: Iterable[str], known: Iterable[str] = ()) -> list[tuple[str, str, int]]:
    """Find names that look like another of `names` or like a `known` one: (name, looks like, score 0 to 100).

    Each pair is named once, in the order of `names`: a short form looks like its long one, else a later name like an
    earlier one, so give the commoner names first. Groups (各镇街) look like nothing.
    """
    own = [name for name in dict.fromkeys(names) if not is_group(name)]
    everyone = list(dict.fromkeys([*own, *(name for name in known if not is_group(name))]))
    found = []
    for at, other in _candidates(everyone, len(own)):
        first, second = everyone[at], everyone[other]
        if score := similarity(first, second):
            is_short = other < len(own) and len(_take_apart(first).plain) < len(_take_apart(second).plain)
            found.append((first, second, score) if other >= len(own) or is_short else (second, first, score))
    place = {name: at for at, name in enumerate(own)}
    return sorted(found, key=lambda each: (place[each[0]], -each[2]))


def similarity(name: str, other: str) -> int:
    """Tell how surely two names mean one unit: 100 the same but for its writing, 0 two units as far as can be told."""
    a, b = _take_apart(name), _take_apart(other)
    if a.parenthesis and b.parenthesis and a.parenthesis != b.parenthesis:
        return 0
    if a.plain == b.plain:
        return SAME if a.parenthesis == b.parenthesis else SHORT
    branches = _branch(a.plain), _branch(b.plain)
    if any(branches):
        return _branch_similarity(*branches)
    return _similarity(a, b)


def _similarity(a: _Name, b: _Name) -> int:
    if _is_without_place(a, b) or _is_without_place(b, a) or a.plain in _short_forms(b) or b.plain in _short_forms(a):
        return SHORT
    return SLIP if _is_slip(a, b) else 0


@lru_cache(maxsize=8192)
def _take_apart(name: str) -> _Name:
    plain = "".join(unicodedata.normalize("NFKC", name).split()).replace("〔", "(").replace("〕", ")")
    parenthesis = _PARENTHESIS.search(plain)
    plain = _PARENTHESIS.sub("", plain)
    for full, usual in _FULL_FORMS:
        plain = full.sub(usual, plain)
    prefix = _PREFIX.match(plain)
    begin = prefix.end() if prefix else 0
    ending = _ENDING.search(plain, begin)
    end = ending.start() if ending else len(plain)
    return _Name(plain, plain[:begin], plain[begin:end], plain[end:], parenthesis[0] if parenthesis else "")


@lru_cache(maxsize=8192)
def _short_forms(name: _Name) -> frozenset[str]:
    """Return what a name may be shortened to: of its words, from the first on, the first signs or the whole.

    区教育体育局: 区教体局, 区教育局, 区教育体局, 区教体育局. Of one sign only before 联 and 协 (区妇联).
    """
    words = _WORDS.findall(name.core) if name.ending else []
    if not 0 < len(words) <= _MOST_WORDS:
        return frozenset()
    forms = {words[0], words[0][0]}
    for word in words[1:]:
        forms = {form + part for form in forms for part in (word, word[0], "")}
    fewest = 1 if name.ending in {"联", "协"} else 2
    return frozenset(f"{name.prefix}{form}{name.ending}" for form in forms - {name.core} if len(form) >= fewest)


def _is_without_place(short: _Name, long: _Name) -> bool:
    """Tell whether a name is another's without the place before it: 区教体局, 市中区教体局; 市 or 区 may be left out."""
    place = long.plain.removesuffix(short.plain)
    if place == long.plain:
        return False
    if short.prefix:
        return len(short.plain) >= _FEWEST_SIGNS and bool(_PLACE.fullmatch(place)) and not _NO_PLACE.search(place)
    return place == long.prefix and len(short.core) > 1


def _is_slip(a: _Name, b: _Name) -> bool:
    """Tell whether two names differ by one sign that was probably mistyped or misread."""
    edits = Levenshtein.editops(a.plain, b.plain)
    if len(edits) != 1:
        return False
    edit = next(iter(edits))
    at, other_at = edit.src_pos, edit.dest_pos
    if edit.tag == "replace":
        changed = frozenset((a.plain[at], b.plain[other_at]))
        if changed in LOOKALIKES:
            return True
        is_inside = at > len(a.prefix) + 1 and at < len(a.prefix) + len(a.core)
        return is_inside and len(a.plain) >= _SPELT_OUT and not APART & changed and not _is_own(a)
    longer, place = (a.plain, at) if edit.tag == "delete" else (b.plain, other_at)
    is_inside = len(a.prefix) < place < len(longer) - 1
    return is_inside and len(longer) >= _FULL and longer[place] not in APART and not (_is_own(a) or _is_own(b))


def _is_own(name: _Name) -> bool:
    """Tell whether it is one of many of its kind, whose names differ by a sign: companies, schools, villages."""
    return bool(_NAMES_OF_THEIR_OWN.search(name.plain))


def _branch(plain: str) -> tuple[str, str | None] | None:
    """Return a branch's bureau and area: 市公安局泰山分局, 泰山区公安分局, 区公安分局 (no area)."""
    if found := _BRANCH.fullmatch(plain):
        return _LEVEL.sub("", found["bureau"]), found["area"]
    if found := _OWN_BRANCH.fullmatch(plain):
        return f"{found['core']}局", found["area"]
    return None


def _branch_similarity(a: tuple[str, str | None] | None, b: tuple[str, str | None] | None) -> int:
    """Compare two branches: those of different areas are never one, nor is a branch its bureau."""
    if a is None or b is None or (a[1] and b[1] and a[1] != b[1]):
        return 0
    if a[0] == b[0]:
        return SHORT
    return _similarity(_take_apart(a[0]), _take_apart(b[0]))


def _candidates(names: Sequence[str], own: int) -> set[tuple[int, int]]:
    """Return the pairs worth a closer look, by position, the first below `own`."""
    apart = [_take_apart(name) for name in names]
    plain = [name.plain for name in apart]
    by_plain: dict[str, list[int]] = {}
    by_area: dict[str | None, list[int]] = {}
    for at, name in enumerate(apart):
        by_plain.setdefault(name.plain, []).append(at)
        if branch := _branch(name.plain):
            by_area.setdefault(branch[1], []).append(at)
    pairs = {(at, other) for at, name in enumerate(apart) for key in _keys(name) for other in by_plain.get(key, ())}
    for at in range(own):
        near = process.extract(plain[at], plain, scorer=Levenshtein.distance, score_cutoff=1, limit=None)
        pairs.update((at, other) for _, _, other in near)
    anywhere = by_area.get(None, [])
    for members in by_area.values():
        pairs.update((at, other) for at in members for other in (*members, *anywhere))
    return {(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1] and min(pair) < own}


def _keys(name: _Name) -> Iterator[str]:
    """Yield the plain names that would mean the same: its own, its short forms, what is left without a place."""
    yield name.plain
    yield from _short_forms(name)
    yield from (name.plain[length:] for length in {1, 2, 3, len(name.prefix)})
