"""What does the office's config.toml say? Every key is checked; unknown ones are errors, so that no typing slip passes."""

import os
import tomllib
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError, model_validator

from rules.ladder import DEFAULT_LADDER, QuietHours, Rung
from rules.policy import DigestPolicy, Limits, Policy, ReportingPolicy

SECRETS = {"telegram": ("token", "webhook_secret"), "database": ("url",)}  # also DUBAN_SECTION_KEY or KEY_file


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


ClockTime = Annotated[time, BeforeValidator(_clock_time)]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]


class Section(BaseModel):
    """A table of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class OfficeSection(Section):
    name: str = "督查室"
    timezone: Zone = ZoneInfo("Asia/Shanghai")
    language: Literal["zh", "en"] = "zh"


class TelegramSection(Section):
    token: SecretStr = SecretStr("")
    username: str | None = None
    api_url: str = "https://api.telegram.org"
    proxy: str | None = None
    mode: Literal["polling", "webhook"] = "polling"
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    listen: str = "127.0.0.1:8443"

    @model_validator(mode="after")
    def _webhook_is_whole(self) -> Self:
        if self.mode == "webhook" and not (self.webhook_url and self.webhook_secret):
            raise ValueError("mode = webhook needs webhook_url and webhook_secret")
        return self


class DatabaseSection(Section):
    url: str = "sqlite:///data/duban.db"
    key_file: Path = Path("data/duban.key")


class ReportingSection(Section):
    max_length: Annotated[int, Field(gt=0)] | None = None
    min_length: Annotated[int, Field(gt=0)] | None = None
    length_is_soft: bool | None = None
    cadence: Literal["biweekly", "monthly", "quarterly", "semiannual", "annual"] | None = None
    day: Annotated[int, Field(ge=-1, le=31)] | None = None
    working_day: Annotated[int, Field(ge=-1, le=23)] | None = None
    month_offset: Annotated[int, Field(ge=0, le=2)] = 0


class ReminderSection(Section):
    before: Annotated[int, Field(ge=0, le=60)]  # working days; 0 is the due day
    at: ClockTime = time(9)


class EscalationSection(Section):
    after: Annotated[int, Field(ge=1, le=60)]  # working days
    to: tuple[Literal["liaison", "head", "leader"], ...] = Field(min_length=1)
    at: ClockTime = time(9)


class DigestsSection(Section):
    daily: bool = True
    at: ClockTime = time(8, 30)


class QuietHoursSection(Section):
    start: ClockTime = time(20)
    end: ClockTime = time(8)


class LimitsSection(Section):
    invite_days: Annotated[int, Field(ge=1, le=365)] = 14
    failed_codes_per_hour: Annotated[int, Field(ge=1)] = 5
    attempts: Annotated[int, Field(ge=1, le=20)] = 5
    messages_per_second: Annotated[float, Field(ge=0)] = 30.0
    messages_per_second_in_a_chat: Annotated[float, Field(gt=0)] = 1.0
    messages_per_minute_in_a_group: Annotated[int, Field(gt=0)] = 20


class LogSection(Section):
    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    file: Path | None = None


class HttpSection(Section):
    listen: str | None = None


class Settings(Section):
    """The whole file."""

    office: OfficeSection = OfficeSection()
    telegram: TelegramSection = TelegramSection()
    database: DatabaseSection = DatabaseSection()
    reporting: ReportingSection = ReportingSection()
    reminders: tuple[ReminderSection, ...] | None = None
    escalation: tuple[EscalationSection, ...] | None = None
    digests: DigestsSection = DigestsSection()
    quiet_hours: QuietHoursSection = QuietHoursSection()
    limits: LimitsSection = LimitsSection()
    log: LogSection = LogSection()
    http: HttpSection = HttpSection()

    def policy(self) -> Policy:
        """Give what the office decided, as the use cases take it."""
        limits = self.limits
        return Policy(
            office=self.office.name,
            zone=self.office.timezone,
            language=self.office.language,
            reporting=ReportingPolicy(**self.reporting.model_dump()),
            ladder=self._ladder(),
            quiet_hours=QuietHours(self.quiet_hours.start, self.quiet_hours.end),
            digests=DigestPolicy(at=self.digests.at, daily=self.digests.daily),
            limits=Limits(
                invite_days=limits.invite_days,
                failed_codes_per_hour=limits.failed_codes_per_hour,
                attempts=limits.attempts,
                per_second=limits.messages_per_second,
                per_chat_per_second=limits.messages_per_second_in_a_chat,
                group_per_minute=limits.messages_per_minute_in_a_group,
            ),
        )

    def _ladder(self) -> tuple[Rung, ...]:
        before = [rung for rung in DEFAULT_LADDER if rung.days <= 0]
        after = [rung for rung in DEFAULT_LADDER if rung.days > 0]
        if self.reminders is not None:
            before = [
                Rung(f"before-{r.before}" if r.before else "due", -r.before, "workdays", r.at, ("liaison",))
                for r in self.reminders
            ]
        if self.escalation is not None:
            after = [Rung(f"after-{e.after}", e.after, "workdays", e.at, e.to) for e in self.escalation]
        return (*before, *after)


def load_settings(path: Path) -> Settings:
    """Read and check a configuration; relative paths in it start at its folder.

    Raises: SettingsError naming key, value and what is allowed.
    """
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"there is no {path}; run `duban init`, or give another file with --config") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not valid TOML: {error}") from error
    _add_secrets(found, path.parent)
    try:
        settings = Settings.model_validate(found)
    except ValidationError as error:
        raise SettingsError("; ".join(_sentence(item) for item in error.errors())) from None
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
            if (value := os.environ.get(f"DUBAN_{section}_{key}".upper())) is not None:
                table[key] = value


def _secret_file(section: str, key: str, file: Path) -> str:
    try:
        return file.read_text("utf-8").strip()
    except OSError as error:
        raise SettingsError(f"[{section}] {key}_file = {str(file)!r} cannot be read: {error.strerror}") from error


def _with_paths_from(settings: Settings, folder: Path) -> Settings:
    database = settings.database
    url = database.url
    if url.startswith("sqlite:///") and not url.startswith("sqlite:////"):
        url = f"sqlite:///{folder / url.removeprefix('sqlite:///')}"
    moved = database.model_copy(update={"url": url, "key_file": folder / database.key_file})
    log = settings.log
    if log.file is not None:
        log = log.model_copy(update={"file": folder / log.file})
    return settings.model_copy(update={"database": moved, "log": log})


def _sentence(error: Any) -> str:
    place = [str(part) for part in error["loc"]]
    key = f"[{place[0]}] {'.'.join(place[1:])}".strip() if len(place) > 1 else f"[{place[0]}]"
    if error["type"] == "extra_forbidden":
        return f"{key} is not a known key; see config.example.toml for those there are"
    message = str(error["msg"]).removeprefix("Value error, ")
    shown = "" if any(secret in place for secret in ("token", "webhook_secret", "url")) else f" = {error['input']!r}"
    return f"{key}{shown}: {message[:1].lower()}{message[1:]}"
