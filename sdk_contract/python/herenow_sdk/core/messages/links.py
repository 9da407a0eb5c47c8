"""Where a tap may lead: an address, an app's own scheme or a place within the app, and nothing that runs.

A link comes from a template, so its scheme may come from a name filled in at the last moment. What is no
link is left out, as one that cannot be filled is. Specification: 11.13.10.
"""

from __future__ import annotations

import re
from typing import Final

REFUSED: Final = frozenset(
    {"about", "blob", "data", "file", "filesystem", "javascript", "vbscript", "view-source"}
)
"""Schemes that run a script, carry a document of their own or read the device's files."""
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f]")
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")
_BEFORE_COLON: Final = re.compile(r"([^:/?#]*):")


def is_link(text: str) -> bool:
    """Whether a text, filled in, may be followed.

    >>> is_link("bites://cart"), is_link("https://example.com/a"), is_link("/cart"), is_link("JavaScript:x")
    (True, True, True, False)
    """
    return bool(text) and _CONTROL.search(text) is None and not _is_refused(scheme_of(text))


def scheme_of(text: str) -> str | None:
    """What stands before the first ``:`` if no ``/``, ``?`` or ``#`` comes before it, in lower case."""
    found = _BEFORE_COLON.match(text)
    return found[1].lower() if found else None


def _is_refused(scheme: str | None) -> bool:
    return scheme is not None and (scheme in REFUSED or _SCHEME.fullmatch(scheme) is None)
