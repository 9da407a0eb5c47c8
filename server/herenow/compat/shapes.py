"""What stock SDKs need to know of a serving set, worked out once for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from herenow.authoring.local_features import local_features
from herenow.canonical import canonical_json, digest
from herenow.launch.serving import ServingSet

_HASHED_BY: Final = "id"
_EXTRAS: Final = ("contextualBandits",)


@dataclass(frozen=True, slots=True)
class FlagShape:
    """A feature as an OpenFeature flag.

    ``fractional`` numbers keep a decimal point; ``bucketed_from`` is the position of its first rule that
    asks who somebody is, ``None`` when none does; ``rules`` are the raw rules by id.
    """

    fractional: bool
    bucketed_from: int | None
    rules: Mapping[str, Mapping[str, Any]]

    def position(self, rule: str | None) -> int:
        """Where the rule of that id stands; behind all of them for the default."""
        return next((at for at, each in enumerate(self.rules) if each == rule), len(self.rules))


@dataclass(frozen=True, slots=True)
class ExperimentShape:
    """Where an experiment is: its feature, and the raw rule that compares the variations."""

    feature: str
    rule: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StockShapes:
    """``payload`` is GrowthBook's for local evaluation, ``etag`` its digest.

    ``flags`` are by feature name, ``experiments`` by the key under which exposures are counted.
    """

    payload: bytes
    etag: str
    flags: Mapping[str, FlagShape]
    experiments: Mapping[str, ExperimentShape]

    @classmethod
    def of(cls, serving: ServingSet) -> StockShapes:
        """Work them out."""
        part = serving.features_part
        content = canonical_json(_payload(serving, part))
        features = part.get("features", {})
        return cls(content, digest(content), _flags(features), dict(_experiments(features)))


def date_updated(serving: ServingSet) -> str:
    """When the set was published, ISO 8601. Clients take what has the same date for the same.

    So the sequence stands in the milliseconds: two publications may fall into one second.
    """
    pointer = serving.pointer
    return iso_ms(pointer.published_at + pointer.sequence % 1000 / 1000)


def iso_ms(instant: float) -> str:
    """Epoch seconds as JavaScript writes an instant."""
    return (
        datetime.fromtimestamp(round(instant * 1000) / 1000, UTC).isoformat(timespec="milliseconds")[:-6]
        + "Z"
    )


def _payload(serving: ServingSet, part: Mapping[str, Any]) -> dict[str, Any]:
    off = "features" in serving.pointer.kill
    return {
        "status": 200,
        "features": {} if off else dict(local_features(part).features),
        "experiments": [],
        "savedGroups": part.get("savedGroups", {}),
        **{name: part[name] for name in _EXTRAS if name in part},
        "dateUpdated": date_updated(serving),
    }


def _experiments(features: Mapping[str, Any]) -> Iterator[tuple[str, ExperimentShape]]:
    for name, feature in features.items():
        for rule in feature.get("rules", ()):
            if "variations" in rule:
                yield rule.get("key") or name, ExperimentShape(name, rule)


def _flags(features: Mapping[str, Any]) -> dict[str, FlagShape]:
    bucketed: dict[str, int] = {}
    while found := dict(_newly_bucketed(features, bucketed)):  # what depends on a bucketed one is bucketed
        bucketed |= found
    return {
        name: FlagShape(
            any(isinstance(value, float) for value in _values(feature)),
            bucketed.get(name),
            {rule.get("id", str(index)): rule for index, rule in enumerate(feature.get("rules", ()))},
        )
        for name, feature in features.items()
    }


def _newly_bucketed(features: Mapping[str, Any], known: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    for name, feature in features.items():
        for position, rule in enumerate(feature.get("rules", ())):
            if _buckets(rule) or any(each["id"] in known for each in rule.get("parentConditions", ())):
                if known.get(name) != position:
                    yield name, position
                break


def _buckets(rule: Mapping[str, Any]) -> bool:
    """Whether the rule asks for the id that a targeting key is."""
    if any(each.get("attribute", _HASHED_BY) == _HASHED_BY for each in rule.get("filters", ())):
        return True
    hashed = any(name in rule for name in ("coverage", "range", "variations"))
    return hashed and rule.get("hashAttribute", _HASHED_BY) == _HASHED_BY


def _values(feature: Mapping[str, Any]) -> Iterator[Any]:
    yield feature.get("defaultValue")
    for rule in feature.get("rules", ()):
        yield rule.get("force")
        yield from rule.get("variations", ())
