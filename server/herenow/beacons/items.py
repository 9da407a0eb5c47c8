"""Which items a beacon names, by what its name promises and the app declares.

An id that the catalogue does not have is no fault: the catalogue may be the older. But nothing can be learned
of what such an item is, and whoever sends the ids of another system for ever should be told so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from herenow.beacons.declared import Rules
from herenow.beacons.kinds import kind_of
from herenow.beacons.properties import Either, Item, Many, Members, Rule

HasItem = Callable[[str], bool]
"""Whether the live catalogue has an item of this id."""


def unknown_item(record: Mapping[str, Any], rules: Rules, has_item: HasItem) -> str | None:
    """Where the first item stands that the catalogue does not have: a JSON pointer below the beacon."""
    name, properties = record["name"], record["properties"]
    known = kind_of(record["type"], name)
    for members in (known.members if known else None, rules.declared.get(name)):
        for where, item in _named(members, properties) if members else ():
            if not has_item(item):
                return f"/properties{where}"
    return None


def _named(rule: Rule, value: Any) -> Iterator[tuple[str, str]]:
    """The ids of items in a value that is as its rule says, each with where it stands."""
    if isinstance(rule, Item):
        yield "", value
    elif isinstance(rule, Many):
        for index, each in enumerate(value):
            yield from _below(f"/{index}", rule.each, each)
    elif isinstance(rule, Either):
        yield from _named(rule.members if isinstance(value, Mapping) else rule.plain, value)
    elif isinstance(rule, Members):
        for name, member in rule.by_name.items():
            if value.get(name) is not None:
                yield from _below(f"/{name}", member.rule, value[name])


def _below(where: str, rule: Rule, value: Any) -> Iterator[tuple[str, str]]:
    return ((f"{where}{deeper}", item) for deeper, item in _named(rule, value))
