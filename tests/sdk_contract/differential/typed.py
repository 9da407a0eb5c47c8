"""People whose attributes have the types that conditions on them expect, as GrowthBook's editor has them."""

from __future__ import annotations

from typing import Any, Final

from hypothesis import strategies as st

CITIES: Final = ["Mumbai", "mumbai", "São Paulo", "東京", "", "New York"]
_cities = st.sampled_from(CITIES)
_whole = st.integers(-5, 5)
_versions = st.sampled_from(["1.2.3", "v1.2.3", "1.10.0-rc.1", "1.2.3+5", "2.0.0-alpha.1", "10.0.1"])
_tags = st.lists(_cities, max_size=3)

people = st.fixed_dictionaries(
    {
        "id": st.uuids(version=4).map(str) | st.integers(1, 10**6).map(str),
        "city": _cities,
        "age": _whole,
        "pro": st.booleans(),
        "version": _versions,
        "tags": _tags,
        "device": st.fixed_dictionaries({"width": _whole, "class": _cities}),
    }
)


def _on(path: str, *tests: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({path: st.one_of(*tests)})


def _each(values: st.SearchStrategy[Any], *names: str) -> list[st.SearchStrategy[Any]]:
    return [st.fixed_dictionaries({name: values}) for name in names]


_text = (
    _cities,
    *_each(_cities, "$eq", "$ne", "$lt", "$gte"),
    *_each(st.lists(_cities, max_size=3), "$in", "$nin", "$ini", "$nini"),
    *_each(st.sampled_from(["o", "^[A-Z]", "ai$", "^São", "(a|u)m"]), "$regex", "$regexi"),
    *_each(st.booleans(), "$exists"),
)
_number = (
    _whole,
    *_each(_whole, "$eq", "$ne", "$lt", "$lte", "$gt", "$gte"),
    *_each(st.lists(_whole, max_size=3), "$in"),
)
_clauses = st.one_of(
    _on("city", *_text),
    _on("device.class", *_text),
    _on("age", *_number),
    _on("device.width", *_number),
    _on("pro", st.booleans()),
    _on("version", *_each(_versions, "$veq", "$vne", "$vgt", "$vgte", "$vlt", "$vlte")),
    _on("tags", *_each(_tags, "$in", "$nin", "$all", "$alli"), *_each(st.integers(0, 3), "$size")),
    _on("tags", *_each(st.one_of(*_each(_cities, "$eq", "$ne")), "$elemMatch")),
    _on("city", *_each(st.sampled_from(["g", "none"]), "$inGroup", "$notInGroup")),
    _on("missing", st.none(), *_each(st.booleans(), "$exists")),
)
groups = st.fixed_dictionaries({"g": _tags})


def _junctions(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        *(st.fixed_dictionaries({name: st.lists(inner, max_size=3)}) for name in ("$and", "$or", "$nor")),
        st.fixed_dictionaries({"$not": inner}),
        st.tuples(inner, inner).map(lambda pair: {**pair[0], **pair[1]}),
    )


conditions = st.recursive(_clauses, _junctions, max_leaves=4)

_hashed = {
    "seed": st.sampled_from(["s", "checkout", "é🍔"]),
    "hashVersion": st.sampled_from([1, 2]),
    "coverage": st.sampled_from([0, 0.05005, 0.30005, 0.75005, 1]),  # between two buckets
    "condition": conditions,
}
_rules = st.one_of(
    st.fixed_dictionaries({"force": _whole}, optional=_hashed),
    st.fixed_dictionaries(
        {"variations": st.just([1, 2, 3])},
        optional={**_hashed, "weights": st.just([0.3, 0.3, 0.4]), "key": _cities},
    ),
)
features = st.dictionaries(
    st.sampled_from(["f", "g", "h"]),
    st.fixed_dictionaries({"defaultValue": _whole}, optional={"rules": st.lists(_rules, max_size=3)}),
    min_size=1,
    max_size=3,
)
