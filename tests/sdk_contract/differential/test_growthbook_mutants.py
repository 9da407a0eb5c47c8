"""Small changes to cases of GrowthBook's conformance file decide as in GrowthBook's JavaScript SDK.

The cases below are ours, in the shapes of that file, and each is changed in every place, one place at a
time. A change after which a member has a wrong type is not asked about: there we differ on purpose
(appendix A).
"""

from __future__ import annotations

import copy
import json
import subprocess
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pytest
from tests.clients.node import node

from herenow_sdk.growthbook import cases

pytestmark = pytest.mark.slow

_ARMS: Final = {
    "key": "tour",
    "variations": ["a", "b"],
    "hashVersion": 2,
    "hashAttribute": "id",
    "fallbackAttribute": "device",
    "weights": [0.3, 0.7],
    "coverage": 0.8,
    "bucketVersion": 1,
    "minBucketVersion": 1,
    "meta": [{"key": "control"}, {"key": "new", "name": "New"}],
}
_PEOPLE: Final = {"id": "7", "device": "d1", "city": "Pune"}
_PAGE: Final = "https://shop.example/home?color=blue&size=l#top"
_REDIRECT: Final = {
    "key": "way",
    "urlPatterns": [{"type": "simple", "include": True, "pattern": "https://shop.example/home"}],
    "variations": [{}, {"urlRedirect": "https://shop.example/new?size=m"}],
    "weights": [0, 1],
    "persistQueryString": True,
}
_RULES: Final = [
    {**_ARMS, "condition": {"city": "Rome"}},
    {**_ARMS, "variations": ["c", "d"]},
    {"force": "e"},
]
_FEATURES: Final = {"attributes": _PEOPLE, "features": {"f": {"defaultValue": "z", "rules": _RULES}}}
_BANDIT: Final = {
    "attributes": _PEOPLE,
    "features": {
        "f": {
            "rules": [
                {
                    "key": "b",
                    "contextualVariations": ["x", "y"],
                    "weights": [1, 0],
                    "contextualBanditRef": "r",
                }
            ]
        }
    },
    "contextualBandits": {
        "r": {
            "banditVersion": 3,
            "contexts": [{"leafId": 4, "condition": {"city": "Pune"}, "weights": [0, 1]}],
        }
    },
}
_DOCUMENTS: Final = [
    {"attributeName": "id", "attributeValue": "7", "assignments": {"tour__1": "control"}},
    {"attributeName": "device", "attributeValue": "d1", "assignments": {"tour__1": "new"}},
    {"attributeName": "other", "attributeValue": "7", "assignments": {"tour__0": "new"}},
]
CASES: Final[tuple[tuple[str, list[Any]], ...]] = (
    ("feature", [_FEATURES, "f"]),
    ("contextualBandit", [_BANDIT, "f"]),
    ("run", [{"attributes": _PEOPLE, "url": _PAGE}, _ARMS]),
    ("stickyBucket", [_FEATURES, _DOCUMENTS, "f"]),
    ("urlRedirect", [{"attributes": _PEOPLE, "url": _PAGE, "experiments": [_REDIRECT, _REDIRECT]}]),
)

_OTHERS: Final[Mapping[str, list[Any]]] = {
    "hashVersion": [0, 1, 3, 99],
    "coverage": [0, 0.1, 0.5, 1, -1, 1.5],
    "weights": [[0, 1], [0.5, 0.5], [0.2, 0.2], [1], [0.7, 0.7], []],
    "hashAttribute": ["", "device", "missing"],
    "fallbackAttribute": ["", "city", "missing"],
    "bucketVersion": [0, 2, 99],
    "minBucketVersion": [0, 2, 99],
    "key": ["", "other"],
    "variations": [["only"], [1, 2, 3]],
    "condition": [{}, {"city": "Pune"}, {"$not": {"city": "Pune"}}],
    "id": ["", "1", "2", "3", 0, 8, 1.5, True, None],
    "device": ["", "d2", 3],
    "assignments": [{}, {"tour__0": "new"}, {"tour__1": "new", "tour__0": "control"}, {"tour__1": "gone"}],
    "url": [
        "",
        "https://shop.example:8443/home",
        "https://shop.example/home/?way=0",
        "https://shop.example/home?tour=1",
        "https://shop.example/home?color=a%20b&color=c&%C3%A9=+",
        "http://SHOP.example:80/./home",
    ],
    "pattern": [
        "*",
        "/home",
        "/h*e/",
        "shop.example/home",
        "/home?color=b*",
        "/home#top",
        "_____/home",
        "/x",
    ],
    "type": ["regex", "other"],
    "include": [False],
    "persistQueryString": [False],
    "urlRedirect": [
        "",
        "/relative",
        "https://shop.example/home?x=1",
        "https://b.example/a b?q=~*'#f",
        "http://b.example:80",
    ],
    "banditVersion": [0, 99],
    "leafId": [0, -1],
    "contexts": [[]],
    "contextualBanditRef": ["", "none"],
}
_FIXED: Final = {
    "attributeName",
    "key",
    "attributeValue",
    "assignments",
    "attributes",
    "contextualBandits",
    "experiments",
}
"""Members that cases always have."""
_ARRAYS_OF_A_LENGTH: Final = {"variations", "contextualVariations", "meta", "weights"}


def changed(case: list[Any]) -> Iterator[list[Any]]:
    """The case with one member dropped, or given another value of its type."""
    for path in _places(case, ()):
        name = path[-1]
        for value in _OTHERS.get(name, ()) if isinstance(name, str) else ():
            yield _with(case, path, lambda holder, at, value=value: holder.__setitem__(at, value))
        within_arms = len(path) > 1 and path[-2] in _ARRAYS_OF_A_LENGTH
        if len(path) > 1 and name not in _FIXED and not within_arms:
            yield _with(case, path, lambda holder, at: holder.__delitem__(at))


def _places(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for name, member in members:
        yield (*path, name)
        yield from _places(member, (*path, name))


def _with(case: list[Any], path: tuple[Any, ...], change: Any) -> list[Any]:
    changed_case = copy.deepcopy(case)
    holder: Any = changed_case
    for name in path[:-1]:
        holder = holder[name]
    change(holder, path[-1])
    return changed_case


def test_changed_cases() -> None:
    """Every change of every case has the answer that JavaScript gives."""
    asked = [(section, case) for section, base in CASES for case in (base, *changed(base))]
    pipe = subprocess.PIPE
    with subprocess.Popen(node("cases.mjs"), stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for section, case in asked:
            process.stdin.write(json.dumps({"section": section, "case": case}) + "\n")
            process.stdin.flush()
            answer = json.loads(process.stdout.readline())
            if "threw" not in answer:
                assert answered(section, case) == answer["result"], (section, case)
        process.stdin.close()


def answered(section: str, case: list[Any]) -> Any:
    """Our answer to a case, as JSON."""
    return json.loads(json.dumps(cases.answer(section, case)))
