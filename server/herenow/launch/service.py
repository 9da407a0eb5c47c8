"""Launch: the use case that ties everything.

One request, one answer: who is it, what led here, what does it mean, what shall the app show, and why.
A launch reads at most a handful of documents by key and writes one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from herenow.acquisition.adservices_desk import AdServicesDesk
from herenow.clock import Clock
from herenow.errors import Conflict, NotFound, Unauthenticated, Unavailable
from herenow.launch.acquiring import Arrival, activation_of, arrival_from_apple, arrival_of, grown
from herenow.launch.answer import NextOf, config_json, decides_offline, placement_json
from herenow.launch.decision import Decision, Subject, decide, learns_from, prepared_for, query_for
from herenow.launch.local_time import utc_offset_s
from herenow.launch.paging import PageCursor, PageCursors
from herenow.launch.serving import ServingSet, ServingSets, locale_chain
from herenow.launch.validator import ConfigInputs, ConfigValidator
from herenow.ordering.engine import PlacementOrderer
from herenow.ordering.model import OrderedPlacement, OrderingQuery, RankedList
from herenow.profiles.assignments import with_assignments
from herenow.profiles.consent import effective_consent
from herenow.profiles.installation import Installation, require_signed_in
from herenow.profiles.learned.document import NOTHING, Learned
from herenow.profiles.learned.moment import LocalMoment
from herenow.profiles.learned.store import Profiles
from herenow.profiles.learned.telling import statements
from herenow.profiles.store import Installations
from herenow.scope import Scope
from herenow_sdk.core.kill import Switch

_ATTEMPTS: Final = 5
NOT_KEPT = frozenset({"now", "location"})
"""Members of a context that are used for the answer at hand and never stored."""


@dataclass(frozen=True, slots=True)
class FirstLaunch:
    """A validated first launch."""

    installation_id: str
    secret: str
    context: Mapping[str, Any]
    acquisition: Mapping[str, Any]
    consent: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Launched:
    """The outcome of a first launch; ``created`` is false when the same request had succeeded before."""

    installation: Installation
    config: dict[str, Any]
    created: bool


@dataclass(frozen=True, slots=True)
class Config:
    """A config and its validator; ``document`` is ``None`` when the client's is still right."""

    document: dict[str, Any] | None
    etag: str


class LaunchService:
    """First launch, later configs, late acquisitions, pages of a placement."""

    def __init__(
        self,
        serving: ServingSets,
        installations: Installations,
        validator: ConfigValidator,
        cursors: PageCursors,
        adservices: AdServicesDesk,
        profiles: Profiles,
        *,
        clock: Clock,
        refresh_after_s: int,
    ) -> None:
        self._serving = serving
        self._installations = installations
        self._validator = validator
        self._cursors = cursors
        self._adservices = adservices
        self._profiles = profiles
        self._clock = clock
        self._refresh_after_s = refresh_after_s

    def first_launch(self, scope: Scope, request: FirstLaunch) -> Launched:
        """Create the installation and answer its config; the same request again is safe.

        Raises ``Conflict`` for a known id with another secret (SECRET_MISMATCH) or whose person has left
        (SIGNED_OUT), ``Gone`` (ERASED),
        ``Unavailable`` (NOTHING_PUBLISHED).
        """
        serving = self._serving.current(scope)
        known = self._installations.get(scope, request.installation_id)
        if known is not None:
            return self._relaunch(serving, known, request)
        now = int(self._clock())
        arrival = arrival_of(request.acquisition, serving, now)
        fresh = grown(self._new(serving, request, now), arrival, serving, request.context)
        decision = decide(serving, request.context, subject_of(fresh, now), now)
        try:
            stored = self._installations.create(scope, _assigned(fresh, decision, serving))
        except Conflict:
            return self.first_launch(scope, request)
        config = self._render(serving, stored, decision, request.context, now)
        return Launched(stored, config, created=True)

    def config(
        self, scope: Scope, installation: Installation, raw: Mapping[str, Any], context: Mapping[str, Any]
    ) -> Config:
        """The config for ``context``; ``raw`` is the context as it was sent, which the validator covers."""
        serving = self._serving.current(scope)
        now = int(self._clock())
        learned = self._profiles.token(scope, installation)
        installation = self._keep_context(scope, installation, context)
        installation, decision = self._decided(serving, installation, context, now)
        document = self._render(serving, installation, decision, context, now)
        inputs = _inputs(serving, installation, raw, now, learned)
        return Config(document, self._validator.etag(inputs, decision.valid_until))

    def unchanged(
        self, scope: Scope, installation: Installation, raw: Mapping[str, Any], if_none_match: str
    ) -> bool:
        """Whether the client's config is still what ``config`` would answer; costs no evaluation."""
        now = int(self._clock())
        learned = self._profiles.token(scope, installation)
        inputs = _inputs(self._serving.current(scope), installation, raw, now, learned)
        return self._validator.still_holds(if_none_match, inputs, now)

    def late_acquisition(
        self, scope: Scope, installation: Installation, raw: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Record what arrived (or ask Apple again) and answer the config it makes."""
        serving = self._serving.current(scope)
        now = int(self._clock())
        arrival = self._late_arrival(serving, installation, raw, now)
        context = installation.context
        changed = grown(installation, arrival, serving, context)
        decision = decide(serving, context, self._subject(serving, changed, now), now)
        self._installations.change(
            scope,
            installation,
            lambda held: _assigned(grown(held, arrival, serving, context), decision, serving),
        )
        document = self._render(serving, changed, decision, changed.context, now)
        return {**document, "activation": activation_of(changed, now)}

    def page(
        self, scope: Scope, installation: Installation, placement: str, cursor: str | None
    ) -> dict[str, Any]:
        """Further items of a placement, none while placements are switched off.

        Raises ``NotFound``, ``BadRequest`` (INVALID_CURSOR).
        """
        serving = self._serving.current(scope)
        orderer = _orderer(serving, placement)
        if _placements_off(serving):
            return {"items": [], "because": [], "next": None}
        read = self._cursors.open(cursor, _bound(scope, installation, placement)) if cursor else PageCursor(0)
        query = self._query(serving, installation)
        query = replace(
            query, intent=read.intent or query.intent, device_place=read.place or query.device_place
        )
        ordered = orderer.order(query, offset=read.offset)
        locales = locale_chain(installation.context, serving)
        following = self._next_of(scope, installation, query)(placement, ordered)
        return placement_json(serving, ordered, locales, following)

    def rank(
        self, scope: Scope, installation: Installation, placement: str, ids: list[str]
    ) -> dict[str, Any]:
        """The app's own list in this person's order; as it came while placements are switched off.

        Raises ``NotFound``.
        """
        serving = self._serving.current(scope)
        orderer = _orderer(serving, placement)
        told = (
            _as_they_came(ids, serving)
            if _placements_off(serving)
            else _ranked_json(orderer.rank(ids, self._query(serving, installation)))
        )
        return {**told, "serving_set": serving.triple}

    def told_of_learning(self, scope: Scope, installation: Installation) -> list[dict[str, Any]]:
        """What was learned of the installation's person, in sentences with what they stand on."""
        now = int(self._clock())
        try:
            serving = self._serving.current(scope)
        except Unavailable:
            return []  # nothing is published: there is no app whose clock or model could be read
        learned = self._profiles.read(scope, installation)
        moment = LocalMoment(now, utc_offset_s(installation.context, serving.time_zone, now))
        told = statements(learned, serving.model, moment, installation.created_at)
        return [each.as_json() for each in told]

    def _relaunch(self, serving: ServingSet, known: Installation, request: FirstLaunch) -> Launched:
        if not self._installations.secret_matches(known, request.secret):
            raise Conflict(
                "this installation id belongs to another secret",
                code="SECRET_MISMATCH",
                detail="A restored backup: make a new installation id and secret.",
            )
        require_signed_in(known)
        now = int(self._clock())
        arrival = arrival_of(request.acquisition, serving, now)
        shaped = grown(known, arrival, serving, request.context)
        return Launched(known, self._answer(serving, shaped, request.context, now), created=False)

    def _new(self, serving: ServingSet, request: FirstLaunch, now: int) -> Installation:
        consent = effective_consent(request.consent, serving.policy.get("consent", {}))
        return Installation(
            id=request.installation_id,
            created_at=now,
            secret_hash=self._installations.hash_secret(request.secret),
            consent=consent,
            context=_kept(request.context),
            stated_at=dict.fromkeys(consent.keys() & request.consent.keys(), now),
        )

    def _late_arrival(
        self, serving: ServingSet, installation: Installation, raw: Mapping[str, Any], now: int
    ) -> Arrival:
        told = arrival_of(raw, serving, now)
        if told.pending is not None or installation.pending is None:
            return told
        asked = arrival_from_apple(self._adservices, installation.pending, serving, now)
        return Arrival((*told.touches, *asked.touches), asked.pending)

    def _keep_context(
        self, scope: Scope, installation: Installation, context: Mapping[str, Any]
    ) -> Installation:
        return self._installations.change(
            scope, installation, lambda held: replace(held, context=_kept(context))
        )

    def _decided(
        self, serving: ServingSet, installation: Installation, context: Mapping[str, Any], now: int
    ) -> tuple[Installation, Decision]:
        """A decision, and the installation that keeps what it assigned.

        The validator covers the installation's version, so the decision must be made from that very version
        but for the assignments: when another request came in between, it is made again.
        """
        for _ in range(_ATTEMPTS):
            decision = decide(serving, context, self._subject(serving, installation, now), now)
            kept = self._keep_assigned(serving, installation, decision)
            if kept == _assigned(installation, decision, serving):
                return kept, decision
            installation = kept
        raise Conflict("the installation is being changed by other requests", detail="Try again.")

    def _keep_assigned(
        self, serving: ServingSet, installation: Installation, decision: Decision
    ) -> Installation:
        return self._installations.change(
            serving.scope, installation, lambda held: _assigned(held, decision, serving)
        )

    def _answer(
        self, serving: ServingSet, installation: Installation, context: Mapping[str, Any], now: int
    ) -> dict[str, Any]:
        decision = decide(serving, context, self._subject(serving, installation, now), now)
        return self._render(serving, installation, decision, context, now)

    def _render(
        self,
        serving: ServingSet,
        installation: Installation,
        decision: Decision,
        context: Mapping[str, Any],
        now: int,
    ) -> dict[str, Any]:
        return config_json(
            serving,
            decision,
            locales=locale_chain(context, serving),
            now=now,
            refresh_after_s=self._refresh_after_s,
            activation="now",
            next_of=self._next_of(serving.scope, installation, decision.query),
            offline=decides_offline(context),
        )

    def _next_of(self, scope: Scope, installation: Installation, query: OrderingQuery) -> NextOf:
        """Cursors that continue what ``query`` ordered, with what of it is not stored."""
        intent = None if installation.keeps_searches else query.intent

        def next_of(placement: str, ordered: OrderedPlacement) -> str | None:
            if ordered.next_offset is None:
                return None
            cursor = PageCursor(ordered.next_offset, query.device_place, intent)
            return self._cursors.seal(cursor, _bound(scope, installation, placement))

        return next_of

    def _subject(self, serving: ServingSet, installation: Installation, now: int) -> Subject:
        """Whom a decision is for, with what was learned of them where the release asks for it."""
        if not learns_from(serving):
            return subject_of(installation, now)
        return subject_of(installation, now, self._profiles.read(serving.scope, installation))

    def _query(self, serving: ServingSet, installation: Installation) -> OrderingQuery:
        now = int(self._clock())
        subject = self._subject(serving, installation, now)
        prepared = prepared_for(serving, installation.context, subject, now)
        return query_for(serving, installation.context, subject, prepared, now)


def require_secret(
    installations: Installations, scope: Scope, installation_id: str, secret: str
) -> Installation:
    """The installation whose secret this is.

    Raises ``Gone`` (ERASED) for an id that was erased, ``Unauthenticated`` for any other pair.
    """
    known = installations.get(scope, installation_id)
    if known is None:
        installations.refuse_erased(scope, installation_id)
    if known is None or not installations.secret_matches(known, secret):
        raise Unauthenticated("unknown installation or wrong secret", code="INVALID_SECRET")
    return known


def _assigned(installation: Installation, decision: Decision, serving: ServingSet) -> Installation:
    """The installation with the arms that a decision gave it."""
    if not decision.assigned:
        return installation
    sticky = with_assignments(installation.sticky, decision.assigned, serving.experiments)
    return replace(installation, sticky=sticky)


def _bound(scope: Scope, installation: Installation, placement: str) -> str:
    return f"{scope}/{installation.id}/{placement}"


def subject_of(installation: Installation, now: int, learned: Learned = NOTHING) -> Subject:
    """Whom a decision is for: one installation, and what was ``learned`` of its person."""
    acquisition, pending = installation.acquisition, installation.pending
    waiting = (
        acquisition is not None and acquisition.status == "pending" and acquisition.poll_after_ms is None
    )
    if acquisition is not None and pending is not None and waiting:
        acquisition = replace(acquisition, poll_after_ms=pending.poll_after_ms(now))
    return Subject(
        id=installation.id,
        installed_at=installation.created_at,
        consent=installation.consent,
        acquisition=acquisition,
        intent=installation.intent,
        sticky=installation.sticky,
        user_id=installation.user_id,
        learned=learned,
    )


def _inputs(
    serving: ServingSet, installation: Installation, raw: Mapping[str, Any], now: int, learned: str
) -> ConfigInputs:
    return ConfigInputs(
        scope=serving.scope,
        sequence=serving.pointer.sequence,
        day=serving.day,
        installation_id=installation.id,
        installation_version=installation.version,
        context=raw,
        utc_offset_s=utc_offset_s(raw, serving.time_zone, now),
        learned=learned,
    )


def _kept(context: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in context.items() if name not in NOT_KEPT}


def _placements_off(serving: ServingSet) -> bool:
    return Switch.PLACEMENTS in serving.pointer.kill


def _ranked_json(ranked: RankedList) -> dict[str, Any]:
    items = [
        {"id": each.id, "reasons": [reason.as_json() for reason in each.reasons]} for each in ranked.items
    ]
    return {"items": items, "unknown": list(ranked.unknown)}


def _as_they_came(ids: list[str], serving: ServingSet) -> dict[str, Any]:
    """The ids that the catalogue has in the app's own order, each once, with no reason (SPEC 17.2.3)."""
    known = {each: serving.catalog.index_of(each) is not None for each in ids}
    return {
        "items": [{"id": each, "reasons": []} for each, found in known.items() if found],
        "unknown": [each for each, found in known.items() if not found],
    }


def _orderer(serving: ServingSet, placement: str) -> PlacementOrderer:
    orderer = serving.orderers.get(placement)
    if orderer is None:
        known = ", ".join(sorted(serving.orderers))
        raise NotFound(
            f"no placement '{placement[:60]}'", code="UNKNOWN_PLACEMENT", detail=f"Known: {known}."
        )
    return orderer
