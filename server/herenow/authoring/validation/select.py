"""Finding all values of one kind in a document: ``select(document, "*/rules/*/audience")``.

A path names members; ``*`` stands for every member of an object or element of a list, and a last ``~`` for
the names of an object's members instead of their values. What is absent, or of another shape, is passed
over: a document may be faulty while it is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from herenow.authoring.documents.faults import Path


def select(document: Any, path: str) -> Iterator[tuple[Path, Any]]:
    """Every value at ``path``, with where it stands."""
    return _select(document, tuple(path.split("/")), ())


def records(document: Any, path: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every object at ``path``."""
    for where, value in select(document, path):
        if isinstance(value, dict):
            yield where, value


def texts(document: Any, path: str) -> Iterator[tuple[Path, str]]:
    """Every string at ``path``."""
    for where, value in select(document, path):
        if isinstance(value, str):
            yield where, value


def strings_within(value: Any, at: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every string inside a value, however deep."""
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, dict | list):
        for step, below in _below(value):
            yield from strings_within(below, (*at, step))


def _select(value: Any, steps: tuple[str, ...], at: Path) -> Iterator[tuple[Path, Any]]:
    if not steps:
        yield at, value
        return
    step, *rest = steps
    if step == "~":
        for name, _ in _below(value) if isinstance(value, dict) else ():
            yield (*at, name), name
    elif step == "*":
        for name, below in _below(value):
            yield from _select(below, tuple(rest), (*at, name))
    elif isinstance(value, dict) and step in value:
        yield from _select(value[step], tuple(rest), (*at, step))


def _below(value: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(value, dict):
        yield from ((name, below) for name, below in value.items() if name != "$schema")
    elif isinstance(value, list):
        yield from enumerate(value)
