"""What hypothesis draws for the core: any JSON, and JSON that nearly makes sense."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from tests.depth import examples

steady = settings(deadline=None)
"""For properties: a slow moment of the machine is no failure."""
quick = settings(deadline=None, max_examples=examples(40))
"""For properties whose JSON takes long to draw."""

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(10**400), 10**400)
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(
        ["", "0", "1.2.3", "{{id}}", "{{now.hour}}", "id", "\ud800", "🍔", "NaN", "0x10", "1e999"]
    )
)

OPERATORS = [
    "$eq",
    "$ne",
    "$lt",
    "$lte",
    "$gt",
    "$gte",
    "$exists",
    "$in",
    "$nin",
    "$ini",
    "$nini",
    "$inGroup",
    "$notInGroup",
    "$all",
    "$alli",
    "$size",
    "$elemMatch",
    "$regex",
    "$regexi",
    "$type",
    "$not",
    "$veq",
    "$vne",
    "$vgt",
    "$vgte",
    "$vlt",
    "$vlte",
    "$and",
    "$or",
    "$nor",
    "$unknown",
]
PATHS = ["id", "now.hour", "tags", "tags.0", "tags.length", "a.b.c", "", ".", "$weird", "__proto__"]
FIELDS = [
    "rules",
    "condition",
    "force",
    "coverage",
    "variations",
    "weights",
    "ranges",
    "range",
    "meta",
    "filters",
    "namespace",
    "seed",
    "key",
    "id",
    "hashVersion",
    "hashAttribute",
    "parentConditions",
    "gate",
    "default",
    "defaultValue",
    "type",
    "description",
    "size",
    "pins",
    "item",
    "position",
    "until",
    "boosts",
    "points",
    "audience",
    "diversity",
    "facet",
    "max",
    "per",
    "candidates",
    "features",
    "placements",
    "savedGroups",
    "attribute",
    "value",
    "installed_at",
    "intent",
    "facets",
    "place",
    "name",
    "values",
    "label",
    "confidence",
    "consent",
    "device",
    "screen",
    "locale",
    "capabilities",
    "utc_offset_s",
    "acquisition",
]

keys = st.sampled_from(OPERATORS) | st.sampled_from(PATHS) | st.sampled_from(FIELDS) | st.text(max_size=4)

json_values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=25,
)
json_objects = st.dictionaries(keys, json_values, max_size=5)


def nested(levels: int, kind: str):
    """JSON nested ``levels`` deep, in arrays, objects or negations."""
    value = 1
    for _ in range(levels):
        value = [value] if kind == "array" else {kind: value}
    return value
