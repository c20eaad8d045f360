"""What does the office's config.toml say? Every key is checked; unknown ones are errors, so that no typing slip passes."""

import os
import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)

from bot.mail_server import IMPLICIT_TLS, MailServer
from rules.ladder import DEFAULT_LADDER, RETURNED_LADDER, Ladders, QuietHours, Rung, Unit
from rules.policy import (
    DigestPolicy,
    Edition,
    InspectionPolicy,
    Limits,
    MailTo,
    Policy,
    RegistrationPolicy,
    ReportingPolicy,
    ReviewPolicy,
    SlipPolicy,
)

SECRETS = {
    "telegram": ("token", "webhook_secret"),
    "database": ("url",),
    "mail": ("password",),
}  # also DUBAN_SECTION_KEY or KEY_file
HIDDEN = {"proxy", "heartbeat_url"}.union(*SECRETS.values())  # never shown in an error
RETURNED = "returned-"  # begins the keys of steps for what was returned
LADDERS = ("reminders", "escalation", "returned_reminders", "returned_escalation")
MAIL_ADDRESS = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+")
SPAN = re.compile(r"(\d{1,3})\s*(working days?|workdays?|个?工作日|days?|天)")
# the reminding looks 45 days ahead and 30 back; holidays stretch working days
MOST_BEFORE = {"workdays": 25, "days": 40}
MOST_AFTER = {"workdays": 15, "days": 28}


class SettingsError(Exception):
    """The configuration cannot be used; the message names key, value and what is allowed."""


def _zone(value: Any) -> Any:
    if not isinstance(value, str):
        raise ValueError("must be the name of a time zone, e.g. Asia/Shanghai")  # noqa: TRY004  # pydantic shows ValueErrors
    try:
        return ZoneInfo(value)
    except Exception as error:
        raise ValueError("is no time zone; e.g. Asia/Shanghai") from error


def _clock_time(value: Any) -> Any:
    try:
        return value if isinstance(value, time) else time.fromisoformat(str(value))
    except ValueError as error:
        raise ValueError('must be a time of day such as "09:00"') from error


class Span(NamedTuple):
    """So many working days, or days."""

    days: int
    unit: Unit = "workdays"

    def rung(self, side: str) -> str:
        """Give the key of the step this far from the due day."""
        return f"{side}-{self.days}{'d' if self.unit == 'days' else ''}" if self.days else "due"


def _span(value: Any) -> Any:
    if isinstance(value, Span):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Span(value)
    found = SPAN.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise ValueError('must be a number of working days such as 3, or "3 working days", or "3 days"')
    return Span(int(found[1]), "workdays" if "work" in found[2] or "工作日" in found[2] else "days")


def _span_within(least: int, most: dict[str, int], value: Span) -> Span:
    if not least <= value.days <= most[value.unit]:
        raise ValueError(
            f"must be from {least} to {most['workdays']} working days, or from {least} to {most['days']} days"
        )
    return value


def _not_zero(value: int) -> int:
    if value == 0:
        raise ValueError("must be from 1 on, or -1 for the last")
    return value


def _plain_date(value: Any) -> Any:
    try:
        return value if type(value) is date else date.fromisoformat(str(value))  # TOML's date-times are dates too
    except ValueError as error:
        raise ValueError('must be a date such as "2025-02-28"') from error


def _one_or_more(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _http_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an address with scheme and host, e.g. https://api.telegram.org")
    return value.rstrip("/")


def _listening_address(value: str) -> str:
    host, colon, port = value.rpartition(":")
    if not (host and colon and port.isascii() and port.isdigit() and int(port) < 65536):
        raise ValueError("must be host:port, e.g. 127.0.0.1:8080")
    return value


def _database_url(value: str) -> str:
    if value.startswith(("postgresql://", "postgresql+psycopg://")):
        if find_spec("psycopg") is None:
            raise ValueError("PostgreSQL needs its driver; install it with: pip install -e '.[postgres]'")
    elif not value.startswith("sqlite:///") or value.partition("///")[2] in ("", ":memory:"):
        raise ValueError("must be a file such as sqlite:///data/duban.db, or postgresql://user:password@host/name")
    return value


PlainDate = Annotated[date, BeforeValidator(_plain_date)]
ClockTime = Annotated[time, BeforeValidator(_clock_time)]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]
HttpAddress = Annotated[str, AfterValidator(_http_address)]
ListeningAddress = Annotated[str, AfterValidator(_listening_address)]
ReturnReason = Annotated[str, Field(min_length=2, max_length=20)]
SpanBefore = Annotated[Span, BeforeValidator(_span), AfterValidator(partial(_span_within, 0, MOST_BEFORE))]
SpanAfter = Annotated[Span, BeforeValidator(_span), AfterValidator(partial(_span_within, 1, MOST_AFTER))]


class Section(BaseModel):
    """A table of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class OfficeSection(Section):
    name: str = "督查室"
    timezone: Zone = ZoneInfo("Asia/Shanghai")
    language: Literal["zh", "en"] = "zh"
    contact: str | None = None


class TelegramSection(Section):
    token: SecretStr = SecretStr("")
    username: str | None = None
    api_url: HttpAddress = "https://api.telegram.org"
    proxy: HttpAddress | None = None
    mode: Literal["polling", "webhook"] = "polling"
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    listen: ListeningAddress = "127.0.0.1:8443"

    @model_validator(mode="after")
    def _webhook_is_whole(self) -> Self:
        if self.mode == "webhook" and not (self.webhook_url and self.webhook_secret):
            raise ValueError('mode = "webhook" needs webhook_url and webhook_secret')
        return self


class DatabaseSection(Section):
    url: Annotated[str, AfterValidator(_database_url)] = "sqlite:///data/duban.db"
    key_file: Path = Path("data/duban.key")


class RegistrationSection(Section):
    due: PlainDate | None = None
    days: Annotated[int, Field(ge=1, le=365)] = 7
    phone: Literal["required", "optional", "off"] = "optional"


class ReportingSection(Section):
    max_length: Annotated[int, Field(gt=0)] | None = None
    min_length: Annotated[int, Field(gt=0)] | None = None
    length_is_soft: bool | None = None
    cadence: Literal["biweekly", "monthly", "quarterly", "semiannual", "annual"] | None = None
    day: Annotated[int, Field(ge=-1, le=31), AfterValidator(_not_zero)] | None = None
    working_day: Annotated[int, Field(ge=-1, le=23), AfterValidator(_not_zero)] | None = None
    month_offset: Annotated[int, Field(ge=0, le=2)] = 0
    attest: bool = False
    plan: bool = False


class ReviewSection(Section):
    required: bool = False
    return_workdays: Annotated[int, Field(ge=1, le=15)] = 3
    reasons: Annotated[tuple[ReturnReason, ...], Field(max_length=8)] = ReviewPolicy().reasons


class NoticesSection(Section):
    override_secrecy: bool = False


class AssigningSection(Section):
    sign_within_workdays: Annotated[int, Field(ge=0, le=60)] = 3


Told = Literal["liaison", "head", "leader", "supervisor"]
ToldRoles = Annotated[tuple[Told, ...], BeforeValidator(_one_or_more), Field(min_length=1)]


class ReminderSection(Section):
    before: SpanBefore  # working days, or days; 0 is the due day
    to: ToldRoles = ("liaison",)
    at: ClockTime = time(9)


class EscalationSection(Section):
    after: SpanAfter  # working days, or days
    to: ToldRoles
    at: ClockTime = time(9)


class NoticeSection(Section):
    """What one notice has of its own; a list left out is the office's."""

    reminders: tuple[ReminderSection, ...] | None = None
    escalation: tuple[EscalationSection, ...] | None = None
    returned_reminders: tuple[ReminderSection, ...] | None = None
    returned_escalation: tuple[EscalationSection, ...] | None = None


SlipRoles = Annotated[
    tuple[Literal["liaison", "head", "leader", "supervisor"], ...], BeforeValidator(_one_or_more), Field(min_length=1)
]


class SlipsSection(Section):
    propose_after_days: tuple[Annotated[int, Field(ge=1)], Annotated[int, Field(ge=1)], Annotated[int, Field(ge=1)]] = (
        3,
        10,
        20,
    )
    limit_workdays: Annotated[int, Field(ge=1, le=30)] = 3
    blue_to: SlipRoles = ("liaison", "head")
    orange_to: SlipRoles = ("liaison", "head", "leader")
    red_to: SlipRoles = ("liaison", "head", "leader", "supervisor")

    @model_validator(mode="after")
    def _days_rise(self) -> Self:
        if list(self.propose_after_days) != sorted(set(self.propose_after_days)):
            raise ValueError("propose_after_days must rise, e.g. [3, 10, 20]")
        return self


class InspectionSection(Section):
    may_be_unannounced: bool = True


class DigestsSection(Section):
    daily: bool = True
    weekly: bool = True
    weekday: Annotated[int, Field(ge=1, le=7)] = 1
    period_close: bool = True
    promised: bool = True
    leaders: bool = True
    groups: bool = False
    at: ClockTime = time(8, 30)
    admin_at: ClockTime = time(8, 30)


def _mail_address(value: str) -> str:
    if not MAIL_ADDRESS.fullmatch(value):
        raise ValueError("must be an e-mail address such as ducha@example.org")
    return value


MailAddress = Annotated[str, AfterValidator(_mail_address)]


class MailToSection(Section):
    address: MailAddress
    digests: Annotated[frozenset[Edition], Field(min_length=1)] = frozenset(Edition)


class MailSection(Section):
    host: str | None = None
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    starttls: bool = True
    user: str | None = None
    password: SecretStr | None = None
    sender: MailAddress | None = None
    to: tuple[MailToSection, ...] = ()

    @model_validator(mode="after")
    def _server_is_whole(self) -> Self:
        if self.to and not (self.host and self.sender):
            raise ValueError("[[mail.to]] needs host and sender")
        if self.user and self.password and not self.starttls and self.port != IMPLICIT_TLS:
            raise ValueError("a password is not sent unencrypted: set starttls = true, or port = 465")
        if len({each.address for each in self.to}) < len(self.to):
            raise ValueError("an address stands twice under [[mail.to]]")
        return self


class QuietHoursSection(Section):
    start: ClockTime = time(20)
    end: ClockTime = time(8)


class LimitsSection(Section):
    invite_days: Annotated[int, Field(ge=1, le=365)] = 14
    failed_codes_per_hour: Annotated[int, Field(ge=1)] = 5
    messages_per_person_and_period: Annotated[int, Field(ge=0)] = 12
    attempts: Annotated[int, Field(ge=1, le=20)] = 5
    messages_per_second: Annotated[float, Field(ge=0)] = 30.0
    messages_per_second_in_a_chat: Annotated[float, Field(gt=0)] = 1.0
    messages_per_minute_in_a_group: Annotated[int, Field(gt=0)] = 20


class LogSection(Section):
    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    file: Path | None = None


class HttpSection(Section):
    listen: ListeningAddress | None = None


class WatchSection(Section):
    heartbeat_url: HttpAddress | None = None
    heartbeat_seconds: Annotated[int, Field(ge=10, le=86_400)] = 60


class BackupSection(Section):
    daily: bool = True
    at: ClockTime = time(3)
    folder: Path = Path("data/backups")
    keep: Annotated[int, Field(ge=1, le=1000)] = 14


class Settings(Section):
    """The whole file."""

    office: OfficeSection = OfficeSection()
    telegram: TelegramSection = TelegramSection()
    database: DatabaseSection = DatabaseSection()
    registration: RegistrationSection = RegistrationSection()
    reporting: ReportingSection = ReportingSection()
    review: ReviewSection = ReviewSection()
    notices: NoticesSection = NoticesSection()
    assigning: AssigningSection = AssigningSection()
    reminders: tuple[ReminderSection, ...] | None = None
    escalation: tuple[EscalationSection, ...] | None = None
    returned_reminders: tuple[ReminderSection, ...] | None = None
    returned_escalation: tuple[EscalationSection, ...] | None = None
    notice: dict[int, NoticeSection] = {}
    slips: SlipsSection = SlipsSection()
    inspection: InspectionSection = InspectionSection()
    digests: DigestsSection = DigestsSection()
    mail: MailSection = MailSection()
    quiet_hours: QuietHoursSection = QuietHoursSection()
    limits: LimitsSection = LimitsSection()
    log: LogSection = LogSection()
    http: HttpSection = HttpSection()
    watch: WatchSection = WatchSection()
    backup: BackupSection = BackupSection()

    def policy(self) -> Policy:
        """Give what the office decided, as the use cases take it."""
        limits = self.limits
        return Policy(
            office=self.office.name,
            zone=self.office.timezone,
            language=self.office.language,
            registration=RegistrationPolicy(**self.registration.model_dump()),
            reporting=ReportingPolicy(**self.reporting.model_dump()),
            review=ReviewPolicy(required=self.review.required, reasons=self.review.reasons),
            return_workdays=self.review.return_workdays,
            slips=SlipPolicy(**self.slips.model_dump()),
            inspection=InspectionPolicy(**self.inspection.model_dump()),
            override_secrecy=self.notices.override_secrecy,
            sign_within_workdays=self.assigning.sign_within_workdays,
            ladder=_ladder(self.reminders, self.escalation, DEFAULT_LADDER),
            returned_ladder=_ladder(
                self.returned_reminders, self.returned_escalation, RETURNED_LADDER, prefix=RETURNED
            ),
            notice_ladders={number: self._ladders_of(section) for number, section in self.notice.items()},
            quiet_hours=QuietHours(self.quiet_hours.start, self.quiet_hours.end),
            digests=DigestPolicy(**self.digests.model_dump()),
            mail_to=tuple(MailTo(each.address, each.digests) for each in self.mail.to),
            limits=Limits(
                invite_days=limits.invite_days,
                failed_codes_per_hour=limits.failed_codes_per_hour,
                attempts=limits.attempts,
                messages_per_person_and_period=limits.messages_per_person_and_period,
                per_second=limits.messages_per_second,
                per_chat_per_second=limits.messages_per_second_in_a_chat,
                group_per_minute=limits.messages_per_minute_in_a_group,
            ),
        )

    def mail_server(self) -> MailServer | None:
        """Give where mail is handed in, or None where none is sent."""
        mail = self.mail
        if mail.host is None or mail.sender is None:
            return None
        password = mail.password.get_secret_value() if mail.password else None
        return MailServer(mail.host, mail.port, mail.starttls, mail.user, password, mail.sender)

    def _ladders_of(self, section: NoticeSection) -> Ladders:
        def own(name: str) -> Any:
            found = getattr(section, name)
            return found if found is not None else getattr(self, name)

        return Ladders(
            _ladder(own("reminders"), own("escalation"), DEFAULT_LADDER),
            _ladder(own("returned_reminders"), own("returned_escalation"), RETURNED_LADDER, prefix=RETURNED),
        )


def _ladder(
    reminders: Sequence[ReminderSection] | None,
    escalation: Sequence[EscalationSection] | None,
    default: Sequence[Rung],
    *,
    prefix: str = "",
) -> tuple[Rung, ...]:
    """Make a ladder; its half that is not given is the default's."""
    before = [rung for rung in default if rung.days <= 0]
    after = [rung for rung in default if rung.days > 0]
    if reminders is not None:
        before = [Rung(prefix + r.before.rung("before"), -r.before.days, r.before.unit, r.at, r.to) for r in reminders]
    if escalation is not None:
        after = [Rung(prefix + e.after.rung("after"), e.after.days, e.after.unit, e.at, e.to) for e in escalation]
    return (*_with_own_keys(before), *_with_own_keys(after))


def _with_own_keys(rungs: Sequence[Rung]) -> list[Rung]:
    """Number the keys of steps on the same day: what was sent is told apart by them."""
    seen: Counter[str] = Counter()
    named = []
    for rung in rungs:
        seen[rung.key] += 1
        named.append(replace(rung, key=f"{rung.key}.{seen[rung.key]}") if seen[rung.key] > 1 else rung)
    return named


def load_settings(path: Path) -> Settings:
    """Read and check a configuration; relative paths in it start at its folder.

    Raises: SettingsError naming key, value and what is allowed.
    """
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"there is no {path}; run `duban init`, or give another file with --config") from None
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} is not a text file in UTF-8; save it as one") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not valid TOML: {error}") from error
    _add_secrets(found, path.parent)
    try:
        settings = Settings.model_validate(found)
    except ValidationError as error:
        raise SettingsError("; ".join(_sentences(error.errors()))) from None
    return _with_paths_from(settings, path.resolve().parent)


def _add_secrets(found: dict[str, Any], folder: Path) -> None:
    """Put in the secrets that stand in the environment or in files of their own."""
    for section, keys in SECRETS.items():
        table = found.setdefault(section, {})
        if not isinstance(table, dict):
            continue
        for key in keys:
            file = table.pop(f"{key}_file", None)
            if file is not None:
                table[key] = _secret_file(section, key, folder / str(file))
            if value := os.environ.get(f"DUBAN_{section}_{key}".upper()):
                table[key] = value


def _secret_file(section: str, key: str, file: Path) -> str:
    try:
        return file.read_text("utf-8").strip()
    except OSError as error:
        raise SettingsError(f"[{section}] {key}_file = {str(file)!r} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"[{section}] {key}_file = {str(file)!r} is not a text file") from error


def _with_paths_from(settings: Settings, folder: Path) -> Settings:
    database = settings.database
    url = database.url
    if url.startswith("sqlite:///") and not url.startswith("sqlite:////"):
        url = f"sqlite:///{folder / url.removeprefix('sqlite:///')}"
    moved = database.model_copy(update={"url": url, "key_file": folder / database.key_file})
    log = settings.log
    if log.file is not None:
        log = log.model_copy(update={"file": folder / log.file})
    backup = settings.backup.model_copy(update={"folder": folder / settings.backup.folder})
    return settings.model_copy(update={"database": moved, "log": log, "backup": backup})


def _sentences(errors: Sequence[Any]) -> list[str]:
    """Put each error into words, but not those that only say that a part of theirs is wrong."""
    places = [error["loc"] for error in errors]
    return [_sentence(error) for error in errors if not any(_is_inside(other, error["loc"]) for other in places)]


def _is_inside(place: tuple[int | str, ...], outer: tuple[int | str, ...]) -> bool:
    return len(place) > len(outer) and place[: len(outer)] == outer


def _sentence(error: Any) -> str:
    head, rest = _place(error["loc"])
    is_list = head.startswith("[[")
    keys = [f"number {part + 1}" if isinstance(part, int) and is_list else str(part) for part in rest[:2]]
    key = " ".join([head, *(keys if is_list else keys[:1])])
    if error["type"] == "extra_forbidden":
        return f"{key} is not a known key; see config.example.toml for those there are"
    if error["type"] == "missing":
        return f"{key} is missing"
    is_secret = any(str(part) in HIDDEN for part in rest)
    is_plain = isinstance(error["input"], str | int | float)
    shown = f" = {error['input']!r}" if is_plain and not is_secret else ""
    return f"{key}{shown}: {_allowed(error, head)}"


def _place(place: Sequence[int | str]) -> tuple[str, Sequence[int | str]]:
    """Give the head of the table an error is in, as the file writes it, and the rest of its place."""
    depth = 1 if place[0] != "notice" else 3 if len(place) > 2 and place[2] in LADDERS else 2
    head = ".".join(str(part) for part in place[:depth])
    return (f"[[{head}]]" if place[depth - 1] in LADDERS else f"[{head}]"), place[depth:]


def _allowed(error: Any, head: str) -> str:
    if error["type"] in ("model_type", "model_attributes_type", "tuple_type"):
        return f"must be a table that begins with {head}"
    message = str(error["msg"]).removeprefix("Value error, ").partition(", unable to parse")[0]
    return message.replace("Input should be", "must be", 1).replace("a valid integer", "a whole number")
