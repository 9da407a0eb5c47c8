"""What an operation is: the arguments of a vector in, its answer out, both plain JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Operation = Callable[[Mapping[str, Any]], Any]
"""Takes a case's ``given``, answers what its ``expect`` must equal, or raises ``Refused``."""


class Refused(Exception):
    """The operation's defined failure; what a case expects as ``{"code": …}``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
