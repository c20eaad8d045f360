"""What is adopted: a notice as read or as corrected in the workbook, and what the office says of its units."""

from dataclasses import dataclass

from notices.notice import Notice


@dataclass(frozen=True, slots=True)
class UnitEntry:
    """What a person said of one unit: other names it is printed under, and the members of a group (各街镇 = …)."""

    name: str
    aliases: tuple[str, ...] = ()
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A notice, its owners as printed, with the units a person has merged (aliases) or expanded (members)."""

    notice: Notice
    units: tuple[UnitEntry, ...] = ()
