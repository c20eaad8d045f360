"""What the office decides, as values handed down from the settings to every use case."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from rules.checks import DEFAULT_COPY_THRESHOLD, DEFAULT_FORMULAS
from rules.ladder import DEFAULT_LADDER, RETURNED_LADDER, Ladders, QuietHours, Rung
from rules.periods import DueRule
from rules.workdays import WorkCalendar

if TYPE_CHECKING:
    from collections.abc import Mapping

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


class Edition(StrEnum):
    """What a digest may hold: the day's news, the week, periods that closed, lists whose progress is promised."""

    DAILY = "daily"
    WEEKLY = "weekly"
    PERIOD_CLOSE = "period_close"
    PROMISED = "promised"


@dataclass(frozen=True, slots=True)
class DigestPolicy:
    """When digests go out: local time on working days, and what they hold; `weekday` is ISO, 1 Monday."""

    at: time = time(8, 30)
    daily: bool = True
    weekly: bool = True
    weekday: int = 1
    period_close: bool = True
    admin_at: time = time(8, 30)
    promised: bool = True
    groups: bool = False  # the daily one to registered group chats too
    leaders: bool = True  # each week and at the close of a period, of their own tasks


@dataclass(frozen=True, slots=True)
class MailTo:
    """An address that gets digests by e-mail, and what they hold."""

    address: str
    digests: frozenset[Edition] = frozenset(Edition)


@dataclass(frozen=True, slots=True)
class RegistrationPolicy:
    """By when units register a liaison: on `due`, else so many days after their first invite; what of the phone number."""

    due: date | None = None
    days: int = 7
    phone: Literal["required", "optional", "off"] = "optional"


@dataclass(frozen=True, slots=True)
class ReviewPolicy:
    """Whether reports wait for a supervisor's decision where a notice leaves it open, and the reasons offered for returns."""

    required: bool = False
    reasons: tuple[str, ...] = ("数据缺失", "内容空泛", "与任务不符", "字数超限")


@dataclass(frozen=True, slots=True)
class SlipPolicy:
    """When supervision slips are proposed (days overdue for blue, orange, red), their limit, and who gets which."""

    propose_after_days: tuple[int, int, int] = (3, 10, 20)
    limit_workdays: int = 3
    blue_to: tuple[str, ...] = ("liaison", "head")
    orange_to: tuple[str, ...] = ("liaison", "head", "leader")
    red_to: tuple[str, ...] = ("liaison", "head", "leader", "supervisor")


@dataclass(frozen=True, slots=True)
class InspectionPolicy:
    """Whether on-site inspections may be planned without a notice to the unit (不打招呼)."""

    may_be_unannounced: bool = True


@dataclass(frozen=True, slots=True)
class Limits:
    """How much and how often; the sending rates are Telegram's (Bots FAQ, "My bot is hitting limits")."""

    invite_days: int = 14
    messages_per_person_and_period: int = 12  # 0: as many as there are
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
    returned_ladder: tuple[Rung, ...] = RETURNED_LADDER
    notice_ladders: Mapping[int, Ladders] = field(default_factory=dict)  # of notices that have their own
    quiet_hours: QuietHours = field(default_factory=QuietHours)
    digests: DigestPolicy = DigestPolicy()
    mail_to: tuple[MailTo, ...] = ()
    registration: RegistrationPolicy = RegistrationPolicy()
    review: ReviewPolicy = ReviewPolicy()
    slips: SlipPolicy = SlipPolicy()
    inspection: InspectionPolicy = InspectionPolicy()
    limits: Limits = Limits()
    formulas: tuple[str, ...] = DEFAULT_FORMULAS
    copy_threshold: float = DEFAULT_COPY_THRESHOLD
    return_workdays: int = 3
    sign_within_workdays: int = 3  # 0: nobody is reminded to sign
    override_secrecy: bool = False
    language: str = "zh"

    def ladder_for(self, notice_id: int | None, *, is_returned: bool) -> tuple[Rung, ...]:
        """Give the steps that hold for what a notice asks for; None for a notice that has none of its own."""
        own = self.notice_ladders.get(notice_id) if notice_id is not None else None
        ladders = own or Ladders(self.ladder, self.returned_ladder)
        return ladders.returned if is_returned else ladders.ordinary


def default_policy(office: str = "督查室") -> Policy:
    """Make the policy of an office that changed nothing."""
    return Policy(office=office)
