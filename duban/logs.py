"""The log: plain lines, never with a token, a phone number or what somebody wrote."""

import logging
import re
import sys
from pathlib import Path

TOKEN = re.compile(r"\d{1,20}:[A-Za-z0-9_-]{10,}")
PHONE = re.compile(r"(?<!\d)(?:\+?86)?1[3-9]\d{9}(?!\d)")


class RedactingFormatter(logging.Formatter):
    """Blot out secrets in whatever is logged, tracebacks with it."""

    def __init__(self, *secrets: str) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")
        self._secrets = [secret for secret in secrets if secret]

    def format(self, record: logging.LogRecord) -> str:
        """Format a record without secrets."""
        text = super().format(record)
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return PHONE.sub("1**********", TOKEN.sub("***", text))


def set_up_logging(*, level: str, file: Path | None, secrets: tuple[str, ...]) -> None:
    """Log to a file, or to standard error."""
    handler: logging.Handler = logging.StreamHandler(sys.stderr)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.FileHandler(file, encoding="utf-8")
    handler.setFormatter(RedactingFormatter(*secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("httpx", "httpcore", "apscheduler", "alembic", "telegram"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLevelName(level)))
