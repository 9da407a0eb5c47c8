"""The entry point: everything an answer depends on goes in, the answer comes out.

No clock, no randomness, no I/O: the same arguments give the same evaluation on the server and on the
device. A server that must choose candidates between the two halves calls ``prepare`` first, then
``evaluate_features`` and, for each placement, ``placement_rule`` and ``arrange``; ``evaluate`` is exactly
that in one call.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from herenow_sdk.core.attributes import Attributes, derive
from herenow_sdk.core.bundle import Bundle
from herenow_sdk.core.clock import local_time
from herenow_sdk.core.features import FeatureResult, Scope, evaluate_feature
from herenow_sdk.core.ordering import Candidate, OrderingRule, Ranked, arrange
from herenow_sdk.core.placements import active_boosts, exempt_groups, placement_rule
from herenow_sdk.core.valid_until import valid_until

__all__ = [
    "Evaluation",
    "PlacementResult",
    "Prepared",
    "active_boosts",
    "evaluate",
    "evaluate_features",
    "exempt_groups",
    "placement_rule",
    "prepare",
]

_NO_OVERRIDES: Final[Mapping[str, Any]] = {}


@dataclass(frozen=True, slots=True)
class Prepared:
    """The person's attributes, and until when (epoch seconds) an answer made from them holds."""

    attributes: Attributes
    valid_until: int


@dataclass(frozen=True, slots=True)
class PlacementResult:
    """All candidates in order (the first ``size`` fill the slot), and the rule that ordered them."""

    items: tuple[Ranked, ...]
    size: int
    rule: OrderingRule


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything decided for one person at one moment."""

    features: Mapping[str, FeatureResult]
    placements: Mapping[str, PlacementResult]
    valid_until: int
    attributes: Attributes


def prepare(
    bundle: Bundle,
    context: Mapping[str, Any],
    profile: Mapping[str, Any],
    state: Mapping[str, Any],
    now: int,
) -> Prepared:
    """Derive the attributes and the end of validity. Arguments as for ``evaluate``."""
    attributes = derive(context, profile, state, now)
    local = local_time(now, context.get("utc_offset_s") if isinstance(context, Mapping) else None)
    installed_at = profile.get("installed_at") if isinstance(profile, Mapping) else None
    ends = (
        placed.until
        for placement in bundle.placements.values()
        for placed in placement.pins
        if placed.until is not None
    )
    return Prepared(attributes, valid_until(bundle.paths, ends, local, installed_at))


def evaluate_features(
    bundle: Bundle, attributes: Mapping[str, Any], *, overrides: Mapping[str, Any] = _NO_OVERRIDES
) -> dict[str, FeatureResult]:
    """Every feature of the bundle for these attributes; ``overrides`` sets values by feature name."""
    scope = Scope(attributes, bundle.features, overrides)
    with bundle.plans.expecting(attributes):
        return {name: evaluate_feature(name, scope) for name in bundle.features}


def evaluate(
    bundle: Bundle,
    context: Mapping[str, Any],
    profile: Mapping[str, Any],
    state: Mapping[str, Any],
    candidates: Mapping[str, Sequence[Candidate]],
    now: int,
) -> Evaluation:
    """Decide everything for one person. Never raises, whatever JSON the first four arguments hold.

    ``context``, ``profile``, ``state`` as ``attributes.derive`` reads them; ``candidates`` by placement name
    (a placement without candidates comes out empty, candidates of an unknown placement are ignored);
    ``now`` in epoch seconds.
    """
    prepared = prepare(bundle, context, profile, state, now)
    attributes = prepared.attributes
    placements = {}
    for name, placement in bundle.placements.items():
        rule = placement_rule(placement, attributes, now)
        items = arrange(candidates.get(name, ()), rule, exempt=exempt_groups(placement, attributes))
        placements[name] = PlacementResult(tuple(items), placement.size, rule)
    features = evaluate_features(bundle, attributes)
    return Evaluation(features, placements, prepared.valid_until, attributes)
