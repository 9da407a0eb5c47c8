"""Whether an operator and its operand can ever match an attribute of a known kind.

The evaluator answers "no" to what cannot match and goes on; a marketer never sees that an offer reaches
nobody. So here it is told: equality with a list (the founding example of this fault), an order between
things without one, a number compared with a word.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from herenow.authoring.documents.faults import Fault, name_of_type, shorten, unknown
from herenow.authoring.validation.attributes import Attribute, Kind

_ORDER: Final = frozenset({"$lt", "$lte", "$gt", "$gte"})
_EQUALITY: Final = frozenset({"$eq", "$ne"})
_MEMBERSHIP: Final = frozenset({"$in", "$nin", "$ini", "$nini"})
_LISTS_ONLY: Final = frozenset({"$all", "$alli", "$size", "$elemMatch"})
_VERSIONS: Final = frozenset({"$veq", "$vne", "$vgt", "$vgte", "$vlt", "$vlte"})
_PATTERNS: Final = frozenset({"$regex", "$regexi"})
_NEVER_ON: Final[Mapping[Kind, frozenset[str]]] = {
    "list": _ORDER | _VERSIONS | _PATTERNS,
    "number": _LISTS_ONLY | _VERSIONS | _PATTERNS,
    "flag": _LISTS_ONLY | _VERSIONS | _PATTERNS | _ORDER,
    "text": _LISTS_ONLY,
    "version": _LISTS_ONLY,
    "date": _LISTS_ONLY | _PATTERNS | _VERSIONS,
}
_HOLDS: Final[Mapping[Kind, str]] = {
    "list": "several values",
    "number": "a number",
    "flag": "true or false",
    "text": "a text",
    "version": "a version",
    "date": "a date",
}
_FITS: Final[Mapping[Kind, tuple[type, ...]]] = {
    "number": (int, float),
    "flag": (bool,),
    "text": (str,),
    "version": (str,),
    "date": (str, int, float),
    "list": (str, int, float),
}


def operand_faults(name: str, attribute: Attribute, operator: str, operand: Any) -> Iterator[Fault]:
    """What keeps ``{name: {operator: operand}}`` from ever matching; "" is the operator of a bare value."""
    if attribute.kind == "anything" or operand is None:
        return
    if attribute.kind == "list" and (operator in _EQUALITY or not operator):
        yield tags_need_in(name, operator, operand)
    elif operator in _NEVER_ON[attribute.kind]:
        detail = f"'{name}' holds {_HOLDS[attribute.kind]}; {operator} never matches"
        yield Fault("OPERATOR_NEVER_MATCHES", detail, _instead(attribute.kind, operator, operand))
    elif attribute.kind == "version" and operator in _ORDER:
        detail = f"{operator} compares '{name}' letter by letter, so that 10 comes before 9"
        yield Fault("VERSION_NEEDS_V", detail, json.dumps({f"$v{operator[1:]}": operand}))
    elif operator in _MEMBERSHIP | _EQUALITY | _ORDER or not operator:
        yield from _value_faults(name, attribute, operator, operand)


def tags_need_in(name: str, operator: str, operand: Any) -> Fault:
    """Equality with an attribute that holds several values."""
    values = operand if isinstance(operand, list) else [operand]
    instead = json.dumps({"$nin" if operator == "$ne" else "$in": values}, ensure_ascii=False)
    consequence = "inequality always matches" if operator == "$ne" else "equality never matches"
    return Fault("TAGS_NEED_IN", f"'{name}' holds several values; {consequence}", instead)


def _value_faults(name: str, attribute: Attribute, operator: str, operand: Any) -> Iterator[Fault]:
    folds_case = operator in {"$ini", "$nini"}
    for value in operand if isinstance(operand, list) else [operand]:
        if value is None:
            continue
        if not _fits(attribute.kind, value):
            detail = f"'{name}' holds {_HOLDS[attribute.kind]}, never {name_of_type(value)}"
            yield Fault("WRONG_OPERAND_TYPE", detail, _HOLDS[attribute.kind])
        elif attribute.values and not folds_case and value not in attribute.values:
            yield unknown("UNKNOWN_VALUE", f"value of '{name}' is", str(value), attribute.values)


def _fits(kind: Kind, value: Any) -> bool:
    if isinstance(value, bool):
        return kind == "flag"
    return isinstance(value, _FITS[kind])


def _instead(kind: Kind, operator: str, operand: Any) -> str:
    if kind == "list" and operator in _PATTERNS:
        return shorten(json.dumps({"$elemMatch": {operator: operand}}, ensure_ascii=False), 200)
    if kind == "list":
        return '{"$in": [...]}, {"$all": [...]} or {"$size": {...}}'
    if operator in _LISTS_ONLY:
        return "a comparison with one value, or $in"
    return {"number": "$lt, $lte, $gt, $gte, or a number", "flag": "true or false"}.get(
        kind, "$in or $lt, $gt"
    )
