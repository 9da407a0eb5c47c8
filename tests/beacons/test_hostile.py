"""Whatever comes in, every record is answered, and none breaks the door."""

from hypothesis import given
from hypothesis import strategies as st
from tests.sdk_contract.core.strategies import quick

from herenow.beacons.customers import Customers
from herenow.beacons.foreign import ForeignBeacons
from herenow.beacons.model import Batch, Sender
from herenow.beacons.people import People
from herenow.beacons.service import Beacons
from herenow.compat.segment import Segment
from herenow.identity.buckets import TokenBuckets
from herenow.identity.subjects import Subjects
from herenow.scope import Scope
from herenow.storage.memory import MemoryDocuments, MemoryEventLog

NOW = 1_795_317_000
SCOPE = Scope("bites", "production")
GRANTED = {"analytics": "granted", "personalization": "granted", "location": "granted"}
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**64 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    st.sampled_from(
        ["behavior", "geo", "track", "Product Viewed", "purchase", "location", "1-1-1", "granted"]
    ),
    st.just("2026-11-22T03:00:00Z"),
)
NAMES = st.one_of(
    st.sampled_from(
        [
            *("id", "seq", "type", "name", "at", "properties", "user_id", "consent", "tastes", "purchases"),
            *("userId", "anonymousId", "messageId", "event", "timestamp", "traits", "context", "products"),
            *(
                "lat",
                "lon",
                "cell",
                "coordinates",
                "item",
                "product_id",
                "value",
                "price",
                "query",
                "analytics",
            ),
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=3),
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=12,
)
BATCHES = st.lists(JSON, min_size=1, max_size=4)
LIKELY = st.fixed_dictionaries(
    {"name": st.sampled_from(["purchase", "location", "x"]), "at": st.just("2026-11-22T03:00:00Z")},
    optional={"id": SCALARS, "user_id": SCALARS, "type": SCALARS, "properties": JSON},
)


def doors():
    """Both doors for people over one empty store."""
    documents, log = MemoryDocuments(lambda: NOW), MemoryEventLog()
    people = People(documents, clock=lambda: NOW, policy_of=lambda _: {"consent": GRANTED})
    beacons = Beacons(documents, log, clock=lambda: NOW)
    foreign = ForeignBeacons(documents, log, beacons, people, clock=lambda: NOW)
    subjects = Subjects(pepper=b"pepper")
    buckets = TokenBuckets("beacons", 1000, clock=lambda: NOW)
    return beacons, Customers(subjects, people, foreign), Segment(subjects, foreign, buckets, lambda: NOW)


def answered(outcome):
    """How many records an outcome speaks of."""
    return outcome.accepted + outcome.duplicates + len(outcome.rejected)


@quick
@given(st.lists(st.one_of(JSON, LIKELY), min_size=1, max_size=4))
def test_every_record_of_any_batch_is_answered(batch):
    """By each door, whatever it is made of; what is not stored is told."""
    beacons, customers, segment = doors()

    assert answered(beacons.accept(SCOPE, Sender("phone", GRANTED), Batch(batch))) == len(batch)
    assert answered(customers.events(SCOPE, customers.told(SCOPE, batch))) == len(batch)
    assert answered(segment.accept(SCOPE, "claimed", batch, None)) == len(batch)


@quick
@given(BATCHES)
def test_every_row_of_any_import_is_taken_or_told(rows):
    """A row that is taken is counted once, whatever becomes of its purchases."""
    _, customers, _ = doors()

    report = customers.take(SCOPE, rows)

    told = {each.index for each in report.rejected if not each.detail.startswith("/purchases/")}
    assert report.customers + len(told) <= len(rows)
    assert report.customers + len({each.index for each in report.rejected}) >= len(rows)
