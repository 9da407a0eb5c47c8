"""What the edges call: every use case of one process, wired by ``bootstrap``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from herenow.authoring.audit import Audit
from herenow.authoring.drafts import Drafts
from herenow.authoring.going_live import GoingLive
from herenow.authoring.publishing import Publishing
from herenow.authoring.releases import Releases
from herenow.beacons.customers import Customers
from herenow.beacons.service import Beacons
from herenow.catalog.service import CatalogService
from herenow.channels.addresses import Addresses
from herenow.channels.couriers import Couriers
from herenow.channels.outbox import Outbox
from herenow.channels.unsubscribing import UnsubscribeLinks
from herenow.clock import Clock
from herenow.compat.evaluation import StockEvaluation
from herenow.compat.segment import Segment
from herenow.compat.tracking import Tracking
from herenow.identity.admins import Admins
from herenow.identity.buckets import TokenBuckets
from herenow.identity.keyring import KeyRing
from herenow.identity.keys import ApiKeys
from herenow.identity.limits import RateLimiter
from herenow.identity.subjects import Subjects
from herenow.identity.tokens import Tokens
from herenow.identity.user_tokens import UserTokens
from herenow.launch.pages import Pages
from herenow.launch.places import Places
from herenow.launch.service import LaunchService
from herenow.launch.serving import ServingSets
from herenow.messaging.declining import Declining
from herenow.messaging.headcount import Headcount
from herenow.messaging.lending import Lending
from herenow.messaging.mass.calling import MassCaller
from herenow.messaging.mass.runs import Runs
from herenow.messaging.offers.promises import StockedPromises
from herenow.messaging.offers.redeeming import Redeeming
from herenow.messaging.offers.stock import Stock
from herenow.messaging.reporting import Reports
from herenow.messaging.service import Messages
from herenow.messaging.why import Why
from herenow.messaging.worker import Worker
from herenow.priors.models import Models
from herenow.privacy.consent import Consents
from herenow.privacy.erasure import Erasures
from herenow.privacy.export import Exports
from herenow.privacy.reaching import Reaching
from herenow.privacy.retention import Retention
from herenow.privacy.unsubscribing import Unsubscribing
from herenow.profiles.learned.store import Profiles
from herenow.profiles.persons import Persons
from herenow.profiles.store import Installations
from herenow.proximity.versions import FenceVersions
from herenow.settings import Settings
from herenow.storage.ports import Blobs, Documents, EventLog


@dataclass(frozen=True, slots=True)
class Services:
    """One process's capabilities. ``close`` releases connections and stops background threads."""

    settings: Settings
    clock: Clock
    documents: Documents
    blobs: Blobs
    event_log: EventLog
    keyring: KeyRing
    keys: ApiKeys
    tokens: Tokens
    user_tokens: UserTokens
    subjects: Subjects
    admins: Admins
    limiter: RateLimiter
    beacon_buckets: TokenBuckets
    installations: Installations
    persons: Persons
    profiles: Profiles
    consents: Consents
    reaching: Reaching
    erasures: Erasures
    retention: Retention
    exports: Exports
    addresses: Addresses
    outbox: Outbox
    couriers: Couriers
    unsubscribe_links: UnsubscribeLinks
    unsubscribing: Unsubscribing
    catalogs: CatalogService
    fences: FenceVersions
    drafts: Drafts
    releases: Releases
    publishing: Publishing
    going_live: GoingLive
    audit: Audit
    models: Models
    serving: ServingSets
    launch: LaunchService
    pages: Pages
    places: Places
    beacons: Beacons
    messages: Messages
    lending: Lending
    why: Why
    declining: Declining
    reports: Reports
    headcount: Headcount
    worker: Callable[[str], Worker]
    runs: Runs
    promises: StockedPromises
    redeeming: Redeeming
    offer_stock: Stock
    mass_caller: Callable[[str], MassCaller]
    customers: Customers
    segment: Segment
    stock: StockEvaluation
    tracking: Tracking
    close: Callable[[], None]
