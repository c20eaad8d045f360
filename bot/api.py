"""How is the Bot API called, and what does each way of failing mean for a message?

The outcome decides whether a message may be sent again: what certainly was not sent is retried freely, what may have
been sent at most once more (Telegram has no idempotency key: tdlib/telegram-bot-api #482).
"""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Self

import aiohttp

CONNECT_SECONDS = 10
POOL_SECONDS = 20  # shorter than an answer may take: who got no connection sent nothing
READ_SECONDS = 30
FILE_SECONDS = 120  # for a file's way in or out
DOWNLOAD_LIMIT = 20 << 20  # bytes (Bot API, getFile)
CHUNK = 1 << 16
LONGEST_WAIT = 86_400.0  # seconds; no wait named by Telegram means more


class ApiError(Exception):
    """A call of the Bot API failed."""


class NotSentError(ApiError):
    """The call certainly did not reach Telegram."""


class AmbiguousError(ApiError):
    """The call may have been carried out."""


class UnreadableError(AmbiguousError):
    """An answer came that is none of the Bot API's."""


class ThrottledError(ApiError):
    """Telegram asks to wait (429); `retry_after` in seconds, None where it does not say."""

    def __init__(self, retry_after: float | None) -> None:
        super().__init__(f"too many requests, retry after {retry_after}")
        self.retry_after = retry_after


class RefusedError(ApiError):
    """Telegram refused the call for good; `migrate_to` names the supergroup a group became."""

    def __init__(self, code: int, description: str, migrate_to: int | None = None) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.migrate_to = migrate_to


class TooLargeError(ApiError):
    """A file is larger than Telegram hands out to a bot."""


class UnauthorizedError(RefusedError):
    """The token is wrong or revoked (401), or the address is no Bot API (404)."""


class TelegramApi:
    """One HTTP session to one Bot API server, for one bot; use as an async context."""

    def __init__(self, *, url: str, token: str, proxy: str | None = None, connections: int = 64) -> None:
        self._base = f"{url.rstrip('/')}/bot{token}/"
        self._files = f"{url.rstrip('/')}/file/bot{token}/"
        self._proxy = proxy
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=60)
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, connect=POOL_SECONDS)
        self._session = aiohttp.ClientSession(connector=connector, timeout=timeout)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def call(self, method: str, params: dict[str, Any], *, seconds: float = READ_SECONDS) -> Any:
        """Call a method and give its result.

        Raises: NotSentError, AmbiguousError, ThrottledError, UnauthorizedError or RefusedError.
        """
        code, body = await self.fetch(method, json_body=params, seconds=seconds)
        return result_of(code, body)

    async def upload(
        self, method: str, params: dict[str, Any], *, field: str, name: str, media_type: str, data: bytes
    ) -> Any:
        """Call a method with a file in one of its fields and give its result; the name must be without line breaks.

        Raises: as `call`.
        """
        form = aiohttp.FormData(quote_fields=False)  # quoted, Telegram would show a Chinese name as %E5%8F%B0…
        for key, value in params.items():
            form.add_field(key, value if isinstance(value, str) else json.dumps(value))
        form.add_field(field, io.BytesIO(data), filename=name, content_type=media_type)
        return result_of(*await self.fetch(method, data=form, seconds=FILE_SECONDS))

    async def download(self, file_id: str) -> bytes:
        """Give the bytes of a file somebody sent.

        Raises: TooLargeError, or as `call`.
        """
        try:
            told = await self.call("getFile", {"file_id": file_id})
        except RefusedError as error:
            if "file is too big" in error.description:
                raise TooLargeError(error.description) from None
            raise
        path = told.get("file_path") if isinstance(told, dict) else None
        if not isinstance(path, str):
            raise UnreadableError("getFile names no path")
        data = await self._file_at(path)
        if told.get("file_size") not in (None, len(data)):
            raise AmbiguousError("the file came in part only")
        return data

    async def fetch(
        self, method: str, *, json_body: Any = None, data: Any = None, seconds: float = READ_SECONDS
    ) -> tuple[int, bytes]:
        """Post to a method and give (HTTP status, body).

        Raises: NotSentError or AmbiguousError.
        """
        async with self._request("POST", self._base + method, seconds, json=json_body, data=data) as response:
            return response.status, await response.read()

    async def _file_at(self, path: str) -> bytes:
        async with self._request("GET", self._files + path, FILE_SECONDS, allow_redirects=False) as response:
            if response.status != 200:
                result_of(response.status, await response.content.read(CHUNK))
                raise UnreadableError(f"HTTP {response.status} in place of a file")
            data = bytearray()
            async for chunk in response.content.iter_chunked(CHUNK):
                data += chunk
                if len(data) > DOWNLOAD_LIMIT:
                    raise TooLargeError(f"the file is larger than {DOWNLOAD_LIMIT} bytes")
            return bytes(data)

    @asynccontextmanager
    async def _request(
        self, verb: str, address: str, seconds: float, **options: Any
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """Make a request that ends in time, its errors told in this module's terms."""
        assert self._session is not None, "use TelegramApi as an async context"  # noqa: S101
        try:
            async with (
                asyncio.timeout(seconds),
                self._session.request(verb, address, proxy=self._proxy, **options) as response,
            ):
                yield response
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.ClientHttpProxyError) as error:
            raise NotSentError(type(error).__name__) from None  # the message holds the address, the address the token
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise AmbiguousError(type(error).__name__) from None


def result_of(code: int, body: bytes) -> Any:
    """Give the result an answer holds.

    Raises: AmbiguousError, ThrottledError, UnauthorizedError or RefusedError.
    """
    try:
        answer = json.loads(body)
        is_ok = answer["ok"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise _unreadable(code) from None
    if is_ok is True and "result" in answer:
        return answer["result"]
    if is_ok is True:
        raise AmbiguousError("the answer holds no result")
    raise _error(code, answer)


def _unreadable(code: int) -> ApiError:
    if code in (401, 404):
        return UnauthorizedError(code, "not a Bot API answer")
    return UnreadableError(f"HTTP {code} without a Bot API answer")


def _error(status: int, answer: dict[str, Any]) -> ApiError:
    told, parameters = answer.get("error_code"), answer.get("parameters")
    code = told if isinstance(told, int) else status
    parameters = parameters if isinstance(parameters, dict) else {}
    description = str(answer.get("description", ""))
    if code == 429:
        return ThrottledError(_seconds(parameters.get("retry_after")))
    if code in (401, 404):
        return UnauthorizedError(code, description)
    if not 400 <= code < 500:
        return AmbiguousError(f"{code} {description}")
    moved = parameters.get("migrate_to_chat_id")
    return RefusedError(code, description, moved if isinstance(moved, int) else None)


def _seconds(value: Any) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(min(value, LONGEST_WAIT)) if is_number and value > 0 else None
