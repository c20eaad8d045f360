"""How is a file parsed that may be hostile? In a child process with little memory, little time and nothing to write to.

`python -m notices.sandbox MODULE:FUNCTION MEMORY CPU` reads the file on standard input and prints JSON.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import traceback
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any, Final, cast

from notices.archive import ZIP, refuse_doctypes
from notices.notice import NoticeError

# what can be parsed apart: each takes a file's bytes and gives what JSON can hold
KINDS: Final = {
    "word": "notices.word:word_text",
    "excel": "notices.excel:excel_text",
    "pdf": "notices.pdf:pdf_text",
    "workbook": "notices.workbook:cells_of",
    "cells": "notices.workbook:all_cells_of",
}
# nothing of this process's; pdfminer would look for character maps outside its own folder too
_ENVIRONMENT: Final = {"PYTHONPATH": str(Path(__file__).parents[1]), "CMAP_PATH": os.devnull}
_OPEN_FILES: Final = 32
_NICE: Final = 10
_OUT_OF_BOUNDS: Final = {0, -signal.SIGKILL, -signal.SIGXCPU, -signal.SIGABRT}  # 0: more output than is taken
_AT_ONCE: Final = threading.BoundedSemaphore(2)  # more would only share the same processors and fill the memory
_TOO_HEAVY: Final = (
    "文件内容过大或结构异常，在限定的时间和内存内无法读完，请只保留通知正文和任务表，另存为新文件后再发送。"
)
_DAMAGED: Final = "文件已损坏或内部结构不合规范，请用 WPS 或 Word 打开并另存为新文件后再发送。"
_NO_LIMITS: Final = "这台机器的系统不能限制解析程序的内存和时间，为安全起见只能读取纯文本（.txt）文件。"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one parsing may use: bytes of memory and of output, seconds of processor and on the wall."""

    memory: int = 1024**3
    cpu: int = 17
    wall: float = 19.0
    output: int = 20 * 1024**2


_BOUNDS: Final = Bounds()


class ParserError(Exception):
    """How a parser ended that neither gave a result nor refused the file; its message is for the log."""


def parse_apart(kind: str, data: bytes) -> Any:
    """Parse a file in a child process of its own; at most two run at once. Blocks for 19 s a file at most.

    Raises NoticeError: what the parser says of the file, `too_heavy`, `damaged`, `no_limits`.
    """
    with _AT_ONCE:
        return run_apart(KINDS[kind], data)


def run_apart(target: str, data: bytes, bounds: Bounds = _BOUNDS) -> Any:
    """Call `module:function` with the data in a child process and return what it returns.

    Raises: NoticeError.
    """
    if find_spec("resource") is None:
        raise NoticeError("no_limits", _NO_LIMITS)
    child = _start(target, bounds)
    alarm = threading.Timer(bounds.wall, _kill, [child])
    alarm.start()
    try:
        told = _converse(child, data, bounds.output)
    finally:
        alarm.cancel()
        _kill(child)
        child.wait()
    return _result(told, child.returncode)


def _start(target: str, bounds: Bounds) -> subprocess.Popen[bytes]:
    """Start the child in a process group of its own."""
    options = ["-P", "-s", "-B", "-X", "utf8", "-m", "notices.sandbox", target, str(bounds.memory), str(bounds.cpu)]
    return subprocess.Popen(  # noqa: S603  # this Python and this module, arguments from the table above
        [sys.executable, *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env=_ENVIRONMENT,
        start_new_session=True,
    )


def _converse(child: subprocess.Popen[bytes], data: bytes, most: int) -> bytes:
    """Hand over the data, take what is told and wait for the end; one byte too many is enough to refuse the rest."""
    question, answer = cast("IO[bytes]", child.stdin), cast("IO[bytes]", child.stdout)
    with answer:
        with suppress(BrokenPipeError), question:  # it may end before it has read everything
            question.write(data)
        told = answer.read(most + 1)
    if len(told) > most:
        _kill(child)
    child.wait()
    return told if len(told) <= most else b""


def _kill(child: subprocess.Popen[bytes]) -> None:
    """Kill whatever is left of the child and its group."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


def _result(told: bytes, returncode: int) -> Any:
    try:
        answer = json.loads(told)
    except ValueError:
        if returncode in _OUT_OF_BOUNDS:
            raise NoticeError("too_heavy", _TOO_HEAVY) from None
        raise NoticeError("damaged", _DAMAGED) from ParserError(f"the parser ended with {returncode}")
    if "value" in answer:
        return answer["value"]
    raise NoticeError(answer["code"], answer["message"]) from ParserError(answer["detail"])


def _limit(memory: int, cpu: int) -> None:
    """Bind this process for good: memory, processor, no file written, few opened, no further process, no core."""
    import resource  # noqa: PLC0415  # not there on every system

    wanted = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CPU: cpu,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: _OPEN_FILES,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_CORE: 0,
    }
    for which, most in wanted.items():
        _, hard = resource.getrlimit(which)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(which, (allowed, allowed))
    os.nice(_NICE)


def _answer(target: str, data: bytes) -> str:
    """Parse, and put into JSON what came of it."""
    try:
        if data.startswith(ZIP):
            refuse_doctypes(data)
        module, _, function = target.partition(":")
        return json.dumps({"value": getattr(import_module(module), function)(data)})
    except NoticeError as error:
        return _refusal(error.code, str(error), "refused")
    except MemoryError:
        return _refusal("too_heavy", _TOO_HEAVY, "out of memory")
    except Exception as error:  # noqa: BLE001  # a parser may fail in any way on a file made to break it
        *_, frame = traceback.extract_tb(error.__traceback__)
        return _refusal("damaged", _DAMAGED, f"{type(error).__name__} at {frame.filename}:{frame.lineno}")


def _refusal(code: str, message: str, detail: str) -> str:
    return json.dumps({"code": code, "message": message, "detail": detail})


def main(target: str, memory: str, cpu: str) -> None:
    """Be the child: bind itself, read the file, tell what came of it."""
    answers, sys.stdout = sys.stdout, sys.stderr  # what a parser prints is no answer
    logging.disable()  # nobody reads it; pdfminer spends a quarter of its time on it
    try:
        _limit(int(memory), int(cpu))
    except (OSError, ValueError):
        answers.write(_refusal("no_limits", _NO_LIMITS, "the limits cannot be set"))
        return
    answers.write(_answer(target, sys.stdin.buffer.read()))


if __name__ == "__main__":
    main(*sys.argv[1:])
