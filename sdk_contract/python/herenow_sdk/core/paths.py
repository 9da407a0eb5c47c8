"""Reading an attribute by its dotted path, split once when a rule is compiled.

A path walks objects by key and arrays by index (or ``length``); whatever is missing is ``None``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from herenow_sdk.core.values import is_array

Lookup = Callable[[Any], Any]
"""Takes the attributes, gives the value at one path or ``None``."""


def lookup(path: str) -> Lookup:
    """A function that reads the dotted ``path``."""
    head, *rest = path.split(".")
    if not rest:
        return lambda root: root.get(head) if type(root) is dict else _step(root, head)
    parts = tuple(rest)

    def read(root: Any) -> Any:
        current = root.get(head) if type(root) is dict else _step(root, head)
        for part in parts:
            current = current.get(part) if type(current) is dict else _step(current, part)
        return current

    return read


def lookup_literal_first(name: str) -> Lookup:
    """As ``lookup``, but a top-level key that itself holds dots wins. Hash attributes are read so."""
    by_path = lookup(name)

    def read(root: Any) -> Any:
        if (type(root) is dict or isinstance(root, Mapping)) and name in root:
            return root[name]
        return by_path(root)

    return read


def _step(current: Any, part: str) -> Any:
    if isinstance(current, Mapping):
        return current.get(part)
    if not is_array(current):
        return None
    if part == "length":
        return len(current)
    if len(part) <= 9 and part.isascii() and part.isdecimal() and str(int(part)) == part:
        index = int(part)
        return current[index] if index < len(current) else None
    return None
