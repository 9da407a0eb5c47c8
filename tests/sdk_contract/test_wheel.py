"""The SDK is a wheel of its own, and carries its proof."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from herenow_sdk import __version__

pytestmark = pytest.mark.slow

PROJECT = Path(__file__).parents[2] / "sdk_contract" / "python"
START = """
from pathlib import Path
import importlib.util
assert importlib.util.find_spec("herenow") is None
from herenow_sdk.core.bundle import parse_bundle
from herenow_sdk.core.evaluate import evaluate
bundle, _ = parse_bundle({"features": {"features": {"title": {"default": "Hello"}}}})
print(evaluate(bundle, {}, {}, {}, {}, now=0).features["title"].value)
import herenow_sdk.client
"""


def run(*command: str, cwd: Path) -> str:
    """What a command prints; its failure is the test's."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_it_installs_without_the_server_and_proves_itself(tmp_path: Path) -> None:
    """Built, installed alone into a new environment, it evaluates, and answers every vector it carries."""
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
    run(*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", ".", str(PROJECT), cwd=tmp_path)
    (wheel,) = tmp_path.glob(f"herenow_sdk-{__version__}-*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    run(sys.executable, "-m", "venv", "alone", cwd=tmp_path)
    python = str(tmp_path / "alone" / "bin" / "python")
    run(
        python,
        "-m",
        "pip",
        "--disable-pip-version-check",
        "--quiet",
        "install",
        "--no-index",
        str(wheel),
        cwd=tmp_path,
    )

    assert {
        "herenow_sdk/py.typed",
        "herenow_sdk/_data/SPEC.md",
        "herenow_sdk/_data/vectors/index.json",
    } <= names
    assert run(python, "-c", START, cwd=tmp_path) == "Hello\n"
    assert "0 failed, 0 skipped" in run(python, "-m", "herenow_sdk.conformance", cwd=tmp_path)
