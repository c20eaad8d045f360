"""Where may the service be killed in a test?

`reach("name")` does nothing unless the environment variable `DUBAN_FAILPOINT` names it as `name:n[:kill|raise]`:
then the n-th time it is reached the process ends as by `kill -9`, or an error is raised.
"""

import os
import signal

_wanted, _, _rest = os.environ.get("DUBAN_FAILPOINT", "").partition(":")
_count, _, _effect = _rest.partition(":")
_left = int(_count or 1)


class FailPointError(RuntimeError):
    """A fail point was asked to raise."""


def reach(name: str) -> None:
    """Pass a fail point: nothing happens unless the environment asks for it.

    Raises: FailPointError where the environment asks for `raise`.
    """
    if name == _wanted:
        _fire(name)


def _fire(name: str) -> None:
    global _left  # noqa: PLW0603  # counts this process's passes; set once from the environment
    _left -= 1
    if _left:
        return
    if _effect == "raise":
        raise FailPointError(name)
    os.kill(os.getpid(), signal.SIGKILL)
