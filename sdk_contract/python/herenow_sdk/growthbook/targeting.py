"""Which pages an experiment is for, which arm a link asks for, and where an arm leads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from herenow_sdk.core.patterns import UnfitPattern, compile_pattern
from herenow_sdk.core.values import is_array
from herenow_sdk.growthbook.urls import Url, parse_url

_WILDCARD: Final = "_____"
"""Stands for ``*`` while a pattern is read as a URL, whose host may hold no ``*``."""
_HOST_FIRST: Final = re.compile(r"([^:/?]*)\.")
_INTEGER: Final = re.compile(r"\s*([+-]?)(?:0[xX]([0-9a-fA-F]+)|([0-9]+))")


def is_targeted(url: str, targets: Any) -> bool:
    """Whether the page is one of ``urlPatterns``.

    No exclusion may match, and an inclusion has to if there is any.

    A list without patterns targets nothing.
    """
    if not is_array(targets) or not targets:
        return False
    included, inclusive = False, False
    for target in targets:
        matched = isinstance(target, Mapping) and _matches(url, target.get("type"), target.get("pattern"))
        if isinstance(target, Mapping) and target.get("include") is False:
            if matched:
                return False
        else:
            inclusive, included = True, included or matched
    return included or not inclusive


def _matches(text: str, kind: Any, pattern: Any) -> bool:
    if not isinstance(pattern, str):
        return False
    try:
        url = parse_url(text, "_")
        if kind == "regex":
            compiled = compile_pattern(pattern, ignore_case=False)
            return compiled.searches(str(url)) or compiled.searches(url.rest)
        return kind == "simple" and _matches_simply(url, pattern)
    except (ValueError, UnfitPattern):
        return False


def _matches_simply(url: Url, pattern: str) -> bool:
    """Host and path, fragment where the pattern has one, and each parameter the pattern names."""
    wanted = _wanted(pattern)
    given = dict(reversed(url.parameters))  # the first of a name counts
    return (
        _fits(url.host, wanted.host)
        and _fits_path(url.path, wanted.path)
        and (not wanted.fragment or _fits(url.fragment, wanted.fragment))
        and all(_fits(given.get(name, ""), value) for name, value in wanted.parameters)
    )


def _wanted(pattern: str) -> Url:
    if _HOST_FIRST.match(pattern):
        pattern = f"https://{pattern}"
    return parse_url(pattern.replace("*", _WILDCARD), _WILDCARD)


def _fits_path(path: str, pattern: str) -> bool:
    """As ``_fits``, with or without slashes at the ends."""
    bare = pattern.removeprefix("/").removesuffix("/")
    led = {path, path.removeprefix("/")}
    return any(_fits(each, bare) for each in led | {each.removesuffix("/") for each in led})


def _fits(text: str, pattern: str) -> bool:
    """Whether the text is the pattern, letter case aside, its wildcards standing for anything."""
    text = text.lower()
    first, *others = pattern.lower().split(_WILDCARD)
    if not others:
        return text == first
    *inner, last = others
    if not text.startswith(first) or not text.endswith(last):
        return False
    at, end = len(first), len(text) - len(last)
    for piece in inner:
        found = text.find(piece, at, max(at, end))
        if found < 0:
            return False
        at = found + len(piece)
    return at <= end


def query_override(key: str, url: str, count: int) -> int | None:
    """The arm that the page's query asks for by the experiment's key, if there is such an arm."""
    asked = requested_arms(url).get(key, -1)
    return asked if 0 <= asked < count else None


def requested_arms(url: str) -> dict[str, int]:
    """What the page's query asks for, by experiment key: -1 for no number; the first of a name counts."""
    arms: dict[str, int] = {}
    for name, value in _pairs(url):
        arms.setdefault(name, _leading_integer(value))
    return arms


def _pairs(url: str) -> Iterator[tuple[str, str]]:
    _, _, after = url.partition("?")
    for pair in after.partition("?")[0].partition("#")[0].split("&"):
        name, _, value = pair.partition("=")
        yield name, value.partition("=")[0]


def _leading_integer(text: str) -> int:
    """``parseInt``: what a text begins with, -1 for nothing of use."""
    found = _INTEGER.match(text[:64])
    if found is None or found[1] == "-":
        return 0 if found is not None and int(found[3] or found[2], 16) == 0 else -1
    return int(found[2], 16) if found[2] else int(found[3])


def merged_queries(old: str, new: str) -> str:
    """The new URL with the parameters of the old one that it does not have itself."""
    try:
        page, target = parse_url(old), parse_url(new)
    except ValueError:
        return new
    parameters = target.parameters
    names = {name for name, _ in parameters}
    added = [(name, value) for name, value in dict(reversed(page.parameters)).items() if name not in names]
    if not added:
        return str(target)
    order = [name for name, _ in page.parameters]
    added.sort(key=lambda pair: order.index(pair[0]))
    return str(target.with_parameters(parameters + added))
