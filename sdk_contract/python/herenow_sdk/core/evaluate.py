"""The entry point: everything an answer depends on goes in, the answer comes out.

No clock, no randomness, no I/O: the same arguments give the same evaluation on the server and on the
device. A server that must choose candidates between the two halves calls ``prepare`` first, then
``evaluate_features`` and, for each placement, ``placement_rule`` and ``arrange``; ``evaluate`` is exactly
that in one call.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Final

from herenow_sdk.core.attributes import Attributes, derive
from herenow_sdk.core.bundle import Bundle
from herenow_sdk.core.candidates import read_candidates
from herenow_sdk.core.experiments import Assignment
from herenow_sdk.core.features import FeatureResult, Scope, evaluate_every_feature
from herenow_sdk.core.kill import Switch, killed
from herenow_sdk.core.messages import LocalClock, MessageDecisions, decide_messages
from herenow_sdk.core.ordering import Candidate, OrderingRule, Ranked, arrange
from herenow_sdk.core.place.slots import Plan
from herenow_sdk.core.place.watching import watched
from herenow_sdk.core.placements import Placement, active_boosts, exempt_groups, placement_rule
from herenow_sdk.core.profile.attributes import filled_in, learned_attributes
from herenow_sdk.core.reasons import FeatureReason, OrderReason
from herenow_sdk.core.snapshots import read_snapshots
from herenow_sdk.core.sticky import Document, StickyBuckets
from herenow_sdk.core.valid_until import valid_until
from herenow_sdk.core.values import is_array, is_truthy
from herenow_sdk.core.zones import UTC, zone_of

__all__ = [
    "Evaluation",
    "PlacementResult",
    "Prepared",
    "active_boosts",
    "disabled_features",
    "evaluate",
    "evaluate_features",
    "evaluate_in",
    "exempt_groups",
    "feature_scope",
    "placement_candidates",
    "placement_rule",
    "prepare",
]

_NOTHING: Final[Mapping[str, Any]] = {}


@dataclass(frozen=True, slots=True)
class Prepared:
    """The person's attributes, and until when (epoch seconds) an answer made from them holds."""

    attributes: Attributes
    valid_until: int


@dataclass(frozen=True, slots=True)
class PlacementResult:
    """All candidates in order (the first ``size`` fill the slot), the rule that ordered them, and why so."""

    items: tuple[Ranked, ...]
    size: int
    rule: OrderingRule
    reason: OrderReason = OrderReason.ORDERED


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything decided for one person at one moment.

    ``valid_until`` is about features and placements; messages say themselves when to ask again. ``fences`` is
    what to listen for, ``None`` where that cannot be told: then what is registered stays. ``changes`` are the
    sticky documents that are new or changed, whole, by key, for the caller to keep (SPEC 7.7.6); ``None``
    where the state has none, which turns sticky bucketing off.
    """

    features: Mapping[str, FeatureResult]
    placements: Mapping[str, PlacementResult]
    valid_until: int
    attributes: Attributes
    messages: MessageDecisions = field(default_factory=MessageDecisions)
    fences: Plan | None = None
    changes: Mapping[str, Document] | None = None

    @property
    def exposures(self) -> dict[str, tuple[Assignment, ...]]:
        """By feature, the arms to report once the app uses its value (SPEC 7.10); only those with any."""
        told = {name: result.exposures for name, result in self.features.items()}
        return {name: arms for name, arms in told.items() if arms}


def prepare(
    bundle: Bundle,
    context: Mapping[str, Any],
    profile: Mapping[str, Any],
    state: Mapping[str, Any],
    now: int,
) -> Prepared:
    """Derive the attributes and the end of validity. Arguments as for ``evaluate``."""
    zone = zone_of(context) or UTC
    paths, priors = chain(bundle.paths, bundle.messages.paths), bundle.priors.of(profile)
    learned = learned_attributes(profile, paths, zone, now, priors)
    attributes = filled_in(derive(context, profile, state, now), learned.attributes)
    installed_at = profile.get("installed_at") if isinstance(profile, Mapping) else None
    ends = (
        placed.until
        for placement in bundle.placements.values()
        for placed in placement.pins
        if placed.until is not None
    )
    snapshots = read_snapshots(state.get("snapshots") if isinstance(state, Mapping) else None)
    until = valid_until(bundle.paths, ends, zone, now, installed_at, snapshots)
    return Prepared(attributes, until if learned.until is None else min(until, learned.until))


def feature_scope(
    bundle: Bundle,
    attributes: Mapping[str, Any],
    state: Mapping[str, Any] = _NOTHING,
    *,
    overrides: Mapping[str, Any] = _NOTHING,
) -> Scope:
    """What one evaluation of features asks: the person, and what the state keeps or sets of them.

    ``state.sticky`` holds the sticky documents by key (absent: sticky bucketing is off), ``state.forced``
    values by feature name under ``features`` and arms by experiment key under ``experiments``; with
    ``state.testing`` nobody is assigned by chance.
    """
    forced = state.get("forced") if isinstance(state, Mapping) else None
    sticky = state.get("sticky") if isinstance(state, Mapping) else None
    return Scope(
        attributes,
        bundle.features,
        {**_object(forced, "features"), **overrides},
        sticky=StickyBuckets(sticky) if isinstance(sticky, Mapping) else None,
        forced=_object(forced, "experiments"),
        testing=is_truthy(state.get("testing")) if isinstance(state, Mapping) else False,
    )


def _object(source: Any, member: str) -> Mapping[str, Any]:
    found = source.get(member) if isinstance(source, Mapping) else None
    return found if isinstance(found, Mapping) else _NOTHING


def evaluate_features(
    bundle: Bundle,
    attributes: Mapping[str, Any],
    state: Mapping[str, Any] = _NOTHING,
    *,
    overrides: Mapping[str, Any] = _NOTHING,
) -> dict[str, FeatureResult]:
    """Every feature of the bundle for these attributes; ``overrides`` sets values by feature name."""
    return evaluate_in(bundle, feature_scope(bundle, attributes, state, overrides=overrides))


def evaluate_in(bundle: Bundle, scope: Scope) -> dict[str, FeatureResult]:
    """Every feature of the bundle in this scope; what it assigns anew stands in ``scope.sticky.changes``."""
    with bundle.plans.expecting(scope.attributes):
        return evaluate_every_feature(scope)


def disabled_features(bundle: Bundle) -> dict[str, FeatureResult]:
    """Every feature of the bundle without a value: what is answered while features are switched off."""
    return {
        name: FeatureResult(None, feature.type, FeatureReason.DISABLED)
        for name, feature in bundle.features.items()
    }


def evaluate(
    bundle: Bundle,
    context: Mapping[str, Any],
    profile: Mapping[str, Any],
    state: Mapping[str, Any],
    candidates: Mapping[str, Sequence[Any]],
    now: int,
) -> Evaluation:
    """Decide everything for one person. Never raises, whatever JSON the arguments but the first hold.

    ``context``, ``profile``, ``state`` as ``attributes.derive`` reads them, ``state.kill`` (see ``kill``),
    ``state.slots`` and ``state.track`` (see ``place.watching``); ``candidates`` by placement name: items of a
    server's answer in JSON (see ``candidates``), or ``Candidate``s (a placement without any comes out empty,
    those of an unknown placement are ignored); ``now`` in epoch seconds.
    """
    prepared = prepare(bundle, context, profile, state, now)
    off = killed(state)
    scope = feature_scope(bundle, prepared.attributes, state)
    features = disabled_features(bundle) if Switch.FEATURES in off else evaluate_in(bundle, scope)
    given = candidates if isinstance(candidates, Mapping) else {}
    placements = {
        name: _placed(placement, given.get(name), prepared.attributes, off, now)
        for name, placement in bundle.placements.items()
    }
    messages = decide_messages(bundle.messages, prepared.attributes, state, LocalClock(now, zone_of(context)))
    fences = watched(bundle.fences, state, off=Switch.GEOFENCE in off)
    changes = None if scope.sticky is None else scope.sticky.changes
    return Evaluation(
        features, placements, prepared.valid_until, prepared.attributes, messages, fences, changes
    )


def _placed(
    placement: Placement, given: Any, attributes: Attributes, off: frozenset[str], now: int
) -> PlacementResult:
    items = placement_candidates(placement, given, attributes)
    if Switch.PLACEMENTS in off:
        kept = tuple(Ranked(item, 0, pinned=False) for item in items)
        return PlacementResult(kept, placement.size, OrderingRule({}), OrderReason.DISABLED)
    rule = placement_rule(placement, attributes, now)
    arranged = arrange(items, rule, exempt=exempt_groups(placement, attributes))
    return PlacementResult(tuple(arranged), placement.size, rule)


def placement_candidates(placement: Placement, given: Any, attributes: Attributes) -> tuple[Candidate, ...]:
    """What is ordered: candidates as they are, items of an answer with the boosts that are active now."""
    if is_array(given) and all(isinstance(each, Candidate) for each in given):
        return tuple(given)
    return read_candidates(given, placement.boosts, active_boosts(placement, attributes))
