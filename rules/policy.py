"""What the office decides, as values handed down from the settings to every use case."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from rules.checks import DEFAULT_COPY_THRESHOLD, DEFAULT_FORMULAS
from rules.ladder import DEFAULT_LADDER, QuietHours, Rung
from rules.periods import DueRule
from rules.workdays import WorkCalendar

if TYPE_CHECKING:
    from rules.periods import Cadence


@dataclass(frozen=True, slots=True)
class ReportingPolicy:
    """What holds where a notice is silent; None leaves it open. Lengths in characters (字)."""

    max_length: int | None = None
    min_length: int | None = None
    length_is_soft: bool | None = None
    cadence: Cadence | None = None
    day: int | None = None
    working_day: int | None = None
    month_offset: int = 0
    attest: bool = False
    plan: bool = False  # whether a year plan is asked for where a notice sets no date for one

    @property
    def due_rule(self) -> DueRule | None:
        """Return the rule its days make, or None where it names neither a day nor a working day."""
        if self.day is None and self.working_day is None:
            return None
        return DueRule(self.month_offset, day=self.day, working_day=self.working_day)


@dataclass(frozen=True, slots=True)
class DigestPolicy:
    """When digests go out: local time on working days, and which kinds; `weekday` is ISO, 1 Monday."""

    at: time = time(8, 30)
    daily: bool = True
    weekly: bool = True
    weekday: int = 1
    period_close: bool = True
    groups: bool = False  # the daily one to registered group chats too


@dataclass(frozen=True, slots=True)
class RegistrationPolicy:
    """By when units register a liaison: on `due`, else so many days after their first invite; what of the phone number."""

    due: date | None = None
    days: int = 7
    phone: Literal["required", "optional", "off"] = "optional"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much and how often; the sending rates are Telegram's (Bots FAQ, "My bot is hitting limits")."""

    invite_days: int = 14
    messages_per_person_and_period: int = 12
    per_second: float = 30.0
    per_chat_per_second: float = 1.0
    group_per_minute: int = 20
    failed_codes_per_hour: int = 5
    attempts: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Everything the office decides; `office` is its printed name, `language` the default for people who chose none."""

    office: str
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    calendar: WorkCalendar = field(default_factory=WorkCalendar)
    reporting: ReportingPolicy = ReportingPolicy()
    ladder: tuple[Rung, ...] = DEFAULT_LADDER
    quiet_hours: QuietHours = field(default_factory=QuietHours)
    digests: DigestPolicy = DigestPolicy()
    registration: RegistrationPolicy = RegistrationPolicy()
    limits: Limits = Limits()
    formulas: tuple[str, ...] = DEFAULT_FORMULAS
    copy_threshold: float = DEFAULT_COPY_THRESHOLD
    return_workdays: int = 3
    sign_within_workdays: int = 3  # 0: nobody is reminded to sign
    override_secrecy: bool = False
    language: str = "zh"


def default_policy(office: str = "督查室") -> Policy:
    """Make the policy of an office that changed nothing."""
    return Policy(office=office)
