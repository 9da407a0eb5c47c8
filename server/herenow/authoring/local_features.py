"""What a stock GrowthBook SDK is sent of the features, so that it can misjudge none of them.

Such an SDK knows the attributes that its app sets, and nothing that herenow derives (``intent.*``,
``lifecycle.*``, ``now.*``, …); it renders no ``{{names}}``. So a feature's rules are sent up to the first
that only the server can judge, then the default: whenever a rule decides on the device, the server would
have decided the same, and nobody is counted in an experiment that an earlier rule keeps them out of. The
whole of such a feature is for remote evaluation (``docs/adr/0014-what-stock-sdks-are-sent.md``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from herenow.authoring.validation.attributes import DERIVED_ROOTS
from herenow_sdk.core.conditions import compile_condition
from herenow_sdk.core.templates import is_template, names

_HASHED: Final = ("hashAttribute", "fallbackAttribute")
_NARROWING: Final = ("condition", "coverage", "range", "filters", "namespace", "parentConditions")


@dataclass(frozen=True, slots=True)
class RemoteFeature:
    """A feature that needs the server, and why.

    From its rule at ``position`` on (from 0), whose id is ``rule``, or for its default after the last rule;
    ``because`` are the attributes it reads or fills in, or the features it depends on.
    """

    name: str
    position: int
    rule: str | None
    because: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """What a marketer is told."""
        return {"feature": self.name, "rule": self.rule, "because": list(self.because)}


@dataclass(frozen=True, slots=True)
class LocalFeatures:
    """``features`` as a stock SDK may have them; ``remote`` are those it cannot wholly decide, in order."""

    features: Mapping[str, Any]
    remote: tuple[RemoteFeature, ...]


def local_features(part: Mapping[str, Any]) -> LocalFeatures:
    """Split a features part (``{"features": …, "savedGroups"?: …}``) as it was compiled."""
    features, groups = part.get("features", {}), part.get("savedGroups", {})
    remote: dict[str, RemoteFeature] = {}
    while found := list(_newly_remote(features, groups, remote)):  # what depends on a remote one is remote
        remote |= {each.name: each for each in found}
    local = {name: _cut(feature, remote.get(name)) for name, feature in features.items()}
    return LocalFeatures(local, tuple(remote[name] for name in features if name in remote))


def _newly_remote(
    features: Mapping[str, Any], groups: Mapping[str, Any], remote: Mapping[str, RemoteFeature]
) -> Iterator[RemoteFeature]:
    """Features that turn out to be remote, or from an earlier rule on, given those known to be."""
    for name, feature in features.items():
        found = _remote_from(name, feature, groups, remote)
        if found is not None and found != remote.get(name):
            yield found


def _remote_from(
    name: str, feature: Mapping[str, Any], groups: Mapping[str, Any], remote: Mapping[str, RemoteFeature]
) -> RemoteFeature | None:
    rules = feature.get("rules", ())
    for position, rule in enumerate(rules):
        because = sorted({*_derived_in(rule, groups), *(_parents(rule) & remote.keys())})
        if because:
            return RemoteFeature(name, position, rule.get("id"), tuple(because))
        if "force" in rule and not any(rule.get(each) for each in _NARROWING):
            return None  # it takes everybody: what comes after never counts
    filled = _filled_in(feature.get("defaultValue"))
    return RemoteFeature(name, len(rules), None, tuple(sorted(filled))) if filled else None


def _derived_in(rule: Mapping[str, Any], groups: Mapping[str, Any]) -> Iterator[str]:
    read = set(compile_condition(rule["condition"], groups).paths) if rule.get("condition") else set()
    read |= {rule[each] for each in _HASHED if rule.get(each)}
    read |= {each["attribute"] for each in rule.get("filters", ()) if each.get("attribute")}
    yield from (path for path in read if path.partition(".")[0] in DERIVED_ROOTS)
    for value in (rule.get("force"), *rule.get("variations", ())):
        yield from _filled_in(value)


def _filled_in(value: Any) -> tuple[str, ...]:
    return names(value) if is_template(value) else ()


def _parents(rule: Mapping[str, Any]) -> set[str]:
    return {each["id"] for each in rule.get("parentConditions", ())}


def _cut(feature: Mapping[str, Any], remote: RemoteFeature | None) -> dict[str, Any]:
    """The feature up to what only the server can judge. A default with names in it is null, as in core."""
    if remote is None:
        return dict(feature)
    default = feature.get("defaultValue")
    shown = None if is_template(default) else default
    return {**feature, "defaultValue": shown, "rules": list(feature.get("rules", ()))[: remote.position]}
