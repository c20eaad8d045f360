"""Where mail is handed in, and as whom."""

from dataclasses import dataclass

IMPLICIT_TLS = 465  # the port whose connections are encrypted from the first byte (RFC 8314)


@dataclass(frozen=True, slots=True)
class MailServer:
    """A server that takes mail."""

    host: str
    port: int
    starttls: bool
    user: str | None
    password: str | None
    sender: str
