"""The evaluator stands alone."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

import herenow_sdk.core

MODULES = sorted(Path(herenow_sdk.core.__file__).parent.rglob("*.py"))
IMPURE = {"time", "datetime", "random", "secrets", "os", "io", "socket", "zoneinfo", "threading", "uuid"}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_imports_only_the_pure_part_of_the_standard_library(module: Path) -> None:
    """No dependency, no clock, no randomness, no I/O can have come in."""
    imported = set()
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").split(".")[0])
    assert imported <= (set(sys.stdlib_module_names) - IMPURE) | {"herenow_sdk"}
