"""Remote evaluation for stock SDKs: the decision of a launch, made from the attributes they send.

Without a token nothing stored is read: the attributes are taken at their word, a search told among them
shapes the answer and is forgotten, consent is the policy's unless stated. With an installation it is that
installation's decision, under the attributes of the moment (DESIGN D14). Nothing is written either way.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from herenow.clock import Clock
from herenow.compat.attributes import Stated, read_attributes
from herenow.compat.shapes import StockShapes
from herenow.launch.acquiring import arrival_of, grown
from herenow.launch.decision import Subject, prepared_for, query_for, sticky_state
from herenow.launch.serving import ServingSet, ServingSets
from herenow.ordering.model import OrderedPlacement
from herenow.profiles.consent import effective_consent
from herenow.profiles.installation import Installation
from herenow.scope import Scope
from herenow_sdk.core.evaluate import disabled_features, evaluate_features
from herenow_sdk.core.features import FeatureResult
from herenow_sdk.growthbook.targeting import query_override

PLACEMENT: Final = "placement."
"""What the order of a placement is called as a feature, before the placement's name."""
_FEATURES: Final = "features"
_PLACEMENTS: Final = "placements"


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a request is about: the attributes sent, and the installation that a token proved."""

    attributes: Mapping[str, Any]
    installation: Installation | None = None


@dataclass(frozen=True, slots=True)
class Forced:
    """What the app sets itself, to try things out: feature values, and variations by experiment key.

    ``url`` is the page's address: a variation that its query asks for by experiment key wins, as in
    GrowthBook.
    """

    features: Mapping[str, Any] = field(default_factory=dict)
    variations: Mapping[str, Any] = field(default_factory=dict)
    url: str = ""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What somebody gets now (epoch seconds), features and placements by name."""

    serving: ServingSet
    shapes: StockShapes
    features: Mapping[str, FeatureResult]
    placements: Mapping[str, OrderedPlacement]
    now: float


class StockEvaluation:
    """What views of other protocols ask: the shapes of an environment, and decisions in it."""

    def __init__(self, serving: ServingSets, *, clock: Clock) -> None:
        self._serving = serving
        self._clock = clock
        self._shapes: dict[Scope, tuple[ServingSet, StockShapes]] = {}

    def shapes(self, scope: Scope, *, fresh: bool = False) -> tuple[ServingSet, StockShapes]:
        """What ``scope`` serves, readied for stock SDKs; ``fresh`` looks at the pointer first.

        A phone that was just told of a publication may ask a process that has not heard of it.
        Raises ``Unavailable`` when nothing is published.
        """
        serving = self._serving.refresh(scope) if fresh else self._serving.current(scope)
        held = self._shapes.get(scope)
        if held is None or held[0] is not serving:
            held = self._shapes[scope] = (serving, StockShapes.of(serving))
        return held

    def evaluate(
        self,
        scope: Scope,
        person: Person,
        *,
        forced: Forced | None = None,
        placements: Collection[str] | None = None,
        fresh: bool = False,
    ) -> Evaluated:
        """Every feature for ``person``, and the placements named (all of them for ``None``)."""
        serving, shapes = self.shapes(scope, fresh=fresh)
        now = self._clock()
        stated = read_attributes(person.attributes)
        known = person.installation
        context = {**known.context, **stated.context} if known else stated.context
        subject = _subject(known) if known else _stranger(serving, stated, int(now))
        prepared = prepared_for(serving, context, subject, int(now))
        own = stated.of_somebody_known() if known else stated.own
        prepared = replace(prepared, attributes={**prepared.attributes, **own})
        wanted = serving.orderers.keys() if placements is None else placements
        query = query_for(serving, context, subject, prepared, int(now))
        return Evaluated(
            serving,
            shapes,
            _features(serving, prepared.attributes, _forced(forced or Forced(), shapes), subject),
            {} if _is_off(serving, _PLACEMENTS) else {n: serving.orderers[n].order(query) for n in wanted},
            now,
        )


def _is_off(serving: ServingSet, capability: str) -> bool:
    return capability in serving.pointer.kill


def _features(
    serving: ServingSet, attributes: Mapping[str, Any], forced: Mapping[str, Any], subject: Subject
) -> Mapping[str, FeatureResult]:
    if _is_off(serving, _FEATURES):
        return disabled_features(serving.bundle)
    return evaluate_features(
        serving.bundle, attributes, {"forced": forced, **sticky_state(serving, subject.sticky)}
    )


def _forced(forced: Forced, shapes: StockShapes) -> Mapping[str, Any]:
    arms = {
        key: query_override(key, forced.url, len(experiment.rule["variations"]))
        for key, experiment in (shapes.experiments.items() if "?" in forced.url else ())
    }
    asked = {key: arm for key, arm in arms.items() if arm is not None}
    return {"features": forced.features, "experiments": {**forced.variations, **asked}}


def _subject(known: Installation) -> Subject:
    return Subject(
        known.id,
        known.created_at,
        known.consent,
        known.acquisition,
        known.intent,
        known.sticky,
        known.user_id,
    )


def _stranger(serving: ServingSet, stated: Stated, now: int) -> Subject:
    """Somebody of whom nothing is stored, as a first launch would take them."""
    consent = effective_consent(stated.consent, serving.policy.get("consent", {}))
    fresh = Installation(stated.id, now, "", consent, stated.context)
    told = grown(fresh, arrival_of(stated.acquisition, serving, now), serving, stated.context)
    return Subject(stated.id, stated.installed_at, consent, told.acquisition, told.intent)
