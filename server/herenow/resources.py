"""Finds the schemas and examples, in a checkout and in an installed wheel.

The wheel carries them under ``herenow/_data``. In a checkout they lie where people edit them, at the
root; an editable install sees the checkout, never a stale copy.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from herenow.errors import NotFound


def resource(*names: str) -> Path:
    """The file or folder, such as ``resource("examples", "bites")``. Raises ``NotFound``."""
    packaged = Path(str(files("herenow"))).joinpath("_data", *names)
    checkout = Path(__file__).parents[2].joinpath(*names)
    for found in (packaged, checkout):
        if found.exists():
            return found
    raise NotFound(
        f"'{'/'.join(names)}' is not part of this installation",
        code="RESOURCE_MISSING",
        detail="Install herenow again, from a wheel or a complete checkout.",
    )


def example(name: str) -> Path:
    """The folder of an example app. Raises ``NotFound``."""
    return resource("examples", name)
