"""The composition root: the one place that knows every part and builds a process from its settings."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

import httpx

from herenow.acquisition.adservices import AdServicesClient
from herenow.acquisition.adservices_desk import AdServicesDesk
from herenow.authoring.audit import Audit
from herenow.authoring.drafts import Drafts
from herenow.authoring.going_live import GoingLive, catalog_fit
from herenow.authoring.manifest import ManifestSigner
from herenow.authoring.publishing import Publishing
from herenow.authoring.releases import Releases
from herenow.authoring.validation import require_valid, validate
from herenow.beacons.customers import Customers
from herenow.beacons.foreign import ForeignBeacons
from herenow.beacons.marks import log_partition
from herenow.beacons.people import People
from herenow.beacons.service import Beacons
from herenow.catalog.service import CatalogService
from herenow.channels.addresses import Addresses
from herenow.channels.couriers import Couriers
from herenow.channels.outbox import Outbox
from herenow.channels.selection import couriers_of
from herenow.channels.unsubscribing import UnsubscribeLinks
from herenow.clock import Clock
from herenow.compat.evaluation import StockEvaluation
from herenow.compat.remembered import Remembered
from herenow.compat.segment import Segment
from herenow.compat.tracking import Tracking
from herenow.errors import Invalid, Unavailable
from herenow.identity.admins import Admins
from herenow.identity.buckets import TokenBuckets
from herenow.identity.keyring import KeyRing
from herenow.identity.keys import ApiKeys
from herenow.identity.limits import RateLimiter
from herenow.identity.subjects import Subjects
from herenow.identity.tokens import Tokens
from herenow.identity.user_tokens import UserTokens
from herenow.intent.geocoding import GeocodingOptions, geocoder
from herenow.intent.locating import LaterGeocoder
from herenow.intent.readers import Readers
from herenow.intent.tagger.kept import Taggers
from herenow.intent.world import World, world
from herenow.launch.liking import Liking
from herenow.launch.noting import Noting
from herenow.launch.pages import Pages
from herenow.launch.paging import PageCursors
from herenow.launch.places import Places
from herenow.launch.service import LaunchService
from herenow.launch.serving import ServingSets
from herenow.launch.subjects import DecisionSubjects
from herenow.launch.validator import ConfigValidator
from herenow.measures.counters import Counters
from herenow.messaging.carrying import Carriers
from herenow.messaging.declining import Declining
from herenow.messaging.due import DueIndex
from herenow.messaging.headcount import Headcount
from herenow.messaging.lending import Lending
from herenow.messaging.mass.calling import MassCaller
from herenow.messaging.mass.runs import CalledOff, Runs
from herenow.messaging.offers.promises import StockedPromises
from herenow.messaging.offers.redeeming import Redeeming
from herenow.messaging.offers.stock import Stock
from herenow.messaging.pacing import Pacing
from herenow.messaging.people import Person
from herenow.messaging.reporting import Reports
from herenow.messaging.service import Messages, Parts
from herenow.messaging.store import MessageStore
from herenow.messaging.why import Why
from herenow.messaging.worker import Worker
from herenow.messaging.writing import TemplateWriter
from herenow.priors.models import Models
from herenow.privacy.consent import Consents
from herenow.privacy.erasure import Erasures
from herenow.privacy.export import Exports
from herenow.privacy.reaching import Reaching
from herenow.privacy.records import Logs
from herenow.privacy.retention import Retention
from herenow.privacy.unsubscribing import Unsubscribing
from herenow.profiles.learned.store import Profiles
from herenow.profiles.persons import Persons
from herenow.profiles.roll import Roll
from herenow.profiles.store import Installations
from herenow.proximity.versions import FenceVersions
from herenow.scope import Scope
from herenow.services import Services
from herenow.settings import Settings
from herenow.storage.memory import MemoryBlobs, MemoryDocuments, MemoryEventLog
from herenow.storage.ports import Blobs, Documents, EventLog
from herenow.storage.sqlite.blobs import FolderBlobs
from herenow.storage.sqlite.documents import SqliteDocuments
from herenow.storage.sqlite.eventlog import SqliteEventLog


@dataclass(frozen=True, slots=True)
class _Stores:
    documents: Documents
    blobs: Blobs
    event_log: EventLog
    scrubs: tuple[Callable[[], None], ...] = ()
    """What leaves nothing readable of what was deleted, in the stores that keep old pages for a while."""

    def scrub(self) -> None:
        for each in self.scrubs:
            each()


def build_services(settings: Settings, *, clock: Clock = time.time) -> Services:
    """Every service of a process. Call ``close`` on the result when done.

    Raises ``Invalid`` for settings that do not fit, ``Unavailable`` when a store cannot be opened.
    """
    with ExitStack() as opened:
        stores = _STORES[_known(settings.documents)](settings, clock, opened)
        http = opened.enter_context(httpx.Client(trust_env=False, verify=_trusted()))
        desk = AdServicesDesk(AdServicesClient(http, settings.adservices_url))
        opened.callback(desk.close)
        return _wire(settings, clock, stores, desk, opened)


@cache
def _trusted() -> ssl.SSLContext:
    """The authorities trusted over TLS, read once: they take longer than all else that is opened."""
    return httpx.create_ssl_context(trust_env=False)


def _world(settings: Settings, clock: Clock, opened: ExitStack) -> World:
    """The places that searches may name beyond an app's own. Raises ``Invalid``."""
    options = GeocodingOptions(
        service=settings.geocoder,
        url=settings.geocoder_url,
        user_agent=settings.geocoder_user_agent,
        api_key=settings.geocoder_api_key,
        per_second=settings.geocoder_per_second,
    )
    online = geocoder(options, clock)
    later = None if online is None else LaterGeocoder(online)
    if later is not None:
        opened.callback(later.close)
    return world(settings.localities, later)


def _wire(
    settings: Settings, clock: Clock, stores: _Stores, adservices: AdServicesDesk, opened: ExitStack
) -> Services:
    documents, blobs = stores.documents, stores.blobs
    keyring = KeyRing(documents, settings.master_secret(), clock=clock)
    audit = Audit(documents, clock=clock)
    catalogs = CatalogService(documents, blobs, clock)
    fences = FenceVersions(documents, blobs, clock)
    releases = Releases(documents, blobs, audit, validate=_validated, clock=clock)
    signer = ManifestSigner(keyring, clock=clock)
    fit = catalog_fit(releases, catalogs)
    models = Models(documents, blobs, clock)
    publishing = Publishing(documents, releases, signer, audit, clock=clock, fit=fit, model_part=models.part)
    serving = ServingSets(
        publishing,
        releases,
        catalogs,
        Readers(documents, blobs, Taggers(documents, blobs, clock), _world(settings, clock, opened)),
        models,
        fences,
        clock=clock,
        poll_interval_s=settings.poll_interval_s,
    )
    opened.callback(serving.stop)
    policy_of = _live(serving, "policy")
    installations = Installations(
        documents, pepper=keyring.derive("installations"), clock=clock, policy_of=policy_of
    )
    noting = Noting(serving)
    beacons = Beacons(
        documents,
        stores.event_log,
        clock=clock,
        app_of=_live(serving, "app"),
        noting=noting,
        items_of=noting.items_of,
    )
    persons = Persons(documents, installations, clock=clock)
    people = People(documents, clock=clock, policy_of=policy_of, devices_of=persons.statements_of)
    profiles = Profiles(documents, stores.event_log, partition_of=log_partition, consent_of=people.consent)
    logs = Logs(documents, stores.event_log)
    consents = Consents(installations, people, logs, clock, scrub=stores.scrub)
    retention = Retention(
        documents,
        logs,
        installations,
        clock=clock,
        days_of=lambda scope: beacons.rules(scope).retention_days,
    )
    keys = ApiKeys(documents, pepper=keyring.derive("api-keys"), clock=clock)
    buckets = TokenBuckets("beacons", settings.beacons_per_minute, clock=clock)
    subjects = Subjects(pepper=keyring.derive("subjects"))
    reaching = Reaching(installations, persons, people, _live(serving, "policy"))
    addresses = Addresses(
        documents,
        installations,
        persons,
        pepper=keyring.derive("push-tokens"),
        clock=clock,
        pushes_to=reaching.pushes_to,
    )
    links = UnsubscribeLinks(keyring.derive("unsubscribe-links"), settings.public_url, clock=clock)
    outbox = Outbox(documents, Path(settings.outbox_file) if settings.outbox_file else None)
    cursors = PageCursors(keyring.derive("page-cursors"))
    pages = Pages(serving, cursors, DecisionSubjects(profiles), clock)

    def taken(scope: Scope, subject: str) -> None:
        retention.heard_of(scope, subject)
        profiles.learn_of(scope, subject)

    foreign = ForeignBeacons(
        documents,
        stores.event_log,
        beacons,
        people,
        clock=clock,
        taken=taken,
        settle=consents.settle_person,
    )
    couriers = Couriers(addresses, couriers_of(settings, outbox, opened.callback), links.link)
    index, runs, counters = DueIndex(documents), Runs(documents), Counters(documents)
    promises = StockedPromises(documents, clock=clock)
    saying = Parts(
        store=MessageStore(documents, index),
        log=stores.event_log,
        serving=serving,
        installations=installations,
        writer=TemplateWriter(),
        promises=promises,
        couriers=Carriers(couriers),
        counters=counters,
        clock=clock,
        retention_days=lambda scope: beacons.rules(scope).retention_days,
        pacing=Pacing(documents),
        called_off=CalledOff(runs, clock=clock),
        learned=profiles.read,
        allowed=reaching.consent,
    )
    return Services(
        settings=settings,
        clock=clock,
        documents=documents,
        blobs=blobs,
        event_log=stores.event_log,
        keyring=keyring,
        keys=keys,
        tokens=Tokens(keyring, clock=clock),
        user_tokens=UserTokens(keys, derive=keyring.derive, clock=clock),
        subjects=subjects,
        admins=Admins(documents, clock=clock),
        limiter=RateLimiter(documents, pepper=keyring.derive("limits"), clock=clock),
        beacon_buckets=buckets,
        installations=installations,
        persons=persons,
        profiles=profiles,
        consents=consents,
        reaching=reaching,
        retention=retention,
        erasures=Erasures(
            documents,
            logs,
            installations,
            persons,
            consents,
            retention,
            addresses,
            clock=clock,
            scrub=stores.scrub,
            forget_due=lambda scope, who: index.forget(Person.of_log(scope, who)),
        ),
        exports=Exports(documents, logs, installations, persons),
        addresses=addresses,
        outbox=outbox,
        couriers=couriers,
        unsubscribe_links=links,
        unsubscribing=Unsubscribing(
            documents, installations, persons, people, consents, counters, clock=clock
        ),
        catalogs=catalogs,
        fences=fences,
        drafts=Drafts(documents, blobs, audit, clock=clock),
        releases=releases,
        publishing=publishing,
        going_live=GoingLive(publishing, releases, catalogs, fences),
        audit=audit,
        models=models,
        serving=serving,
        places=Places(serving, documents, blobs, clock=clock),
        pages=pages,
        launch=LaunchService(
            serving,
            installations,
            ConfigValidator(keyring.derive("config-validator")),
            pages,
            adservices,
            profiles,
            clock=clock,
            refresh_after_s=settings.refresh_after_s,
        ),
        beacons=beacons,
        messages=Messages(saying),
        lending=Lending(saying),
        why=Why(saying, documents),
        declining=Declining(saying),
        reports=Reports(counters, serving, clock),
        headcount=Headcount(Roll(documents), installations, addresses, promises.counts, clock),
        worker=lambda name: Worker(saying, index, persons, name=name),
        runs=runs,
        promises=promises,
        redeeming=Redeeming(promises, serving, beacons.rules, persons.installations_of, clock),
        offer_stock=Stock(promises, serving, releases),
        mass_caller=lambda name: MassCaller(saying, runs, Roll(documents), name=name),
        customers=Customers(subjects, people, foreign, consents.said_of, Liking(serving)),
        segment=Segment(subjects, foreign, buckets, clock),
        stock=StockEvaluation(serving, clock=clock),
        tracking=Tracking(
            serving,
            beacons,
            Remembered(documents, stores.event_log),
            pepper=keyring.derive("exposures"),
            clock=clock,
        ),
        close=opened.pop_all().close,
    )


def _live(serving: ServingSets, document: Literal["app", "policy"]) -> Callable[[Scope], Mapping[str, Any]]:
    """Tells a live document of a scope, and nothing while none is published."""
    nothing: Mapping[str, Any] = {}

    def live(scope: Scope) -> Mapping[str, Any]:
        try:
            found: Mapping[str, Any] = getattr(serving.current(scope), document)
        except Unavailable:
            return nothing
        return found

    return live


def _validated(files: Any, *, catalog: Any = None) -> Any:
    """The set as validated; raises ``Invalid`` with every finding when it has errors."""
    validated = validate(files, catalog=catalog)
    require_valid(validated)
    return validated


def _known(adapter: str) -> str:
    if adapter not in _STORES:
        raise Invalid(
            f"'{adapter[:40]}' is not a documents adapter",
            code="INVALID_SETTING",
            detail=f"HERENOW_DOCUMENTS is one of: {', '.join(sorted(_STORES))}.",
        )
    return adapter


def _memory(_settings: Settings, clock: Clock, _opened: ExitStack) -> _Stores:
    return _Stores(MemoryDocuments(clock), MemoryBlobs(), MemoryEventLog())


def _sqlite(settings: Settings, clock: Clock, opened: ExitStack) -> _Stores:
    documents = SqliteDocuments(settings.data_dir / "documents.sqlite", clock)
    opened.callback(documents.close)
    stores = _with_local_files(settings, documents, opened)
    return replace(stores, scrubs=(*stores.scrubs, documents.scrub))


def _dynamodb(settings: Settings, clock: Clock, opened: ExitStack) -> _Stores:
    import boto3  # noqa: PLC0415 - an optional extra

    from herenow.storage.aws.dynamodb import DynamoDocuments, create_table  # noqa: PLC0415 - needs the extra

    client = boto3.client(
        "dynamodb",
        region_name=settings.dynamodb_region,
        endpoint_url=settings.dynamodb_endpoint or None,
    )
    create_table(client, settings.dynamodb_table)
    return _with_local_files(settings, DynamoDocuments(client, settings.dynamodb_table, clock), opened)


def _with_local_files(settings: Settings, documents: Documents, opened: ExitStack) -> _Stores:
    event_log = SqliteEventLog(settings.data_dir / "events.sqlite")
    opened.callback(event_log.close)
    return _Stores(documents, FolderBlobs(settings.data_dir / "blobs"), event_log, (event_log.scrub,))


_STORES: dict[str, Callable[[Settings, Clock, ExitStack], _Stores]] = {
    "memory": _memory,
    "sqlite": _sqlite,
    "dynamodb": _dynamodb,
}
