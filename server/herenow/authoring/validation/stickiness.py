"""How an experiment remembers whom it gave which arm (SPEC 7.7): versions that fit, something to remember.

An arm is kept by the key that ``meta`` gives it, under the ``bucketVersion``. A version that does
nothing is told, because its author wanted it to do something.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from herenow.authoring.documents.faults import Fault, Path
from herenow.authoring.validation.findings import Problem, warning

_VERSIONS: Final = ("bucketVersion", "minBucketVersion")


def check_stickiness(at: Path, rule: Mapping[str, Any]) -> Iterator[Problem]:
    """One rule of ``features.json``; what stands in it of other types is told elsewhere."""
    stated = [name for name in _VERSIONS if rule.get(name)]
    if "variations" not in rule:
        for name in stated if "force" in rule else ():
            fault = Fault("NOT_AN_EXPERIMENT", f"'{name}' means nothing without variations", "variations")
            yield Problem("features", (*at, name), fault)
        return
    yield from _too_high(at, rule)
    forgets = _forgets(rule) if stated else None
    if forgets is not None:
        yield warning("features", (*at, stated[0]), forgets)


def _too_high(at: Path, rule: Mapping[str, Any]) -> Iterator[Problem]:
    """Whoever is assigned under a version below the least that counts is left out from the next time on."""
    version, least = (rule.get(name, 0) for name in _VERSIONS)
    if isinstance(version, int | float) and isinstance(least, int | float) and least > version:
        detail = f"people are assigned under version {version:g}, which is left out below {least:g}"
        expected = f"at most {version:g}, or a bucketVersion of {least:g}"
        yield Problem("features", (*at, "minBucketVersion"), Fault("VERSION_TOO_HIGH", detail, expected))


def _forgets(rule: Mapping[str, Any]) -> Fault | None:
    if rule.get("disableStickyBucketing"):
        detail = "nothing is remembered with disableStickyBucketing, so versions do nothing"
        return Fault("NOT_REMEMBERED", detail, "versions, or disableStickyBucketing")
    meta = rule.get("meta")
    named = [each for each in meta if isinstance(each, Mapping) and each.get("key")] if meta else []
    if len(named) < len(rule["variations"]):
        detail = "an arm is remembered by its key, and not every arm has one"
        return Fault("NOT_REMEMBERED", detail, "a key in meta for each variation")
    return None
