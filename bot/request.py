"""python-telegram-bot's own calls go over the same HTTP session as ours."""

from typing import Any

import aiohttp
from telegram.error import NetworkError
from telegram.request import BaseRequest, RequestData

from bot.api import ApiError, TelegramApi


class SharedRequest(BaseRequest):
    """Carry the library's requests over our session; the address it names is left aside, only the method counts."""

    def __init__(self, api: TelegramApi) -> None:
        self._api = api

    @property
    def read_timeout(self) -> float | None:
        """Give the seconds an answer may take."""
        return 30

    async def initialize(self) -> None:
        """Do nothing: the session is opened with the service."""

    async def shutdown(self) -> None:
        """Do nothing: the session is closed with the service."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_times: Any, **_more: Any
    ) -> tuple[int, bytes]:
        """Post a request and give (HTTP status, body).

        Raises: telegram.error.NetworkError where no answer came.
        """
        data = _form(request_data) if request_data is not None else None
        try:
            return await self._api.fetch(url.rsplit("/", 1)[-1], data=data)
        except ApiError as error:
            raise NetworkError(str(error)) from error


def _form(request_data: RequestData) -> aiohttp.FormData:
    form = aiohttp.FormData(quote_fields=False)
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in (request_data.multipart_data or {}).items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return form
