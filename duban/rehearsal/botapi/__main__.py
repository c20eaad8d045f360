"""Run the server alone on the machine's clock, to be played by curl: python -m duban.rehearsal.botapi --port 8081."""

from __future__ import annotations

import argparse
import asyncio
import sys

from duban.rehearsal.botapi.server import BotApi
from rules.clock import SystemClock


async def serve(port: int, token: str) -> None:
    """Serve until cancelled."""
    async with BotApi(SystemClock(), token, port=port) as server:
        sys.stdout.write(f"api_url = {server.url}\ntoken = {token}\n")
        sys.stdout.write(f'curl -d \'{{"text": "/start"}}\' {server.url}/control/user/1001/send\n')
        sys.stdout.flush()
        await asyncio.Event().wait()


def main() -> None:
    """Read the options and serve."""
    parser = argparse.ArgumentParser(prog="python -m duban.rehearsal.botapi", description=__doc__)
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--token", default="1:rehearsal-token")
    options = parser.parse_args()
    try:
        asyncio.run(serve(options.port, options.token))
    except KeyboardInterrupt:
        sys.exit(0)


if __name__ == "__main__":
    main()
