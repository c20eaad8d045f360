"""What becomes of a stored value that cannot be read? It stands for itself until it is used: other rows are read all the same."""

import json
from typing import Any, NoReturn


class BrokenError(Exception):
    """A stored value that is needed cannot be read."""


class Broken:
    """A column's text that is no JSON; whoever uses it gets a BrokenError."""

    def _refuse(self, *_: object) -> NoReturn:
        raise BrokenError("a stored value is no JSON: the row is damaged")

    __iter__ = __len__ = __bool__ = __contains__ = __getitem__ = __getattr__ = _refuse


def read_json(text: str) -> Any:
    """Read a column's JSON; a broken one must not keep the rows beside it from being read."""
    try:
        return json.loads(text)
    except ValueError:
        return Broken()
