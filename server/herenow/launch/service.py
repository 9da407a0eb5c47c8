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
from herenow.errors import Conflict, Unauthenticated, Unavailable
from herenow.launch.acquiring import Arrival, activation_of, arrival_from_apple, arrival_of, grown
from herenow.launch.answer import config_json, decides_offline
from herenow.launch.decision import Decision, decide
from herenow.launch.local_time import utc_offset_s
from herenow.launch.newcomer import FirstLaunch, kept_of, newcomer
from herenow.launch.pages import Pages
from herenow.launch.serving import ServingSet, ServingSets, locale_chain
from herenow.launch.subjects import DecisionSubjects, subject_of
from herenow.launch.validator import ConfigInputs, ConfigValidator
from herenow.profiles.assignments import with_assignments
from herenow.profiles.installation import Installation, require_signed_in
from herenow.profiles.learned.moment import LocalMoment
from herenow.profiles.learned.store import Profiles
from herenow.profiles.learned.telling import statements
from herenow.profiles.store import Installations
from herenow.scope import Scope

_ATTEMPTS: Final = 5


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
    """First launch, later configs, late acquisitions."""

    def __init__(
        self,
        serving: ServingSets,
        installations: Installations,
        validator: ConfigValidator,
        pages: Pages,
        adservices: AdServicesDesk,
        profiles: Profiles,
        *,
        clock: Clock,
        refresh_after_s: int,
    ) -> None:
        self._serving = serving
        self._installations = installations
        self._validator = validator
        self._pages = pages
        self._adservices = adservices
        self._profiles = profiles
        self._subjects = DecisionSubjects(profiles)
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
        decision = decide(serving, context, self._subjects.of(serving, changed, now), now)
        self._installations.change(
            scope,
            installation,
            lambda held: _assigned(grown(held, arrival, serving, context), decision, serving),
        )
        document = self._render(serving, changed, decision, changed.context, now)
        return {**document, "activation": activation_of(changed, now)}

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
        secret_hash = self._installations.hash_secret(request.secret)
        return newcomer(request, secret_hash, serving.policy.get("consent", {}), now)

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
            scope, installation, lambda held: replace(held, context=kept_of(context))
        )

    def _decided(
        self, serving: ServingSet, installation: Installation, context: Mapping[str, Any], now: int
    ) -> tuple[Installation, Decision]:
        """A decision, and the installation that keeps what it assigned.

        The validator covers the installation's version, so the decision must be made from that very version
        but for the assignments: when another request came in between, it is made again.
        """
        for _ in range(_ATTEMPTS):
            decision = decide(serving, context, self._subjects.of(serving, installation, now), now)
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
        decision = decide(serving, context, self._subjects.of(serving, installation, now), now)
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
            next_of=self._pages.next_of(serving.scope, installation, decision.query),
            offline=decides_offline(context),
        )


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
