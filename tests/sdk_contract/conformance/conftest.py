"""A small contract of its own: a folder of vectors, its specification, and shims that behave in many ways."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from herenow_sdk.conformance import authoring, vectors

SUITE = {
    "suite": "hash",
    "operation": "hash",
    "capability": None,
    "prefix": "HSH",
    "notes": {"edge:empty": "an empty text is easily taken for a missing one"},
    "cases": [
        {
            "requirement": "5.1.1",
            "description": "one letter",
            "given": {"text": "a"},
            "expect": 3826002220,
        },
        {
            "requirement": "5.1.1",
            "description": "the empty text",
            "given": {"text": ""},
            "expect": 2166136261,
            "flags": ["edge:empty"],
        },
    ],
}


@pytest.fixture(name="root")
def _root(tmp_path: Path) -> Path:
    """An empty folder of vectors with the real schemas."""
    root = tmp_path / "vectors"
    root.mkdir()
    for schema in vectors.folder().glob("*.schema.json"):
        shutil.copy(schema, root)
    authoring.write_index(root)
    return root


@pytest.fixture(name="draft")
def _draft(tmp_path: Path):
    """Writes a draft of the suite, with some members changed, and gives its path."""

    def write(name: str = "01-hash.json", **changes) -> Path:
        path = tmp_path / name
        path.write_text(json.dumps(SUITE | changes))
        return path

    return write


@pytest.fixture(name="toy_reference")
def _toy_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reference with one operation, so that these tests depend on no chapter."""
    from herenow_sdk.conformance import reference
    from herenow_sdk.conformance.operation import Refused
    from herenow_sdk.core.hashing import fnv1a32

    def hash_text(given):
        if not isinstance(given["text"], str):
            raise Refused("NOT_A_TEXT")
        return fnv1a32(given["text"])

    monkeypatch.setattr(reference, "known", lambda: {"hash": hash_text})
    monkeypatch.setattr(reference, "_stepped", lambda: {"hash": lambda given: {"units": len(given["text"])}})


@pytest.fixture(name="shim")
def _shim(tmp_path: Path):
    """Writes a shim whose ``answer(question)`` has the given body, and gives the command that runs it."""

    def write(body: str, capabilities: str = "[]", unsupported: str = "{}") -> list[str]:
        path = tmp_path / "shim.py"
        path.write_text(_SHIM.format(body=body, capabilities=capabilities, unsupported=unsupported))
        return [sys.executable, str(path)]

    return write


_SHIM = """
import json, sys, time

def fnv(text):
    value = 0x811C9DC5
    for unit in text.encode():
        value = (value ^ unit) * 0x01000193 & 0xFFFFFFFF
    return value

def answer(question):
    {body}

for line in sys.stdin:
    question = json.loads(line)
    if question["op"] == "describe":
        told = {{"capabilities": {capabilities}, "unsupported": {unsupported}}}
        out = {{"result": {{"sdk": "toy", "version": "1", "spec": "1.0", **told}}}}
    else:
        out = answer(question)
    print(json.dumps({{"id": question["id"], **out}}), flush=True)
"""
