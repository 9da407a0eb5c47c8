"""Serving sets in memory: what an environment serves now, ready to decide with.

A worker looks at the environment's pointer every ``poll_interval_s`` and, when it has moved, prepares
the new set beside the old one and swaps it in whole: no request ever sees half a publication, and a
publication costs no request its time. Whatever has not changed (mostly the catalogue) is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from threading import Event, Lock, Thread
from typing import Any

import structlog

from herenow.authoring.pointer import NO_CATALOG, Pointer
from herenow.authoring.pointer import NO_FENCES as NO_FENCES_IMPORTED
from herenow.authoring.publishing import Publishing
from herenow.authoring.releases import Releases
from herenow.catalog.build import build_catalog
from herenow.catalog.catalog import Catalog
from herenow.catalog.schema import CatalogSchema
from herenow.catalog.service import CatalogService
from herenow.clock import Clock
from herenow.errors import NotFound
from herenow.intent.reader import Reader
from herenow.intent.readers import Readers
from herenow.learning.model import Model
from herenow.learning.model_file import ModelDamaged
from herenow.measures.goals import Goals, goals_of
from herenow.ordering.engine import PlacementOrderer
from herenow.priors.device_part import priors_part
from herenow.priors.models import Models
from herenow.profiles.learned.deriving import asked_of
from herenow.proximity.served import NONE as NO_FENCES
from herenow.proximity.served import Fences, drawn
from herenow.proximity.versions import FenceVersions
from herenow.scope import Scope
from herenow.storage.ports import BlobMissing
from herenow_sdk.core.bundle import Bundle, parse_bundle
from herenow_sdk.core.conditions import compile_condition

_log = structlog.get_logger(__name__)


Read = Callable[[Catalog, Mapping[str, Any], Reader | None], Reader]
"""From a catalogue, ``intents.json`` and the reader made of the same before to the reader in use."""


@dataclass(frozen=True, slots=True)
class ServingSet:
    """One (release, catalogue, model) triple, compiled and indexed."""

    scope: Scope
    pointer: Pointer
    documents: Mapping[str, Any]
    features_part: Mapping[str, Any]
    """The features part as it was compiled, for clients that decide in other ways than ``bundle``."""
    bundle: Bundle
    catalog: Catalog
    reader: Reader
    orderers: Mapping[str, PlacementOrderer]
    experiments: frozenset[str]
    """The keys of the experiments that remember whom they gave which arm; without any, nothing is kept."""
    day: int
    """The UTC day (days since 1970) that freshness was computed for."""
    goals: Goals = field(default_factory=dict)
    """What campaigns hope for, by campaign."""
    model: Model = field(default=Model.EMPTY)
    """What everybody's behaviour taught; ``Model.EMPTY`` before anything was learned."""
    campaigns_part: Mapping[str, Any] = field(default_factory=dict)
    """The campaigns part as it was compiled: what of it is the server's alone is read out of it."""
    asked: frozenset[str] = frozenset()
    """The attributes asked for that only the learned profile knows; empty where it need not be derived."""
    fences: Fences = NO_FENCES
    """Where devices listen."""

    @property
    def app(self) -> Mapping[str, Any]:
        """The app document of the release."""
        app: Mapping[str, Any] = self.documents["app.json"]
        return app

    @property
    def policy(self) -> Mapping[str, Any]:
        """The policy document of the release; empty when there is none."""
        policy: Mapping[str, Any] = self.documents.get("policy.json", {})
        return policy

    @property
    def time_zone(self) -> str:
        """The app's home zone."""
        return str(self.app.get("time_zone", "UTC"))

    @property
    def locales(self) -> tuple[str, ...]:
        """The app's locales, the default first."""
        return tuple(self.app.get("locales", ["en"]))

    @property
    def coarse_location(self) -> bool:
        """Whether the app declares that a device's place is used about a kilometre coarse."""
        return bool(self.app.get("privacy", {}).get("location") != "precise")

    @property
    def triple(self) -> dict[str, Any]:
        """The serving set as every answer names it."""
        return self.pointer.serving_set


def assemble(
    scope: Scope,
    pointer: Pointer,
    documents: Mapping[str, Any],
    parts: Mapping[str, Any],
    catalog: Catalog,
    *,
    now: int,
    like: ServingSet | None = None,
    read: Read | None = None,
    model: Model = Model.EMPTY,
    fences: Fences | None = None,
) -> ServingSet:
    """Compile a serving set; ``like`` is an earlier one whose unchanged pieces may be kept.

    ``read`` makes the reader of searches; without it one that cannot be kept is compiled. ``fences`` are
    the release's own unless others are given.
    """
    bundle, diagnostics = parse_bundle({**parts, **priors_part(model)})
    for each in diagnostics:
        _log.warning("record dropped", scope=str(scope), part=each.part, record=each.record)
    intents = documents.get("intents.json", {})
    same = like is not None and like.catalog is catalog and like.documents.get("intents.json", {}) == intents
    kept = like.reader if same and like else None
    reader = read(catalog, intents, kept) if read else kept or Reader.compile(catalog, intents)
    day = now // 86_400
    currency = documents.get("app.json", {}).get("currency")
    orderers = {
        name: PlacementOrderer(catalog, placement, day, currency)
        for name, placement in bundle.placements.items()
    }
    features = parts.get("features", {})
    experiments = remembering(features)
    asked = learned_paths(bundle, parts.get("campaigns", {}))
    fences = fences or Fences(drawn(parts.get("fences", {})))
    goals = goals_of(parts.get("campaigns", {}).get("campaigns", {}))
    return ServingSet(
        scope,
        pointer,
        documents,
        features,
        bundle,
        catalog,
        reader,
        orderers,
        experiments,
        day,
        goals,
        model,
        parts.get("campaigns", {}),
        asked,
        fences,
    )


def learned_paths(bundle: Bundle, campaigns_part: Mapping[str, Any]) -> frozenset[str]:
    """The attributes that only the learned profile knows and that something of the release asks for."""
    triggers = (campaign.trigger for campaign in bundle.messages.campaigns.values())
    staged = any(trigger is not None and trigger.stage is not None for trigger in triggers)
    journeys = (
        each for each in campaigns_part.get("campaigns", {}).values() if each.get("kind") == "journey"
    )
    paths = bundle.paths | bundle.messages.paths | _paths_of(journeys)
    return asked_of(paths) | ({"lifecycle.stage"} if staged else set())


def _paths_of(journeys: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """What audiences and branches of journeys read; the contract passes journeys over."""
    found: set[str] = set()
    for journey in journeys:
        conditions = [journey.get("audience"), *(step.get("condition") for step in journey.get("steps", ()))]
        found.update(*(compile_condition(each, {}).paths for each in conditions if each is not None))
        found |= {"lifecycle.stage"} if journey.get("trigger", {}).get("lifecycle") else set()
    return frozenset(found)


def remembering(features_part: Mapping[str, Any]) -> frozenset[str]:
    """The keys of the experiments in a features part whose rules do not say ``disableStickyBucketing``."""
    return frozenset(
        rule.get("key") or name
        for name, feature in features_part.get("features", {}).items()
        for rule in feature.get("rules", ())
        if "variations" in rule and not rule.get("disableStickyBucketing")
    )


def locale_chain(context: Mapping[str, Any], serving: ServingSet) -> tuple[str, ...]:
    """Locales to try in turn: the device's, its language, the app's own."""
    stated = str(context.get("locale", "")).replace("_", "-")
    language = stated.partition("-")[0]
    return tuple(dict.fromkeys(each for each in (stated, language, *serving.locales) if each))


class ServingSets:
    """The serving sets of one process, kept fresh by one background thread."""

    def __init__(
        self,
        publishing: Publishing,
        releases: Releases,
        catalogs: CatalogService,
        readers: Readers,
        models: Models,
        fences: FenceVersions,
        *,
        clock: Clock,
        poll_interval_s: float,
    ) -> None:
        self._publishing = publishing
        self._releases = releases
        self._catalogs = catalogs
        self._readers = readers
        self._models = models
        self._fences = fences
        self._clock = clock
        self._interval = poll_interval_s
        self._sets: dict[Scope, ServingSet] = {}
        self._loading: dict[Scope, Lock] = {}
        self._starting = Lock()
        self._stopped = Event()
        self._watcher: Thread | None = None
        self._listeners: list[Callable[[ServingSet], None]] = []

    def on_load(self, listener: Callable[[ServingSet], None]) -> None:
        """Tell ``listener`` of every serving set that comes into use in this process."""
        self._listeners.append(listener)

    def current(self, scope: Scope) -> ServingSet:
        """What ``scope`` serves now. Raises ``Unavailable`` when nothing is published."""
        serving = self._sets.get(scope)
        return serving if serving is not None else self.refresh(scope)

    def refresh(self, scope: Scope) -> ServingSet:
        """Look at the pointer now and load what it names, one load of a scope at a time.

        Raises ``Unavailable``.
        """
        with self._loading.setdefault(scope, Lock()):
            pointer = self._publishing.live(scope)
            held = self._sets.get(scope)
            if held is None or self._is_stale(held, pointer):
                self._sets[scope] = serving = self._load(scope, pointer, held)
                for listener in self._listeners:
                    listener(serving)
                self._watch()
            return self._sets[scope]

    def stop(self) -> None:
        """End the background thread; what is loaded stays usable."""
        self._stopped.set()
        if self._watcher is not None:
            self._watcher.join()

    def _is_stale(self, held: ServingSet, pointer: Pointer) -> bool:
        return held.pointer.sequence != pointer.sequence or held.day != int(self._clock()) // 86_400

    def _load(self, scope: Scope, pointer: Pointer, held: ServingSet | None) -> ServingSet:
        documents = self._releases.documents(scope, pointer.release)
        same = held is not None and held.pointer.catalog == pointer.catalog != NO_CATALOG
        catalog = held.catalog if held is not None and same else self._catalog(scope, pointer, documents)
        parts = self._releases.parts(scope, pointer.release)
        read = partial(self._readers.reader, scope)
        now = int(self._clock())
        unchanged = held is not None and held.model.version == pointer.model
        model = held.model if held is not None and unchanged else self._model(scope, pointer)
        fences = self._fences_of(scope, pointer, parts, held)
        serving = assemble(
            *(scope, pointer, documents, parts, catalog),
            now=now,
            like=held,
            read=read,
            model=model,
            fences=fences,
        )
        _log.info("serving", scope=str(scope), sequence=pointer.sequence, **serving.triple)
        return serving

    def _catalog(self, scope: Scope, pointer: Pointer, documents: Mapping[str, Any]) -> Catalog:
        if pointer.catalog != NO_CATALOG:
            return self._catalogs.open(scope, pointer.catalog)
        empty = build_catalog(CatalogSchema.from_app(documents["app.json"]), ())
        return Catalog.open(memoryview(empty))

    def _fences_of(
        self, scope: Scope, pointer: Pointer, parts: Mapping[str, Any], held: ServingSet | None
    ) -> Fences:
        """The release's own fences over those imported; the same as before when both are."""
        made_of = (pointer.release, pointer.fences)
        if held is not None and (held.pointer.release, held.pointer.fences) == made_of:
            return held.fences
        own = drawn(parts.get("fences", {}))
        if pointer.fences == NO_FENCES_IMPORTED:
            return Fences(own)
        return Fences(own, self._fences.open(scope, pointer.fences))

    def _model(self, scope: Scope, pointer: Pointer) -> Model:
        """What the pointer names; nothing where it cannot be opened, for an app serves without it too."""
        try:
            return self._models.open(scope, pointer.model)
        except (BlobMissing, ModelDamaged, NotFound) as error:
            _log.warning(
                "serving without the model", scope=str(scope), model=pointer.model, error=repr(error)
            )
            return Model.EMPTY

    def _watch(self) -> None:
        with self._starting:
            if self._watcher is None and self._interval > 0:
                self._watcher = Thread(target=self._poll, name="serving-sets", daemon=True)
                self._watcher.start()

    def _poll(self) -> None:
        while not self._stopped.wait(self._interval):
            for scope in tuple(self._sets):
                try:
                    self.refresh(scope)
                except Exception as error:  # noqa: BLE001 - a dead watcher would freeze every publication
                    _log.warning("keeping the last good serving set", scope=str(scope), error=repr(error))
