"""Which version of the contract the other side speaks, and what this side says of itself.

A version is ``major.minor``. Within a major version later minors only add: an SDK takes what it knows and
skips the rest, rule by rule and part by part, as chapters 3 and 4 say. Another major may mean something
else by the same words, so nothing of it is used.

The SDK tells its own version and capabilities in a request header:
``Herenow-Spec: 1.0; caps=features,place``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from herenow_sdk.core.reasons import SpecVerdict

SPEC: Final = "1.0"
"""The version that this SDK implements."""
HEADER: Final = "Herenow-Spec"
MAX_HEADER: Final = 1024
"""Characters of the header that are read; a longer one says nothing."""

_VERSION: Final = re.compile(r"(0|[1-9][0-9]{0,3})\.(0|[1-9][0-9]{0,3})")
_CAPABILITY: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")


@dataclass(frozen=True, slots=True)
class ClientSpec:
    """What a client said of itself: the version it implements, and its capabilities in order."""

    major: int
    minor: int
    capabilities: tuple[str, ...] = ()


def read_version(told: Any) -> tuple[int, int] | None:
    """Major and minor of ``"1.0"``, ``None`` for anything else."""
    match = _VERSION.fullmatch(told) if isinstance(told, str) else None
    return (int(match[1]), int(match[2])) if match else None


def judge_spec(told: Any, own: str = SPEC) -> SpecVerdict:
    """What an SDK of version ``own`` makes of a manifest, a part or an answer that says ``told``."""
    theirs, ours = read_version(told), read_version(own)
    if theirs is None or ours is None:
        return SpecVerdict.UNREADABLE
    if theirs[0] != ours[0]:
        return SpecVerdict.OTHER_MAJOR
    return SpecVerdict.NEWER_MINOR if theirs[1] > ours[1] else SpecVerdict.SUPPORTED


def is_usable(verdict: SpecVerdict) -> bool:
    """Whether what has this verdict may replace the last good one."""
    return verdict in {SpecVerdict.SUPPORTED, SpecVerdict.NEWER_MINOR}


def spec_header(capabilities: Iterable[str], own: str = SPEC) -> str:
    """The value of ``HEADER``: the version, then the capabilities by ASCII, each once."""
    named = sorted({each for each in capabilities if _CAPABILITY.fullmatch(each)})
    return f"{own}; caps={','.join(named)}" if named else own


def read_spec_header(told: Any) -> ClientSpec | None:
    """What a client said of itself, ``None`` when it said nothing that can be read.

    Parameters other than ``caps`` are of a later version and skipped, as are names that are none.
    """
    if not isinstance(told, str) or len(told) > MAX_HEADER:
        return None
    version, *parameters = (part.strip(" \t") for part in told.split(";"))
    read = read_version(version)
    if read is None:
        return None
    named = {
        name.strip(" \t")
        for parameter in parameters
        if parameter.startswith("caps=")
        for name in parameter.removeprefix("caps=").split(",")
    }
    return ClientSpec(*read, tuple(sorted(name for name in named if _CAPABILITY.fullmatch(name))))
