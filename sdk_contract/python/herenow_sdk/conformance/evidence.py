"""What the tests and vectors show: which requirements they cite, which codes they assert.

Tests are read as syntax, not run: a citation is ``@pytest.mark.requirement("5.1.1")``; a code counts as
asserted where a test names it (``FeatureReason.SPLIT``) or writes it as a text, and where the expectation
of a vector holds it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from inspect import getmembers, isclass
from pathlib import Path
from types import ModuleType
from typing import Any

from herenow_sdk.conformance.vectors import Case


def cited_requirements(tests: Iterable[ast.AST]) -> set[str]:
    """The numbers in every ``requirement`` mark."""
    return {
        argument.value
        for tree in tests
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _ends_in(node.func, "requirement")
        for argument in node.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }


def syntax_trees(folder: Path) -> Iterator[ast.AST]:
    """The syntax of every test module below a folder."""
    for path in sorted(folder.rglob("test_*.py")):
        yield ast.parse(path.read_text(encoding="utf-8"))


def codes_of(module: ModuleType) -> Mapping[str, type[StrEnum]]:
    """The closed sets of codes that a module defines, by name."""
    return {
        name: each
        for name, each in getmembers(module, isclass)
        if issubclass(each, StrEnum) and each.__module__ == module.__name__
    }


def unasserted_codes(
    sets: Mapping[str, type[StrEnum]], cases: Iterable[Case], tests: Iterable[ast.AST]
) -> list[str]:
    """``Set.CODE`` for each code that neither a vector expects nor a test names."""
    texts = {text for case in cases for text in _texts(case.expected)}
    named: set[tuple[str, str]] = set()
    for tree in tests:
        texts |= _written(tree)
        named |= _named(tree)
    return [
        f"{name}.{code.name}"
        for name, each in sets.items()
        for code in each
        if code.value not in texts and (name, code.name) not in named
    ]


def _texts(value: Any) -> Iterator[str]:
    """Every text in a JSON value, names of members included: decisions are told by code there."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield key
            yield from _texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)


def _written(tree: ast.AST) -> set[str]:
    constants = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {value for value in constants if isinstance(value, str) and value.isidentifier()}


def _named(tree: ast.AST) -> set[tuple[str, str]]:
    return {
        (node.value.id, node.attr)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }


def _ends_in(function: ast.expr, name: str) -> bool:
    return isinstance(function, ast.Attribute) and function.attr == name
