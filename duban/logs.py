"""The log: plain lines, never with a token, a phone number or what somebody wrote."""

import logging
import re
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

TOKEN = re.compile(r"\d{1,20}(?::|%3A)[A-Za-z0-9_-]{10,}", re.IGNORECASE)
PHONE = re.compile(r"(?<!\d)(?:\+?86)?1[3-9]\d{9}(?!\d)")
TALKATIVE = ("httpx", "httpcore", "apscheduler", "alembic", "telegram", "sqlalchemy", "aiohttp", "asyncio")
# errors whose words are about the program and the machine; those of others may hold what somebody wrote
TELLING = (OSError, TypeError, AttributeError, ImportError)
OURS = ("bot", "duban", "storage", "rules", "sqlalchemy", "sqlite3", "aiohttp")
ErrorInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class RedactingFormatter(logging.Formatter):
    """Blot out secrets in whatever is logged, tracebacks with it."""

    def __init__(self, *secrets: str) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")
        self._secrets = [form for secret in secrets if secret for form in (secret, quote(secret, safe=""))]

    def format(self, record: logging.LogRecord) -> str:
        """Format a record without secrets."""
        text = super().format(record)
        for secret in self._secrets:
            text = text.replace(secret, "***")
        text = PHONE.sub("1**********", TOKEN.sub("***", text))
        return text.encode("utf-8", "backslashreplace").decode()  # a lone surrogate could not be written

    def formatException(self, ei: ErrorInfo) -> str:  # noqa: N802  # logging's name
        """Format a traceback with the words of those errors only that cannot hold what a person wrote."""
        lines = [line for error in _chain(ei[1]) for line in (*traceback.format_tb(error.__traceback__), _named(error))]
        return "".join(lines).rstrip("\n")


def set_up_logging(*, level: str, file: Path | None, secrets: tuple[str, ...], force: bool = True) -> None:
    """Log to a file, or to standard error; without `force` only where nothing is set up yet."""
    handler: logging.Handler = logging.StreamHandler(sys.stderr)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.FileHandler(file, encoding="utf-8")
    handler.setFormatter(RedactingFormatter(*secrets))
    logging.basicConfig(level=level, handlers=[handler], force=force)
    for noisy in TALKATIVE:
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLevelName(level)))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Give an error after those it came from, as a traceback shows them."""
    if error is not None:
        yield from _chain(error.__cause__ or (None if error.__suppress_context__ else error.__context__))
        yield error


def _named(error: BaseException) -> str:
    kind = type(error)
    told = str(error).partition("\n")[0]  # a driver's further lines may quote a row
    words = f": {told}" if isinstance(error, TELLING) or kind.__module__.split(".")[0] in OURS else ""
    return f"{kind.__module__}.{kind.__qualname__}{words}\n"
