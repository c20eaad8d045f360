"""Parsers that misbehave, to be run apart."""

import os
import sys
import time


def echo(data: bytes) -> str:
    """Give the data back."""
    return data.decode()


def hang(data: bytes) -> None:
    """Wait for ever."""
    while True:
        time.sleep(60)


def spin(data: bytes) -> None:
    """Use the processor for ever."""
    while True:
        pass


def hoard(data: bytes) -> None:
    """Take memory for ever."""
    hoarded = []
    while True:
        hoarded.append(bytearray(10_000_000))


def chatter(data: bytes) -> str:
    """Print beside the answer, and answer more than anyone wants."""
    print("noise")
    return "x" * int(data)


def crash(data: bytes) -> None:
    """End as a native library does that was misled."""
    os.abort()


def stumble(data: bytes) -> None:
    """Fail in a way that nobody foresaw."""
    raise LookupError(data)


def write(data: bytes) -> None:
    """Write into the file that the data names."""
    with open(data, "w") as opened:
        opened.write("x" * 100_000)


def look_around(data: bytes) -> dict[str, object]:
    """Tell what is known of the parent."""
    return {"environment": dict(os.environ), "folder": os.getcwd(), "path": sys.path}
