"""One decision: what this person's app shows now, and why.

The same function answers a first launch, a later config, a page of a placement, and a marketer's
preview; each rule in it is the evaluator's (``herenow_sdk.core``), the choice of candidates is
``herenow.ordering``'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from herenow.acquisition.model import Acquisition
from herenow.intent.model import Intent
from herenow.launch.here import device_place, fence_states
from herenow.launch.history import FEATURES as OF_HISTORY
from herenow.launch.history import History, history_of
from herenow.launch.local_time import utc_offset_s
from herenow.launch.serving import ServingSet
from herenow.ordering.model import OrderedPlacement, OrderingQuery
from herenow.profiles.learned.deriving import Derived, derived, needs_learning
from herenow.profiles.learned.document import NOTHING as NOTHING_LEARNED
from herenow.profiles.learned.document import Learned
from herenow.profiles.learned.moment import LocalMoment
from herenow_sdk.core.clock import DAY, HOUR
from herenow_sdk.core.evaluate import Prepared, disabled_features, evaluate_in, feature_scope, prepare
from herenow_sdk.core.features import FeatureResult
from herenow_sdk.core.kill import Switch
from herenow_sdk.core.profile.tastes import affinities


@dataclass(frozen=True, slots=True)
class Subject:
    """The person (so far: the installation) a decision is for; ``installed_at`` where it is known."""

    id: str
    installed_at: int | None
    consent: Mapping[str, str]
    acquisition: Acquisition | None = None
    intent: Intent | None = None
    sticky: Mapping[str, Any] = field(default_factory=dict)
    """The arms of experiments given before (SPEC 7.7)."""
    user_id: str | None = None
    """The id by which experiments hash a person who is known, on every device the same."""
    learned: Learned = NOTHING_LEARNED
    """What their beacons taught; nothing where the person does not allow it."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Feature values and ordered placements with their reasons, valid until an instant."""

    subject: Subject
    features: Mapping[str, FeatureResult]
    placements: Mapping[str, OrderedPlacement]
    valid_until: int
    query: OrderingQuery
    """What the placements were ordered by."""
    assigned: Mapping[str, Any] = field(default_factory=dict)
    """The sticky documents that this decision made or changed, to be kept."""
    known: Derived = field(default_factory=Derived)
    """What was learned of the person and asked for, as the evaluator was given it."""


def decide(serving: ServingSet, context: Mapping[str, Any], subject: Subject, now: int) -> Decision:
    """Evaluate every feature and order every placement of the serving set for ``subject``.

    What the pointer's kill switch names is off here as on every device (SPEC 17.2.2): features have no value,
    placements are not answered, so that the app shows its own.
    """
    off = serving.pointer.kill
    known = known_of(serving, context, subject, now)
    prepared = prepared_with(serving, context, subject, known, now)
    query = query_for(serving, context, subject, prepared, now)
    offset_s = utc_offset_s(context, serving.time_zone, now)
    features, assigned = _decided_features(serving, prepared, subject)
    return Decision(
        subject=subject,
        features=features,
        placements={}
        if Switch.PLACEMENTS in off
        else {name: orderer.order(query) for name, orderer in serving.orderers.items()},
        valid_until=min(prepared.valid_until, order_until(query, offset_s)),
        query=query,
        assigned=assigned,
        known=known,
    )


def order_until(query: OrderingQuery, offset_s: int) -> int:
    """Until when an order holds, at most a day.

    One by where the person usually is, until the local hour is over; one by what fades from day to day,
    until the local day is.
    """
    moment = LocalMoment(query.now, offset_s)
    if query.usual:
        return query.now + moment.left_of(HOUR)
    return query.now + (moment.left_of(DAY) if query.affinity or query.seen else DAY)


def _decided_features(
    serving: ServingSet, prepared: Prepared, subject: Subject
) -> tuple[Mapping[str, FeatureResult], Mapping[str, Any]]:
    """Every feature, and the sticky documents that are new or changed by it."""
    if Switch.FEATURES in serving.pointer.kill:
        return disabled_features(serving.bundle), {}
    scope = feature_scope(serving.bundle, prepared.attributes, sticky_state(serving, subject.sticky))
    features = evaluate_in(serving.bundle, scope)
    return features, {} if scope.sticky is None else scope.sticky.changes


def sticky_state(serving: ServingSet, documents: Mapping[str, Any]) -> dict[str, Any]:
    """The state's ``sticky``; none where no experiment remembers, which turns sticky bucketing off."""
    return {"sticky": documents} if serving.experiments else {}


def prepared_for(serving: ServingSet, context: Mapping[str, Any], subject: Subject, now: int) -> Prepared:
    """The attributes every condition of this decision reads."""
    return prepared_with(serving, context, subject, known_of(serving, context, subject, now), now)


def prepared_with(
    serving: ServingSet, context: Mapping[str, Any], subject: Subject, known: Derived, now: int
) -> Prepared:
    """As ``prepared_for``, with what was learned as it was derived before."""
    shaped = {**context, "utc_offset_s": utc_offset_s(context, serving.time_zone, now)}
    state = {
        "consent": dict(subject.consent),
        "kill": list(serving.pointer.kill),
        "snapshots": known.snapshots,
        "fences": fence_states(serving, context, subject.consent),
    }
    return prepare(serving.bundle, shaped, profile_of(subject, known), state, now)


def learns_from(serving: ServingSet) -> bool:
    """Whether anything of the release stands on what was learned of a person: then it is read."""
    bundle = serving.bundle
    weighed = not weighed_by(serving).isdisjoint(OF_HISTORY | {"affinity"})
    hides = bool(bundle.placements)  # what somebody hid is in no placement, whatever it weighs
    return hides or weighed or bool(serving.asked) or needs_learning(bundle.paths | bundle.messages.paths)


def weighed_by(serving: ServingSet) -> frozenset[str]:
    """The features that some placement of the release gives a weight."""
    placements = serving.bundle.placements.values()
    return frozenset(name for each in placements for name, weight in each.weights.items() if weight)


def known_of(serving: ServingSet, context: Mapping[str, Any], subject: Subject, now: int) -> Derived:
    """What was learned of the person, as far as a condition of the release asks for it."""
    if not serving.asked or not subject.learned.knows:
        return Derived()
    moment = LocalMoment(now, utc_offset_s(context, serving.time_zone, now))
    return derived(subject.learned, serving.model, serving.asked, moment, subject.installed_at)


def profile_of(subject: Subject, known: Derived) -> dict[str, Any]:
    """The profile as the evaluator reads it; what was learned is as it was read, not as its document."""
    learned: dict[str, Any] = {}
    if subject.learned.knows:
        learned["learned"] = subject.learned.taught
    if known.lifecycle:
        learned["lifecycle"] = dict(known.lifecycle)
    return {
        "id": subject.id,
        **({"user_id": subject.user_id} if subject.user_id else {}),
        "installed_at": subject.installed_at,
        "intent": subject.intent.as_json() if subject.intent else None,
        "acquisition": subject.acquisition.as_json() if subject.acquisition else None,
        **learned,
    }


def profile_json(subject: Subject, known: Derived | None = None) -> dict[str, Any]:
    """The same as a device is given it."""
    told = profile_of(subject, known or Derived())
    return told | {"learned": told["learned"].as_json()} if "learned" in told else told


def query_for(
    serving: ServingSet, context: Mapping[str, Any], subject: Subject, prepared: Prepared, now: int
) -> OrderingQuery:
    """What the orderers need to know of the person and the moment."""
    history = _history(serving, context, subject, now)
    return OrderingQuery(
        intent=subject.intent,
        device_place=device_place(serving, context, subject.consent),
        attributes=prepared.attributes,
        affinity=tastes_of(serving, context, subject, now),
        together=history.together,
        seen=history.seen,
        usual=history.usual,
        hidden=subject.learned.hidden if subject.learned.knows else (),
        now=now,
    )


def _history(serving: ServingSet, context: Mapping[str, Any], subject: Subject, now: int) -> History:
    weighed = weighed_by(serving) & OF_HISTORY if subject.learned.knows else frozenset()
    if not weighed:
        return History()
    moment = LocalMoment(now, utc_offset_s(context, serving.time_zone, now))
    return history_of(subject.learned, serving.model, weighed, moment)


def tastes_of(
    serving: ServingSet, context: Mapping[str, Any], subject: Subject, now: int
) -> dict[tuple[str, str], int]:
    """How much the person likes each value, 1024 = all they like of its facet, negative for what they do not.

    By what they did alone: what they searched for has a feature of its own.
    """
    if not subject.learned.knows:
        return {}
    moment = LocalMoment(now, utc_offset_s(context, serving.time_zone, now))
    acquisition = subject.acquisition.as_json() if subject.acquisition else None
    priors = serving.bundle.priors.of({"acquisition": acquisition})
    found = affinities(subject.learned.taught, moment.day, priors=priors)
    return {(facet, value): liked for facet, values in found.items() for value, liked in values.items()}
