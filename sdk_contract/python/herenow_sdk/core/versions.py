"""Version texts made comparable as plain text.

Not semver in full, but the rule every phone SDK of the condition language implements: drop a leading
``v`` and the build, split at ``.`` and ``-``, let a version without pre-release sort after its
pre-releases, pad numbers to five places.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

from herenow_sdk.core.values import is_number, number_text, utf16_key

_NOISE: Final = re.compile(r"^v|\+[^\n\r\u2028\u2029]*\Z")
_SEPARATOR: Final = re.compile(r"[-.]")
_NUMERIC: Final = re.compile(r"[0-9]+")
_RELEASE_MARK: Final = "~"  # sorts after every pre-release tag in ASCII
_CORE_PARTS: Final = 3
_WIDTH: Final = 5


def padded_version(value: Any) -> str:
    """The comparable form of a version; what is no version counts as ``"0"``.

    >>> padded_version("v1.2.3-rc.1+build9")
    '    1-    2-    3-rc-    1'
    >>> padded_version("1.2.3")
    '    1-    2-    3-~'
    """
    if is_number(value):
        value = number_text(value)
    return _padded(value if isinstance(value, str) and value else "0")


def version_key(value: Any) -> bytes:
    """The key that orders versions: the padded text by UTF-16 code units."""
    return utf16_key(padded_version(value))


@lru_cache(maxsize=1024)
def _padded(text: str) -> str:
    parts = _SEPARATOR.split(_NOISE.sub("", text))
    if len(parts) == _CORE_PARTS:
        parts.append(_RELEASE_MARK)
    return "-".join(part.rjust(_WIDTH) if _NUMERIC.fullmatch(part) else part for part in parts)
