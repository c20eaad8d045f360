"""Say what crosses the wire: JSON objects, and the error the Bot API answers with."""

from __future__ import annotations

import json
from typing import Any

Json = dict[str, Any]

encode = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


class ApiError(Exception):
    """Refuse a call as the Bot API does (Bot API "Making requests": error_code, description, parameters)."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> Json:
        """Give the JSON object of the answer."""
        told: Json = {"ok": False, "error_code": self.code, "description": self.description}
        return told | {"parameters": self.parameters} if self.parameters else told


def bad_request(reason: str, **parameters: int) -> ApiError:
    """Make the 400 that most refusals are."""
    return ApiError(400, f"Bad Request: {reason}", **parameters)


def forbidden(reason: str) -> ApiError:
    """Make the 403 that says who shut the bot out (tdlib Client.cpp, chat access checks)."""
    return ApiError(403, f"Forbidden: {reason}")


def too_many_requests(retry_after: int) -> ApiError:
    """Make the 429 with its parameter (Bot API ResponseParameters)."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


def utf16_length(text: str) -> int:
    """Count UTF-16 code units, the unit of entity offsets (Bot API MessageEntity)."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
