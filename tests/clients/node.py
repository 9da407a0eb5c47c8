"""The SDKs of others that run on Node, installed beside this file by ``npm ci``."""

from __future__ import annotations

import shutil
from pathlib import Path

HERE = Path(__file__).parent


def node(script: str, *arguments: str) -> list[str]:
    """The command that runs ``script`` of this folder. Fails, when something is missing, with what to do."""
    program = shutil.which("node")
    assert program, "These tests run JavaScript SDKs: install Node.js 20 or newer, then `make test-all`."
    assert (HERE / "node_modules").is_dir(), "Install the SDKs first: npm ci --prefix tests/clients"
    return [program, str(HERE / script), *arguments]
