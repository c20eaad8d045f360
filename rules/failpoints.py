"""Where may the service be killed in a test?

`reach("name")` does nothing unless the environment variable `DUBAN_FAILPOINT` names it as `name:n[:kill|raise]`:
then the n-th time it is reached the process ends as by `kill -9`, or an error is raised.
"""

import os
import signal

_wanted, _left, _effect = "", 0, ""


class FailPointError(RuntimeError):
    """A fail point was asked to raise."""


def arm(wish: str) -> None:
    """Ask for `name:n[:kill|raise]` in this process; an empty wish asks for nothing."""
    global _wanted, _left, _effect  # noqa: PLW0603  # one wish a process
    _wanted, _, rest = wish.partition(":")
    count, _, _effect = rest.partition(":")
    _left = int(count or 1)


def reach(name: str) -> None:
    """Pass a fail point: nothing happens unless the environment asks for it.

    Raises: FailPointError where the environment asks for `raise`.
    """
    if name == _wanted:
        _fire(name)


def _fire(name: str) -> None:
    global _left  # noqa: PLW0603  # counts this process's passes
    _left -= 1
    if _left:
        return
    if _effect == "raise":
        raise FailPointError(name)
    os.kill(os.getpid(), signal.SIGKILL)


arm(os.environ.get("DUBAN_FAILPOINT", ""))
