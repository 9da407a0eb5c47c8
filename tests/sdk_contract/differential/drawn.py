"""What hypothesis draws to hold our evaluator against others: whole conditions, people and features.

Everything is well formed, because what is not is where we differ on purpose (appendix A): a part of the
wrong shape, a pattern outside the portable subset, a name that JavaScript's objects inherit, a text with
``{{names}}``.
"""

from __future__ import annotations

from typing import Any, Final

from hypothesis import strategies as st

LETTERS: Final = "aAbBzZ019 .-_éÉßσςΣİı🍔\uff5e\u212a"
PATTERNS: Final = [
    "a",
    "^a.*b$",
    "[a-c]+",
    r"^\d+(\.\d+)?$",
    r"\bx|z\b",
    "^(foo|bar)+$",
    "(?=.*1)a",
    "",
    r"^\w\W",
    "é",
    "^..$",
    "^null$",
    "[^a]",
    "^σ",
]
VERSIONS: Final = [
    "1.2.3",
    "v1.2.3",
    "1.10.0-rc.1",
    "1.2",
    "1.2.3+5",
    "",
    "abc",
    "1.2.3-alpha",
    "10",
    "01.2.3",
    "1.2.3.4",
]
NAMES: Final = ["a", "b", "list", "id", "user"]

texts = st.sampled_from(["", "a", "A", "5", " 5 ", "0x10", "1e3", "true", "null", "foobar", "1,2"]) | st.text(
    LETTERS, max_size=5
)
numbers = st.sampled_from([0, 1, -1, 5, 5.0, 0.5, -0.0, 1e-7, 123456789.125, 2**53 - 1]) | st.integers(
    -20, 20
)
scalars = st.none() | st.booleans() | numbers | texts | st.sampled_from(VERSIONS)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["x", "y", "2", "10"]), inner, max_size=2)
    ),
    max_leaves=4,
)
arrays = st.lists(scalars, max_size=3)
paths = st.sampled_from([*NAMES, "a.x", "list.0", "list.length", "b.x.y", "missing"])

people = st.dictionaries(st.sampled_from(NAMES), values, max_size=5)
groups = st.dictionaries(
    st.sampled_from(["g", "h", "1"]),
    arrays
    | st.fixed_dictionaries(
        {"type": st.just("list"), "attributeKey": st.sampled_from(NAMES), "values": arrays}
    )
    | st.fixed_dictionaries(
        {
            "type": st.just("condition"),
            "condition": st.dictionaries(st.sampled_from(NAMES), scalars, max_size=2),
        }
    ),
    max_size=3,
)

_leaves = st.one_of(
    *(
        st.fixed_dictionaries({name: scalars})
        for name in ("$eq", "$ne", "$lt", "$lte", "$gt", "$gte", "$exists")
    ),
    *(st.fixed_dictionaries({name: arrays}) for name in ("$in", "$nin", "$ini", "$nini", "$all", "$alli")),
    *(
        st.fixed_dictionaries({name: st.sampled_from(VERSIONS) | numbers})
        for name in ("$veq", "$vne", "$vgt", "$vgte", "$vlt", "$vlte")
    ),
    *(st.fixed_dictionaries({name: st.sampled_from(PATTERNS)}) for name in ("$regex", "$regexi")),
    *(
        st.fixed_dictionaries({name: st.sampled_from(["g", "h", "1", "none"])})
        for name in ("$inGroup", "$notInGroup")
    ),
    st.fixed_dictionaries(
        {"$type": st.sampled_from(["null", "boolean", "number", "string", "array", "object"])}
    ),
    st.fixed_dictionaries({"$size": st.integers(0, 3)}),
)


def _operators(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        st.tuples(inner, inner).map(lambda pair: {**pair[0], **pair[1]}),
        *(st.fixed_dictionaries({name: inner}) for name in ("$not", "$size", "$elemMatch")),
        st.fixed_dictionaries({"$all": st.lists(inner, max_size=2)}),
    )


operators = st.recursive(_leaves, _operators, max_leaves=3)
_clauses = st.dictionaries(paths, values | operators, max_size=3)
_references = st.fixed_dictionaries(
    {
        "$savedGroup": st.fixed_dictionaries(
            {"id": st.sampled_from(["g", "h", "none"])}, optional={"attributeKey": paths}
        )
    }
)


def _junctions(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        *(st.fixed_dictionaries({name: st.lists(inner, max_size=3)}) for name in ("$and", "$or", "$nor")),
        st.fixed_dictionaries({"$not": inner}),
        st.fixed_dictionaries({"list": st.fixed_dictionaries({"$elemMatch": inner})}),
        st.tuples(inner, inner).map(lambda pair: {**pair[0], **pair[1]}),
    )


conditions = st.recursive(_clauses | _references, _junctions, max_leaves=4)

shares = st.sampled_from([0, 0.05, 0.1, 0.3, 0.5, 0.999, 1])
_pairs = st.tuples(shares, shares).map(sorted)
_seeds = st.sampled_from(["", "s", "checkout", "é🍔"])
_filters = st.fixed_dictionaries(
    {"seed": _seeds, "ranges": st.lists(_pairs, max_size=2)},
    optional={"attribute": st.sampled_from(NAMES), "hashVersion": st.sampled_from([1, 2])},
)
_hashed = {
    "seed": _seeds,
    "hashAttribute": st.sampled_from(NAMES),
    "hashVersion": st.sampled_from([1, 2, 3]),
    "coverage": shares,
    "condition": conditions,
    "filters": st.lists(_filters, max_size=2),
    "id": st.sampled_from(["r1", "r2"]),
}
_rollouts = st.fixed_dictionaries({"force": scalars}, optional={**_hashed, "range": _pairs})


@st.composite
def _experiments(draw: st.DrawFn) -> dict[str, Any]:
    count = draw(st.integers(1, 3))
    rule = draw(
        st.fixed_dictionaries(
            {"variations": st.lists(scalars, min_size=count, max_size=count)}, optional=_hashed
        )
    )
    optional = st.fixed_dictionaries(
        {},
        optional={
            "weights": st.sampled_from([[0.5, 0.5], [0.3, 0.3, 0.4], [1], [0.2, 0.2]]),
            "ranges": st.lists(_pairs, min_size=count, max_size=count),
            "namespace": st.tuples(st.sampled_from(["n", "é"]), shares, shares).map(list),
            "key": st.sampled_from(["one", "two"]),
            "meta": st.lists(
                st.fixed_dictionaries(
                    {}, optional={"key": st.sampled_from(["c", "t"]), "passthrough": st.booleans()}
                ),
                min_size=count,
                max_size=count,
            ),
        },
    )
    return {**rule, **draw(optional)}


_prerequisites = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.sampled_from(["f", "g", "h", "none"]),
            "condition": st.fixed_dictionaries({"value": scalars | operators}),
        },
        optional={"gate": st.booleans()},
    ),
    max_size=2,
)


@st.composite
def _rules(draw: st.DrawFn) -> dict[str, Any]:
    rule = draw(_rollouts | _experiments())
    return {**rule, "parentConditions": draw(_prerequisites)} if draw(st.integers(0, 3)) == 0 else rule


features = st.dictionaries(
    st.sampled_from(["f", "g", "h"]),
    st.fixed_dictionaries({"defaultValue": scalars}, optional={"rules": st.lists(_rules(), max_size=3)}),
    min_size=1,
    max_size=3,
)
