"""Features: values of the declared type, experiments that add up, rules that can be reached."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from herenow.authoring.documents.faults import Fault, Path, name_of_type
from herenow.authoring.validation.findings import Problem, warning
from herenow.authoring.validation.folder import Folder
from herenow.authoring.validation.select import records
from herenow.authoring.validation.stickiness import check_stickiness
from herenow.canonical import canonical_json

_IS: Final[Mapping[str, tuple[Callable[[Any], bool], str]]] = {
    "boolean": (lambda value: isinstance(value, bool), "true or false"),
    "string": (lambda value: isinstance(value, str), "a string"),
    "number": (lambda value: isinstance(value, int | float) and not isinstance(value, bool), "a number"),
    "json": (lambda value: isinstance(value, dict | list), "an object or a list"),
}
_SUM_TOLERANCE: Final = 0.01  # as GrowthBook: outside 0.99 to 1.01 the weights would be ignored
_FOR_EXPERIMENTS: Final = ("weights", "meta", "ranges")
_NARROWING: Final = ("condition", "audience", "parentConditions", "filters", "range", "namespace")


def check(folder: Folder) -> Iterator[Problem]:
    """Every feature and rule."""
    for at, feature in records(folder.document("features"), "*"):
        yield from _values(at, feature)
        yield from _repeated_ids(at, feature)
        yield from _unreachable(at, feature)
    for at, rule in records(folder.document("features"), "*/rules/*"):
        yield from _outcome(at, rule)
        yield from _experiment(at, rule)
        yield from check_stickiness(at, rule)
    yield from _shared_keys(folder)


def _values(at: Path, feature: Mapping[str, Any]) -> Iterator[Problem]:
    is_right, expected = _IS.get(feature.get("type", ""), (None, ""))
    if is_right is None:
        return
    given = [((*at, "default"), feature["default"])] if "default" in feature else []
    for path, rule in records(feature, "rules/*"):
        if "force" in rule:
            given.append(((*at, *path, "force"), rule["force"]))
        variations = rule.get("variations", ())
        given += [((*at, *path, "variations", index), value) for index, value in enumerate(variations)]
    for path, value in given:
        if not is_right(value):
            detail = f"{name_of_type(value)} stands here, the feature's type is {feature['type']}"
            yield Problem("features", path, Fault("VALUE_TYPE", detail, expected))


def _outcome(at: Path, rule: Mapping[str, Any]) -> Iterator[Problem]:
    if "force" not in rule and "variations" not in rule:
        yield Problem(
            "features", at, Fault("RULE_WITHOUT_OUTCOME", "the rule gives nothing", "force, or variations")
        )
    if "force" in rule and "variations" in rule:
        fault = Fault(
            "RULE_WITH_TWO_OUTCOMES", "a rule forces a value or compares variations", "one of the two"
        )
        yield Problem("features", (*at, "variations"), fault)
    for name in _FOR_EXPERIMENTS:
        if name in rule and "variations" not in rule and "force" in rule:
            fault = Fault("NOT_AN_EXPERIMENT", f"'{name}' means nothing without variations", "variations")
            yield Problem("features", (*at, name), fault)


def _experiment(at: Path, rule: Mapping[str, Any]) -> Iterator[Problem]:
    variations = rule.get("variations")
    if variations is None:
        return
    for name in _FOR_EXPERIMENTS:
        if name in rule and len(rule[name]) != len(variations):
            detail = f"{len(rule[name])} stand here for {len(variations)} variations"
            yield Problem(
                "features", (*at, name), Fault("VARIATIONS_LENGTH", detail, f"{len(variations)} of them")
            )
    weights = rule.get("weights")
    if weights and abs(sum(weights) - 1) > _SUM_TOLERANCE:
        fault = Fault("WEIGHTS_SUM", f"the weights add up to {sum(weights):g}", "a sum of 1")
        yield Problem("features", (*at, "weights"), fault)
    keys = [meta.get("key") for meta in rule.get("meta", ()) if isinstance(meta, dict)]
    for index, key in enumerate(keys):
        if key is not None and key in keys[:index]:
            fault = Fault("REPEATED_KEY", f"two variations are called '{key}'", "a key of its own")
            yield Problem("features", (*at, "meta", index, "key"), fault)


def _repeated_ids(at: Path, feature: Mapping[str, Any]) -> Iterator[Problem]:
    seen: set[Any] = set()
    for path, rule in records(feature, "rules/*"):
        identifier = rule.get("id")
        if identifier is not None and identifier in seen:
            fault = Fault("REPEATED_ID", f"two rules are called '{identifier}'", "an id of its own")
            yield Problem("features", (*at, *path, "id"), fault)
        seen.add(identifier)


def _unreachable(at: Path, feature: Mapping[str, Any]) -> Iterator[Problem]:
    """Warn about rules after one that takes everybody, and after one that takes the same people."""
    taken: dict[bytes, str] = {}
    everybody = _for_whom({})
    for path, rule in records(feature, "rules/*"):
        for_whom = _for_whom(rule)
        earlier = taken.get(everybody) or taken.get(for_whom)
        if earlier is not None:
            detail = f"the rule '{earlier}' before it already takes everybody it could take"
            yield warning(
                "features", (*at, *path), Fault("UNREACHABLE_RULE", detail, "a place before that rule")
            )
        elif "force" in rule and rule.get("coverage", 1) == 1:
            taken[for_whom] = str(rule.get("id", "without a name"))


def _for_whom(rule: Mapping[str, Any]) -> bytes:
    return canonical_json({name: rule[name] for name in _NARROWING if rule.get(name)})


def _shared_keys(folder: Folder) -> Iterator[Problem]:
    """One key is one experiment: its exposures would be counted together."""
    seen: dict[str, Path] = {}
    for at, rule in records(folder.document("features"), "*/rules/*"):
        key = rule.get("key")
        if not isinstance(key, str) or "variations" not in rule:
            continue
        if key in seen:
            other = f"rule {seen[key][2]} of '{seen[key][0]}'"
            detail = f"the experiment key '{key}' is already that of {other}"
            yield Problem("features", (*at, "key"), Fault("REPEATED_KEY", detail, "a key of its own"))
        seen.setdefault(key, at)
